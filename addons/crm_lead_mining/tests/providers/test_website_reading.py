"""What is read on pages as small companies of ten countries write them; all of it is made up."""

import json
import time

from odoo.tests import BaseCase, tagged

from ...providers.website.page import WebPage
from ...providers.website.provider import WebsiteProvider
from ...providers.website.visit import Answer

GERMAN_VAT, AUSTRIAN_VAT = "DE100004399", "ATU10000871"
ITALIAN_VAT, SPANISH_VAT = "00000910158", "B08001000"
SIREN, FRENCH_VAT = "012037651", "FR59012037651"


def company(*bodies, host="acme.example", language="", kind="home"):
    pages = []
    for number, body in enumerate(bodies):
        html = f"<html lang='{language}'><body>{body}</body></html>"
        url = f"https://{host}/{'page' if number else ''}"
        headers = {"content-type": "text/html; charset=utf-8"}
        answer = Answer(url, 200, headers, body=html.encode())
        pages.append(WebPage.parsed(answer, kind if number else "home"))
    return WebsiteProvider()._company(host, pages)


def script(data, kind="application/ld+json"):
    text = data if isinstance(data, str) else json.dumps(data)
    return f'<script type="{kind}">{text}</script>'


def address(found):
    return tuple(filter(None, (
        found.street, found.zip, found.city, found.state_code, found.country_code
    )))  # fmt: skip


