import io
import random
from unittest.mock import patch

from PIL import Image

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..tools import attachments, emails
from .test_attachments import FORWARDED, INVITATION, PDF, encoded
from .test_leads import LOG, LeadCase


def photo(kibibytes, seed=1):
    """Return a JPEG of about this size."""
    side = int((kibibytes * 1024 / 3) ** 0.5)
    noise = random.Random(seed).randbytes(side * side * 3)
    content = io.BytesIO()
    Image.frombytes("RGB", (side, side), noise).save(content, "BMP")
    small = io.BytesIO()
    Image.new("RGB", (8, 8), (seed, 0, 0)).save(small, "JPEG")
    # What follows the end of a JPEG is ignored, as some cameras know.
    return small.getvalue() + content.getvalue()


@tagged("post_install", "-at_install")
class TestWholeEmails(LeadCase):
    """An e-mail is logged whatever its parts are, and tells what was left out of it."""

    def setUp(self):
        super().setUp()
        self.lead = self.env["crm.lead"].create({"name": "L", "partner_id": self.ann.id})

    def log(self, message="<p>Hello</p>", record=None, token=None, **params):
        record = self.lead if record is None else record
        before = record.message_ids
        sent = {"model": record._name, "res_id": record.id, "message": message, **params}
        self.assertIs(self.call(LOG, sent, token=token), True)
        record.invalidate_recordset()
        return record.message_ids - before

    def test_a_photo_in_the_text_comes_along_whatever_its_file_is_called(self):
        # The first add-in for Outlook takes what follows the first dot of the name for the kind.
        for kind in ("JPG", "jpg", "undefined", "20 Rome", "0001.JPG", ""):
            for data in (f"image/{kind};base64, ", f"image/{kind};charset=x;base64,"):
                with self.subTest(data):
                    content = photo(3000 if kind == "JPG" else 3)
                    message = self.log(
                        f'<p>Hello {data}</p><img src="data:{data}{encoded(content)}">'
                    )
                    file = message.attachment_ids
                    self.assertEqual((file.name, file.raw), ("image001.jpg", content))
                    self.assertIn("/web/image/", message.body)
                    self.assertNotIn("data:", message.body.split("</p>", 1)[1])
                    message.unlink()

    def test_four_photos_of_four_and_a_half_megabytes_come_along(self):
        texts = [
            f'<p>{seed}<img src="data:image/JPG;base64, {encoded(photo(4600, seed))}"></p>'
            for seed in range(4)
        ]
        message = self.log("".join(texts))
        self.assertEqual(len(message.attachment_ids), 4)
        self.assertEqual(message.body.count("/web/image/"), 4)

    def test_a_hundred_and_one_files_come_along(self):
        files = [[f"file {number}.txt", encoded(b"Hi %d" % number)] for number in range(101)]
        message = self.log(attachments=files)
        self.assertEqual(set(message.attachment_ids.mapped("name")), {name for name, _ in files})

    def test_files_that_are_too_many_or_too_much_are_told(self):
        files = [[f"file {number}.txt", encoded(b"Hi")] for number in range(4)]
        for bound, most in (("MAX_FILES", 3), ("MAX_BYTES", 7)):
            with patch.object(attachments, bound, most):
                message = self.log(f"<p>Hello {bound}</p>", attachments=files)
            self.assertEqual(len(message.attachment_ids), 3)
            self.assertIn("file 3.txt", message.body)
            self.assertNotIn("file 2.txt", message.body)

    def test_pictures_in_the_text_count_with_the_files(self):
        picture = f'<img alt="plan" src="data:image/jpeg;base64,{encoded(photo(1))}">'
        with patch.object(attachments, "MAX_BYTES", 700):
            message = self.log(
                f"<p>Hello</p>{picture}", attachments=[["a.txt", encoded(b"a" * 600)]]
            )
        self.assertEqual(message.attachment_ids.mapped("name"), ["a.txt"])
        self.assertIn("image001.jpg", message.body)
        self.assertIn("[plan]", message.body)

    def test_parts_that_are_no_usual_files_do_not_stop_the_e_mail(self):
        for name, content, told in (
            (None, encoded(PDF), "attachment.pdf"),  # a PDF without a name
            (None, encoded(INVITATION.encode()), "attachment.ics"),
            ("Demo", INVITATION, "Demo.ics"),
            (None, encoded(FORWARDED.encode()), "attachment.eml"),
            ("Re: Offer", FORWARDED, "Re: Offer.eml"),
            ("smime.p7s", encoded(b"0\x82"), "smime.p7s"),
            (None, encoded(b"Version: 1\n"), "attachment"),  # PGP/MIME
        ):  # fmt: skip
            with self.subTest(told):
                message = self.log(f"<p>Hello {told}</p>", attachments=[[name, content]])
                self.assertEqual(message.attachment_ids.mapped("name"), [told])
        pdf = self.lead.message_ids.attachment_ids.filtered(lambda f: f.name == "attachment.pdf")
        self.assertEqual(pdf.mimetype, "application/pdf")

    def test_a_file_in_the_cloud_is_a_link_and_one_that_did_not_come_is_told(self):
        url = "https://acme.sharepoint.example/plan.docx?a=1&b=<2>"
        message = self.log(
            attachments=[["plan.docx", url.replace("<2>", "2")], ["<b>x</b>.zip", None]]
        )
        self.assertFalse(message.attachment_ids)
        self.assertIn('href="https://acme.sharepoint.example/plan.docx?a=1&amp;b=2"', message.body)
        self.assertIn("&lt;b&gt;x&lt;", message.body)
        self.assertNotIn("<b>x", message.body)

    def test_an_e_mail_of_nothing_but_an_encrypted_file_is_logged(self):
        for message in ("", None):
            logged = self.log(message, attachments=[["smime.p7m", encoded(b"0\x82secret")]])
            self.assertEqual(logged.attachment_ids.mapped("name"), ["smime.p7m"])
            logged.unlink()

    def test_a_text_that_is_too_long_becomes_a_file(self):
        with patch.object(emails, "MAX_MARKUP", 400), patch.object(emails, "MAX_WORDS", 50):
            message = self.log("<p>Hello " + "<b>word</b> " * 200 + "</p>")
        [file] = message.attachment_ids
        self.assertEqual((file.name, file.raw.count(b"word")), ("message.html", 200))
        self.assertIn("Hello word word", message.body)
        self.assertLess(message.body.count("word"), 20)

    def test_a_lead_is_made_of_an_e_mail_with_such_parts(self):
        lead = self.create_lead(attachments=[[None, encoded(PDF)], ["x.bin", None]])
        [file] = self.email_of(lead).attachment_ids
        self.assertEqual(file.name, "attachment.pdf")
        self.assertIn("x.bin", self.email_of(lead).body)
        self.assertNotIn("x.bin", lead.description)

    def test_what_only_describes_the_e_mail_is_never_too_long(self):
        people = ", ".join(f"Person {number} <p{number}@acme.example>" for number in range(120))
        message = self.log(
            email_from="ann@acme.test", email_to=people, email_cc=people, subject="S" * 5000
        )
        self.assertIn("p119@acme.example", message.incoming_email_to)
        self.assertTrue(self.create_lead(subject="S" * 5000).name.startswith("SSS"))

    # === TEXT === #

    def test_plain_text_keeps_its_lines(self):
        text = "Hello,\n\n3 < 4 and <ann@acme.test>\n- one\n- two\n"
        message = self.log(text)
        self.assertIn("<br", message.body)
        self.assertIn("3 &lt; 4 and &lt;ann@acme.test&gt;", message.body)
        lead = self.create_lead(text)
        self.assertIn("<br", lead.description)

    def test_signs_that_no_document_can_hold_lose_no_e_mail(self):
        # Word writes line breaks as vertical tabs; the picture has not come along.
        for number, sign in enumerate(("\x0b", "&#11;", "\x01")):
            text = f"<p>Tea{sign}<img src='cid:x@y' alt='a{sign}b'> and coffee{number}{sign}</p>"
            lead = self.create_lead(text, f"Order{sign}{number}")
            self.assertIn("coffee", lead.description)
            self.assertIn("coffee", self.log(text).body)

    def test_words_in_angle_brackets_stay_in_a_subject(self):
        for subject, name in (
            ("Offer for <Acme>", "Offer for <Acme>"), ("3 < 4", "3 < 4"), ("AT&T <3", "AT&T <3"),
            ("<https://acme.test>", "<https://acme.test>"),
        ):  # fmt: skip
            with self.subTest(subject):
                self.assertEqual(self.create_lead(f"<p>{subject}</p>", subject).name, name)

    # === WHO LOGGED IT === #

    def test_a_logged_e_mail_tells_who_logged_it(self):
        for sender in ("Ann <ann@acme.test>", "new@beta.test"):
            message = self.log(f"<p>Hello {sender}</p>", email_from=sender, timestamp=1)
            self.assertIn("Logged by sally", message.body)
            self.assertIn(str(fields.Date.today().year), message.body)
        self.assertNotIn("Logged by", self.create_lead().description)
        self.assertFalse(self.create_lead(body=None, subject="Empty").description)

    def test_nobody_s_words_are_put_into_a_colleague_s_mouth(self):
        double = self.env["res.partner"].create({"name": "Otto", "email": "otto@ours.example"})
        otto = new_test_user(self.env, login="otto", groups=self.groups, email="otto@ours.example")
        sender = "Otto <otto@ours.example>"
        message = self.log(email_from=sender, timestamp=1)
        self.assertEqual((message.author_id.ids, message.email_from), ([], sender))
        self.assertIn("Logged by sally", message.body)
        # Another contact that has the colleague's address, and is found first, is no author either.
        self.assertEqual(self.env["res.partner"].mail_plugin_find("otto@ours.example"), double)
        double.unlink()
        own = self.log("<p>Mine</p>", email_from=sender, token=self.make_token(otto))
        self.assertEqual(own.author_id, otto.partner_id)
