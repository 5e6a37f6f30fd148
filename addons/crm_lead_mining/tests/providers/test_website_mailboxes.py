"""Which addresses on a site are the company's own, and which may be a person's."""

from odoo.tests import BaseCase, tagged

from ...providers.website.findings import Finding
from ...providers.website.mailboxes import Mailboxes


@tagged("post_install", "-at_install")
class TestWebsiteMailboxes(BaseCase):
    def is_own(self, email, *, name="", city="", host="acme.example"):
        """Say whether an address is taken for the company's, of what was found beside it."""
        found = [Finding("name", name, "https://x.example/")] if name else []
        if city:
            address = {"city": city, "street": "Via Roma 1"}
            found.append(Finding("address", address, "https://x.example/"))
        return Mailboxes(found, (), host).rank(email) is not None

    def test_a_mailbox_of_the_town_is_the_branch_s_in_each_spelling(self):
        for email, city, expected in (
            ("krautheim@acme.example", "Krautheim", True),
            ("muhlfeld@acme.example", "Mühlfeld", True),
            ("muehlfeld@acme.example", "Mühlfeld", True),
            ("krautheim@acme.example", "Torino", False),
            ("krautheim@acme.example", "", False),
        ):
            with self.subTest(email, city=city):
                self.assertEqual(self.is_own(email, city=city), expected)

    def test_a_mailbox_of_a_company_of_law_may_have_its_name(self):
        for name, host, expected in (
            ("Rossi S.r.l.", "rossi.example", True),
            ("Rossi", "rossi.example", False),
            ("Bianchi S.r.l.", "rossi.example", False),
        ):
            with self.subTest(name, host=host):
                self.assertEqual(self.is_own(f"rossi@{host}", name=name, host=host), expected)

    def test_a_mailbox_may_have_the_trade_of_the_name_and_never_a_surname(self):
        for name, email, expected in (
            ("Schreinerei Huber", "schreinerei@acme.example", True),
            ("Schreinerei Huber", "huber@acme.example", False),
            ("Marchand", "marchand@acme.example", False),
        ):
            with self.subTest(name, email=email):
                self.assertEqual(self.is_own(email, name=name), expected)
