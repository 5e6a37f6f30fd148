"""What a cell can be and what a column shows: tables of values that fit a target or do not."""

from odoo.tests import BaseCase, tagged

from ..importer.kinds import FITS, Column

#: Target -> (values that can be it, values that cannot), one a line.
VALUES = {
    "name": ("Acme S.r.l.|3M|Müller & Söhne", "2013|1.234,50|info@acme.it|https://acme.it|yes|"
             "2024-05-01|+++|Europe/Rome"),
    "registry_id": ("552100554|HRB 12345|NL-1234/5|12 34", "12|acme|2024-05-01|12.34|A_12345|"
                    "1234567890123456789012345678901"),
    "lei": ("5493001KJTIIGC8Y1R12", "5493001KJTIIGC8Y1R1|5493001KJTIIGC8Y1RAB|Acme"),
    "vat": ("IT00743110157|12345|1234567890123456|ATU12345678", "1234|12345678901234567|"
            "a@12345.it|2024-05-01|" + "x" * 26 + "12345"),
    "website": ("acme.it|https://www.acme.it/en?x=1|acme.co.uk:8080|//acme.it|büro.de",
                "acme|info@acme.it|a b.it|acme.1|https://"),
    "street": ("Via Roma 1|12|Hauptstraße", "info@acme.it|https://acme.it|2024-05-01|nein"),
    "street_part": ("Bis|12|" + "x" * 60, "info@acme.it|https://acme.it|" + "x" * 61),
    "city": ("Milano|Saint-Denis 93|New York", "20121|acme.it|info@acme.it|ja|2024-05-01"),
    "zip": ("20121|I-20121|SW1A 1AA|1010|D 10115|00-950", "Milano|1|12345678901|20121 Milano"),
    "state": ("MI|Lombardia|Bayern|42|075|" + "x" * 60, "0|000|1234|info@acme.it|https://a.it|"
              "2024-05-01|" + "x" * 61),
    "phone": ("+39 02 1234567|02/1234567|Tel.: 02 1234567|(02) 1234567 ext. 12|55 50 12 00|"
              "02 1234567; none", "12345|Milano|2024-05-01|1234567.50|info@acme.it"),
    "email": ("info@acme.it|a@acme.it; b@acme.it", "acme.it|info@|a@acme.it; b"),
    "employees": ("51-200|250|many 5|XL|10-Jan|Oct-50|" + "5" + "x" * 59,
                  "2024-05-01|few|a5@acme.it|https://acme.it/5|" + "5" + "x" * 60),
    "industry": ("Software|62.01|62|", "info@acme.it|https://acme.it|2024-05-01|ja|Customer|"
                 "Lieferant|prospect"),
    "founded": ("1999|2001.0|01.02.1999|2024-05-01|since 1987", "99|1499|12345|long ago|"
                "founded with great success in 1987"),
    "revenue": ("1.234.567 EUR|5|$10M", "much|a5@acme.it|https://acme.it/5"),
    "timezone": ("Europe/Rome|UTC|GMT+1|CET|(UTC+01:00) Rome", "Rome|+1|cet"),
    "linkedin": ("https://www.linkedin.com/company/acme|linkedin.com/company/acme|acme-it|@acme",
                 "https://linkedin.com/in/anna|12345|acme.it|a b"),
    "twitter": ("https://x.com/acme|twitter.com/acme|@acme|acme_it", "https://acme.it|123456|a|"
                "a23456789012345678|acme.it"),
    "facebook": ("https://facebook.com/acme|fb.com/acme|acme-it", "https://x.com/acme|12"),
    "description": ("We sell widgets.", "info@acme.it|https://acme.it|12|yes"),
    "status": ("Active|" + "x" * 100, "info@acme.it|https://acme.it|" + "x" * 101),
    "logo_url": ("https://acme.it/logo.png", "acme.it/logo.png|https://acme.it/my logo.png"),
    "contact_name": ("Anna Verdi|Dr. O'Hara|" + "x" * 80, "Anna 2|info@acme.it|ja|" + "x" * 81),
    "contact_title": ("CEO|Head of Sales", "Mr|Mr.|Frau|info@acme.it|12"),
}  # fmt: skip


def column(*values):
    return Column(values, lambda text: {"Italy": "IT", "IT": "IT", "FR": "FR"}.get(text, ""))


def repeated(**counts):
    """Return a column in which each value stands so often."""
    return column(*(value for value, count in counts.items() for _time in range(count)))


