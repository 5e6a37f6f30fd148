import random

from odoo.tests import BaseCase
from odoo.tools import email_normalize

from ..tools.addresses import company_domains, domain_of, is_unread, normalize, own_domain


class TestAddresses(BaseCase):
    def test_a_plain_address_is_what_odoo_makes_of_it(self):
        of, read = random.Random(5), 0
        for _time in range(20_000):
            text = "".join(of.choices("abzAZ09._+-@@.. ,", k=of.randint(3, 14)))
            address = email_normalize(text) or ""
            if address.startswith("@") or address.endswith("@"):
                address = ""
            self.assertEqual(normalize(text), address, text)
            read += bool(address)
        self.assertGreater(read, 100)

    def test_a_sender_belongs_to_the_company_of_the_domain_or_of_one_above(self):
        for domain, expected in (
            ("acme.com", ("acme.com",)),
            ("news.eu.acme.com", ("news.eu.acme.com", "eu.acme.com", "acme.com")),
            ("mail.acme.co.uk", ("mail.acme.co.uk", "acme.co.uk")),
            ("ann.github.io", ("ann.github.io",)),
            ("bücher.de", ("bücher.de", "xn--bcher-kva.de")),
            ("our_shop.example", ("our_shop.example",)),
            ("pec.acme-spa.it", ("pec.acme-spa.it", "acme-spa.it")),
            ("co.uk", ()),
            ("legalmail.it", ()),
            ("pec.it", ()),
            ("pec.ordineavvocatimilano.it", ()),
            ("acme.de-mail.de", ()),
            ("gmail.com", ()),
            ("mail.gmail.com", ()),
            ("localhost", ()),
            ("", ()),
        ):
            self.assertEqual(company_domains(domain), expected, domain)

    def test_the_company_of_an_address_is_asked_about_by_its_own_domain(self):
        for address, domain in (
            ("ann@acme.com", "acme.com"), ("ann@pec.acme.it", "acme.it"), ("ann@gmail.com", ""),
            ("ann@legalmail.it", ""), ("ann@bücher.de", "xn--bcher-kva.de"), ("", ""),
        ):  # fmt: skip
            self.assertEqual(own_domain(address), domain, address)

    def test_the_domain_is_what_follows_the_last_at(self):
        for address, domain in (("a@b.c", "b.c"), ('"a@b"@c.d', "c.d"), ("nobody", "")):
            self.assertEqual(domain_of(address), domain)

    def test_only_one_whole_address_is_an_address(self):
        for text, address in (
            ("Ann <ANN@Acme.test>", "ann@acme.test"), ("ann@acme.test", "ann@acme.test"),
            ("@acme.test", ""), ("ann@", ""), ("ann", ""), ("", ""), (None, ""), (7, ""),
            ("ann@acme.test, bob@acme.test", ""),
        ):  # fmt: skip
            self.assertEqual(normalize(text), address, text)

    def test_mailboxes_that_nobody_reads_are_known_by_their_names(self):
        for name in (
            "noreply", "no-reply", "shop.no_reply", "noreply+42", "donotreply", "non-rispondere",
            "nicht-antworten", "no-responder", "ne-pas-repondre", "nepasrepondre", "nao-responda",
            "no-contestar", "niet-beantwoorden", "nie-odpowiadaj", "svar-ej", "svarainte",
            "mailer-daemon", "bounces+7",
        ):  # fmt: skip
            self.assertTrue(is_unread(f"{name}@shop.test"), name)
        for name in ("reply", "noreplyteam", "ann", "nora.reply", "responder", "inno.reply", ""):
            self.assertFalse(is_unread(f"{name}@noreply.test"), name)
