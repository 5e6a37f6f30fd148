"""Rules without the database: clients are read strictly, and no answer can crash them."""

import json
from contextlib import suppress
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_lead_mining.tests.common import synthetic_company
from odoo.addons.crm_lead_mining.tools import stock_answers

from ..tools import shapes, wire
from ..tools.generations import credit_signal
from ..tools.identities import known_among, public_id
from ..tools.questions import (
    BadQuestion,
    read_accounts,
    read_alert,
    read_asker,
    read_domains,
    read_mining,
)
from ..tools.tokens import key_of_link, read_token, sha1

TOKEN = "5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f"


@tagged("post_install", "-at_install")
class TestTokens(BaseCase):
    def test_a_token_and_its_link_are_one_client_and_neither_is_stored(self):
        key = read_token(TOKEN).key
        self.assertEqual(key, key_of_link(sha1(TOKEN)))
        self.assertNotIn(TOKEN, key)
        self.assertNotEqual(key, sha1(TOKEN))

    def test_the_suffix_of_copies_is_told_apart(self):
        token = read_token(f"{TOKEN}+disabled")
        self.assertEqual((token.key, token.disabled), (read_token(TOKEN).key, True))

    def test_what_many_databases_share_or_nobody_sends_is_nobodys(self):
        for value in ("dummy_value+disabled", "dummy_value", "", None, 7, [], {}, "short", "é" * 32,
                      "x" * 5000, "000000", "0" * 32, " " * 32):  # fmt: skip
            with self.subTest(value=value):
                self.assertFalse(read_token(value).key)

    def test_links_that_are_no_hash_find_nobody(self):
        for value in (None, 1, "", "A" * 40, "a" * 39, TOKEN, "g" * 40):
            self.assertFalse(key_of_link(value))


@tagged("post_install", "-at_install")
class TestGenerations(BaseCase):
    def test_missing_credits_are_told_as_each_generation_reads_them(self):
        for version, query, signal in (
            ("19.0", {}, "error"),
            ("19.0-20260115", {}, "error"),
            ("19.0-20260301", {}, "flag"),
            ("18.0", {}, "error"),
            ("saas~19.1", {}, "error"),
            ("saas~19.2+e", {}, "flag"),
            ("saas~19.4+e", {"sic_groups": [42]}, "flag"),
            ("20.0", {}, "flag"),
            ("", {}, "error"),
        ):
            with self.subTest(version=version):
                self.assertEqual(credit_signal(version, query), signal)

    def test_an_administrator_has_the_last_word(self):
        self.assertEqual(credit_signal("saas~19.4", {"sic_groups": []}, "error"), "error")
        self.assertEqual(credit_signal("17.0", {}, "flag"), "flag")


@tagged("post_install", "-at_install")
class TestQuestions(BaseCase):
    def test_both_generations_of_criteria_are_the_same_question(self):
        new = {"lead_number": 2, "search_type": "companies",
               "countries": [{"code": "IT", "states": ["MI"]}]}  # fmt: skip
        old = {"lead_number": 2, "search_type": "companies", "countries": ["IT"], "states": ["MI"]}
        self.assertEqual(read_mining(new), read_mining(old))
        self.assertEqual(read_mining(new).key, read_mining(old).key)

    def test_known_ids_are_a_set_and_make_another_question(self):
        query = {"lead_number": 1, "countries": []}
        one, two = read_mining(query, ["b", "a", "a"]), read_mining(query, ["a", "b"])
        self.assertEqual(one.key, two.key)
        self.assertNotEqual(one.key, read_mining(query, ["a"]).key)

    def test_unknown_industries_narrow_nothing_and_are_told(self):
        question = read_mining({"lead_number": 1, "industry_ids": ["165", "9999", "Software"]})
        self.assertEqual(question.query["industry_ids"], ["165"])
        self.assertEqual(question.ignored, ("9999", "Software"))

    def test_countries_that_are_none_fit_nothing_and_never_the_world(self):
        self.assertTrue(read_mining({"countries": ["nowhere", 7, None]}).hopeless)
        self.assertFalse(read_mining({"countries": []}).hopeless)

    def test_numbers_of_another_type_are_as_if_they_were_not_there(self):
        sizes = {"company_size_min": "x", "company_size_max": -4}
        question = read_mining(
            {"lead_number": "many", **sizes, "sic_groups": ["42", True, 42, 400]}
        )
        self.assertEqual(question.number, 1)
        self.assertEqual(
            question.query,
            {"search_type": "companies", "countries": [], "company_size_max": 0,
             "sic_groups": [42]},
        )  # fmt: skip

    def test_what_is_no_question_is_refused(self):
        for query in (None, [], "x", 7, {"countries": "IT"}):
            with self.assertRaises(BadQuestion):
                read_mining(query)
        for domains in (None, [], "x", {str(n): "a.example" for n in range(201)}):
            with self.assertRaises(BadQuestion):
                read_domains(domains)

    def test_accounts_are_named_by_ascii_tokens_alone(self):
        rows = [{"token": TOKEN, "service": "reveal"}, {"token": "é" * 32}, TOKEN, None, {"x": 1}]
        self.assertEqual([one.sent for one in read_accounts(rows)], [TOKEN, TOKEN])
        self.assertEqual(read_accounts("x"), [])

    def test_alerts_of_both_generations(self):
        new = read_alert({"warning_threshold": 5, "warning_emails": [
            {"email": "a@b.example", "lang_code": "it_IT"}, {"email": "no"}, 7]})  # fmt: skip
        self.assertEqual((new.threshold, new.emails), (5, (("a@b.example", "it_IT"),)))
        old = read_alert({"warn_me": True, "warning_threshold": None,
                          "warning_email": "ops@alfa.example"})  # fmt: skip
        self.assertEqual((old.threshold, old.emails), (None, (("ops@alfa.example", ""),)))
        self.assertEqual(read_alert({"warn_me": False}).threshold, 0)


