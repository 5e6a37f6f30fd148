import base64

from odoo.tests import BaseCase, tagged

from ..tools import mails

HEAD = b"From: Ann <ann@acme.test>\nSubject: S\nMessage-ID: <1@acme.test>\n"


def whole(raw, head=None):
    """Return an e-mail as it is logged."""
    encoded = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    return mails.read_raw({"raw": encoded}, head or mails.Head())


def head(**headers):
    pairs = [{"name": name.replace("_", "-"), "value": value} for name, value in headers.items()]
    return mails.read_head({"payload": {"headers": pairs}, "internalDate": "5", "sizeEstimate": 9})


def encoded_word(charset, content):
    return f"=?{charset}?B?{base64.b64encode(content).decode()}?="


def parts(*others, kind="mixed"):
    joined = b"".join(b"--XX\n" + other + b"\n" for other in others)
    return (
        HEAD + f'Content-Type: multipart/{kind}; boundary="XX"\n\n'.encode() + joined + b"--XX--\n"
    )


TEXT = b"Content-Type: text/plain\n\nplain words"
HTML = b"Content-Type: text/html; charset=utf-8\n\n<p>rich words</p>"


@tagged("post_install", "-at_install")
class TestMails(BaseCase):
    def names(self, email):
        return [file.name for file in email.attachments]

    def test_a_comma_in_a_name_divides_nobody(self):
        found = head(From='"Doe, Jane" <J@X.it>', To="a@x.it, B <b@x.it>", Cc="a@X.IT")
        self.assertEqual(found.senders, (mails.Person("Doe, Jane", "j@x.it"),))
        self.assertEqual([one.address for one in found.people], ["j@x.it", "a@x.it", "b@x.it"])

    def test_encoded_names_and_subjects_are_read(self):
        found = head(
            From="=?utf-8?B?TcO8bGxlciwgSsO2cmc=?= <j@x.de>",
            Subject="=?iso-8859-1?Q?Angebot_f=FCr?= uns",
        )
        self.assertEqual(found.senders, (mails.Person("Müller, Jörg", "j@x.de"),))
        self.assertEqual(found.subject, "Angebot für uns")
        self.assertEqual(found.sent["email_from"], '"Müller, Jörg" <j@x.de>')

    def test_headers_of_any_kind_break_nothing(self):
        for text in (
            "", "x", "<>", "@", "=?utf-8?B?!!!?=", "=?no-such?Q?x?=", "(" * 5000, "a" * 9999,
            "\ud800", "a\x00b <a@x.it>", ", ,", "a@b@c", "=?utf-8?Q?=FF?= <a@x.it>",
        ):  # fmt: skip
            found = head(From=text, To=text, Subject=text, Date=text, Message_ID=text)
            found.sent["email_from"].encode()
            self.assertEqual(found.timestamp, 5)
        for answer in ({}, {"payload": 7}, {"payload": {"headers": [7, {}, {"name": 3}]}},
                       {"internalDate": "x", "sizeEstimate": "x"}):  # fmt: skip
            self.assertEqual(mails.read_head(answer).people, [])

    def test_it_was_sent_when_it_says_so_and_else_when_gmail_got_it(self):
        self.assertEqual(head(Date="Tue, 14 Nov 2023 22:13:20 +0000").timestamp, 1_700_000_000_000)
        self.assertEqual(head().timestamp, 5)

    def test_who_answers_for_a_form_is_asked_where_nobody_else_is_named(self):
        self.assertEqual(head(Reply_To="a@x.it").people[0].address, "a@x.it")

    def test_whom_a_form_or_a_list_sends_for_comes_before_it(self):
        for sender, to in (
            ("Shop <noreply@shop.it>", "info@ours.it"),
            ("'Ann' via Sales <sales@ours.it>", "Sales <sales@ours.it>"),
        ):
            found = head(From=sender, To=to, Reply_To="Ann <ann@acme.it>")
            self.assertEqual(found.people[0], mails.Person("Ann", "ann@acme.it"))
            # Who has sent it stays told.
            self.assertIn(found.senders[0].address, found.sent["email_from"])
        # Who only wants answers elsewhere is the one who has written.
        found = head(From="a@x.it", To="b@y.it", Reply_To="secretary@x.it")
        self.assertEqual([one.address for one in found.people], ["a@x.it", "b@y.it"])

    def test_encoded_words_of_each_charset_are_read(self):
        for text, expected in (
            # More letters than the charset that is told has.
            (encoded_word("gb2312", "東京".encode("gbk")), "東京"),
            (encoded_word("ks_c_5601-1987", "똠".encode("cp949")), "똠"),
            (encoded_word("iso-8859-1", b"it\x92s 5 \x80"), "it’s 5 €"),
            # None, one that nobody knows, and one with a language (RFC 2231).
            (encoded_word("x-unknown", "Zoë".encode()), "Zoë"),
            (encoded_word("utf-8", "Zoë".encode("latin1")), "Zoë"),
            (encoded_word("utf-8*de", "Zoë".encode()), "Zoë"),
            # A letter that is divided between two words.
            ("=?utf-8?Q?Zo=C3?= =?utf-8?Q?=AB?= Tea", "Zoë Tea"),
        ):
            found = head(Subject=text, From=f"{text} <a@x.it>")
            self.assertEqual((found.subject, found.senders[0].name), (expected, expected), text)

    def test_one_entry_that_is_none_hides_nobody_else(self):
        for text in (
            "undisclosed-recipients:;, a@x.it, b@x.it", "a@x.it; b@x.it", "Team: a@x.it, b@x.it;",
            "[Acme] Ann <a@x.it>, b@x.it", "a@x.it,, b@x.it", "nobody, a@x.it, <>, b@x.it",
        ):  # fmt: skip
            found = [one.address for one in head(To=text).recipients]
            self.assertEqual(found, ["a@x.it", "b@x.it"], text)

    def test_texts_of_each_charset_are_read(self):
        for charset, text in (("iso-8859-1", "Grüße"), ("utf-8", "Grüße €"), ("utf-16", "Grüße €"),
                              ("cp1252", "Grüße €")):  # fmt: skip
            for coding in ("8bit", "base64"):
                content = text.encode(charset)
                if coding == "base64":
                    content = base64.b64encode(content)
                head_ = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: "
                raw = HEAD + f"{head_}{coding}\n\n".encode() + content
                if charset == "utf-16" and coding == "8bit":
                    continue  # No mail has this.
                self.assertIn(text, whole(raw).html, (charset, coding))

    def test_a_charset_that_nobody_knows_is_guessed(self):
        for content, expected in (("ü€".encode(), "ü€"), ("ü".encode("cp1252"), "ü")):
            for charset in ("no-such", "unknown-8bit", ""):
                named = f"; charset={charset}" if charset else ""
                raw = HEAD + f"Content-Type: text/html{named}\n\n<p>".encode() + content + b"</p>"
                self.assertIn(expected, whole(raw).html)

    def test_a_charset_that_is_told_wrongly_spoils_no_letter(self):
        for charset, content in (
            ("us-ascii", "Grüße €".encode()), ("us-ascii", "Grüße €".encode("cp1252")),
            ("iso-8859-1", "Grüße €".encode("cp1252")), ("utf-8", "Grüße €".encode("cp1252")),
            ("iso-8859-15", "Grüße €".encode("iso-8859-15")),
            ("gb2312", "Grüße €".encode("gb18030")),
        ):  # fmt: skip
            raw = HEAD + f"Content-Type: text/html; charset={charset}\n\n<p>".encode() + content
            self.assertIn("Grüße €", whole(raw).html, charset)

    def test_a_charset_that_cannot_be_one_stops_no_e_mail(self):
        for charset in (b'"a\x00b"', b"utf-7", b"unicode_escape", b"idna", b"hex", b"undefined"):
            raw = HEAD + b"Content-Type: text/html; charset=" + charset + b"\n\n<p>hi +2AA- \\ud800"
            html = whole(raw).html
            html.encode()
            self.assertIn("hi", html, charset)
        raw = HEAD + b"Content-Type: text/plain; charset*=a%00b''utf-8\n\nhi"
        self.assertIn("hi", whole(raw).html)

    def test_of_two_ways_to_say_the_same_the_rich_one_is_taken(self):
        email = whole(parts(TEXT, HTML, kind="alternative"))
        self.assertIn("rich words", email.html)
        self.assertNotIn("plain words", email.html)
        self.assertEqual(email.attachments, ())
        calendar = b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR"
        self.assertEqual(len(whole(parts(TEXT, HTML, calendar, kind="alternative")).attachments), 1)

    def test_an_invitation_that_comes_twice_is_kept_once(self):
        event = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR"
        same = b"Content-Type: text/calendar\n\n" + event.replace(b"\r", b"")
        file = b"Content-Type: application/ics; name=invite.ics\n\n" + event
        other = b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nX:1"
        for several in ((same, file), (file, same)):
            self.assertEqual(self.names(whole(parts(HTML, *several))), ["invite.ics"])
        self.assertEqual(len(whole(parts(HTML, other, file)).attachments), 2)
        self.assertEqual(len(whole(parts(HTML, file, file)).attachments), 2)

    def test_plain_text_keeps_its_lines_and_its_signs(self):
        email = whole(HEAD + b"Content-Type: text/plain\n\n1 < 2\n<b>no markup</b>")
        self.assertIn("&lt;b&gt;", email.html)
        self.assertIn("<br", email.html)

    def test_pictures_and_files_come_with_their_names(self):
        picture = (
            b"Content-Type: image/png; name=logo.png\nContent-ID: <logo@x>\n"
            b"Content-Disposition: inline\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo="
        )
        nameless = b"Content-Type: application/pdf\nContent-Disposition: attachment\n\n%PDF-1.4 x"
        text = b"Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nfile"
        email = whole(parts(HTML, picture, nameless, text))
        self.assertEqual(self.names(email), ["logo.png", "attachment.pdf", "a.txt"])
        self.assertEqual(email.attachments[0].cid, "logo@x")
        self.assertNotIn("file", email.html)

    def test_an_attached_e_mail_is_a_file_and_not_its_text(self):
        inner = (
            b"Content-Type: message/rfc822\n\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\n\nsecret words"
        )
        email = whole(parts(HTML, inner))
        self.assertEqual(self.names(email), ["Grüße.eml"])
        self.assertNotIn("secret", email.html)

    def test_a_broken_e_mail_is_logged_as_far_as_it_can_be_read(self):
        for raw in (
            b"", b"\xff\xfe", b"no headers", HEAD, HEAD + b"Content-Type: multipart/mixed\n\nx",
            HEAD + b'Content-Type: multipart/mixed; boundary="XX"\n\n--XX\n' + HTML[:-9],
            parts(b"Content-Transfer-Encoding: base64\n\n!!!"), parts(), parts(parts()),
            HEAD + b"Content-Type: message/rfc822\n\n", HEAD + b"Content-Type: image/png\n\n",
            parts(b"Content-Disposition: attachment; filename*=utf-8''%FF%FE\n\nx"),
            parts(b"Content-Type: text/html; charset=\xff\n\nx"),
        ):  # fmt: skip
            email = whole(raw)
            email.html.encode()
            for file in email.attachments:
                file.name.encode()
        self.assertEqual(mails.read_raw({"raw": 7}, mails.Head()).attachments, ())

    def test_parts_in_parts_without_end_are_a_file(self):
        raw = HTML
        for number in range(60):
            mark = f"B{number}".encode()
            raw = (
                b'Content-Type: multipart/mixed; boundary="' + mark + b'"\n\n--' + mark + b"\n"
                + raw + b"\n--" + mark + b"--\n"
            )  # fmt: skip
        self.assertEqual(len(whole(HEAD + raw).attachments), 1)

    def test_an_e_mail_of_a_thousand_levels_is_a_file(self):
        raw = HEAD
        for number in range(1500):
            raw += f'Content-Type: multipart/mixed; boundary="B{number}"\n\n--B{number}\n'.encode()
        email = whole(raw + TEXT, head(Subject="Deep/er"))
        self.assertEqual(self.names(email), ["Deep_er.eml"])
        self.assertEqual(email.attachments[0].content, raw + TEXT)

    def test_of_thousands_of_files_not_all_are_named(self):
        one = b"Content-Type: image/png; name=a.png\n\nx"
        email = whole(parts(*[one] * 2500))
        self.assertEqual(len(email.attachments) + len(email.left_out), 2000)
        described = {"mimeType": "multipart/mixed", "parts": [{"filename": "a.png"}] * 2500}
        self.assertEqual(len(mails.read_large({"payload": described}, head()).left_out), 2000)

    def test_a_files_name_is_no_path(self):
        file = (
            b"Content-Type: image/png\nContent-Disposition: attachment; filename=../../a/b.png\n\nx"
        )
        self.assertEqual(self.names(whole(parts(file))), [".._.._a_b.png"])

    def test_a_long_message_id_is_whole(self):
        told = f"<{'a' * 400}@acme.test>"
        self.assertEqual(head(Message_ID=told).message_id, told)

    def test_the_text_of_a_large_e_mail_is_read_in_its_charset(self):
        for content in ("Grüße".encode(), "Grüße".encode("cp1252")):
            data = base64.urlsafe_b64encode(content).decode()
            payload = {"mimeType": "text/plain", "body": {"data": data}}
            self.assertIn("Grüße", mails.read_large({"payload": payload}, head()).html)

    def test_of_an_e_mail_that_is_too_large_the_text_comes_and_its_files_are_named(self):
        answer = {"payload": {"mimeType": "multipart/mixed", "parts": [
            {"mimeType": "multipart/alternative", "parts": [
                {"mimeType": "text/plain", "body": {"data": "cA=="}},
                {"mimeType": "text/html", "body": {"data": "PHA-d29yZHM8L3A-"}},
            ]},
            {"mimeType": "video/mp4", "filename": "film.mp4", "body": {"attachmentId": "1"}}, 7, {},
        ]}}  # fmt: skip
        email = mails.read_large(answer, head(Subject="S"))
        self.assertEqual((email.html, email.subject), ("<p>words</p>", "S"))
        self.assertEqual(email.left_out[0].name, "film.mp4")
        self.assertEqual(email.left_out[0].reason, "size")
        self.assertEqual(mails.read_large({}, mails.Head()).html, "")
