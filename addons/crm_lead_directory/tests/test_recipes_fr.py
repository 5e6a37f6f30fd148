import csv

from odoo.tests import tagged

from .recipe_case import RecipeCase

UNITS = (
    "siren,statutDiffusionUniteLegale,unitePurgeeUniteLegale,dateCreationUniteLegale,"
    "sigleUniteLegale,sexeUniteLegale,prenom1UniteLegale,prenom2UniteLegale,prenom3UniteLegale,"
    "prenom4UniteLegale,prenomUsuelUniteLegale,pseudonymeUniteLegale,"
    "identifiantAssociationUniteLegale,trancheEffectifsUniteLegale,anneeEffectifsUniteLegale,"
    "dateDernierTraitementUniteLegale,nombrePeriodesUniteLegale,categorieEntreprise,"
    "anneeCategorieEntreprise,dateDebut,etatAdministratifUniteLegale,nomUniteLegale,"
    "nomUsageUniteLegale,denominationUniteLegale,denominationUsuelle1UniteLegale,"
    "denominationUsuelle2UniteLegale,denominationUsuelle3UniteLegale,"
    "categorieJuridiqueUniteLegale,activitePrincipaleUniteLegale,"
    "nomenclatureActivitePrincipaleUniteLegale,nicSiegeUniteLegale,"
    "economieSocialeSolidaireUniteLegale,societeMissionUniteLegale,caractereEmployeurUniteLegale,"
    "activitePrincipaleNAF25UniteLegale"
)
SEATS = ",".join(
    f"{name}Etablissement" if name[0] != "=" else name[1:]
    for name in (
        "=siren", "=nic", "=siret", "statutDiffusion", "dateCreation", "=etablissementSiege",
        "complementAdresse", "numeroVoie", "indiceRepetition", "typeVoie", "libelleVoie",
        "codePostal", "libelleCommune", "libelleCommuneEtranger", "codeCommune",
        "codePaysEtranger", "libellePaysEtranger", "etatAdministratif", "enseigne1",
    )
)  # fmt: skip
UNIT = {
    "siren": "552100554",
    "statutDiffusionUniteLegale": "O",
    "dateCreationUniteLegale": "1955-01-01",
    "trancheEffectifsUniteLegale": "12",
    "etatAdministratifUniteLegale": "A",
    "denominationUniteLegale": "EXEMPLE LOGICIELS",
    "categorieJuridiqueUniteLegale": "5710",
    "activitePrincipaleUniteLegale": "62.01Z",
    "nomenclatureActivitePrincipaleUniteLegale": "NAFRev2",
    "nicSiegeUniteLegale": "00013",
}
SEAT = {
    "siren": "552100554",
    "statutDiffusionEtablissement": "O",
    "etablissementSiege": "true",
    "numeroVoieEtablissement": "7",
    "indiceRepetitionEtablissement": "B",
    "typeVoieEtablissement": "RUE",
    "libelleVoieEtablissement": "DE LA PAIX",
    "codePostalEtablissement": "75002",
    "libelleCommuneEtablissement": "PARIS",
    "codeCommuneEtablissement": "75102",
    "etatAdministratifEtablissement": "A",
}


