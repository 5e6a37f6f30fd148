from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.crm_lead_mining.company.nace_editions import REV_21

from ..registers import table
from .recipe_case import RecipeCase

HEADER = "\t".join(
    (
        "ForAndrTyp", "COAdress", "Foretagsnamn", "FtgStat", "Gatuadress", "JEStat", "JurForm",
        "Namn", "Ng1", "Ng2", "Ng3", "Ng4", "Ng5", "PeOrgNr", "PostNr", "PostOrt", "RegDatKtid",
        "Reklamsparrtyp", "mCOAdress", "mNamn", "",
    )
)  # fmt: skip
COMPANY = {
    "Foretagsnamn": "Åkes Mjukvara AB",
    "Namn": "ÅKES MJUKVARA AKTIEBOLAG",
    "FtgStat": "1",
    "Gatuadress": "Storgatan 1",
    "JurForm": "49",
    "Ng1": "62010",
    "Ng2": "62020",
    "PeOrgNr": "165560004615",
    "PostNr": "11122",
    "PostOrt": "STOCKHOLM",
    "RegDatKtid": "20010131",
    "Reklamsparrtyp": "1",
}
ENDS = (
    "organisationsidentitet;namnskyddslopnummer;registreringsland;organisationsnamn;"
    "organisationsform;avregistreringsdatum;avregistreringsorsak;"
    "pagandeAvvecklingsEllerOmstruktureringsforfarande;registreringsdatum;verksamhetsbeskrivning;"
    "postadress"
)


@tagged("post_install", "-at_install")
class TestRecipesSe(RecipeCase):
    """The companies are made up, after what public readers of both files say."""

    code = "se_scb"

    def _scb(self, *changes):
        """Write rows as SCB does: cp1252, tabs, no quotes, one tab more at the end."""
        names = HEADER.split("\t")
        rows = ["\t".join((COMPANY | one).get(name, "") for name in names) for one in changes]
        return "\r\n".join([HEADER, *rows, ""]).encode("cp1252")

    def _ends(self, *rows):
        return self._text(ENDS, *rows, delimiter=";")

    def test_every_value_of_a_row_is_the_row_s(self):
        found = self._load(self._scb({}))
        self.assertFalse(found.problems)
        self.assertEqual(
            found.companies["5560004615"],
            {
                "identity": "reg:SE-BLV:5560004615",
                "name": "Åkes Mjukvara AB",
                "registry": "SE-BLV",
                "registry_id": "5560004615",
                "street": "Storgatan 1",
                "zip": "11122",
                "city": "STOCKHOLM",
                "country_code": "SE",
                "industry": "62",
                "industries": "62",
                "industry_codes": "SNI 2007 62010; SNI 2007 62020",
                "founded": "2001",
            },
        )

    def test_only_who_takes_advertising_is_a_company(self):
        for code, status in (
            ("1", ""), ("11", ""), ("2", "protected"), ("21", "protected"), ("", "protected"),
            ("0", "protected"), ("9", "protected"),
        ):  # fmt: skip
            with self.subTest(code):
                found = self._load(self._scb({"Reklamsparrtyp": code}))
                self.assertEqual(found.ended.get("reg:SE-BLV:5560004615", ""), status)
                self.assertEqual(bool(found.companies), not status)

    def test_persons_are_left_out_and_counted(self):
        found = self._load(
            self._scb(
                {"PeOrgNr": "198001019876", "Namn": "Anna Svensson", "Foretagsnamn": ""},
                {"JurForm": "10"},
                {"JurForm": "31"},
                {"COAdress": "c/o Anna Svensson"},
            )
        )
        self.assertEqual(found.left_out, {"sole_trader": 2, "partnership": 1})
        self.assertEqual(len(found.companies), 1)
        self.assertNotIn("Svensson", str(found))

    def test_bolagsverket_tells_who_ends(self):
        number = {"organisationsidentitet": "5560004615$ORGNR-IDORG"}
        procedure = "pagandeAvvecklingsEllerOmstruktureringsforfarande"
        for change, status in (
            ({}, ""),
            ({"avregistreringsdatum": "2024-05-01"}, "ceased"),
            ({procedure: "KK-AVOMFO$2026-01-31"}, "insolvent"),
        ):
            with self.subTest(status):
                ends = self._ends(
                    {"organisationsidentitet": "8001019876$PERSON-IDORG", procedure: "KK"},
                    number | change | {"organisationsnamn": "Åkes$FORETAGSNAMN-ORGNAM$2001"},
                    number | {"namnskyddslopnummer": "2"},
                )
                found = self._load(self._scb({}), ends)
                self.assertEqual(found.ended.get("reg:SE-BLV:5560004615", ""), status)
        idle = self._load(self._scb({"FtgStat": "9"}))
        self.assertEqual(list(idle.ended.values()), ["ceased"])

    def test_the_second_file_is_not_read_before_a_row_is_asked_for(self):
        ends = self._ends({"organisationsidentitet": "5560004615$ORGNR-IDORG"})
        with patch.object(table, "Side", wraps=table.Side) as side:
            new = {"Ng1": "62100", "Ng2": ""}
            opened = self._table(self._scb(new, new), ends)
            self.assertEqual(opened.editions[opened.header.index("industry")], REV_21)
            self.assertFalse(side.called)
            self.assertEqual(len(list(opened.rows())), 2)
            self.assertEqual(side.call_count, 1)

    def test_broken_quotes_of_bolagsverket_lose_no_company(self):
        ends = self._ends({"organisationsidentitet": "5560004615$ORGNR-IDORG"})
        broken = f'{ends}"5567037485$ORGNR-IDORG";"";"SE";"x";"y";"";"";"";"";"en "bra" idé; ";"'
        found = self._load(self._scb({}, {"PeOrgNr": "165567037485"}), f"{broken}\n")
        self.assertEqual(len(found.companies), 2)
