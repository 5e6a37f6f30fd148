"""What users get from a company's own website. All companies, persons and numbers are made up."""

import json
from datetime import date

from stdnum import luhn
from stdnum.iso7064 import mod_11_10

from odoo.tests import tagged

from ...company.identity import identity_keys
from ...company.types import CompanyQuery, Page
from ...providers.errors import NeedsBrowser
from ...providers.website import WebsiteProvider
from ..internet import InternetCase, redirect, reply
from ..provider_contract import ProviderContract

GERMAN_VAT = "DE" + "11111112" + mod_11_10.calc_check_digit("11111112")
ITALIAN_VAT = "0000001001" + luhn.calc_check_digit("0000001001")
SIREN = "12345678" + luhn.calc_check_digit("12345678")
FRENCH_VAT = f"FR{(12 + 3 * (int(SIREN) % 97)) % 97:02}{SIREN}"

GERMAN = """<!doctype html><html lang="de"><head><title>Muster Maschinen - Startseite</title>
<meta name="description" content="Wir bauen Mustermaschinen für Testfälle.">
<meta name="generator" content="TYPO3 CMS">
<link rel="alternate" hreflang="en" href="/en/"><link rel="alternate" hreflang="x-default" href="/">
<link rel="icon" href="/favicon.ico"><link rel="apple-touch-icon" sizes="180x180" href="/touch.png">
</head><body><h1>Mustermaschinen</h1>
<a href="/produkte">Produkte</a> <a href="/kontakt">Kontakt</a> <a href="/impressum">Impressum</a>
<a href="https://www.linkedin.com/company/muster-maschinen/?trk=x">LinkedIn</a>
<a href="https://www.facebook.com/sharer/sharer.php?u=x">Teilen</a>
</body></html>"""
GERMAN_IMPRINT = f"""<html lang="de-DE"><body><h1>Impressum</h1>
<p>Angaben gemäß § 5 DDG</p>
<p>Muster Maschinen GmbH &amp; Co. KG<br>Musterstraße 12<br>D-99999 Musterstadt</p>
<p>Vertreten durch: Erika Beispiel</p>
<p>Telefon: 030 23125-123<br>Telefax: 030 23125-199<br>
E-Mail: info@muster-maschinen.example, erika.beispiel@muster-maschinen.example</p>
<p>Registergericht: Amtsgericht Musterstadt, HRB 12345</p>
<p>Umsatzsteuer-Identifikationsnummer gemäß § 27a UStG: DE {GERMAN_VAT[2:5]} {GERMAN_VAT[5:8]}
{GERMAN_VAT[8:]}</p><p>Gestaltung: <a href="mailto:info@agentur.example">Agentur</a></p>
</body></html>"""
GERMAN_CONTACT = """<html lang="de"><body>
<a href="tel:+493023125100">Rufen Sie uns an</a> <a href="mailto:vertrieb@muster-maschinen.example">
Vertrieb</a></body></html>"""

FRENCH = """<html lang="fr-FR"><head><title>Exemple Conseil | Accueil</title>
<meta property="og:site_name" content="Exemple Conseil">
<meta property="og:description" content="Conseil en exemples.">
<meta property="og:image" content="https://exemple-conseil.example/og.png"></head>
<body><a href="/mentions-legales">Mentions légales</a>
<a href="https://x.com/exempleconseil">X</a></body></html>"""
FRENCH_LEGAL = f"""<html lang="fr"><body><p>Exemple Conseil SAS</p><p>1 rue de l'Exemple</p>
<p>75001 Paris</p><p>SIREN : {SIREN[:3]} {SIREN[3:6]} {SIREN[6:]} - RCS Paris</p>
<p>N&deg; TVA intracommunautaire : {FRENCH_VAT[:4]} {SIREN}</p><p>Tél. : 01 99 00 12 34</p>
<p>contact@exemple-conseil.example</p></body></html>"""

ITALIAN = f"""<html lang="it"><head><title>Esempio Officine</title></head><body>
<footer>Esempio Officine S.r.l. - P.IVA {ITALIAN_VAT} - Tel. 02 1234 5678 -
<a href="mailto:INFO@esempio.example?subject=ciao">info</a></footer></body></html>"""

