from odoo.tests import BaseCase, tagged

from odoo.addons.crm_lead_mining.company import classifications

from ..importer.columns import guess_mapping
from ..importer.industries import Industries


@tagged("post_install", "-at_install")
class TestImporterIndustries(BaseCase):
    def _codes(self, header, rows, *, country="", samples=()):
        """Return (main, all, sources) of each row; a column "Country" is the company's."""
        targets = ["industry" if classifications.named(one) or one == "Industry" else ""
                   for one in header]  # fmt: skip
        industries = Industries(targets, header, samples, country)
        place = header.index("Country") if "Country" in header else None
        countries = [country if place is None else row[place] for row in rows]
        return list(zip(*industries.codes_of(rows, countries), strict=True))

    def test_headers_that_name_a_classification_are_columns_of_industries(self):
        for header, name in (
            ("ATECO 2025", "ATECO"), ("Codice Ateco 2007", "ATECO"), ("WZ 2025", "WZ"),
            ("SBI-code", "SBI"), ("SNI2007", "SNI"), ("SN2025", "SN"), ("PKD 2007", "PKD"),
            ("NOGA 2008", "NOGA"), ("DB07", "DB"), ("ÖNACE 2025", "ÖNACE"), ("CNAE 2009", "CNAE"),
            ("UK SIC", "UK SIC"), ("US SIC", "US SIC"), ("NACE Rev. 2.1", "NACE"),
            ("NAICS 2022", "NAICS"), ("ISIC", "ISIC"), ("Code NAF 2025", "NAF"),
            ("naeringskode1.kode", "SN"), ("activitePrincipaleUniteLegale", "NAF"),
            ("SICCode.SicText_1", "UK SIC"), ("basic_category", "Overture"),
            ("cnae_fiscal_principal", "CNAE"), ("branchekode", "DB"), ("emtak", "EMTAK"),
        ):  # fmt: skip
            with self.subTest(header):
                self.assertEqual(guess_mapping([header]), ["industry"])
                self.assertEqual(classifications.named(header).name, name)

    def test_headers_of_other_things_name_no_classification(self):
        for header in ("Industry", "Settore", "Branche", "Name", "Escape", "Basic", "Total",
                       "Database", "Snippet", "Music", "Classic", "Capex", "Physical", "Notes",
                       "Shape", "Place", "Menace", "Basis", "Tolls"):  # fmt: skip
            with self.subTest(header):
                self.assertIsNone(classifications.named(header))

    def test_the_country_of_each_row_tells_what_its_digits_are(self):
        rows = [["561011", "IT"], ["561110", "US"], ["5812", "US"], ["62012", "GB"],
                ["561101", "CH"], ["62.01Z", "FR"], ["6962", "AU"], ["4711302", "BR"]]  # fmt: skip
        self.assertEqual(
            [main for main, *_others in self._codes(["Industry", "Country"], rows)],
            ["56", "82", "56", "62", "56", "62", "", "47"],
        )

    def test_a_file_gives_the_same_industries_before_and_after_its_register_switches(self):
        for header, country, old, new in (
            ("Codice ATECO", "IT", ["62.01.00", "45.11.01", "41.10.00", "70.21.00", "56.10.11"],
             ["62.10.00", "47.81.10", "68.12.00", "73.30.00", "56.11.11"]),
            ("NAF", "FR", ["62.01Z", "45.11Z", "41.10A", "70.21Z", "56.10A"],
             ["62.10Y", "47.81Y", "68.12Y", "73.30Y", "56.11Y"]),
            ("SBI", "NL", ["62010", "45112", "41100", "70210", "56101"],
             ["62100", "47811", "68120", "73300", "56110"]),
            ("NACE", "BE", ["62.010", "45.113", "41.101", "70.210", "56.101"],
             ["62.100", "47.811", "68.121", "73.300", "56.111"]),
        ):  # fmt: skip
            for values in (old, new):
                with self.subTest(header=header, values=values):
                    found = self._codes(
                        [header], [[one] for one in values], country=country, samples=[values]
                    )
                    mains = [main for main, *_others in found]
                    self.assertEqual(mains, ["62", "45", "41", "70", "56"])

    def test_codes_are_kept_with_their_classification_and_edition(self):
        for header, country, cell, kept in (
            ("ATECO 2025", "IT", "62.10.00", "ATECO 2025 62.10.00"),
            ("NAF", "FR", "62.01Z", "NAF Rev. 2 62.01Z"),
            ("SBI 2025", "NL", "62100; 47811", "SBI 2025 62100; SBI 2025 47811"),
            ("NAICS", "US", "541511", "NAICS 2022 541511"),
            ("Industry", "IT", "Idraulico", ""),
        ):
            with self.subTest(cell):
                ((_main, _all, sources),) = self._codes([header], [[cell]], country=country)
                self.assertEqual(sources, kept)

    def test_rows_without_a_column_of_industries_have_none(self):
        self.assertEqual(self._codes(["Name"], [["Acme"], ["Beta"]]), [("", "", "")] * 2)
        self.assertEqual(self._codes(["NACE"], []), [])