@tagged("post_install", "-at_install")
class TestNumbersOfOneKind(BaseCase):
    def test_vat_numbers_are_read_behind_their_name_in_each_language(self):
        for host, text, vat in (
            ("acme.de", "Umsatzsteuer-Identifikationsnummer gemäß § 27 a Umsatzsteuergesetz: "
             "DE100004399", GERMAN_VAT),
            ("acme.de", "Ust-IdNr. gem. §27a UStG: DE 100 004 399", GERMAN_VAT),
            ("acme.de", "USt.-ID<br>DE100004399", GERMAN_VAT),
            ("acme.at", "UID-Nummer: ATU10000871", AUSTRIAN_VAT),
            ("acme.at", "UID ATU 10000871 | FN 123456a", AUSTRIAN_VAT),
            ("acme.es", "CIF: B08001000", "ESB08001000"),
            ("acme.es", "N.I.F. B-08001000", "ESB08001000"),
            ("acme.es", "con CIF nº A28001030, inscrita en el Registro", "ESA28001030"),
            ("acme.it", "Partita I.V.A. 00000910158", "IT00000910158"),
            ("acme.it", "Cod. Fisc. e P. Iva n. IT 00000910158", "IT00000910158"),
            ("acme.fr", "N° TVA intracommunautaire : FR 59 012037651", FRENCH_VAT),
            ("acme.be", "TVA : BE 0200.017.166", "BE0200017166"),
            ("acme.be", "Ondernemingsnummer: 0200.017.166", "BE0200017166"),
            ("acme.nl", "BTW-nr. NL 0010.02.326.B01", "NL001002326B01"),
            ("acme.pl", "NIP: 100-000-27-78", "PL1000002778"),
            ("acme.ch", "MWST-Nr. CHE-100.005.156 MWST", "CHE100005156"),
            ("acme.se", "Momsreg.nr SE556000002701", "SE556000002701"),
            ("acme.co.uk", "VAT Registration No. 100 0243 63", "GB100024363"),
            ("acme.pt", "Contribuinte n.º 500001855", "PT500001855"),
            ("acme.cz", "DIČ: CZ10007482", "CZ10007482"),
        ):  # fmt: skip
            with self.subTest(text, host=host):
                found = company(f"<p>{text}</p><p>info@{host}</p>", host=host)
                self.assertEqual(found.vat, vat)

    def test_no_number_of_another_kind_is_a_vat_number(self):
        for host, text in (
            ("acme.de", "Steuernummer 100/004/399"),
            ("acme.de", "IBAN DE12 5001 0517 0648 4898 90"),
            ("acme.de", "WEEE-Reg.-Nr. DE 10000439"),
            ("acme.fr", "IBAN FR76 3000 1007 9412 3456"),
            ("acme.it", "REA MI-1234567"), ("acme.es", "NIF 12345678Z"),  # a person's own
            ("acme.pt", "NIF 123456789"), ("acme.de", "USt-ID: DE100004398"),
            ("acme.pl", "REGON 000100300"), ("acme.de", "§ 27 a Umsatzsteuergesetz"),
        ):  # fmt: skip
            with self.subTest(text):
                found = company(f"<p>{text}</p><p>info@{host}</p>", host=host)
                self.assertEqual(found.vat, "")

    def test_register_numbers_are_read_behind_their_name(self):
        for host, text, register in (
            ("acme.fr", "immatriculée au registre du commerce et des sociétés d'Épinal sous le "
             "numéro 012 037 651", ("FR-SIRENE", SIREN)),
            ("acme.co.uk", "Registered number: 02345678", ("GB-COH", "02345678")),
            ("acme.co.uk", "registered in Scotland SC123456", ("GB-COH", "SC123456")),
            ("acme.co.uk", "Registered charity number 1123456", ("", "")),
            ("acme.co.uk", "VAT registration number 1000243", ("", "")),
            ("acme.ie", "Registered in Ireland No. 123456", ("IE-CRO", "123456")),
            ("acme.nl", "KvK-nummer 30123456", ("NL-KVK", "30123456")),
            ("acme.nl", "<dl><dt>KvK</dt><dd>30123456</dd></dl>", ("NL-KVK", "30123456")),
            ("acme.co.uk", "Company No:<br>01134960 145 switchboard", ("", "")),
            ("acme.be", "RPR Gent, BTW BE 0200.017.166", ("BE-BCEKBO", "0200017166")),
            ("acme.ch", "UID: CHE-100.005.156 MWST", ("CH-FDJP", "CHE100005156")),
            ("acme.se", "Org.nr 556000-0027", ("SE-BLV", "5560000027")),
            ("acme.se", "Org.nr 811228-9874", ("", "")),  # a person's own
            ("acme.dk", "CVR-nr. 10007151", ("DK-CVR", "10007151")),
            ("acme.cz", "IČO: 10007482", ("CZ-ICO", "10007482")),
            ("acme.pl", "KRS: 0000123456", ("PL-KRS", "0000123456")),
            ("acme.de", "Amtsgericht Musterstadt HRB 1234567", ("", "")),
        ):  # fmt: skip
            with self.subTest(text):
                found = company(f"<p>{text}</p><p>info@{host}</p>", host=host)
                self.assertEqual((found.registry, found.registry_id), register)

    def test_numbers_of_hosts_makers_and_authorities_are_not_the_companys(self):
        own = f"<p>Acme SARL, 5 rue de l'Exemple, 69999 Villexemple<br>RCS {SIREN}</p>"
        others = (
            "<h2>Hébergement</h2><p>Nuage SAS<br>2 rue du Serveur<br>59100 Roubaix<br>Tél. 05 36 49"
            " 00 07<br>RCS 012031274<br>TVA FR37012031274<br>contact@nuage.example</p>",
            "<p>Site hébergé par Nuage SAS, 2 rue du Serveur, 59100 Roubaix, tél. 05 36 49 00 07,"
            " TVA FR37012031274, contact@nuage.example</p>",
            "<p>Webdesign: Nuage SAS, 2 rue du Serveur, 59100 Roubaix, Tel. 05 36 49 00 07,"
            " <a href='mailto:info@nuage.example'>Mail</a></p>",
            "<p>Zuständige Kammer: Kammer, Serverstraße 2, 59100 Musterstadt, Tel. 05 36 49 00 07"
            "</p>",
        )
        for other in others:
            for body in (other + "<h2>Éditeur</h2>" + own, own + other):
                with self.subTest(body[:60]):
                    found = company(body, host="acme.fr")
                    self.assertEqual(found.zip, "69999")
                    self.assertEqual((found.phone, found.vat, found.emails), ("", "", ()))
                    self.assertEqual(found.registry_id, SIREN)