ORGANISATION = {
    "@type": ["Organization", "Corporation"],
    "@id": "https://shop.example/#org",
    "name": "Sample Shop",
    "legalName": "Sample Shop Ltd",
    "url": "https://www.shop.example/",
    "description": "Sells samples.",
    "logo": {"@type": "ImageObject", "url": "/img/logo.png"},
    "telephone": "+44 20 7946 0123",
    "email": "mailto:sales@shop.example",
    "foundingDate": "1999-04-01",
    "numberOfEmployees": {"@type": "QuantitativeValue", "minValue": 51, "maxValue": 200},
    "vatID": "GB 980 7806 84",
    "sameAs": ["https://twitter.com/sampleshop", "https://www.youtube.com/@sampleshop",
               "https://github.com/sample-shop", "https://www.instagram.com/sampleshop/"],
    "address": {"@id": "#address"},
}  # fmt: skip
ADDRESS = {
    "@type": "PostalAddress", "@id": "#address", "streetAddress": "1 Sample Road",
    "addressLocality": "London", "postalCode": "ZZ1 1ZZ", "addressRegion": "LND",
    "addressCountry": {"@type": "Country", "name": "United Kingdom"},
}  # fmt: skip

MICRODATA = """<html lang="en"><body><div itemscope itemtype="https://schema.org/Dentist">
<span itemprop="name">Sample Dental Practice</span><img itemprop="logo" src="/tooth.png">
<div itemprop="address" itemscope itemtype="https://schema.org/PostalAddress">
<span itemprop="streetAddress">2 Sample Road</span><span itemprop="addressLocality">Dublin</span>
<meta itemprop="addressCountry" content="IE"></div>
<a itemprop="telephone" href="tel:+353 1 234 5678">call</a></div></body></html>"""


def json_ld(*nodes) -> str:
    data = json.dumps({"@context": "https://schema.org", "@graph": nodes})
    return f'<script type="application/ld+json">{data}</script>'


def page(*parts: str) -> str:
    return f"<html><head><title>x</title></head><body>{''.join(parts)}</body></html>"


