import json

from odoo.tests import BaseCase, tagged

from ..tools import refusals
from ..tools.limits import address_key
from .common import AddinCase

GET, SEARCH = "/mail_plugin/partner/get", "/mail_plugin/partner/search"
LEGACY_GET = "/mail_client_extension/partner/get"
ORIGIN = "Access-Control-Allow-Origin"


class TestForms(BaseCase):
    def test_whatever_was_sent_is_answered(self):
        for sent in (None, [], 7, "x", {}, {"name": None, "email": 7, "search_term": []}):
            for form in (refusals.first_generation, refusals.second_generation):
                for path in (*refusals.CONTACT, refusals.SEARCH, *refusals.ENRICHMENT, "/x"):
                    for asks_login in (True, False):
                        answer = form(path, sent, "No.", asks_login=asks_login)
                        partner = answer.get("partner") if isinstance(answer, dict) else None
                        for name in ("name", "email") if partner else ():
                            self.assertIsInstance(partner[name], str, (path, sent))


@tagged("post_install", "-at_install")
class TestRefusals(AddinCase):
    """What the published add-ins show of a refusal, which is not what they are answered."""

    def refused(self, reason):
        """Bring about what the add-in is refused for, return its sentence and token."""
        if reason == "switched off":
            self.set_option("enabled", False)
            return "switched off", self.token
        if reason == "too many":
            self.set_option("token_limit", 1)
            self.post("/mail_plugin/get_translations")
            return "Too many requests", self.token
        return "log in again", "wrong"

    def test_opening_an_e_mail_shows_why_it_is_refused(self):
        for reason in ("switched off", "too many", "expired"):
            sentence, token = self.refused(reason)
            with self.subTest(reason):
                found = self.post(SEARCH, {"search_term": "ann@acme.test"}, token=token)
                # What follows is the contact's data, where there is room for the sentence.
                self.assertEqual(
                    (found.status_code, found.json()["result"]), (200, {"partners": []})
                )
                self.assertEqual(found.headers[ORIGIN], "*")
                for route in (GET, LEGACY_GET):
                    answer = self.post(
                        route, {"email": "ann@acme.test", "name": "Ann"}, token=token
                    )
                    self.assertEqual((answer.status_code, answer.headers[ORIGIN]), (200, "*"))
                    partner = answer.json()["result"]["partner"]
                    self.assertEqual((partner["id"], partner["name"]), (-1, "Ann"))
                    self.assertIn(sentence, partner["enrichment_info"]["info"])
                    with_link = partner["enrichment_info"]["type"] == "connection_error"
                    self.assertIs(with_link, reason == "expired")
            self.set_option("enabled", True)
            self.set_option("token_limit", 0)

    def test_a_search_that_is_refused_is_not_shown_as_nothing_found(self):
        for reason in ("switched off", "too many"):
            sentence, token = self.refused(reason)
            with self.subTest(reason):
                answer = self.post(SEARCH, {"search_term": "quagga"}, token=token)
                [row] = answer.json()["result"]["partners"]
                self.assertIn(sentence, row["name"])
                self.assertEqual((row["id"], row["can_write_on_partner"]), (-1, False))
            self.set_option("enabled", True)
            self.set_option("token_limit", 0)

    def test_an_expired_login_shows_the_login_link_wherever_it_is_found_out(self):
        # The pane shows its link when it is kept from reading an answer, and nothing else there.
        for route, params in (
            (SEARCH, {"search_term": "quagga"}),
            (
                "/mail_plugin/log_mail_content",
                {"model": "res.partner", "res_id": 1, "message": "x"},
            ),
            ("/mail_plugin/partner/create", {"name": "x", "email": "x@y.test", "company": -1}),
            ("/mail_plugin/lead/create", {"partner_id": 1, "email_body": "", "email_subject": ""}),
            ("/mail_plugin/partner/enrich_and_create_company", {"partner_id": 1}),
        ):
            answer = self.post(route, params, token="wrong")
            self.assertNotIn(ORIGIN, answer.headers, route)
            self.assertIn("log in again", answer.json()["error"]["message"])
            self.assertEqual(self.post(route, params).headers[ORIGIN], "*", route)

    def test_an_expired_login_is_told_also_when_others_have_guessed_too_often(self):
        self.set_option("address_limit", 1)
        self.env["mail.plugin.rate"].count(address_key("127.0.0.1"), 1)
        shown = self.post(GET, {"email": "ann@acme.test", "name": "Ann"}, token="expired")
        notice = shown.json()["result"]["partner"]["enrichment_info"]
        self.assertEqual((notice["type"], shown.headers[ORIGIN]), ("connection_error", "*"))
        self.assertIn("Too many requests", notice["info"])
        logged = {"model": "res.partner", "res_id": 1, "message": "x"}
        answer = self.post("/mail_plugin/log_mail_content", logged, token="expired")
        self.assertEqual((answer.status_code, answer.headers.get(ORIGIN)), (429, None))
        # At the login itself the add-in has to be able to read what is wrong.
        route = "/mail_plugin/auth/access_token"
        answer = self.post(route, {"auth_code": "wrong"}, token="")
        self.assertEqual((answer.status_code, answer.headers.get(ORIGIN)), (429, "*"))

    def test_a_refusal_to_buy_is_shown_where_it_was_asked_for(self):
        sentence, token = self.refused("too many")
        for route in refusals.ENRICHMENT:
            self.assertIn(sentence, self.call(route, {"partner_id": 1}, token=token)["error"])

    def test_a_contact_that_the_user_may_not_see_is_a_sentence(self):
        other = self.env["res.company"].create({"name": "Other"})
        secret = self.env["res.partner"].create({"name": "Secret", "company_id": other.id})
        partner = self.call(GET, {"partner_id": secret.id})["partner"]
        self.assertEqual(partner["id"], -1)
        self.assertTrue(partner["enrichment_info"]["info"])
        self.assertNotIn("Secret", json.dumps(partner["name"]))

    def test_the_second_add_ins_show_a_sentence_and_stay_logged_in(self):
        self.set_option("generation", "2")
        for reason in ("switched off", "too many"):
            sentence, token = self.refused(reason)
            with self.subTest(reason):
                shown = self.call(GET, {"email": "a@b.test", "partner_id": False}, token=token)
                self.assertIn(sentence, shown["error"])
                self.assertEqual(shown["partner"], {})
                route = "/mail_plugin/search_records/res.partner"
                self.assertEqual(self.call(route, {"query": ["a@b.test"]}, token=token), [[], 0])
            self.set_option("enabled", True)
            self.set_option("token_limit", 0)


