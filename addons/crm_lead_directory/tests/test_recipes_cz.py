import csv

from odoo.tests import tagged

from .recipe_case import RecipeCase

HEADER = (
    "ICO,OKRESLAU,DDATVZN,DDATZAN,ZPZAN,DDATPAKT,FORMA,ROSFORMA,KATPO,NACE,NACE2025,ICZUJ,FIRMA,"
    "CISS2010,KODADM,TEXTADR,PSC,OBEC_TEXT,COBCE_TEXT,ULICE_TEXT,TYPCDOM,CDOM,COR,DATPLAT,PRIZNAK"
)
COMPANY = {
    "ICO": "00006947",
    "OKRESLAU": "CZ0100",
    "DDATVZN": "1993-05-01",
    "FORMA": "112",
    "KATPO": "220",
    "NACE": "46710",
    "NACE2025": "46810",
    "FIRMA": "Ukázka, s.r.o.",
    "TEXTADR": "Letenská 525/15, Malá Strana, 11800 Praha 1",
    "PSC": "11800",
    "OBEC_TEXT": "Praha",
    "COBCE_TEXT": "Malá Strana",
    "ULICE_TEXT": "Letenská",
    "CDOM": "525",
    "COR": "15",
    "DATPLAT": "2026-09-15",
    "PRIZNAK": "Z",
}


@tagged("post_install", "-at_install")
class TestRecipesCz(RecipeCase):
    """The rows are made up, after the publisher's description."""

    code = "cz_res"

    def _file(self, *changes, header=HEADER):
        rows = ({**COMPANY, **change} for change in changes)
        names = header.split(",")
        kept = ({name: row[name] for name in row if name in names} for row in rows)
        return self._text(header, *kept, quoting=csv.QUOTE_MINIMAL, end="\r\n")

    def test_every_value_of_a_row_is_the_row_s(self):
        expected = {
            "identity": "reg:CZ-ICO:00006947",
            "name": "Ukázka, s.r.o.",
            "registry": "CZ-ICO",
            "registry_id": "00006947",
            "legal_form": "Společnost s ručením omezeným",
            "street": "Letenská 525/15",
            "zip": "11800",
            "city": "Praha",
            "country_code": "CZ",
            "employees_min": "20",
            "employees_max": "24",
            "industry": "46",
            "industries": "46",
            "industry_codes": "NACE Rev. 2 46710",
            "founded": "1993",
        }
        # Until 2026 there was no column of the newer classification.
        for header in (HEADER, HEADER.replace("NACE2025,", "")):
            found = self._load(self._file({}, header=header))
            self.assertFalse(found.problems)
            self.assertEqual(found.companies, {"00006947": expected})

    def test_sizes_and_industries_that_are_not_known_are_none(self):
        found = self._load(self._file({"KATPO": "000", "NACE": "00"}))
        self.assertFalse(found.problems)
        company = found.companies["00006947"]
        self.assertTrue({"employees_min", "industry"}.isdisjoint(company))
        none = self._load(self._file({"KATPO": "110"})).companies["00006947"]
        self.assertEqual(none["employees"], "0")

    def test_a_house_without_a_street_is_in_its_part_of_the_town(self):
        found = self._load(self._file({"ULICE_TEXT": "", "COR": ""}))
        self.assertEqual(found.companies["00006947"]["street"], "Malá Strana 525")

    def test_who_has_ceased_is_no_company(self):
        found = self._load(self._file({"DDATZAN": "2020-12-31"}))
        self.assertEqual(found.ended, {"reg:CZ-ICO:00006947": "ceased"})
        self.assertFalse(found.companies)

    def test_persons_and_associations_are_left_out_and_counted(self):
        forms = {
            "100": "sole_trader", "101": "sole_trader", "107": "sole_trader", "111": "partnership",
            "145": "no_company", "706": "no_company", "121": "", "301": "",
        }  # fmt: skip
        for form, reason in forms.items():
            with self.subTest(form):
                found = self._load(self._file({"FORMA": form}))
                self.assertEqual(found.left_out, {reason: 1} if reason else {})
                self.assertEqual(bool(found.companies), not reason)