@tagged("post_install", "-at_install")
class TestWebsiteCompany(InternetCase):
    def test_german_imprint_gives_name_address_vat_telephone_and_emails(self):
        company = self.published(
            GERMAN, "muster-maschinen.example", impressum=GERMAN_IMPRINT, kontakt=GERMAN_CONTACT
        )
        self.assertEqual(company.name, "Muster Maschinen GmbH & Co. KG")
        self.assertEqual(
            (company.street, company.zip, company.city, company.country_code),
            ("Musterstraße 12", "99999", "Musterstadt", "DE"),
        )
        self.assertEqual(company.vat, GERMAN_VAT)
        self.assertEqual(company.phone, "+49 30 23125100")
        self.assertEqual(
            company.emails,
            ("info@muster-maschinen.example", "vertrieb@muster-maschinen.example"),
        )
        self.assertEqual(company.description, "Wir bauen Mustermaschinen für Testfälle.")
        self.assertEqual(company.languages, ("de", "en"))
        self.assertEqual(company.logo_url, "http://muster-maschinen.example/touch.png")
        self.assertEqual(
            company.socials, {"linkedin": "https://www.linkedin.com/company/muster-maschinen"}
        )
        self.assertEqual(company.technologies, ("TYPO3",))

    def test_every_value_tells_the_page_where_it_was_read(self):
        company = self.published(
            GERMAN, "muster-maschinen.example", impressum=GERMAN_IMPRINT, kontakt=GERMAN_CONTACT
        )
        root = "http://muster-maschinen.example"
        expected = {
            "name": "/impressum", "street": "/impressum", "zip": "/impressum", "vat": "/impressum",
            "country_code": "/impressum", "phone": "/kontakt", "description": "/",
            "emails:info@muster-maschinen.example": "/impressum",
            "emails:vertrieb@muster-maschinen.example": "/kontakt",
            "socials:linkedin": "/", "technologies:TYPO3": "/", "languages:en": "/",
            "logo_url": "/",
        }  # fmt: skip
        self.assertLessEqual(
            {name: root + path for name, path in expected.items()}.items(),
            company.sources.items(),
        )
        self.assertEqual(company.provenance.provider, "website")
        self.assertEqual(company.provenance.url, f"{root}/")
        self.assertEqual(company.provenance.fetched_on, date.today())

    def test_only_the_pages_that_matter_are_read(self):
        self.published(
            GERMAN, "muster-maschinen.example", impressum=GERMAN_IMPRINT, kontakt=GERMAN_CONTACT
        )
        self.assertEqual(
            self.internet.paths("muster-maschinen.example"), ["/", "/impressum", "/kontakt"]
        )

    def test_french_legal_page_gives_the_register_number(self):
        company = self.published(
            FRENCH, "exemple-conseil.example", **{"mentions-legales": FRENCH_LEGAL}
        )
        self.assertEqual((company.registry, company.registry_id), ("FR-SIRENE", SIREN))
        self.assertEqual(company.vat, FRENCH_VAT)
        self.assertEqual(company.phone, "+33 1 99 00 12 34")
        self.assertEqual((company.street, company.city), ("1 rue de l'Exemple", "Paris"))
        self.assertEqual(company.country_code, "FR")
        self.assertEqual(company.emails, ("contact@exemple-conseil.example",))
        self.assertEqual(company.description, "Conseil en exemples.")
        self.assertEqual(company.socials, {"x": "https://x.com/exempleconseil"})
        self.assertEqual(
            identity_keys(company)[:2], (f"reg:FR-SIRENE:{SIREN}", f"vat:{FRENCH_VAT}")
        )

    def test_italian_home_page_gives_the_partita_iva(self):
        company = self.published(ITALIAN, "esempio.example")
        self.assertEqual(company.vat, f"IT{ITALIAN_VAT}")
        self.assertEqual(company.country_code, "IT")
        self.assertEqual(company.phone, "+39 02 1234 5678")
        self.assertEqual(company.emails, ("info@esempio.example",))
        self.assertEqual(company.name, "Esempio Officine S.r.l.")

    def test_shop_with_a_graph_gives_all_that_schema_org_says(self):
        product = {"@type": "Product", "name": "Sample", "brand": {"@type": "Organization",
                   "name": "Other Brand"}}  # fmt: skip
        graph = json_ld({"@type": "WebSite", "publisher": {"@id": ORGANISATION["@id"]}},
                        product, ORGANISATION, ADDRESS)  # fmt: skip
        company = self.published(page(graph), "shop.example")
        self.assertEqual(company.name, "Sample Shop")
        self.assertEqual(company.description, "Sells samples.")
        self.assertEqual(company.phone, "+44 20 7946 0123")
        self.assertEqual(company.emails, ("sales@shop.example",))
        self.assertEqual(company.founded, 1999)
        self.assertEqual(
            (company.employees_min, company.employees_max, company.employees), (51, 200, None)
        )
        self.assertEqual(company.vat, "GB980780684")
        self.assertEqual(company.logo_url, "http://shop.example/img/logo.png")
        self.assertEqual(
            (company.street, company.city, company.zip, company.state_code, company.country_code),
            ("1 Sample Road", "London", "ZZ1 1ZZ", "LND", "GB"),
        )
        self.assertEqual(
            company.socials,
            {
                "x": "https://x.com/sampleshop",
                "youtube": "https://www.youtube.com/@sampleshop",
                "github": "https://github.com/sample-shop",
                "instagram": "https://www.instagram.com/sampleshop",
            },
        )

    def test_microdata_of_a_local_business(self):
        company = self.published(MICRODATA, "dental.example")
        self.assertEqual(company.name, "Sample Dental Practice")
        self.assertEqual((company.street, company.city), ("2 Sample Road", "Dublin"))
        self.assertEqual(company.country_code, "IE")
        self.assertEqual(company.phone, "+353 1 234 5678")
        self.assertEqual(company.logo_url, "http://dental.example/tooth.png")

    def test_british_contact_page_gives_the_company_number(self):
        company = self.published(
            page('<a href="/contact">Contact</a>'),
            "samples.example",
            contact=page("<p>Samples Ltd. Registered in England and Wales, company number"
                         " 1234567.</p>"),
        )  # fmt: skip
        self.assertEqual(identity_keys(company)[0], "reg:GB-COH:01234567")

    def test_website_is_where_the_domain_leads(self):
        self.publish("old.example", redirect("http://new.example/", 301))
        self.publish("new.example", ITALIAN)
        company = self.enrich("old.example")
        self.assertEqual((company.domain, company.website), ("old.example", "http://new.example"))

    def test_page_that_refreshes_to_its_language_is_followed(self):
        company = self.published(
            '<meta http-equiv="Refresh" content="0; url=/it/">', **{"it/": ITALIAN}
        )
        self.assertEqual(company.vat, f"IT{ITALIAN_VAT}")

    def test_domain_that_answers_only_with_www_is_found(self):
        self.publish("www.acme.example", ITALIAN)
        self.assertEqual(self.enrich("acme.example").website, "http://www.acme.example")

    def test_url_email_and_capitals_name_the_same_website(self):
        self.publish("acme.example", ITALIAN)
        for given in ("ACME.example", "http://www.acme.example/x?y", "mail@acme.example"):
            with self.subTest(given):
                self.assertEqual(self.enrich(given).domain, "acme.example")

    def test_international_domain_is_asked_by_its_ascii_name(self):
        self.publish("xn--mller-kva.example", ITALIAN)
        self.assertEqual(self.enrich("Müller.example").domain, "xn--mller-kva.example")