@tagged("post_install", "-at_install")
class TestGone(AddinCase):
    """A pane shows a contact of yesterday; what it reads is text, or the pane stays white."""

    def nulls(self, value, path=""):
        if isinstance(value, dict):
            return [found for key in value for found in self.nulls(value[key], f"{path}.{key}")]
        if isinstance(value, list):
            return [found for item in value for found in self.nulls(item, path)]
        return [path] if value is None and not path.endswith("enrichment_info") else []

    def shown(self, contact, **params):
        result = self.call(GET, {"partner_id": contact.id, **params})
        self.assertEqual(self.nulls(result), [])
        self.assertIsInstance(result["partner"]["name"], str)
        return result["partner"]

    def test_a_deleted_contact_is_told(self):
        contact = self.env["res.partner"].create({"name": "Ann", "email": "ann@acme.test"})
        gone = contact.browse(contact.id)
        contact.unlink()
        for params in ({}, {"email": None, "name": None}, {"email": "", "name": ""}):
            partner = self.shown(gone, **params)
            self.assertEqual(partner["id"], -1)
            self.assertIn("no longer exists", partner["enrichment_info"]["info"])
        self.assertEqual(self.shown(gone, email="ann@acme.test", name="Ann")["name"], "Ann")

    def test_of_a_merged_contact_the_one_that_stays_is_shown(self):
        one, two = self.env["res.partner"].create(
            [{"name": "Ann", "email": "ann@acme.test"}, {"name": "A.", "email": "ann@acme.test"}]
        )
        gone = two.browse(two.id)
        self.env["base.partner.merge.automatic.wizard"]._merge((one | two).ids, one)
        self.assertEqual(self.shown(gone, email="ann@acme.test", name="A.")["id"], one.id)
        self.assertEqual(self.shown(gone)["id"], -1)

    def test_a_contact_without_name_or_address_is_text(self):
        parent = self.env["res.partner"].create({"name": "Acme", "is_company": True})
        contact = self.env["res.partner"].create({"type": "invoice", "parent_id": parent.id})
        self.shown(contact)
        self.shown(parent)

    def test_stored_data_of_a_company_are_shown_in_the_form_that_is_read(self):
        company = self.env["res.partner"].create({"name": "Acme", "is_company": True})
        for stored, shown in (
            ("null", {}), ("[]", {}), ('"x"', {}),
            ('{"tag": "Tea", "name": null}', {"tag": ["Tea"]}),
            ('{"tag": [null, {"a": 1}, "b"], "employees": 7, "x": {"y": 1}, "z": ["a"]}',
             {"tag": ["b"], "employees": 7}),
        ):  # fmt: skip
            company.iap_enrich_info = stored
            self.assertEqual(self.shown(company)["company"]["additionalInfo"], shown, stored)

    def test_the_second_add_ins_read_text_as_well(self):
        self.set_option("generation", "2")
        parent = self.env["res.partner"].create({"name": "Acme", "is_company": True})
        contact = self.env["res.partner"].create({"type": "invoice", "parent_id": parent.id})
        self.shown(contact, email=False)
        gone = contact.browse(contact.id)
        contact.unlink()
        result = self.call(GET, {"partner_id": gone.id, "email": False})
        self.assertEqual((result["partner"], bool(result["error"])), ({}, True))
