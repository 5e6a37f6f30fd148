from odoo.tests import TransactionCase, tagged

from ..tools.sizes import size_text


@tagged("post_install", "-at_install")
class TestSizes(TransactionCase):
    def test_sizes_are_written_as_people_write_them(self):
        for number, text in {
            0: "0 bytes",
            1023: "1,023 bytes",
            1024: "1.0 KB",
            1024 * 1023.9: "1.0 MB",
            99.94 * 1024**2: "99.9 MB",
            99.96 * 1024**2: "100 MB",
            2_600_000_000: "2.4 GB",
            5 * 1024**5: "5,120 TB",
        }.items():
            with self.subTest(text):
                self.assertEqual(size_text(self.env, int(number)), text)

    def test_an_italian_reads_a_comma(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.assertEqual(size_text(self.env(context={"lang": "it_IT"}), 2_600_000_000), "2,4 GB")
