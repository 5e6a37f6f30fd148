from odoo.tests import BaseCase, tagged

from ...company.names import company_name_key, is_of_person, looks_personal


@tagged("post_install", "-at_install")
class TestNames(BaseCase):
    def test_spellings_of_a_legal_form_are_one_company(self):
        for names in (
            ("ACME S.r.l.", "Acme srl", "ACME SRL UNIPERSONALE", "Acme S. R. L.", "acme",
             "ACME Società a responsabilità limitata", "Acme s.r.l. in liquidazione"),
            ("Müller & Söhne GmbH & Co. KG", "Mueller", "MÜLLER UND SÖHNE GMBH", ),
            ("Acme, Inc.", "The Acme Company", "ACME INCORPORATED"),
            ("Dupont SARL", "DUPONT (S.A.R.L.)", "Dupont Société à responsabilité limitée"),
            ("Nordisk A/S", "NORDISK AS"), ("Kowal Sp. z o.o.", "Kowal sp zoo"),
            ("Novák s.r.o.", "NOVAK SRO"), ("Rossi Mario", "Mario Rossi"),
            ("A.C.M.E. S.p.A.", "Acme SPA"), ("Acme B.V.", "Acme bv"),
            ("A", "A srl", "a S.R.L."),
        ):  # fmt: skip
            with self.subTest(names[0]):
                keys = {company_name_key(name) for name in names if name != "Mueller"}
                self.assertEqual(len(keys), 1, keys)

    def test_different_names_are_different_companies(self):
        names = (
            "Acme",
            "Acme Labs",
            "Acme Italia",
            "Beta",
            "Gamma srl",
            "SRL",
            "GmbH",
            "H&M",
            "3M",
        )
        self.assertEqual(len(set(map(company_name_key, names))), len(names))

    def test_addresses_of_persons_are_seen(self):
        for email in (
            "anna.rossi@acme.it", "a.rossi@acme.it", "anna_rossi@acme.it", "anna-rossi@acme.it",
            "Anna.Rossi2@acme.it", "anna.maria.rossi@acme.it", "jürgen.groß@acme.de",
            "a.ros@acme.it", "a.b.c.rossi@acme.it",
        ):  # fmt: skip
            with self.subTest(email):
                self.assertTrue(looks_personal(email))
        for email in (
            "info@acme.it", "info.milano@acme.it", "sales.de@acme.it", "servizio.clienti@acme.it",
            "ufficio_acquisti@acme.it", "studio.rossi@acme.it", "acme@acme.it", "no-reply@acme.it",
            "office-berlin@acme.de", "hotel.roma@acme.it", "24.7@acme.it", "a.b@acme.it", "",
            "a.ro@acme.it", "a.b.c.d.rossi@acme.it", "rossi@acme.it", "anna.info@acme.it",
        ):  # fmt: skip
            with self.subTest(email):
                self.assertFalse(looks_personal(email))

    def test_an_address_is_told_by_the_name_of_its_person(self):
        for local in ("anna", "rossi", "arossi", "a.rossi", "annar", "rossi.anna", "ar", "ra"):
            with self.subTest(local):
                self.assertTrue(is_of_person(f"{local}@acme.it", "Anna Rossi"))
        for local in ("info", "bianchi", "m.verdi", "studio.rossi", "ac"):
            with self.subTest(local):
                self.assertFalse(is_of_person(f"{local}@acme.it", "Anna Rossi"))
        # Two letters stand in many words.
        self.assertTrue(is_of_person("meetleo@acme.it", "Leo Tamm"))
        self.assertFalse(is_of_person("bobsled@acme.it", "Bo Tamm"))
