"""Names of companies in lines that people write: known by their legal form."""

from odoo.tests import BaseCase

from ...providers.website.printed_names import behind_form, is_generic, name_with_form


class TestPrintedNames(BaseCase):
    def test_a_name_ends_with_its_form_and_begins_where_its_words_do(self):
        for text, name in (
            ("Officine Rossi S.r.l.", "Officine Rossi S.r.l."),
            ("© 2024 Acme Widgets Ltd - all rights reserved", "Acme Widgets Ltd"),
            ("Copyright by Muster & Söhne GmbH & Co. KG", "Muster & Söhne GmbH & Co. KG"),
            ("welcome to the site of Example Foods Inc.", "Example Foods Inc."),
            ("iTech Solutions GmbH", "iTech Solutions GmbH"),
            ("3M Example AG", "3M Example AG"),
            ("S.n.c. di Gallo Piero & C.", ""),
            ("Gallo S.n.c. di Gallo Piero & C.", "Gallo S.n.c. di Gallo Piero & C."),
            ("we are a limited company", ""),
            ("read about our gmbh", ""),
            ("no company here", ""),
            ("", ""),
        ):
            with self.subTest(text):
                self.assertEqual(name_with_form(text), name)

    def test_what_stands_behind_a_name_and_its_form(self):
        for text, rest in (
            ("Acme Ltd Mill Lane 5", "Mill Lane 5"),
            ("Muster GmbH Hauptstraße 1", "Hauptstraße 1"),
            ("Acme Ltd", "Acme Ltd"),
            ("Acme Ltd and others", "Acme Ltd and others"),
            ("Mill Lane 5", "Mill Lane 5"),
        ):
            with self.subTest(text):
                self.assertEqual(behind_form(text), rest)

    def test_a_name_that_every_site_has_is_nobody_s(self):
        for name in ("Home", " HOMEPAGE! ", "Startseite", "impressum", "My WordPress Site."):
            self.assertTrue(is_generic(name), name)
        for name in ("Home Foods Ltd", "Acme", ""):
            self.assertFalse(is_generic(name), name)
