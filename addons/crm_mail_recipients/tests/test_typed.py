import json

from odoo.tests import BaseCase
from odoo.tools import file_open

from ..tools.address import parse_addresses, unreadable_parts

_EXAMPLES = "crm_mail_recipients/static/tests/recipient_picker/mailboxes.json"


class TestTyped(BaseCase):
    """What people type and paste is read alike here and in the browser, by the same examples."""

    def test_the_examples_of_the_browser_are_read_alike_here(self):
        with file_open(_EXAMPLES) as file:
            examples = json.load(file)
        self.assertGreater(len(examples), 50)
        for example in examples:
            text = example["text"]
            with self.subTest(text):
                found = parse_addresses(text)
                self.assertEqual([address.email for address in found], example["emails"])
                self.assertEqual([address.key for address in found], example["keys"])
                self.assertEqual(list(unreadable_parts(text)), example["rest"])
