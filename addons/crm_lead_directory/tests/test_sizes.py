from odoo.tests import TransactionCase, tagged

from ..tools.sizes import size_text


@tagged("post_install", "-at_install")
class TestSizes(TransactionCase):
    def test_sizes_are_written_as_people_write_them(self):
        for number, text in {
            0: "0 bytes",
            999: "999 bytes",
            1000: "1.0 kB",
            999_900: "1.0 MB",
            9_940_000: "9.9 MB",
            9_960_000: "10 MB",
            96_000_000: "96 MB",
            2_600_000_000: "2.6 GB",
            5 * 10**15: "5,000 TB",
        }.items():
            with self.subTest(text):
                self.assertEqual(size_text(self.env, number), text)

    def test_an_italian_reads_a_comma(self):
        self.env["res.lang"]._activate_lang("it_IT")
        italian = self.env(context={"lang": "it_IT"})
        self.assertEqual(size_text(italian, 2_600_000_000), "2,6 GB")
        self.assertEqual(size_text(italian, 12), "12 byte")