@tagged("post_install", "-at_install")
class TestIdentities(BaseCase):
    def test_rows_of_ours_go_out_hashed_and_come_back(self):
        key = "record:12:abc"
        sent = public_id(key)
        self.assertRegex(sent, r"^org-[0-9a-f]{24}$")
        self.assertEqual(known_among([key, "vat:X"], frozenset({sent})), {key})

    def test_public_numbers_go_out_as_they_are(self):
        self.assertEqual(public_id("reg:XX-TEST:1"), "reg:XX-TEST:1")

    def test_a_number_alone_is_looked_up_as_what_it_can_be(self):
        self.assertIn("reg:FR-SIRENE:552100554", wire.keys_of_number("55210055400013"))
        self.assertIn("reg:BE-BCEKBO:0403170701", wire.keys_of_number("0403170701"))
        self.assertEqual(wire.keys_of_number("reg:XX-TEST:1"), ["reg:XX-TEST:1"])


@tagged("post_install", "-at_install")
class TestShapes(BaseCase):
    def test_whole_companies_pass_in_every_shape(self):
        company = synthetic_company(1)
        mined = stock_answers.mining_answer(company)
        self.assertEqual(shapes.MINED.fit(mined), mined)
        old = shapes.OLD_MINED.fit(wire.old_mining_answer(company, "id"))
        self.assertEqual(old["company_data"]["location"], "Rue de l'Exemple 1")
        self.assertEqual(old["people_data"], [])
        completed = stock_answers.autocomplete_answer(company, "id")
        self.assertEqual(shapes.COMPLETED.fit(completed)["street"], "Rue de l'Exemple 1")

    def test_a_bare_company_has_all_that_is_read_by_index(self):
        company = replace(synthetic_company(1), country_code="", emails=(), phone="", domain="",
                          website="", street="", city="", zip="", employees=None)  # fmt: skip
        mined = shapes.MINED.fit(stock_answers.mining_answer(company))
        self.assertEqual(mined["country_code"], "")
        self.assertNotIn("email", mined)
        old = shapes.OLD_MINED.fit(wire.old_mining_answer(company, "id"))["company_data"]
        for key in ("country_code", "domain", "clearbit_id", "name", "legal_name", "phone",
                    "phone_numbers", "location", "city", "postal_code", "state_code"):  # fmt: skip
            self.assertIn(key, old)

    def test_values_that_crashed_clients_are_put_right_or_left_out(self):
        row = {"duns": "1", "name": "Alfa", "country_code": "it", "employees": "51-200",
               "email": "info@alfa.example", "phone_numbers": None, "logo": "javascript:x",
               "people_data": [{"full_name": "Ada"}], "website": "https://www.alfa.example/x",
               "founded_year": 0, "street": None, "surprise": 1}  # fmt: skip
        self.assertEqual(
            shapes.MINED.fit(row),
            {"duns": "1", "name": "Alfa", "country_code": "IT", "email": ["info@alfa.example"],
             "website": "www.alfa.example",
             "people_data": [{"full_name": "Ada", "email": "", "title": "", "phone": ""}]},
        )  # fmt: skip

    def test_a_row_that_lacks_what_is_needed_is_dropped_and_no_row_comes_twice(self):
        rows = [{"duns": "1", "name": "A"}, {"duns": "1", "name": "B"}, {"duns": "2"}, None, 7]
        self.assertEqual([row["name"] for row in shapes.MINED.fit_all(rows, "duns")], ["A"])

    def test_accounts_have_all_keys_whatever_is_known(self):
        self.assertEqual(
            shapes.ACCOUNT.fit({"balance": "many", "registered": "perhaps", "service": None}),
            {"balance": 0, "warning_threshold": 0, "registered": "unregistered",
             "service": {"description": "", "price_description": "", "packs": []}},
        )  # fmt: skip


