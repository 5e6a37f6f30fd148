from odoo.tests import tagged

from .recipe_case import RecipeCase

HQ = "Entity.HeadquartersAddress"
AUTHORITY = "Entity.RegistrationAuthority"
COLUMNS = (
    "LEI", "Entity.LegalName", "Entity.LegalName.xmllang", "Entity.LegalAddress.FirstAddressLine",
    "Entity.LegalAddress.City", "Entity.LegalAddress.Country", f"{HQ}.FirstAddressLine",
    f"{HQ}.AdditionalAddressLine.1", f"{HQ}.AdditionalAddressLine.2", f"{HQ}.City", f"{HQ}.Region",
    f"{HQ}.Country", f"{HQ}.PostalCode", f"{AUTHORITY}.RegistrationAuthorityID",
    f"{AUTHORITY}.OtherRegistrationAuthorityID", f"{AUTHORITY}.RegistrationAuthorityEntityID",
    "Entity.LegalJurisdiction", "Entity.EntityCategory", "Entity.EntityStatus",
    "Entity.EntityCreationDate", "Registration.RegistrationStatus",
)  # fmt: skip
LEI = "5493001KJTIIGC8Y1R12"
COMPANY = {
    "LEI": LEI,
    "Entity.LegalName": "Beispiel Maschinen GmbH",
    "Entity.LegalAddress.City": "Berlin",
    f"{HQ}.FirstAddressLine": "Hauptstrasse 1",
    f"{HQ}.AdditionalAddressLine.1": "Haus 2",
    f"{HQ}.City": "München",
    f"{HQ}.Region": "DE-BY",
    f"{HQ}.Country": "DE",
    f"{HQ}.PostalCode": "80331",
    f"{AUTHORITY}.RegistrationAuthorityID": "RA000336",
    f"{AUTHORITY}.RegistrationAuthorityEntityID": "HRB 123456",
    "Entity.EntityCategory": "GENERAL",
    "Entity.EntityStatus": "ACTIVE",
    "Entity.EntityCreationDate": "1998-04-01T00:00:00Z",
    "Registration.RegistrationStatus": "ISSUED",
}


@tagged("post_install", "-at_install")
class TestRecipesGleif(RecipeCase):
    """The rows are made up; the columns are those that public readers of the file name."""

    code = "gleif_lei"

    def _file(self, *changes):
        return self._text(",".join(COLUMNS), *(COMPANY | change for change in changes))

    def test_every_value_of_a_row_is_the_row_s(self):
        found = self._load(self._file({}))
        self.assertFalse(found.problems)
        self.assertEqual(
            list(found.companies.values()),
            [
                {
                    "identity": "reg:RA000336:HRB123456",
                    "name": "Beispiel Maschinen GmbH",
                    "registry": "RA000336",
                    "registry_id": "HRB123456",
                    "lei": LEI,
                    "street": "Hauptstrasse 1",
                    "street2": "Haus 2",
                    "city": "München",
                    "zip": "80331",
                    "state_code": "BY",
                    "country_code": "DE",
                    "founded": "1998",
                }
            ],
        )

    def test_a_company_has_the_number_of_its_country_s_register(self):
        registers = {
            "NO-BRC": ("RA000472", "987582561"),
            "GB-COH": ("RA000585", "01234567"),
            "FI-PRO": ("RA000188", "0112038-9"),
            "BE-BCEKBO": ("RA000025", "0200.065.765"),
        }
        for register, (authority, number) in registers.items():
            with self.subTest(register):
                found = self._load(
                    self._file(
                        {
                            f"{AUTHORITY}.RegistrationAuthorityID": authority,
                            f"{AUTHORITY}.RegistrationAuthorityEntityID": number,
                        }
                    )
                )
                [company] = found.companies.values()
                plain = number.replace(".", "").replace("-", "")
                self.assertEqual(company["identity"], f"reg:{register}:{plain}")

    def test_who_is_in_no_register_is_known_by_the_lei(self):
        for authority in ("RA999999", "RA888888", ""):
            table = self._table(self._file({f"{AUTHORITY}.RegistrationAuthorityID": authority}))
            [(_line, cells)] = table.rows()
            self.assertEqual(cells[table.header.index("registry")], "")
            self.assertEqual(cells[table.header.index("lei")], LEI)

    def test_persons_funds_and_branches_are_left_out_and_counted(self):
        categories = ("SOLE_PROPRIETOR", "FUND", "BRANCH", "GENERAL", "")
        found = self._load(self._file(*({"Entity.EntityCategory": one} for one in categories)))
        self.assertEqual(found.left_out, {"sole_trader": 1, "fund": 1, "branch": 1})

    def test_a_lapsed_number_is_no_end_but_a_retired_one_is(self):
        for column, value, status in (
            ("Registration.RegistrationStatus", "LAPSED", ""),
            ("Registration.RegistrationStatus", "RETIRED", "ceased"),
            ("Registration.RegistrationStatus", "DUPLICATE", "ceased"),
            ("Registration.RegistrationStatus", "PENDING_TRANSFER", ""),
            ("Entity.EntityStatus", "INACTIVE", "ceased"),
        ):
            with self.subTest(value):
                found = self._load(self._file({column: value}))
                self.assertEqual(list(found.ended.values()), [status] if status else [])
                self.assertEqual(bool(found.companies), not status)
                self.assertFalse(found.problems)
