import io
import zipfile

from odoo.tests import tagged

from .recipe_case import DATA, RecipeCase

FILES = ("enterprise", "denomination", "address", "activity", "contact")


@tagged("post_install", "-at_install")
class TestRecipesBe(RecipeCase):
    """The rows are real; those that a test adds are written in their manner."""

    code = "be_kbo"

    def _zip(self, **more):
        """Pack the real files, each with further lines."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in FILES:
                text = (DATA / "be_kbo" / f"{name}.csv").read_text("utf-8")
                archive.writestr(f"{name}.csv", "\n".join([text.strip(), *more.get(name, ())]))
            archive.writestr("meta.csv", '"Variable","Value"\n')
        return packed.getvalue()

    def test_every_value_of_real_rows_is_the_rows(self):
        found = self._load(self._zip())
        self.assertEqual(found.companies["0200065765"], {
            "identity": "reg:BE-BCEKBO:0200065765",
            "name": "Intergemeentelijke Vereniging Veneco",
            "registry": "BE-BCEKBO",
            "registry_id": "0200065765",
            "street": "Panhuisstraat 1",
            "zip": "9070",
            "city": "Destelbergen",
            "country_code": "BE",
            # 68.121 of 2025, which was 41.10 until then.
            "industry": "41",
            "industries": "41",
            "industry_codes": "NACE-BEL 2025 68121",
            "founded": "1960",
        })  # fmt: skip
        self.assertEqual(found.companies["0200362408"]["phone"], "02 315 13 51")
        self.assertEqual(found.ended, {"reg:BE-BCEKBO:0200245711": "insolvent"})
        rows = self._real("be_kbo/enterprise.csv")
        named = {one["EntityNumber"] for one in self._real("be_kbo/denomination.csv")}
        self.assertEqual(
            {problem.code for problem in found.problems}, {"no_name"}, "not all have a name here"
        )
        self.assertEqual(
            len(found.companies) + len(found.ended),
            len([row for row in rows if row["EnterpriseNumber"] in named]),
        )
        for company in found.companies.values():
            number = company["registry_id"]
            dotted = f"{number[:4]}.{number[4:7]}.{number[7:]}"
            [address] = [
                row for row in self._real("be_kbo/address.csv") if row["EntityNumber"] == dotted
            ]
            self.assertEqual(company["zip"], address["Zipcode"])
            self.assertEqual(company["city"], address["MunicipalityNL"])

    def test_the_best_of_several_rows_is_told(self):
        number = '"0200.065.765"'
        found = self._load(
            self._zip(
                denomination=[f'{number},"1","001","Association Veneco"'],
                address=[
                    f'{number},"BAET",,,"1000","Brussel","Bruxelles","Wetstraat","Rue","9","","",',
                ],
                contact=[
                    f'{number},"EST","WEB","branch.example"',
                    f'{number},"ENT","WEB","veneco.example/"',
                    f'{number},"ENT","EMAIL","jan.peeters@veneco.example"',
                ],
                activity=[f'{number},"003","2025","62100","MAIN"'],
            )
        )
        company = found.companies["0200065765"]
        self.assertEqual(company["name"], "Intergemeentelijke Vereniging Veneco")
        self.assertEqual(company["street"], "Panhuisstraat 1")
        self.assertEqual(company["website"], "veneco.example/")
        self.assertEqual(company["industry"], "41")
        self.assertNotIn("peeters", str(found))

    def test_a_seat_abroad_has_its_country_and_one_struck_off_is_none(self):
        lines = {
            "0400.051.358": '"0400.051.358","AC","000","2","014",,01-01-1968',
            "0400.357.897": '"0400.357.897","AC","000","2","014",,01-01-1968',
        }
        found = self._load(
            self._zip(
                enterprise=list(lines.values()),
                denomination=[f'"{number}","2","001","Firma"' for number in lines],
            )
        )
        self.assertEqual(found.companies["0400051358"]["country_code"], "DE")
        self.assertNotIn("zip", found.companies["0400357897"])

    def test_persons_are_left_out_and_counted(self):
        found = self._load(
            self._zip(
                enterprise=[
                    '"0400.051.358","AC","000","1","",,01-01-1968',
                    '"0400.067.095","ST","000","2","014",,01-01-1968',
                ],
                denomination=['"0400.051.358","2","001","Jan Peeters"'],
            )
        )
        self.assertEqual(found.left_out, {"sole_trader": 1})
        self.assertEqual(found.ended, {"reg:BE-BCEKBO:0400067095": "ceased"})
        self.assertNotIn("Peeters", str(found.companies))
