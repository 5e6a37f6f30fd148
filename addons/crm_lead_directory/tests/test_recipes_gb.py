from odoo.tests import tagged

from odoo.addons.crm_common.tools.odoo_states import odoo_states

from .recipe_case import DATA, RecipeCase

FILE = "gb_companies_house.csv"


@tagged("post_install", "-at_install")
class TestRecipesGb(RecipeCase):
    """The header and one row are real; the other rows are written in their manner."""

    code = "gb_companies_house"

    def _file(self, *rows):
        real = self._real(FILE)[0]
        return self._text(self._header(FILE), *(real | row for row in rows))

    def test_every_value_of_the_real_row_is_the_row_s(self):
        found = self._load(DATA / FILE)
        [row] = self._real(FILE)
        self.assertFalse(found.problems)
        self.assertEqual(
            found.companies["07687209"],
            {
                "identity": "reg:GB-COH:07687209",
                "name": row["CompanyName"],
                "registry": "GB-COH",
                "registry_id": row["CompanyNumber"],
                "legal_form": row["CompanyCategory"],
                "street": " ".join(row["RegAddress.AddressLine1"].split()),
                "street2": row["RegAddress.AddressLine2"],
                "city": row["RegAddress.PostTown"],
                "zip": row["RegAddress.PostCode"],
                "state_code": next(
                    code for _country, code, name in odoo_states() if name == "Hampshire"
                ),
                "country_code": "GB",
                "industry": "70",
                "industries": "70",
                "industry_codes": "UK SIC 2007 70229",
                "founded": row["IncorporationDate"][-4:],
            },
        )

    def test_numbers_keep_their_zeros_and_letters(self):
        numbers = ["00000006", "SC095237", "NI012345", "R0000123", "OC301234"]
        found = self._load(self._file(*({"CompanyNumber": number} for number in numbers)))
        self.assertEqual(list(found.companies), numbers)

    def test_only_codes_of_the_edition_in_use_are_industries(self):
        texts = {
            "00000001": ("62012 - Business and domestic software development", "62"),
            "00000002": ("1110 - Growing of cereals", ""),
            "00000003": ("7499 - Non-trading company", ""),
            "00000004": ("99999 - Dormant Company", ""),
            "00000005": ("None Supplied", ""),
            "00000006": ("01110 - Growing of cereals (except rice)", "01"),
        }
        found = self._load(
            self._file(
                *(
                    {"CompanyNumber": number, "SICCode.SicText_1": text}
                    for number, (text, _industry) in texts.items()
                )
            )
        )
        for number, (text, industry) in texts.items():
            self.assertEqual(found.companies[number].get("industry", ""), industry, text)

    def test_all_four_industries_are_read(self):
        row = {
            "SICCode.SicText_1": "62012 - Business and domestic software development",
            "SICCode.SicText_2": "58290 - Other software publishing",
            "SICCode.SicText_3": "85590 - Other education not elsewhere classified",
            "SICCode.SicText_4": "47910 - Retail sale via mail order houses or via Internet",
        }
        found = self._load(self._file(row))
        self.assertEqual(found.companies["07687209"]["industries"], "62,58,85,47")

    def test_only_who_does_business_is_a_company(self):
        statuses = {
            "Active": "",
            "Active - Proposal to Strike off": "ceased",
            "Liquidation": "insolvent",
            "In Administration": "insolvent",
            "In Administration/Administrative Receiver": "insolvent",
            "In Administration/Receiver Manager": "insolvent",
            "Voluntary Arrangement": "insolvent",
            "Live but Receiver Manager on at least one charge": "insolvent",
            "ADMINISTRATION ORDER": "insolvent",
            "ADMINISTRATIVE RECEIVER": "insolvent",
            "RECEIVERSHIP": "insolvent",
            "RECEIVER MANAGER / ADMINISTRATIVE RECEIVER": "insolvent",
        }
        for text, status in statuses.items():
            with self.subTest(text):
                found = self._load(self._file({"CompanyStatus": text}))
                self.assertEqual(found.ended.get("reg:GB-COH:07687209", ""), status)
                self.assertEqual(bool(found.companies), not status)

    def test_what_is_no_company_is_left_out_and_counted(self):
        categories = {
            "Private Limited Company": "",
            "Public Limited Company": "",
            "Limited Liability Partnership": "",
            "Limited Partnership": "partnership",
            "Charitable Incorporated Organisation": "no_company",
            "Overseas Entity": "no_company",
            "Other company type": "no_company",
        }
        for category, reason in categories.items():
            with self.subTest(category):
                found = self._load(self._file({"CompanyCategory": category}))
                self.assertEqual(found.left_out, {reason: 1} if reason else {})
                self.assertEqual(bool(found.companies), not reason)

    def test_nobody_s_care_of_is_loaded(self):
        found = self._load(self._file({"RegAddress.CareOf": "JANE SPECIMEN"}))
        self.assertNotIn("JANE", str(found.companies))
