from odoo.tests import BaseCase

from ..tools.mailboxes import address_key, spellings, spellings_of


class TestMailboxes(BaseCase):
    def test_all_spellings_of_a_mailbox_have_one_key(self):
        for address in (
            "anna@bücher.de", "Anna@BÜCHER.de", "anna@xn--bcher-kva.de", "ANNA@XN--BCHER-KVA.DE",
            "anna@bu\u0308cher.de", " anna@bücher.de. ",
        ):  # fmt: skip
            self.assertEqual(address_key(address), "anna@xn--bcher-kva.de", address)

    def test_other_mailboxes_have_other_keys(self):
        keys = {address_key(f"{local}@acme.de") for local in ("anna", "an.na", "anna+x", "ánna")}
        self.assertEqual(len(keys), 4)

    def test_spellings_are_those_that_a_database_may_hold(self):
        self.assertEqual(
            spellings("anna@xn--bcher-kva.de"), {"anna@xn--bcher-kva.de", "anna@bücher.de"}
        )
        self.assertEqual(spellings("anna@acme.de"), {"anna@acme.de"})
        self.assertEqual(spellings("anna@xn--a.de"), {"anna@xn--a.de"})

    def test_spellings_of_an_address_are_those_of_its_mailbox_and_itself(self):
        both = {"anna@xn--bcher-kva.de", "anna@bücher.de"}
        for address, expected in (
            ("anna@bücher.de", both), ("anna@xn--bcher-kva.de", both),
            ("anna@acme.de", {"anna@acme.de"}), ("anna@our_shop.de", {"anna@our_shop.de"}),
            ("ánna@bücher.de", {"ánna@bücher.de", "ánna@xn--bcher-kva.de"}),
        ):  # fmt: skip
            self.assertEqual(spellings_of(address), expected)