@tagged("post_install", "-at_install")
class TestKinds(BaseCase):
    def test_values_fit_what_they_can_be_and_nothing_else(self):
        for target, (fitting, others) in VALUES.items():
            for values, fits in ((fitting, True), (others, False)):
                for value in filter(None, values.split("|")):
                    with self.subTest(value, target=target):
                        self.assertIs(bool(FITS[target](value)), fits)

    def test_four_of_five_show_what_a_column_is(self):
        sites = [f"a{number}.it" for number in range(4)]
        self.assertTrue(column(*sites, "nothing").shows("website"))
        self.assertFalse(column(*sites[:3], "nothing").shows("website"))
        self.assertFalse(column().shows("website"))
        # Any words are a name.
        self.assertFalse(column("Acme", "Beta").shows("name"))
        self.assertTrue(column("Italy", "FR").shows("country"))

    def test_placeholders_and_empty_cells_are_no_values(self):
        found = column("acme.it", "", " ", "n/a", "-")
        self.assertEqual(found.values, ["acme.it"])
        self.assertEqual(found.fit("website"), 1.0)
        self.assertEqual(column("", "-").fit("website"), 0.0)
        self.assertEqual(column(" a \n b ").values, ["a b"])

    def test_two_hundred_values_are_looked_at(self):
        found = column(*["acme.it"] * 200, *["nothing"] * 200)
        self.assertEqual((len(found.values), found.fit("website")), (200, 1.0))

    def test_a_name_is_believed_until_most_values_are_something_else(self):
        # Words may be a wrong value, which is told; sites are no telephone numbers.
        self.assertFalse(column("call us", "later").denies("phone", strict=False))
        self.assertTrue(column("acme.it", "info@a.it", "info@b.it").denies("phone", strict=False))
        half = column("info@a.it", "02 1234567")
        self.assertFalse(half.denies("phone", strict=False))
        self.assertFalse(half.denies("phone", strict=True))
        self.assertTrue(column("call us", "later", "02 1234567").denies("phone", strict=True))
        self.assertFalse(column().denies("phone", strict=True))
        self.assertTrue(column("Mr", "Ms", "CEO").denies("contact_title", strict=False))
        self.assertFalse(column("Mr", "CEO").denies("contact_title", strict=False))
        self.assertTrue(column("1", "2", "Acme").denies("name", strict=False))
        self.assertFalse(column("1", "Acme").denies("name", strict=False))

    def test_a_country_may_be_written_in_a_language_that_nobody_knows(self):
        self.assertFalse(column("Italy", "Atlantis").denies("country", strict=True))
        self.assertFalse(column("Atlantis", "12").denies("country", strict=True))
        self.assertTrue(column("12", "13", "Atlantis").denies("country", strict=True))

    def test_years_are_no_revenue(self):
        self.assertTrue(repeated(**{"2023": 4, "1.234": 1}).denies("revenue", strict=False))
        self.assertFalse(repeated(**{"2023": 3, "1.234": 1}).denies("revenue", strict=False))
        for year, is_one in (("1979", False), ("1980", True), ("2049", True), ("2050", False)):
            self.assertIs(column(year).denies("revenue", strict=False), is_one, year)

    def test_pages_are_the_companies_own_where_they_bear_their_names(self):
        names = column("Acme Widgets", "Beta", "Gamma", "Delta", "Eta")
        pages = ["acme.it", "beta.it", "gamma.it", "x.it/delta", "portal.it"]
        self.assertTrue(column(*pages).is_named_after(names))
        self.assertFalse(column(*pages[:3], "x.it", "portal.it").is_named_after(names))
        self.assertFalse(column(*[""] * 5).is_named_after(names))
        # Words of three letters stand in many pages.
        self.assertFalse(column("eta.it").is_named_after(column("Eta")))
        self.assertTrue(column("etas.it").is_named_after(column("Etas")))

    def test_a_whole_address_holds_its_town(self):
        towns = column("Milano", "Roma", "Torino", "Bari", "Como")
        whole = ["20121 MILANO", "Roma RM", "10121 Torino", "70121 Bari", "Lecco"]
        self.assertTrue(column(*whole).has_within(towns))
        self.assertFalse(column(*whole[:3], "Lecco", "Lecco").has_within(towns))
        self.assertFalse(towns.has_within(towns))
        self.assertFalse(column("", "").has_within(towns))

    def test_a_column_without_a_name_is_what_its_values_are(self):
        for values, target in (
            (["a@acme.it", "b@beta.it", "c@gamma.it"], "email"),
            (["acme.it", "beta.it", "gamma.it"], "website"),
            # One mailbox, or one site, in all rows is the vendor's.
            (["info@vendor.it"] * 3, ""), (["info@vendor.it"] * 2, "email"),
            (["vendor.it"] * 3, ""), (["a.it", "b.it", "a.it"], "website"),
            (["a.it", "a.it", "a.it", "b.it"], ""),
            ([], ""), (["words", "and", "more"], ""),
        ):  # fmt: skip
            with self.subTest(values):
                self.assertEqual(column(*values).alone(), target)

    def test_codes_of_countries_may_be_of_anything_and_names_are_not(self):
        self.assertTrue(column("Italy").are_countries(3))
        self.assertFalse(column("IT").are_countries(3))
        self.assertTrue(column("IT").are_countries(2))
        self.assertFalse(column().are_countries(0))
        self.assertTrue(repeated(Italy=19, Atlantis=1).are_countries(3))
        self.assertFalse(repeated(Italy=18, Atlantis=1).are_countries(3))

    def test_industries_codes_and_words_are_told(self):
        self.assertTrue(column("62.01", "4619Z", "C 25.62", "62", "x").are_codes())
        self.assertFalse(column("62.01", "4619Z", "C 25.62", "x").are_codes())
        self.assertTrue(column("a", "b", "c", "d", "12").has_words())
        self.assertFalse(column("a", "b", "c", "12").has_words())
        self.assertFalse(column().has_words())
        self.assertEqual(column("Acme GmbH", "Beta", "Gamma Ltd", "").legal_forms(), 2 / 3)
