from odoo.tests import TransactionCase, tagged

from ...company import nace, roles, vocabulary

#: What people call an industry -> its division or section, in English and in Italian.
INDUSTRIES = {
    "restaurant": "56", "hotel": "55", "lawyer": "69", "saas": "62", "logistics": "52",
    "bakery": "10", "plumber": "43", "builder": "41", "dentist": "86", "pharmacy": "47",
    "fashion": "14", "winery": "11", "car dealer": "45", "trucking": "49", "bank": "64",
    "insurance": "65", "accountant": "69", "architect": "71", "marketing": "73", "school": "85",
    "gym": "93", "cleaning": "81", "software": "62", "real estate": "68", "farm": "01",
    "ristorante": "56", "albergo": "55", "avvocato": "69", "moda": "14", "logistica": "52",
    "panificio": "10", "idraulico": "43", "edilizia": "41", "dentista": "86", "farmacia": "47",
    "vino": "11", "concessionaria": "45", "autotrasporti": "49", "banca": "64",
    "assicurazione": "65", "commercialista": "69", "architetto": "71", "pubblicità": "73",
    "scuola": "85", "palestra": "93", "pulizie": "81", "informatica": "62", "immobiliare": "68",
    "azienda agricola": "01", "mobili": "31",
}  # fmt: skip
ROLES = {
    "HR": "human_resources", "IT": "information_technology", "boss": "ceo",
    "managing director": "ceo", "purchasing": "operations", "lawyer": "legal",
    "accountant": "finance", "developer": "engineering", "PR": "public_relations",
    "salesman": "sale", "support": "customer_service",
    "risorse umane": "human_resources", "informatica": "information_technology",
    "amministratore delegato": "ceo", "titolare": "owner", "acquisti": "operations",
    "avvocato": "legal", "commerciale": "sale", "ragioniere": "finance", "vendite": "sale",
    "ufficio stampa": "public_relations", "assistenza": "customer_service",
}  # fmt: skip
#: As many as a field offers without "Search more".
OFFERED = 7


@tagged("post_install", "-at_install")
class TestVocabulary(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("it_IT")

    def found(self, model, term, limit=OFFERED, **context):
        Model = self.env[model].with_context(**context)
        ids = [record_id for record_id, _name in Model.name_search(term, limit=limit)]
        return Model.browse(ids).mapped("code")

    def test_everyday_words_of_two_languages_find_industries_and_roles(self):
        self.assertEqual(len(INDUSTRIES) + len(ROLES), 36 + 36)
        for model, words in (("lead.mining.industry", INDUSTRIES), ("lead.mining.role", ROLES)):
            for word, code in words.items():
                for lang in ("en_US", "it_IT"):
                    with self.subTest(word=word, lang=lang):
                        self.assertIn(code, self.found(model, word, lang=lang)[:3])

    def test_a_word_is_found_while_it_is_typed(self):
        for typed in ("resta", "restau", "restaurant", "restaurants"):
            with self.subTest(typed):
                self.assertIn("56", self.found("lead.mining.industry", typed))

    def test_names_that_begin_with_it_come_first(self):
        found = self.found("lead.mining.industry", "real")
        self.assertEqual(found[:2], ["L", "68"])
        self.assertEqual(self.found("lead.mining.role", "rec")[0], "recruiting")
        self.assertEqual(self.found("lead.mining.industry", "62")[0], "62")

    def test_two_letters_find_whole_words_only(self):
        self.assertNotIn("recruiting", self.found("lead.mining.role", "it", limit=100))

    def test_what_means_nothing_finds_nothing(self):
        self.assertEqual(self.found("lead.mining.industry", "xyzzy", limit=100), [])

    def test_nothing_typed_offers_all_in_their_order(self):
        self.assertEqual(self.found("lead.mining.industry", "")[:2], ["A", "01"])

    def test_lists_are_searched_by_the_same_words(self):
        found = self.env["lead.mining.industry"].search([("display_name", "ilike", "trattoria")])
        self.assertIn("56", found.mapped("code"))

    def test_only_what_the_field_allows_is_offered(self):
        found = self.env["lead.mining.industry"].name_search(
            "restaurant", [("code", "=", "55")], limit=OFFERED
        )
        self.assertFalse(found)

    def test_tables_name_only_what_there_is(self):
        self.assertLessEqual(vocabulary.phrases_by_code("words.txt").keys(), nace.CODES)
        self.assertEqual(vocabulary.phrases_by_code("role_words.txt").keys(), roles.ROLES.keys())