@tagged("post_install", "-at_install")
class TestWebsiteContactData(InternetCase):
    def test_personal_addresses_are_kept_only_when_asked_for(self):
        self.publish("acme.example", page("jane.sample@acme.example info@acme.example"))
        self.assertEqual(self.enrich("acme.example").emails, ("info@acme.example",))
        self.assertEqual(
            self.enrich("acme.example", personal_emails=True).emails,
            ("info@acme.example", "jane.sample@acme.example"),
        )

    def test_addresses_of_the_own_domain_come_first(self):
        company = self.published(page("info@partner.example office@mail.acme.example"))
        self.assertEqual(company.emails, ("office@mail.acme.example", "info@partner.example"))

    def test_addresses_hidden_from_collectors_stay_hidden(self):
        company = self.published(
            page(ITALIAN, "info (at) acme.example", '<a data-cfemail="543d">x</a>')
        )
        self.assertEqual(company.emails, ("info@esempio.example",))

    def test_no_more_than_five_addresses_are_kept(self):
        roles = ("info", "sales", "support", "office", "press", "jobs", "legal")
        company = self.published(page(" ".join(f"{role}@acme.example" for role in roles)))
        self.assertEqual(len(company.emails), 5)
        self.assertEqual(company.emails[0], "info@acme.example")

    def test_fax_numbers_are_no_telephone(self):
        company = self.published(page("<p>Fax: +44 20 7946 0199</p><p>Phone +44 20 7946 0123</p>"))
        self.assertEqual(company.phone, "+44 20 7946 0123")

    def test_invalid_numbers_are_left_out(self):
        company = self.published(
            page("<p>info@acme.example VAT: DE123456789 Tel. 12345 SIREN 111 111 111</p>",
                 '<a href="tel:call-me">x</a>', json_ld({"@type": "Organization", "name": "Acme",
                 "leiCode": "X" * 20, "foundingDate": "next year", "numberOfEmployees": "many",
                 "telephone": "0", "email": "none", "logo": "http://localhost/logo.png"}))
        )  # fmt: skip
        self.assertEqual(
            (company.vat, company.phone, company.registry_id, company.lei, company.founded),
            ("", "", "", "", None),
        )
        self.assertEqual((company.employees, company.logo_url), (None, ""))
        self.assertEqual(company.emails, ("info@acme.example",))

    def test_organisation_of_another_website_is_not_the_company(self):
        client = {"@type": "Organization", "name": "A Client", "url": "https://client.example/"}
        own = {"@type": "Organization", "name": "Acme Samples", "url": "https://acme.example"}
        self.assertEqual(self.published(page(json_ld(client, own))).name, "Acme Samples")

    def test_site_name_and_title_serve_where_nothing_better_is(self):
        contact = '<a href="tel:+442079460123">call</a>'
        for head, name in (
            ('<meta property="og:site_name" content="Acme Site">', "Acme Site"),
            ("<title>Welcome: Acme Widgets | Home</title>", "Acme Widgets"),
            ("<title>Startseite</title>", ""),  # the host is no name
        ):
            with self.subTest(head):
                html = f"<html><head>{head}</head><body>{contact}</body></html>"
                self.assertEqual(self.published(html).name, name)


