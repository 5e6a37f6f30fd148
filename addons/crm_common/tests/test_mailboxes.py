from odoo.tests import BaseCase

from ..tools.mailboxes import address_key, mailbox_parts, spellings, spellings_of


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

    def test_an_address_ends_where_the_standard_s_bounds_are(self):
        for local, domain, is_one in (
            (64, 8, True), (65, 8, False),
            (64, 254 - 65, True), (64, 255 - 65, False),
        ):  # fmt: skip
            host = ".".join(("d" * 60,) * 3)[: domain - 3].strip(".").ljust(domain - 3, "d") + ".de"
            address = "a" * local + "@" + host
            with self.subTest(local=local, domain=domain):
                self.assertEqual(address_key(address), address if is_one else None)

    def test_a_name_may_quote_a_hundred_times_and_a_text_have_twenty_thousand_letters(self):
        for quotes, is_read in ((100, True), (101, False)):
            name = '"' + '\\"' * quotes + '" <anna@acme.de>'
            with self.subTest(quotes=quotes):
                self.assertEqual([*mailbox_parts(name)], ["anna@acme.de"] if is_read else [])
        for length, is_read in ((20_000, True), (20_001, False)):
            text = "anna@acme.de".rjust(length)
            with self.subTest(length=length):
                self.assertEqual([*mailbox_parts(text)], ["anna@acme.de"] if is_read else [])

    def test_addresses_are_read_in_the_ways_that_people_write_them(self):
        for text, found in {
            'a@x.org, "B" <b@x.org>; c@x.org': ["a@x.org", "b@x.org", "c@x.org"],
            '"B" <b@x.org,c@x.org>': ["b@x.org", "c@x.org"],
            "a@x.org (office)": ["a@x.org"],
            "a@x.org / b@x.org": ["a@x.org", "b@x.org"],
            "a@x.org b@x.org": ["a@x.org", "b@x.org"],
            "mailto:a@x.org?subject=x": ["a@x.org"],
            "Mario Rossi a@x.org": ["a@x.org"],
            "a@x.org b@": ["a@x.org b@"],
            "Mario Rossi": ["Mario Rossi"],
        }.items():
            with self.subTest(text):
                self.assertEqual([*mailbox_parts(text)], found)
        self.assertEqual([*mailbox_parts(None)], [])