@tagged("post_install", "-at_install")
class TestRecipesFr(RecipeCase):
    """The rows are made up, after INSEE's description of its columns."""

    code = "fr_sirene"

    def _units(self, *changes, header=UNITS):
        return self._text(header, *(UNIT | change for change in changes), quoting=csv.QUOTE_MINIMAL)

    def _seats(self, *changes):
        return self._text(SEATS, *(SEAT | change for change in changes), quoting=csv.QUOTE_MINIMAL)

    def test_every_value_of_a_row_is_the_rows(self):
        expected = {
            "identity": "reg:FR-SIRENE:552100554",
            "name": "EXEMPLE LOGICIELS",
            "registry": "FR-SIRENE",
            "registry_id": "552100554",
            "street": "7 B RUE DE LA PAIX",
            "zip": "75002",
            "city": "PARIS",
            "country_code": "FR",
            "employees_min": "20",
            "employees_max": "49",
            "industry": "62",
            "industries": "62",
            "industry_codes": "NAF Rev. 2 62.01Z",
            "founded": "1955",
        }
        # Before December 2025, and before 2023.
        older = UNITS.replace(",activitePrincipaleNAF25UniteLegale", "")
        for header in (UNITS, older, older.replace(",societeMissionUniteLegale", "")):
            found = self._load(self._units({}, header=header), self._seats({}))
            self.assertFalse(found.problems)
            self.assertEqual(found.companies, {"552100554": expected})

    def test_the_address_is_that_of_the_seat_that_is_open(self):
        files = (
            self._units({}),
            self._seats(
                {"etablissementSiege": "false", "libelleCommuneEtablissement": "LYON"},
                {"etatAdministratifEtablissement": "F", "libelleCommuneEtablissement": "NICE"},
                {"codeCommuneEtablissement": "2A004", "libelleCommuneEtablissement": "AJACCIO"},
            ),
        )
        self.assertEqual(self._load(*files).companies["552100554"]["city"], "AJACCIO")
        # Odoo itself has no departments.
        table = self._table(*files)
        [(_line, cells)] = table.rows()
        self.assertEqual(cells[table.header.index("state")], "2A")
        alone = self._load(self._units({}), self._seats()).companies["552100554"]
        self.assertNotIn("city", alone)

    def test_the_letter_of_a_code_tells_its_edition(self):
        for code, industry in (("46.71Y", "45"), ("46.71Z", "46")):
            found = self._load(
                self._units({"activitePrincipaleUniteLegale": code}), self._seats({})
            )
            self.assertEqual(found.companies["552100554"]["industry"], industry)

    def test_who_opposed_is_protected(self):
        for unit, seat in (
            ({"statutDiffusionUniteLegale": "P"}, {}),
            ({}, {"statutDiffusionEtablissement": "P"}),
            ({"denominationUniteLegale": "[ND]"}, {}),
        ):
            found = self._load(self._units(unit), self._seats(seat))
            self.assertEqual(found.ended, {"reg:FR-SIRENE:552100554": "protected"})
            self.assertFalse(found.companies)

    def test_persons_and_who_has_ceased_are_left_out_and_counted(self):
        person = {
            "categorieJuridiqueUniteLegale": "1000",
            "nomUniteLegale": "DUPONT",
            "prenom1UniteLegale": "MARIE",
            "denominationUniteLegale": "",
        }
        found = self._load(
            self._units(
                person,
                {"etatAdministratifUniteLegale": "C"},
                {"unitePurgeeUniteLegale": "true", "denominationUniteLegale": ""},
                {"categorieJuridiqueUniteLegale": "9110"},
                {"categorieJuridiqueUniteLegale": "2110", "nomUniteLegale": "DUPONT"},
            ),
            self._seats({"complementAdresseEtablissement": "CHEZ M. DUPONT"}),
        )
        self.assertEqual(found.left_out, {"sole_trader": 1, "no_company": 1, "partnership": 1})
        self.assertEqual(found.ended, {"reg:FR-SIRENE:552100554": "ceased"})
        self.assertNotIn("DUPONT", str(found))

    def test_of_who_has_ceased_the_number_is_kept_but_not_of_persons(self):
        ceased = {"etatAdministratifUniteLegale": "C"}
        for form, kept in (("5710", True), ("1000", False), ("2110", False), ("9220", False)):
            with self.subTest(form):
                found = self._load(
                    self._units(ceased | {"categorieJuridiqueUniteLegale": form}), self._seats({})
                )
                self.assertEqual(bool(found.ended), kept)
                self.assertEqual(found.left_out.total(), not kept)
                self.assertFalse(found.companies)

    def test_with_whom_a_company_lives_is_not_loaded(self):
        for line, kept in (
            ("CHEZ M. DUPONT", ""), ("MME DUPONT", ""), ("C/O DUPONT", ""), ("BAT C", "BAT C"),
        ):  # fmt: skip
            seats = self._seats({"complementAdresseEtablissement": line})
            company = self._load(self._units({}), seats).companies["552100554"]
            self.assertEqual(company.get("street2", ""), kept)

    def test_unknown_sizes_are_none(self):
        for code, least in (("NN", None), ("", None), ("00", "0"), ("53", "10000")):
            found = self._load(self._units({"trancheEffectifsUniteLegale": code}), self._seats({}))
            self.assertEqual(found.companies["552100554"].get("employees_min"), least)
