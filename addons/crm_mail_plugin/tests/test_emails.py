import base64
import dataclasses
import time

from odoo.tests import BaseCase

from ..tools.emails import Email, as_html, bare_subject, is_reply, message_id, plain_subject
from ..tools.params import Attachment

PIXEL = base64.b64encode(b"GIF89a").decode()


class TestEmails(BaseCase):
    def test_an_e_mail_is_the_same_by_its_message_id(self):
        one = Email(html="a", message_id="<1@x>")
        self.assertEqual(one.key, Email(html="b", message_id="<1@x>").key)
        self.assertNotEqual(one.key, Email(html="a", message_id="<2@x>").key)

    def test_without_one_it_is_the_same_by_its_content(self):
        email = Email(html="<p>Hello  <b>you</b></p>", subject="S", timestamp=1)
        self.assertEqual(email.key, dataclasses.replace(email, html="<div>Hello you</div>").key)
        for change in (
            {"html": "Hello me"}, {"subject": "T"}, {"timestamp": 2}, {"sender": "a@b.c"},
            {"attachments": (Attachment("a", b"1"),)},
        ):  # fmt: skip
            self.assertNotEqual(email.key, dataclasses.replace(email, **change).key, change)
        first, second, third = (
            dataclasses.replace(email, attachments=files).key
            for files in (
                (Attachment("a", b"1"),), (Attachment("b", b"1"),), (Attachment("a", b"2"),),
            )
        )  # fmt: skip
        self.assertEqual(len({first, second, third}), 3)
        both = (Attachment("a", b"1"), Attachment("b", b"2"))
        self.assertEqual(
            dataclasses.replace(email, attachments=both).key,
            dataclasses.replace(email, attachments=both[::-1]).key,
        )

    def test_e_mails_of_nothing_but_a_picture_are_told_apart_by_it(self):
        other = base64.b64encode(b"GIF89b").decode()
        texts = [
            f'<img src="data:image/gif;base64,{PIXEL}">',
            f'<img src="data:image/gif;base64,{other}">',
            '<p><IMG alt="x" SRC=https://shop.example/1.png></p>',
            "<img src='https://shop.example/2.png'>",
            '<img src="cid:one@x">',
            '<img src="cid:two@x">',
            '<table background="https://shop.example/3.png"></table>',
            "",
        ]
        self.assertEqual(len({Email(html=text).key for text in texts}), len(texts))

    def test_e_mails_of_the_same_words_are_told_apart_by_their_links(self):
        texts = [
            'Your order: <a href="https://shop.example/o/1">open</a>',
            'Your order: <a class="x" HREF=https://shop.example/o/2>open</a>',
            "Your order: <https://shop.example/o/1> open",
            "Your order: <https://shop.example/o/2> open",
            "Your order: <ann@acme.test> open",
            "Your order: <bob@acme.test> open",
            "Your order: 3 < 4 and 6 > 5 open",
            "Your order: 3 < 7 and 6 > 5 open",
            '<p style="background-image: url(https://shop.example/1.png)">Your order: open</p>',
            "<p style=\"background: #fff url('https://shop.example/2.png')\">Your order: open</p>",
            "Your order: open",
        ]
        self.assertEqual(len({Email(html=text).key for text in texts}), len(texts))

    def test_a_sent_time_or_a_message_id_tells_the_e_mail_for_ever(self):
        for known in ({"message_id": "<1@x>"}, {"timestamp": 1}, {"timestamp": 0}):
            self.assertTrue(Email(**known).is_identified, known)
        self.assertFalse(Email(html="OK, thanks!", subject="S", sender="a@b.c").is_identified)

    def test_pictures_in_the_text_become_files_once(self):
        html = (
            f"<img src=\"data:image/gif;base64,{PIXEL}\"><img src='data:image/gif;base64,{PIXEL}'>"
        )
        email = Email(html=html).with_pictures_attached()
        [picture] = email.attachments
        self.assertEqual((picture.name, picture.content), ("image001.gif", b"GIF89a"))
        self.assertEqual(email.html.count(f"cid:{picture.cid}"), 2)
        self.assertNotIn("data:", email.html)

    def test_files_of_pictures_are_numbered_and_named_as_is_usual(self):
        other = base64.b64encode(b"JPEG").decode()
        html = (
            f'<img src="data:image/gif;base64,{PIXEL}"><img src="data:image/jpeg;base64,{other}">'
        )
        files = Email(html=html).with_pictures_attached().attachments
        self.assertEqual([file.name for file in files], ["image001.gif", "image002.jpg"])

    def test_other_data_in_the_text_stay_out_of_the_files(self):
        for html in (
            '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
            '<a href="data:text/html;base64,PHA+">x</a>',
            "data:image/gif;base64,R0lG",
        ):
            self.assertEqual(Email(html=html).with_pictures_attached(), Email(html=html))

    def test_marks_of_reply_and_forward_do_not_count(self):
        for subject in (
            "Offer",
            "RE: Offer",
            "رد: Offer",
            "ΠΡΘ: απ: Offer",
            "Re: Fwd:  offer",
            "R: I: Offer",
            "AW[2]: OFFER",
        ):
            self.assertEqual(bare_subject(subject), "offer", subject)
        for subject in ("Reoffer", "I offer", "Offer re: x"):
            self.assertEqual(bare_subject(subject), subject.lower())

    def test_only_a_mark_of_reply_makes_a_reply(self):
        for subject in (
            "RE: Offer",
            "Re[2]: x",
            "R: Offerta",
            "AW: Fwd: Angebot",
            "SV:x",
            "回复：询价",
            "ΑΠ: Προσφορά",
            "Vá: Ajánlat",
            "رد: عرض",
            "השב: הצעה",
            "Отв: Заказ",
            "返信: 見積",
            "회신: 견적",
        ):
            self.assertTrue(is_reply(subject), subject)
        for subject in ("Offer", "Fwd: Re: Offer", "I: Offerta", "WG: x", "", "Regarding: x", "RE"):
            self.assertFalse(is_reply(subject), subject)

    def test_a_subject_of_whatever_signs_is_one_line_of_words(self):
        for subject, plain in (
            ("</b>", ""), ("<!-- 5 -->", "<!-- 5 -->"), ("<!doctype", "<!doctype"), ("</p>", ""),
            ("About <title> and <style>", "About <title> and <style>"), ("<!--", "<!--"),
            ("a\x0bb &#11; c", "a b c"), ("Tea &amp; &lt;x&gt;", "Tea & <x>"),
        ):  # fmt: skip
            self.assertEqual(plain_subject(subject), plain, subject)

    def test_a_text_has_no_sign_that_a_document_cannot_hold(self):
        for sign in ("\x0b", "\x01", "&#11;", "&#x0B;", "&#11", "&#65535;", "&#xD800;", "\ufffe"):
            self.assertEqual(as_html(f"<p>a{sign} b</p>"), "<p>a  b</p>", sign)
        for text in ("<p>a&#10;&#13;&#9;&#110;&#x1F600;&#8364;&amp;#11;</p>", "<p>a\n\t</p>"):
            self.assertEqual(as_html(text), text)

    def test_hostile_styles_do_not_hold_up_the_log(self):
        started = time.process_time()
        for style in ("url(", "src=", "src='", 'href="', "background = "):
            self.assertTrue(Email(html=f"<p style={style * 100_000}>x</p>").key)
        self.assertLess(time.process_time() - started, 10)

    def test_a_message_id_is_found_or_not(self):
        for text, found in (
            ("<a.b@c.d>", "<a.b@c.d>"), (" a@b ", "<a@b>"), ("x <a@b> y", "<a@b>"),
            ("", ""), ("ab", ""), ("<a b@c>", ""), ("<>", ""),
        ):  # fmt: skip
            self.assertEqual(message_id(text), found, text)