@tagged("post_install", "-at_install")
class TestSchemaOrg(BaseCase):
    def test_every_kind_of_organisation_is_one(self):
        for kind in (
            "RealEstateAgent", "Pharmacy", "AutoRepair", "BedAndBreakfast", "Florist", "Optician",
            "Physiotherapy", "CafeOrCoffeeShop", "SportsTeam", "OnlineStore", "NGO", "DaySpa",
            "schema:Locksmith", "http://schema.org/Library",
        ):  # fmt: skip
            with self.subTest(kind):
                found = company(
                    script({"@type": kind, "name": "Acme", "telephone": "+442079460123"})
                )
                self.assertEqual(found.phone, "+44 20 7946 0123")

    def test_what_is_no_organisation_is_none(self):
        for kind in ("Person", "WebSite", "TaxiService", "BroadcastService", "Product", "Place"):
            with self.subTest(kind):
                found = company(script({"@type": kind, "name": "X", "telephone": "+442079460123"}))
                self.assertIsNone(found)

    def test_objects_are_read_however_they_are_wrapped(self):
        data = json.dumps({"@type": "Florist", "name": "Acme", "telephone": "+442079460123"})
        crumbs = '{"@type": "BreadcrumbList"}'
        for text, kind in (
            (data, "application/ld+json; charset=utf-8"), (data, "Application/LD+JSON"),
            (f"//<![CDATA[\n{data}\n//]]>", ""), (f"/*<![CDATA[*/{data}/*]]>*/", ""),
            (f"<![CDATA[{data}]]>", ""), (f"<!--\n{data}\n-->", ""),
            (f"<!-- from a plugin -->\n{data}", ""),
            (f"{crumbs}\n{data}", ""), (f"{crumbs},{data};", ""), (f"[{crumbs},{data}]", ""),
            (f"{data},", ""), (f"// a comment\n{data}", ""), (data[:-1] + ",}", ""),
        ):  # fmt: skip
            with self.subTest(text[:40], kind=kind):
                found = company(script(text, kind or "application/ld+json"))
                self.assertEqual((found.name, found.phone), ("Acme", "+44 20 7946 0123"))

    def test_rdfa_is_read(self):
        found = company(
            '<div vocab="https://schema.org/" typeof="AutoRepair"><b property="name">Garage'
            ' du Lac</b><div property="address" typeof="PostalAddress"><i property="streetAddress">'
            'Rue 7</i><i property="postalCode">1299</i><i property="addressLocality">Exemple</i>'
            "</div>"
            '<i property="telephone">+41 22 123 45 67</i></div>'
            '<meta property="og:title" content="Page">'
        )
        self.assertEqual(
            (found.name, found.street, found.city, found.phone),
            ("Garage du Lac", "Rue 7", "Exemple", "+41 22 123 45 67"),
        )

    def test_addresses_as_text_and_regions_with_their_country_are_read(self):
        for value, expected in (
            ("Marktplatz 3, 70999 Beispielstadt, Deutschland",
             ("Marktplatz 3", "70999", "Beispielstadt", "DE")),
            ("12 Castle Street, Bristol BS99 1AA",
             ("12 Castle Street", "BS99 1AA", "Bristol", "GB")),
            ("77 Energy Ct, Fargo, ND 58199", ("77 Energy Ct", "58199", "Fargo", "ND", "US")),
            ({"streetAddress": "1 A St", "addressLocality": "Fresno", "addressRegion": "US-CA",
              "addressCountry": "US"}, ("1 A St", "Fresno", "CA", "US")),
            ({"streetAddress": "1 A St", "addressLocality": "Fresno, CA", "postalCode": "93799",
              "addressCountry": "USA"}, ("1 A St", "93799", "Fresno", "CA", "US")),
        ):  # fmt: skip
            with self.subTest(value):
                found = company(script({"@type": "Store", "name": "Acme", "address": value}))
                self.assertEqual(address(found), expected)

    def test_year_of_foundation_is_read_from_any_date(self):
        for value in ("1998", 1998, "1998-10-01", "01.10.1998", "October 1998", "1998-10"):
            with self.subTest(value):
                data = {"@type": "Store", "name": "Acme", "foundingDate": value}
                self.assertEqual(company(script(data)).founded, 1998)


