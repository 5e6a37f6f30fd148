from odoo.tests import BaseCase

from ..tools.domains import domain_key, domain_spellings, is_nobodys, own_domain, registrable


class TestDomains(BaseCase):
    def test_certified_mail_providers_are_no_sender_s_company(self):
        for host in (
            "legalmail.it", "cert.legalmail.it", "avvocatimilano.legalmail.it", "pec.it",
            "arubapec.it", "pec.aruba.it", "postecert.it", "comune.laquila.postecert.it",
            "postacert.toscana.it", "postemailcertificata.it", "pec.poste.it",
            "sicurezzapostale.it",
            "registerpec.it", "pectim.it", "casellapec.it", "acme.de-mail.de", "hs01.kep.tr",
        ):  # fmt: skip
            self.assertTrue(is_nobodys(host), host)

    def test_bodies_of_professions_are_not_their_members_company(self):
        for host in (
            "pec.ordineavvocatimilano.it", "pec.ordineavvocatiroma.it", "ordineavvocatiroma.org",
            "pec.avvocatitorino.it", "pecavvocatinapoli.it", "ingpec.eu", "archiworldpec.it",
            "pec.ording.roma.it", "odcecmilano.it", "pec.odcecbologna.it", "pec.omceoroma.it",
            "pec.commercialistiroma.it", "consulentidellavoropec.it", "geopec.it", "psypec.it",
            "postacertificata.notariato.it", "pec.ordinedeifarmacistidinapoli.it",
        ):  # fmt: skip
            self.assertTrue(is_nobodys(host), host)

    def test_pages_of_networks_directories_and_providers_are_nobody_s(self):
        for host in (
            "gmail.com", "mail.gmail.com", "web.tiscali.it", "digilander.libero.it",
            "perso.orange.fr", "perso.free.fr", "it-it.facebook.com", "linkedin.com", "wa.me",
            "linktr.ee", "bit.ly", "paginegialle.it", "www.tripadvisor.fr", "it.kompass.com",
            "yelp.co.uk", "sites.google.com", "altervista.org", "wordpress.com",
        ):  # fmt: skip
            self.assertTrue(is_nobodys(host), host)

    def test_what_a_registry_sells_below_is_nobody_s(self):
        for host in ("co.uk", "com.au", "it", "localhost", "", "github.io", "toscana.it", "b.ck"):
            self.assertTrue(is_nobodys(host), host)

    def test_names_that_only_resemble_them_are_a_company_s_own(self):
        for host in (
            "acme.it", "eu.acme.co.uk", "notfacebook.com", "pecora.it", "pecoraro.it", "opec.org",
            "certitalia.it", "collegio.it", "ordinatissimo.it", "pec.ordinatissimo.it",
            "avvocatirossi.it", "notaiobianchi.it", "comune.milano.it", "rossi.altervista.org",
            "rossi.github.io", "acme.odoo.com", "pec.medica.it", "aspec.com", "googleplex.com",
            "prospec.it", "inspec.eu",
        ):  # fmt: skip
            self.assertFalse(is_nobodys(host), host)

    def test_certified_mail_of_an_own_domain_is_of_that_company(self):
        for host, own in (
            ("pec.acme.it", "acme.it"), ("postacert.acme.it", "acme.it"), ("acme.it", "acme.it"),
            ("pec.comune.milano.it", "comune.milano.it"), ("mail.acme.it", "mail.acme.it"),
            ("legalmail.it", ""), ("pec.it", ""), ("pec.milano.it", ""),
        ):  # fmt: skip
            self.assertEqual(own_domain(host), own)

    def test_registrable_domain_follows_the_public_suffix_list(self):
        for host, domain in (
            ("eu.acme.co.uk", "acme.co.uk"), ("acme.com", "acme.com"), ("a.b.ck", "a.b.ck"),
            ("x.a.b.ck", "a.b.ck"), ("x.www.ck", "www.ck"), ("co.uk", "co.uk"), ("x", "x"),
            ("mail.unknown.example", "unknown.example"), ("a.rossi.github.io", "rossi.github.io"),
        ):  # fmt: skip
            self.assertEqual(registrable(host), domain)

    def test_a_domain_is_written_in_letters_or_in_ascii(self):
        for domain, expected in (
            ("bücher.de", ("bücher.de", "xn--bcher-kva.de")),
            ("xn--bcher-kva.de", ("xn--bcher-kva.de", "bücher.de")),
            ("acme.de", ("acme.de",)), ("our_shop.de", ("our_shop.de",)),
            ("xn--a.de", ("xn--a.de",)), ("", ("",)),
        ):  # fmt: skip
            self.assertEqual(domain_spellings(domain), expected)

    def test_all_spellings_of_a_domain_have_one_key(self):
        for domain in ("Bücher.de", "bu\u0308cher.de", "xn--bcher-kva.de", "XN--BCHER-KVA.DE."):
            self.assertEqual(domain_key(domain), "xn--bcher-kva.de")
        for wrong in ("a b.de", "", ".de", "-a.de", "a..de", "é..de", "\ud800.de"):
            self.assertIsNone(domain_key(wrong), wrong)
