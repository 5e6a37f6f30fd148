"""Names of companies in lines that people write: known by their legal form."""

from odoo.tests import BaseCase

from ...providers.website.printed_names import (
    behind_form,
    is_generic,
    name_like_host,
    name_near_host,
    name_with_form,
    names_in,
    parts_of,
    resembles,
)


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

    def test_a_name_is_as_long_as_a_name_can_be(self):
        for text, name in (
            ("one two Three Ltd", "Three Ltd"),
            ("The Company: Acme Widgets Ltd", "Acme Widgets Ltd"),
            ("Bar Ltd, Foo Ltd", "Bar Ltd"), ("Ab Ltd", "Ab Ltd"), ("A Ltd", ""),
            ("Welcome. Acme Ltd", "Acme Ltd"), ("Owner: Acme Ltd", "Acme Ltd"),
            ("Prof. Acme Ltd", "Prof. Acme Ltd"), ("X" * 120 + " Ltd", "X" * 100),
            ("A1 2 3 4 5 6 7 8 9 10 Ltd", "2 3 4 5 6 7 8 9 10 Ltd"),
        ):  # fmt: skip
            with self.subTest(text):
                self.assertEqual(name_with_form(text), name)

    def test_a_line_has_parts_between_its_separators(self):
        for text, parts in (
            ("Acme Ltd | Milan", ["Acme Ltd", "Milan"]), ("Rossi – Home", ["Rossi", "Home"]),
            ("Rossi-Bianchi", ["Rossi-Bianchi"]), ("one;two", ["one", "two"]),
            ("1/2", ["1/2"]), ("a / b", ["a", "b"]), (" | ", []),
            ("x" * 500 + " | b", ["x" * 500]), ("x" * 490 + " | b", ["x" * 490, "b"]),
        ):  # fmt: skip
            with self.subTest(text):
                self.assertEqual(parts_of(text), parts)

    def test_a_name_resembles_the_host_by_a_word_its_initials_or_as_a_whole(self):
        for name, host, does in (
            ("Acme Widgets Ltd", "acme.example", True), ("Other Ltd", "acme.example", False),
            # A word of four letters within the host, or the host of three within the name.
            ("Acer", "placers.example", True), ("Ace", "places.example", False),
            ("Wid Gets", "idg.example", True), ("Wid Gets", "dg.example", False),
            ("Big Blue Box", "bbb.example", True), ("Big Blue Box", "bb.example", True),
            ("Big Blue Box", "b.example", False), ("Blue Big Box", "xbb.example", False),
            ("Müller", "mueller-bau.example", True), ("Müller", "muller.example", True),
            ("Bäder", "baeder-west.example", True), ("Höfe", "hoefe.example", True),
            ("Groß", "gross.example", True), ("Groß", "groz.example", False),
            ("3 & 4", "3und4.example", True), ("3 + 4", "3and4.example", True),
            ("Ä & Ö", "aeundoe.example", True), ("3 & 4", "3or4.example", False),
        ):  # fmt: skip
            with self.subTest(name, host=host):
                self.assertIs(resembles(name, host), does)

    def test_names_that_resemble_the_host_are_found_in_the_first_lines(self):
        text = "Acme Ltd\nOther GmbH\nAcme Tools GmbH"
        self.assertEqual([*names_in(text, "acme.example")], ["Acme Ltd", "Acme Tools GmbH"])
        for above, found in ((599, ["Acme Ltd"]), (600, [])):
            self.assertEqual([*names_in("x\n" * above + "Acme Ltd", "acme.example")], found)

    def test_the_first_text_that_is_what_the_host_says_is_the_name(self):
        for texts, host, name in (
            ("Welcome|Acme Widgets", "acmewidgets.example", "Acme Widgets"),
            ("Acm", "acmewidgets.example", "Acm"), ("Ac", "acmewidgets.example", ""),
            ("Big Blue Box", "bbb.example", "Big Blue Box"), ("Home", "home.example", ""),
            ("Acme GmbH", "gmbh-acme.example", "Acme GmbH"), ("Acme", "gmbhacme.example", "Acme"),
            ("Nothing", "acme.example", ""), ("", "acme.example", ""),
            ("The Acme Shop, Rimini", "acme.example", "The Acme Shop"),
            ("Bel Sorriso Rimini", "belsorriso.example", "Bel Sorriso"),
            ("Bel Sorriso di Marin Andrea", "belsorriso.example", "Bel Sorriso di Marin Andrea"),
            ("Bel Sorriso and Cattery", "belsorriso.example", "Bel Sorriso and Cattery"),
            ("Cave des Trois Chênes", "cavetroischenes.example", "Cave des Trois Chênes"),
            ("Müller", "mueller.example", "Müller"),
        ):  # fmt: skip
            with self.subTest(texts, host=host):
                self.assertEqual(name_like_host(texts.split("|"), host), name)

    def test_a_titled_text_whose_words_are_most_of_the_host_is_the_name(self):
        for text, host, is_name in (
            ("Rossi Neri", "rossiabcd.example", True), ("Rossi Neri", "rossiabcde.example", False),
            ("Studio Rossi Bianchi", "rossibianchi.example", True),
            ("Rossi Rossi", "rossixxxxx.example", False), ("Rossi", "rossi.example", False),
            ("rossi bianchi", "rossibianchi.example", False), ("Rossi 24", "rossi.example", True),
            ("Rossi offers", "rossi.example", False), ("Rossi of Town", "rossi.example", True),
            ("Al Bo", "albo.example", False), ("Bar Rossi", "bar.example", True),
            ("B1 B2 B3 B4 B5 B6 Rossi", "rossi.example", True),
            ("B1 B2 B3 B4 B5 B6 B7 Rossi", "rossi.example", False),
        ):  # fmt: skip
            with self.subTest(text, host=host):
                self.assertEqual(name_near_host([text], host), text if is_name else "")