#: Shape -> what the client does with one object of it, as its code was read.
def _read_mined(row):
    assert row["duns"] and row["country_code"] is not None
    next(iter(row.get("email", [])), "").lower()
    next(iter(row.get("phone_numbers", [])), "").lower()
    round(row.get("employees", 0))
    for person in row.get("people_data", []):
        assert person["full_name"] + person["title"] + person["email"] + person["phone"]
    for _code, _name in row.get("unspsc_codes", []):
        pass
    row.get("timezone", "").replace("_", " ")
    ", ".join(row.get("tech", []))


def _read_old_mined(row):
    company = row["company_data"]
    for key in ("name", "legal_name", "phone", "location", "city", "postal_code", "state_code"):
        company[key].lower()
    assert company["clearbit_id"]
    next(iter(company["phone_numbers"]), "").lower()
    for person in row["people_data"][:1]:
        assert person["full_name"] + person["email"] + person["title"]


def _read_enriched(row):
    next(iter(row["phone_numbers"]), "").lower()
    next(iter(row["email"]), "").lower()
    round(row.get("employees", 0))


def _read_suggestion(row):
    row["name"].lower()
    row["country_code"].upper()
    assert row["duns"]


def _read_account(row):
    round(row["balance"], 4)
    row["warning_threshold"] + 1
    assert row["registered"] in ("banned", "registered", "unregistered", False)
    for pack in row["service"]["packs"]:
        assert pack["id"] and pack["name"] and pack["price"] and pack["credit"] is not None


READERS = {
    "MINED": _read_mined,
    "OLD_MINED": _read_old_mined,
    "ENRICHED": _read_enriched,
    "SUGGESTION": _read_suggestion,
    "ACCOUNT": _read_account,
}


@tagged("post_install", "-at_install")
class TestNoAnswerCrashesAClient(BaseCase):
    KEYS = st.sampled_from(
        sorted(
            {key for shape in vars(shapes).values() if isinstance(shape, shapes.Shape)
             for part in (shape.needed, shape.kept, shape.optional) for key in part}
        )
    )  # fmt: skip

    @staticmethod
    def anything():
        keys = TestNoAnswerCrashesAClient.KEYS | st.text(max_size=5)
        plain = (
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
            | st.sampled_from(["IT", "it", "51-200", "300", "alfa.example", "https://x.example"])
        )  # fmt: skip
        return st.recursive(
            plain,
            lambda one: st.lists(one, max_size=3) | st.dictionaries(keys, one, max_size=4),
            max_leaves=8,
        )

    def test_whatever_a_provider_tells_a_client_can_read_what_passes(self):
        rows = st.dictionaries(self.KEYS, self.anything(), max_size=14)

        @settings(max_examples=400, deadline=None, database=None)
        @given(rows)
        def check(row):
            for name, read in READERS.items():
                shape = getattr(shapes, name)
                found = shape.fit(row)
                if found is not None:
                    read(found)
                    # What passes passes again, and is plain JSON without NaN or null.
                    self.assertEqual(shape.fit(found), found)
                    self.assertNotIn("null", json.dumps(found, allow_nan=False))

        check()

    def test_whatever_is_sent_is_read_or_refused(self):
        @settings(max_examples=400, deadline=None, database=None)
        @given(st.dictionaries(st.text(max_size=8), self.anything()), self.anything())
        def check(params, value):
            read_asker(params | {"account_token": value, "dbuuid": value, "db_lang": value})
            read_accounts(value)
            read_alert(params | {"warning_threshold": value, "warning_emails": value,
                                 "warning_email": value})  # fmt: skip
            for read in (read_mining, read_domains):
                with suppress(BadQuestion):
                    read(value)
            query = dict.fromkeys(("countries", "states", "industry_ids", "sic_groups",
                                   "lead_number", "company_size_min"), value)  # fmt: skip
            with suppress(BadQuestion):
                json.dumps(read_mining(query, value).query)

        check()