@tagged("post_install", "-at_install")
class TestPrintedAddresses(BaseCase):
    def test_addresses_are_read_in_footers_and_on_contact_pages(self):
        for host, text, expected in (
            ("acme.de", "Acme GmbH<br>Am Alten Sägewerk 4<br>87499 Musterwald",
             ("Am Alten Sägewerk 4", "87499", "Musterwald", "DE")),
            ("acme.de", "Acme GmbH · Gewerbepark Süd 7 · D-94999 Probedorf",
             ("Gewerbepark Süd 7", "94999", "Probedorf", "DE")),
            ("acme.de", "<div>Domfreiheit 17</div><div>50999 Beispielhausen</div>",
             ("Domfreiheit 17", "50999", "Beispielhausen", "DE")),
            ("acme.at", "Acme KG, Mühlgasse 11, A-5999 Beispielbach, Österreich",
             ("Mühlgasse 11", "5999", "Beispielbach", "AT")),
            ("acme.ch", "Dorfstrasse 19<br>CH-8999 Musterikon",
             ("Dorfstrasse 19", "8999", "Musterikon", "CH")),
            ("acme.fr", "Acme SAS – ZI Nord, 4 rue de l'Industrie – 26999 Valence-Exemple – Tél.",
             ("ZI Nord, 4 rue de l'Industrie", "26999", "Valence-Exemple", "FR")),
            ("acme.fr", "le siège social est situé 27 route de la Scierie, 88999 Exemple-les-Forges"
             ", immatriculée", ("27 route de la Scierie", "88999", "Exemple-les-Forges", "FR")),
            ("acme.it", "Via dei Castagni 12/A - 20999 Esempio sul Lambro (MI)",
             ("Via dei Castagni 12/A", "20999", "Esempio sul Lambro", "MI", "IT")),
            ("acme.it", "Sede legale: Corso Vittorio Esempio, 45, 10999 Modena Esempio TO - P.IVA",
             ("Corso Vittorio Esempio, 45", "10999", "Modena Esempio", "TO", "IT")),
            ("acme.it", "Piazza Mercato 2 70999 Torre Esempio (BA)",
             ("Piazza Mercato 2", "70999", "Torre Esempio", "BA", "IT")),
            ("acme.es", "con domicilio en Calle del Molino, 27, 28999 Villaejemplo, CIF",
             ("Calle del Molino, 27", "28999", "Villaejemplo", "ES")),
            ("acme.es", "Avda. de la Constitución 101, 1º B<br>41999 Pueblo Muestra",
             ("Avda. de la Constitución 101, 1º B", "41999", "Pueblo Muestra", "ES")),
            ("acme.nl", "Lindelaan 8a, 2499AB Testwijk",
             ("Lindelaan 8a", "2499AB", "Testwijk", "NL")),
            ("acme.be", "Nijverheidslaan 9 – B-9999 Voorbeeldegem",
             ("Nijverheidslaan 9", "9999", "Voorbeeldegem", "BE")),
            ("acme.pl", "ul. Leśna 15<br>60-999 Przykładowo",
             ("ul. Leśna 15", "60-999", "Przykładowo", "PL")),
            ("acme.se", "Acme AB, Storgatan 18, 999 32 Exempelköping. Telefon",
             ("Storgatan 18", "999 32", "Exempelköping", "SE")),
            ("acme.se", "Acme AB, Storgatan 18, 999 32 Exempelköping. Telefon: 031-390 06 12",
             ("Storgatan 18", "999 32", "Exempelköping", "SE")),
            ("acme.it", "Acme S.r.l. Via Lavoro 19 - 25999 Esempio (BS)",
             ("Via Lavoro 19", "25999", "Esempio", "BS", "IT")),
            ("acme.es", "C/ Real, 14 - 29999 Torremuestra (Málaga)",
             ("C/ Real, 14", "29999", "Torremuestra", "MA", "ES")),
            ("acme.co.uk", "Registered office: Unit 4, Sawmill Lane, Leeds, LS99 9ZZ.",
             ("Unit 4, Sawmill Lane", "LS99 9ZZ", "Leeds", "GB")),
            ("acme.co.uk", "Acme Ltd<br>Dock House<br>3 Quayside<br>Southampton<br>Hampshire<br>"
             "SO99 5XX", ("Dock House, 3 Quayside", "SO99 5XX", "Southampton", "GB")),
            ("acme.example", "4521 Example Ave, Suite 200, Austin, TX 78799",
             ("4521 Example Ave, Suite 200", "78799", "Austin", "TX", "US")),
            ("acme.example", "900 Example Plaza, 14th Floor<br>Denver, Colorado 80299-1234",
             ("900 Example Plaza, 14th Floor", "80299-1234", "Denver", "CO", "US")),
        ):  # fmt: skip
            with self.subTest(text, host=host):
                body = f"<footer><p>{text}</p></footer><p>info@{host}</p>"
                self.assertEqual(address(company(body, host=host)), expected)

    def test_numbers_and_words_that_only_look_like_an_address_are_none(self):
        for host, text in (
            ("acme.de", "Mehr als 10000 Kunden vertrauen uns"), ("acme.at", "© 2024 Acme GmbH"),
            ("acme.de", "Mo-Fr 8.00 - 17.00 Uhr<br>20241 Termine frei"),
            ("acme.ch", "Seit 1998 Holzbau"), ("acme.de", "Artikel 12345 Hammer, 12 Stück"),
            ("acme.fr", "Depuis 2009 nos artisans<br>12 salariés"),
            ("acme.example", "Call 1-800-555-0199, open 24 hours"),
            ("acme.de", "Tel. 030 12345 Durchwahl"), ("acme.it", "Ordini: 12345 Spedizioni"),
        ):  # fmt: skip
            with self.subTest(text):
                body = f"<p>{text}</p><p>info@{host}</p>"
                found = company(body, host=host)
                self.assertEqual((found.street, found.zip, found.city), ("", "", ""))

    def test_hostile_text_costs_no_time(self):
        for text in (
            "12345 A " * 8000, "Rue 1, " * 8000, "USt-ID " * 8000, "a, " * 20_000, "1 " * 30_000,
            "Registered number " * 3000, "seit 1990 " * 6000, "X" * 60_000, "Webdesign " * 6000,
            "Acme GmbH " * 6000, "RCS " * 15_000, "Company Number: " * 4000, "1.2-" * 15_000,
        ):  # fmt: skip
            started = time.process_time()
            company(f"<p>{text}</p><p>info@acme.de</p>", host="acme.de")
            with self.subTest(text[:20]):
                self.assertLess(time.process_time() - started, 3)