@tagged("post_install", "-at_install")
class TestWebsiteOfScripts(InternetCase):
    def test_website_that_is_only_a_script_needs_a_browser(self):
        for body in (
            '<div id="root"></div><script src="/app.js"></script>',
            '<noscript>You need to enable JavaScript to run this app.</noscript><div id="app">'
            "Loading …</div><script>start()</script>",
            '<app-root></app-root><script type="module" src="/main.js"></script>',
        ):
            with self.subTest(body), self.assertRaises(NeedsBrowser):
                self.published(f"<html><head><title>Acme</title></head><body>{body}</body></html>")

    def test_what_such_a_website_tells_machines_is_read(self):
        data = {"@type": "Organization", "name": "Acme Samples", "telephone": "+442079460123"}
        body = f'<div id="root"></div><script src="/app.js"></script>{json_ld(data)}'
        self.assertEqual(self.published(page(body)).name, "Acme Samples")

    def test_website_with_little_text_and_no_script_is_only_empty(self):
        for body in ("<p>Coming soon</p>", "<p>Hello</p><script>count()</script>"):
            with self.subTest(body):
                self.assertIsNone(self.published(page(body)))


@tagged("post_install", "-at_install")
class TestWebsiteAsProvider(ProviderContract, InternetCase):
    adapter = WebsiteProvider

    def knowing(self):
        self.publish("acme.example", GERMAN)
        return self.provider()


@tagged("post_install", "-at_install")
class TestWebsiteNothingFound(InternetCase):
    def test_pages_that_say_nothing_give_nothing(self):
        for html in ("", " ", "<html></html>", page("<h1>Hello</h1>"), "<!-- -->", "\x00", b"\xff"):
            with self.subTest(html):
                self.assertIsNone(self.published(html))

    def test_parked_and_unused_domains_give_nothing(self):
        contact = "<p>info@acme.example</p>"
        for html in (
            page("<h1>acme.example</h1><p>This domain is for sale!</p>", contact),
            page("<p>Diese Domain steht zum Verkauf.</p>", contact),
            page("<p>Ce nom de domaine est à vendre</p>", contact),
            page("<p>Questo dominio è in vendita</p>", contact),
            page("<h1>Welcome to nginx!</h1>", contact),
            page('<script src="https://www.sedoparking.com/x.js"></script>', contact),
        ):
            with self.subTest(html):
                self.assertIsNone(self.published(html))

    def test_company_that_trades_domains_is_no_parked_domain(self):
        words = "<p>" + "We know all about brands. " * 60 + "Buy this domain.</p>"
        self.assertIsNotNone(self.published(page(words, "<p>info@acme.example</p>")))

    def test_free_mail_providers_and_shared_hosts_are_not_asked(self):
        asked = ("gmail.com", "someone@gmx.de", "libero.it", "https://www.facebook.com/acme",
                 "shop.linkedin.com", "rossi@legalmail.it", "web.tiscali.it/rossi")  # fmt: skip
        for domain in asked:
            self.publish(domain, ITALIAN)
            with self.subTest(domain):
                self.assertIsNone(self.enrich(domain))
        self.assertEqual(self.internet.asked, [])

    def test_what_is_no_domain_gives_nothing(self):
        for given in (
            "", None, "acme", "127.0.0.1", "http://[::1]/", "a b.example", "-.example",
            "x" * 300 + ".example", "\ud800.example", "http://[", "@", "...",
        ):  # fmt: skip
            with self.subTest(given):
                self.assertIsNone(self.enrich(given))

    def test_registry_id_alone_names_no_website(self):
        self.assertIsNone(self.provider().enrich(registry_id="GB-COH:01234567"))

    def test_missing_forbidden_and_other_pages_give_nothing(self):
        for answer in (
            reply(ITALIAN, 404), reply(ITALIAN, 403), reply(ITALIAN, 401), reply(ITALIAN, 418),
            reply(ITALIAN, headers={"Content-Type": "application/pdf"}),
            reply(ITALIAN, headers={"Content-Type": "image/svg+xml"}),
        ):  # fmt: skip
            with self.subTest(answer.headers, status=answer.status):
                self.assertIsNone(self.published(answer))

    def test_redirect_to_a_social_network_is_no_website(self):
        self.publish("acme.example", redirect("http://facebook.com/acme"))
        self.publish("facebook.com", **{"acme": ITALIAN})
        self.assertIsNone(self.enrich("acme.example"))

    def test_websites_are_not_searched(self):
        provider = self.provider()
        self.assertIsNone(provider.count(CompanyQuery()))
        self.assertEqual(provider.search(CompanyQuery()), Page())
        self.assertTrue(provider.probe().ok)
