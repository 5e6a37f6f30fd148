import csv

from odoo.tests import tagged

from odoo.addons.crm_common.tools.odoo_states import odoo_states

from .recipe_case import RecipeCase

HEADER = (
    "_id,Codice_IPA,Denominazione_ente,Codice_fiscale_ente,Tipologia,Codice_Categoria,"
    "Codice_natura,Codice_ateco,Ente_in_liquidazione,Codice_MIUR,Codice_ISTAT,Acronimo,"
    "Nome_responsabile,Cognome_responsabile,Titolo_responsabile,Codice_comune_ISTAT,"
    "Codice_catastale_comune,CAP,Indirizzo,Mail1,Tipo_Mail1,Mail2,Tipo_Mail2,Mail3,Tipo_Mail3,"
    "Mail4,Tipo_Mail4,Mail5,Tipo_Mail5,Sito_istituzionale,Url_facebook,Data_aggiornamento"
)
BODY = {
    "_id": "1",
    "Codice_IPA": "c_x000",
    "Denominazione_ente": "Comune di Esempio",
    "Codice_fiscale_ente": "00488410010",
    "Tipologia": "Pubbliche Amministrazioni",
    "Codice_ateco": "84.11.1",
    "Ente_in_liquidazione": "N",
    "Nome_responsabile": "Maria",
    "Cognome_responsabile": "Specimine",
    "Titolo_responsabile": "Sindaca",
    "Codice_comune_ISTAT": "001272",
    "CAP": "10122",
    "Indirizzo": "Piazza del Comune 1",
    "Mail1": "protocollo@pec.esempio.example",
    "Tipo_Mail1": "Pec",
    "Mail2": "info@comune.esempio.example",
    "Tipo_Mail2": "Altro",
    "Sito_istituzionale": "www.comune.esempio.example",
}


@tagged("post_install", "-at_install")
class TestRecipesIt(RecipeCase):
    """The bodies are made up, after the publisher's columns."""

    code = "it_indicepa"

    def _file(self, *changes):
        rows = (BODY | change for change in changes)
        return "\ufeff" + self._text(HEADER, *rows, quoting=csv.QUOTE_MINIMAL)

    def test_every_value_of_a_row_is_the_row_s(self):
        found = self._load(self._file({}))
        self.assertFalse(found.problems)
        self.assertEqual(
            list(found.companies.values()),
            [
                {
                    "identity": "reg:IT-CF:00488410010",
                    "name": "Comune di Esempio",
                    "registry": "IT-CF",
                    "registry_id": "00488410010",
                    "legal_form": "Pubbliche Amministrazioni",
                    "domain": "comune.esempio.example",
                    "website": "www.comune.esempio.example",
                    "street": "Piazza del Comune 1",
                    "zip": "10122",
                    "state_code": "TO",
                    "country_code": "IT",
                    "emails": "info@comune.esempio.example",
                    "industry": "84",
                    "industries": "84",
                    "industry_codes": "ATECO 2007 84.11.1",
                }
            ],
        )

    def test_every_province_is_one_of_odoo_s(self):
        table = self.recipe.columns["state"].table
        provinces = {code for country, code, _name in odoo_states() if country == "IT"}
        self.assertLessEqual(set(table.values()), provinces)
        self.assertEqual(len(set(table.values())), 107)

    def test_neither_a_certified_address_nor_a_person_is_loaded(self):
        found = self._load(self._file({"Mail2": "x@pec.example", "Tipo_Mail2": "Pec"}))
        text = str(found)
        for private in ("pec.", "Maria", "Specimine", "Sindaca"):
            self.assertNotIn(private, text)

    def test_who_is_in_liquidation_is_no_company(self):
        found = self._load(self._file({"Ente_in_liquidazione": "S"}))
        self.assertEqual(list(found.ended.values()), ["insolvent"])
        self.assertFalse(found.companies)