@tagged("post_install", "-at_install")
class TestMailboxes(BaseCase):
    def _kept(self, *emails, text="", host="acme.example"):
        found = company(f"<p>{text}</p><p>{' '.join(emails)}</p><p>+442079460123</p>", host=host)
        return set(found.emails)

    def test_functions_and_places_of_business_are_kept(self):
        for email in (
            "officina@", "ufficio@", "info.milano@", "muenchen@", "rezeption@", "werkplaats@",
            "biuro@", "pedidos@", "commandes@", "citas@", "appointments@", "kundtjanst@",
            "infomilano@", "sales.de@", "info-acme@", "ufficio.tecnico@", "taller@", "backstube@",
        ):  # fmt: skip
            with self.subTest(email):
                self.assertEqual(self._kept(f"{email}acme.example"), {f"{email}acme.example"})

    def test_persons_are_not(self):
        for email in (
            "jane@", "jane.sample@", "info.jane@", "js@", "j.sample@", "mario.rossi@", "paris@",
            "marina@", "sofia@", "anna.milano@", "rossi@", "florence.office.jones@", "dr.jane@",
        ):  # fmt: skip
            with self.subTest(email):
                self.assertEqual(self._kept(f"{email}acme.example"), set())

    def test_a_town_of_the_companys_own_is_no_person(self):
        email = "probedorf@acme.de"
        text = "Gewerbepark Süd 7, 94999 Probedorf"
        self.assertEqual(self._kept(email, host="acme.de"), set())
        self.assertEqual(self._kept(email, text=text, host="acme.de"), {email})

    def test_a_companys_name_is_no_person_but_a_persons_is(self):
        kept = self._kept("ferramentagallo@post.example", text="Ferramenta Gallo S.n.c.",
                          host="ferramenta-gallo.it")  # fmt: skip
        self.assertEqual(kept, {"ferramentagallo@post.example"})
        for host, email, text in (
            ("mariorossi.it", "mariorossi@post.example", "Mario Rossi, elettricista"),
            ("mario-rossi.it", "mario.rossi@post.example", "Mario Rossi S.r.l."),
        ):
            with self.subTest(email):
                self.assertEqual(self._kept(email, text=text, host=host), set())

    def test_a_companys_own_trade_is_no_person_unless_it_is_a_surname_too(self):
        for host, email, name in (
            ("imkerei-lindner.de", "imkerei@", "Imkerei Lindner"),
            ("gaertnerei-lindner.de", "gaertnerei@", "Gärtnerei Lindner"),
            ("lindner-weinbau.at", "weinbau@", "Weinbau Lindner"),
        ):
            with self.subTest(email):
                address = f"{email}{host}"
                kept = self._kept(address, f"lindner@{host}", text=name, host=host)
                self.assertEqual(kept, {address})
        self.assertEqual(self._kept("bauer@bauer-obst.de", host="bauer-obst.de"), set())

    def test_what_cloudflare_encodes_is_read(self):
        address = "office@acme.example"
        code = "5a" + "".join(f"{byte ^ 0x5A:02x}" for byte in address.encode())
        for html in (
            f'<a href="/cdn-cgi/l/email-protection#{code}">write to us</a>',
            f'<span class="__cf_email__" data-cfemail="{code}">[email&#160;protected]</span>',
            f'<a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="{code}">'
            "[email&#160;protected]</a>",
        ):
            with self.subTest(html[:40]):
                self.assertEqual(company(f"<p>{html}</p>").emails, (address,))

    def test_broken_codes_of_cloudflare_break_nothing(self):
        for code in ("", "5", "zz", "5a5b", "00" * 5000, "ff" * 200):
            html = f'<p><a data-cfemail="{code}">x</a> info@acme.example</p>'
            with self.subTest(code[:10]):
                self.assertEqual(company(html).emails, ("info@acme.example",))


