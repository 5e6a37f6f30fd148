import base64
import string
from unittest.mock import patch

from hypothesis import example, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..tools import attachments
from ..tools.attachments import LeftOut, read_files
from ..tools.params import Attachment

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj"
INVITATION = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nSUMMARY:Dem\u00f4\r\nEND:VCALENDAR\r\n"
FORWARDED = "Received: by x\r\n\tid 7\r\nFrom: ann@acme.example\r\nSubject: Hi\r\n\r\nHello\r\n"


def encoded(content):
    return base64.b64encode(content).decode()


class TestAttachments(BaseCase):
    def read(self, *sent):
        files = read_files(list(sent))
        return files.kept, files.left_out

    def test_a_file_is_read_whole_and_its_name_is_no_path(self):
        content = bytes(range(256))
        kept, left_out = self.read(["../../etc/a\\b\x00.txt", encoded(content), "<x@y>"])
        self.assertEqual(kept, [Attachment(".._.._etc_a_b.txt", content, "x@y")])
        self.assertEqual(left_out, [])
        self.assertEqual(self.read(["", ""])[0], [Attachment("attachment", b"")])

    def test_a_file_whose_name_is_too_long_keeps_its_ending(self):
        [kept] = self.read([f"{'Offer ' * 60}.pdf", encoded(PDF)])[0]
        self.assertEqual((len(kept.name), kept.name[-4:]), (255, ".pdf"))

    def test_a_file_without_a_name_gets_one_that_tells_its_kind(self):
        mail = FORWARDED.encode()
        for name in (None, False, "", "  "):
            for content, told in (
                (PDF, "attachment.pdf"), (INVITATION.encode(), "attachment.ics"),
                (mail, "attachment.eml"), (b"PK\x05\x06" + b"\0" * 18, "attachment.zip"),
                (b"-----BEGIN PGP MESSAGE-----\n", "attachment.pgp"), (b"Hello", "attachment"),
            ):  # fmt: skip
                kept, left_out = self.read([name, encoded(content)])
                self.assertEqual(([file.name for file in kept], left_out), ([told], []), content)
                self.assertEqual(kept[0].content, content)

    def test_an_attached_e_mail_or_appointment_that_comes_as_its_text_is_kept(self):
        for name, text, told in (
            ("Re: Offer", FORWARDED, "Re: Offer.eml"), ("x.eml", FORWARDED, "x.eml"),
            (None, FORWARDED, "attachment.eml"), ("Demo", INVITATION, "Demo.ics"),
        ):  # fmt: skip
            kept, left_out = self.read([name, text])
            self.assertEqual((kept, left_out), ([Attachment(told, text.encode())], []))

    def test_a_file_in_the_cloud_is_told_with_its_address(self):
        url = "https://acme.sharepoint.example/plan.docx?web=1"
        self.assertEqual(self.read(["plan.docx", url]), ([], [LeftOut("plan.docx", "link", url)]))
        for other in ("javascript:alert(1)", "https://a.example/<b>", "ftp://a.example/x"):
            self.assertEqual(self.read(["x", other]), ([], [LeftOut("x", "unread")]))

    def test_what_cannot_be_kept_is_told_and_the_rest_is_kept(self):
        good = ["good.txt", "SGk="]
        for bad in (
            ["bad.bin", "no base64!"],
            ["bad.bin", None],
            ["bad.bin", False],
            ["bad.bin", " "],
        ):
            kept, left_out = self.read(bad, good)
            self.assertEqual(kept, [Attachment("good.txt", b"Hi")])
            self.assertEqual(left_out, [LeftOut("bad.bin", "unread")], bad)

    def test_what_fits_is_kept_when_something_is_too_much(self):
        names = [[f"{number}.txt", "SGk="] for number in range(4)]
        with patch.object(attachments, "MAX_FILES", 3):
            kept, left_out = self.read(*names)
        self.assertEqual(len(kept), 3)
        self.assertEqual(left_out, [LeftOut("3.txt", "count")])
        with patch.object(attachments, "MAX_BYTES", 6):
            kept, left_out = self.read(
                ["a", "QUFB"], ["b", "QUFBQUFB"], ["c", "QUFB"], ["d", "QQ=="]
            )
        self.assertEqual([file.name for file in kept], ["a", "c"])
        self.assertEqual(left_out, [LeftOut("b", "size"), LeftOut("d", "size")])

    def test_a_file_that_did_not_come_for_its_size_is_told_to_be_too_large(self):
        with patch.object(attachments, "MAX_BYTES", 6):
            _kept, left_out = self.read(["a", "QUFB"], ["b", None, "", 4], ["c", None, "", 3])
        self.assertEqual(left_out, [LeftOut("b", "size"), LeftOut("c", "unread")])

    @settings(max_examples=200, deadline=None)
    @given(st.text(alphabet=string.printable, max_size=40))
    @example("0000001=")
    def test_any_text_is_decoded_or_refused(self, text):
        kept, left_out = self.read(["a.txt", text])
        self.assertEqual(len(kept) + len(left_out), 1)
        if left_out or kept[0].name != "a.txt":
            return
        [file] = kept
        given, again = "".join(text.split()).rstrip("="), base64.b64encode(file.content).decode()
        # Before a padding, not all bits of the last letter are used (RFC 4648, section 3.5).
        unused, again = 2 * again.count("="), again.rstrip("=")
        self.assertEqual((len(again), again[:-1]), (len(given), given[:-1]))
        letters = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
        last, last_given = (letters.index(one[-1]) if one else 0 for one in (again, given))
        self.assertEqual(last >> unused, last_given >> unused)
