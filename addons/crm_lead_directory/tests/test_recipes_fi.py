import io
import json
import zipfile
from copy import deepcopy

from odoo.tests import tagged

from .recipe_case import RecipeCase

COMPANY = {
    "businessId": {"value": "0112038-9", "registrationDate": "1978-03-15", "source": "3"},
    "names": [
        {"name": "Wanha Oy", "type": "1", "endDate": "2001-01-01", "version": 2},
        {"name": "Revontuli", "type": "3", "endDate": None, "version": 1},
        {"name": "Revontuli Ohjelmistot Oy", "type": "1", "version": 1},
    ],
    "mainBusinessLine": {"type": "62010", "typeCodeSet": "TOIMI3", "descriptions": []},
    "website": {"url": "www.revontuli.example"},
    "companyForms": [
        {"type": "5", "descriptions": [], "endDate": "2001-01-01"},
        {
            "type": "16",
            "descriptions": [
                {"languageCode": "3", "description": "Limited company"},
                {"languageCode": "1", "description": "Osakeyhtiö"},
            ],
        },
    ],
    "companySituations": [],
    "addresses": [
        {"type": 2, "street": "PL 1", "postCode": "00101", "postOffices": []},
        {
            "type": 1,
            "street": "Mannerheimintie",
            "buildingNumber": "12",
            "entrance": "B",
            "apartmentNumber": "3",
            "co": "Matti Meikäläinen",
            "postCode": "00100",
            "postOffices": [
                {"city": "HELSINGFORS", "languageCode": "2"},
                {"city": "HELSINKI", "languageCode": "1"},
            ],
        },
    ],
    "tradeRegisterStatus": "1",
    "registrationDate": "1978-03-15",
}


@tagged("post_install", "-at_install")
class TestRecipesFi(RecipeCase):
    """The companies are made up, after the publisher's description of its answers."""

    code = "fi_prh"

    def _file(self, *changes, indent=None):
        text = json.dumps([COMPANY | change for change in changes], indent=indent)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("all_companies.json", text)
        return packed.getvalue()

    def test_every_value_of_a_company_is_the_file_s(self):
        expected = {
            "identity": "reg:FI-PRO:01120389",
            "name": "Revontuli Ohjelmistot Oy",
            "registry": "FI-PRO",
            "registry_id": "01120389",
            "legal_form": "Osakeyhtiö",
            "domain": "revontuli.example",
            "website": "www.revontuli.example",
            "street": "Mannerheimintie 12 B 3",
            "zip": "00100",
            "city": "HELSINKI",
            "country_code": "FI",
            "industry": "62",
            "industries": "62",
            "industry_codes": "TOL 2008 62010",
            "founded": "1978",
        }
        for indent in (None, 2):
            found = self._load(self._file({}, indent=indent))
            self.assertFalse(found.problems)
            self.assertEqual(found.companies, {"01120389": expected})

    def test_who_ends_or_is_insolvent_is_no_company(self):
        ends = {
            "insolvent": {"companySituations": [{"type": "KONK", "endDate": None}]},
            "ceased": {"tradeRegisterStatus": "3"},
        }
        for status, end in ends.items():
            with self.subTest(status):
                found = self._load(self._file(end, {"endDate": None}))
                self.assertEqual(found.ended, {"reg:FI-PRO:01120389": status})
        over = {"companySituations": [{"type": "SANE", "endDate": "2020-01-01"}]}
        self.assertTrue(self._load(self._file(over)).companies)

    def test_nobody_s_care_of_is_loaded(self):
        self.assertNotIn("Meikäläinen", str(self._load(self._file({}))))

    def test_a_company_without_most_of_it_is_one_still(self):
        bare = deepcopy(COMPANY)
        for key in ("website", "mainBusinessLine", "companyForms", "addresses"):
            bare[key] = None
        found = self._load(self._file({}, bare | {"businessId": {"value": "0201256-6"}}))
        self.assertEqual(found.companies["02012566"]["name"], "Revontuli Ohjelmistot Oy")
