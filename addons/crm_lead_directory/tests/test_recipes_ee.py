import csv
import io
import json
import zipfile

from odoo.tests import tagged

from odoo.addons.crm_common.tools.odoo_states import odoo_states

from .recipe_case import DATA, RecipeCase

FILE = "ee_rik_lihtandmed.csv"


@tagged("post_install", "-at_install")
class TestRecipesEe(RecipeCase):
    """The header of the table and one row are real; the rest is written to the description."""

    code = "ee_rik"

    def _basic(self, *rows):
        real = self._real(FILE, ";")[0]
        text = self._text(
            self._header(FILE), *(real | row for row in rows), delimiter=";",
            quoting=csv.QUOTE_MINIMAL,
        )  # fmt: skip
        return self._zip("ettevotja_rekvisiidid__lihtandmed.csv", text)

    def _details(self, *records):
        """Write records as RIK does: one array, indented, numbers of companies as numbers."""
        text = json.dumps(records, indent=4, ensure_ascii=False)
        return self._zip("ettevotja_rekvisiidid__yldandmed.json", text)

    def _zip(self, name, text):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, text)
        return packed.getvalue()

    def test_every_value_of_the_real_row_is_the_row_s(self):
        found = self._load(DATA / FILE)
        [row] = self._real(FILE, ";")
        self.assertFalse(found.problems)
        self.assertEqual(
            found.companies[row["ariregistri_kood"]],
            {
                "identity": "reg:EE-RIK:12652512",
                "name": row["nimi"],
                "registry": "EE-RIK",
                "registry_id": row["ariregistri_kood"],
                "vat": row["kmkr_nr"],
                "legal_form": row["ettevotja_oiguslik_vorm"],
                "street": row["asukoht_ettevotja_aadressis"],
                "city": "Tallinn",
                "state_code": "37",
                "zip": row["indeks_ettevotja_aadressis"],
                "country_code": "EE",
                "founded": row["ettevotja_esmakande_kpv"][-4:],
            },
        )

    def test_every_county_is_one_of_odoo_s(self):
        states = [state for state in odoo_states() if state[0] == "EE"]
        self.assertEqual(len(states), 15)
        for _country, code, name in states:
            place = f"Alevik, Vald, {name.removesuffix('maa')} maakond"
            found = self._load(self._basic({"asukoha_ehak_tekstina": place}))
            company = found.companies["12652512"]
            self.assertEqual((company["city"], company["state_code"]), ("Vald", code.split("-")[1]))

    def test_the_details_bring_site_telephone_and_the_industry_of_its_edition(self):
        old, new = {"emtak_versioon": 2}, {"emtak_versioon": 3}
        activities = {
            12652512: [{"emtak_kood": "46711", "on_pohitegevusala": True, **new}],
            12652529: [{"emtak_kood": "46711", "on_pohitegevusala": True, **old}],
            12652535: [
                {"emtak_kood": "01111", "on_pohitegevusala": False, **new},
                {"emtak_kood": "62101", "on_pohitegevusala": True, **new},
            ],
        }
        means = [
            {"liik": "WWW", "sisu": "https://old.example/", "lopp_kpv": "01.01.2020"},
            {"liik": "EMAIL", "sisu": "mari.maasikas@post.example", "lopp_kpv": None},
            {"liik": "MOB", "sisu": "+372 5555555", "lopp_kpv": None},
            {"liik": "WWW", "sisu": "https://kinnisvara.example/", "lopp_kpv": None},
            {"liik": "TEL", "sisu": "+372 6000000", "lopp_kpv": None},
        ]
        details = self._details(
            *(
                {
                    "ariregistri_kood": number,
                    "nimi": "X",
                    "yldandmed": {"sidevahendid": means, "teatatud_tegevusalad": found},
                }
                for number, found in reversed(activities.items())  # in an order of their own
            )
        )
        rows = [{"ariregistri_kood": str(number)} for number in (*activities, 12652541)]
        found = self._load(self._basic(*rows), details)
        company = found.companies["12652512"]
        self.assertEqual(company["website"], "https://kinnisvara.example/")
        self.assertEqual(company["phone"], "+372 6000000")
        self.assertEqual(
            {number: one.get("industry") for number, one in found.companies.items()},
            {"12652512": "45", "12652529": "46", "12652535": "62", "12652541": None},
        )
        text = str(found)
        self.assertFalse("maasikas" in text or "5555555" in text)

    def test_persons_and_owners_of_flats_are_left_out_and_counted(self):
        forms = {
            "Osaühing": "",
            "Aktsiaselts": "",
            "Füüsilisest isikust ettevõtja": "sole_trader",
            "Korteriühistu": "no_company",
        }
        for form, reason in forms.items():
            with self.subTest(form):
                found = self._load(self._basic({"ettevotja_oiguslik_vorm": form}))
                self.assertEqual(found.left_out, {reason: 1} if reason else {})
                self.assertEqual(bool(found.companies), not reason)

    def test_the_status_is_read(self):
        for code, status in (("R", ""), ("L", "insolvent"), ("N", "insolvent"), ("K", "ceased")):
            with self.subTest(code):
                found = self._load(self._basic({"ettevotja_staatus": code}))
                self.assertEqual(found.ended.get("reg:EE-RIK:12652512", ""), status)
                self.assertEqual(bool(found.companies), not status)

    def test_a_delimiter_and_quotes_within_a_name_are_its_own(self):
        found = self._load(self._basic({"nimi": 'Ülo; "Poeg" OÜ'}))
        self.assertEqual(found.companies["12652512"]["name"], 'Ülo; "Poeg" OÜ')