@tagged("post_install", "-at_install")
class TestNamesAndFacts(BaseCase):
    def test_a_name_is_never_the_label_of_the_host(self):
        for body, name in (
            ("<p>info@schoell-gmbh.de</p>", ""),
            ("<h1>Home</h1><p>info@schoell-gmbh.de</p>", ""),
            ("<p>© 2024 Schöll Maschinenbau GmbH</p>", "Schöll Maschinenbau GmbH"),
            ("<p>Schöll GmbH<br>Musterweg 1<br>12345 Musterstadt</p>", "Schöll GmbH"),
            ("<p>Die Firma Schöll GmbH & Co. KG ist Partner der Beispiel AG.</p>",
             "Schöll GmbH & Co. KG"),
            ("<h2>Schöll</h2><p>info@schoell-gmbh.de</p>", "Schöll"),
        ):  # fmt: skip
            with self.subTest(body):
                found = company(f"<title>Startseite</title>{body}<p>030 23125 123</p>",
                                host="schoell-gmbh.de")  # fmt: skip
                self.assertEqual(found.name, name)

    def test_names_are_longer_than_their_hosts(self):
        for host, body, name in (
            ("cave-troischenes.fr", "<title>Cave des Trois Chênes, vins de Bourgogne</title>",
             "Cave des Trois Chênes"),
            ("ecole-arpege.fr", "<h1>École de l'Arpège</h1>", "École de l'Arpège"),
            ("thornbury-kennels.co.uk", "<title>Thornbury Kennels and Cattery</title>",
             "Thornbury Kennels and Cattery"),
            ("vetreria-soffio.it", "<p>Vetreria Soffio di Marin Andrea<br>Via Roma 7<br>"
             "30199 Venezia (VE)</p>", "Vetreria Soffio di Marin Andrea"),
            ("clinica-dehesa.es", "<title>Clínica Dehesa en Cáceres</title>", "Clínica Dehesa"),
        ):  # fmt: skip
            with self.subTest(host):
                self.assertEqual(company(f"{body}<p>info@{host}</p>", host=host).name, name)

    def test_names_that_builders_preset_are_none(self):
        for name in ("Home", "My WordPress", "Mon site", "Startseite"):
            with self.subTest(name):
                body = f'<meta property="og:site_name" content="{name}"><p>info@acme.example</p>'
                self.assertEqual(company(body).name, "")

    def test_year_of_foundation_is_read_in_a_sentence(self):
        for text, year in (
            ("Die Schreinerei wurde 1962 von Korbinian Beispiel gegründet.", 1962),
            ("Entreprise familiale fondée en 1987", 1987), ("Fondata nel 1971, serve", 1971),
            ("Fundada en 1958 por la familia", 1958), ("Opgericht in 1931 door Wim", 1931),
            ("Firma założona w 1996 roku.", 1996), ("Företaget grundades 1990", 1990),
            ("Established in 1978, we make staircases.", 1978), ("Est. 2010", 2010),
            ("Familienbetrieb seit 1985", 1985), ("Serving Central Texas since 2003", 2003),
            ("Mitglied seit 2015", None), ("Seit 2019 bieten wir auch Kurse an", None),
            ("© 1998-2024 Acme", None), ("Partner since 2001", None),
            ("Von 1962 bis 1970 gab es das nicht", None),
        ):  # fmt: skip
            with self.subTest(text):
                self.assertEqual(company(f"<p>{text}</p><p>info@acme.example</p>").founded, year)

    def test_employees_are_read_in_a_sentence(self):
        for text, band in (
            ("Unser Team aus 14 Mitarbeitern", (14, 14)), ("nos 22 salariés", (22, 22)),
            ("con 85 dipendenti", (85, 85)), ("una plantilla de 36 empleados", (36, 36)),
            ("Met 60 medewerkers bouwen wij", (60, 60)), ("Zatrudniamy 75 pracowników", (75, 75)),
            ("employs 1,200 people worldwide", (1200, 1200)), ("har 18 anställda", (18, 18)),
            ("Über 50 Beschäftigte", (50, None)), ("more than 50 employees", (50, None)),
            ("Software für Betriebe bis 50 Mitarbeiter", (None, None)),
            ("for companies with 50 employees", (None, None)), ("50 clients", (None, None)),
        ):  # fmt: skip
            with self.subTest(text):
                found = company(f"<p>{text}</p><p>info@acme.example</p>")
                self.assertEqual((found.employees_min, found.employees_max), band)
