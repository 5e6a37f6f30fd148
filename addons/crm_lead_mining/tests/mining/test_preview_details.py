from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ...company.types import Contact
from ...models.providers import lead_mining_provider_preview
from ..common import LeadMiningCase, SyntheticProvider, synthetic_company


@tagged("post_install", "-at_install")
class TestPreviewDetails(LeadMiningCase):
    def setUp(self):
        super().setUp()
        lead_mining_provider_preview._previews.clear()

    def provide(self, *companies):
        lead_mining_provider_preview._previews.clear()
        return super().provide(*companies)

    def values(self, **values):
        return {
            "provider_id": self.provider.id,
            "country_ids": self.belgium.ids,
            "lead_number": 3,
            **values,
        }

    def preview(self, **values):
        requests = self.env["lead.mining.request"].with_user(self.salesperson)
        return requests.get_preview(self.values(**values))

    def details(self, **values):
        requests = self.env["lead.mining.request"].with_user(self.salesperson)
        return requests.get_preview_details(self.values(**values))

    def test_sample_is_a_row_of_what_is_known_and_of_nothing_that_is_paid(self):
        company = synthetic_company(1, employees=14138, phone="", contacts=(Contact("Ada Person"),))
        self.provide(company)
        (row,) = self.preview()["sample"]
        self.assertEqual(row["employees"], "14,138")
        self.assertEqual(row["industry"], "Software development and IT consultancy")
        self.assertEqual(row["known"], ["email", "website"])
        self.assertEqual(row["city"], "Bruxelles")
        self.assertNotIn("Ada", str(row))
        self.assertNotIn("info@", str(row))

    def test_industry_of_the_sample_is_told_in_the_language_of_who_asks(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.env.ref("crm_lead_mining.industry_62").with_context(lang="it_IT").name = "Informatica"
        self.provide(synthetic_company(1))
        self.assertNotEqual(self.preview()["sample"][0]["industry"], "Informatica")
        self.salesperson.lang = "it_IT"
        requests = self.env["lead.mining.request"].with_user(self.salesperson)
        preview = requests.with_context(lang="it_IT").get_preview(self.values())
        self.assertEqual(preview["sample"][0]["industry"], "Informatica")

    def test_as_many_leads_as_the_credits_allow_are_offered(self):
        self.provide(*(synthetic_company(number) for number in range(1, 201)))
        self.assertEqual(self.preview()["affordable"], 100)
        # Each with a contact, at the highest price.
        with_contacts = {"target": "contacts", "contact_number": 1}
        self.assertEqual(self.preview(**with_contacts)["affordable"], 50)
        self._set_credits(0)
        self.assertEqual(self.preview()["affordable"], 0)

    def test_no_more_are_offered_than_there_are_or_may_be_asked_for(self):
        self.assertEqual(self.preview()["affordable"], 5)
        self.provide(*(synthetic_company(number) for number in range(1, 201)))
        settings = self.env["res.config.settings"].create({"lead_mining_max_leads": 7})
        settings.execute()
        self.assertEqual(self.preview()["affordable"], 7)

    def test_what_is_known_of_the_matches_is_told_by_who_can(self):
        nothing = {"known": [], "roles": [], "industries": []}
        self.assertEqual(self.details(), nothing)
        with (
            patch.object(
                SyntheticProvider, "count_known", lambda *_a: (8, {"email": 2, "phone": 8})
            ),
            patch.object(SyntheticProvider, "count_roles", lambda *_a: {"ceo": 1234, "unknown": 1}),
            patch.object(SyntheticProvider, "count_industries", lambda *_a: {"62": 12, "??": 9}),
        ):
            details = self.details()
        self.assertEqual(
            details["known"],
            [{"label": "E-mail", "text": "25 %"}, {"label": "Phone", "text": "100 %"}],
        )
        self.assertEqual(details["roles"], [{"label": "CEO", "text": "1,234"}])
        industry = self.env.ref("crm_lead_mining.industry_62")
        self.assertEqual(
            details["industries"], [{"id": industry.id, "name": industry.name, "count": 12}]
        )
        self.assertEqual(self.details(country_ids=[]), nothing)

    def test_who_fails_to_tell_holds_up_nobody(self):
        with patch.object(SyntheticProvider, "count_known", side_effect=ZeroDivisionError):
            self.assertEqual(self.details()["known"], [])

    def test_years_that_cannot_be_are_refused(self):
        preview = self.preview(founded_from=2020, founded_to=1990)
        self.assertIn("year of foundation", preview["problem"])

    # === CREDITS === #

    def buyer(self):
        return new_test_user(
            self.env, "buyer", "base.group_user,crm_iap_credits.group_billing_administrator"
        )

    def test_who_may_not_buy_asks_who_may_once(self):
        buyer = self.buyer()
        account = self.env["iap.account"]._get_local("reveal")
        buyer = account._get_billing_users()[:1] or buyer
        self._set_credits(1)
        self.assertIs(self.preview()["may_buy"], False)
        requests = self.env["lead.mining.request"].with_user(self.salesperson)
        for _click in range(2):
            action = requests.ask_for_credits(self.values())
            self.assertIn(buyer.name, action["params"]["message"])
        activity = self.env["mail.activity"].search(
            [
                (
                    "activity_type_id",
                    "=",
                    self.env.ref("crm_lead_mining.mail_activity_type_credits").id,
                )
            ]
        )
        self.assertEqual(activity.user_id, buyer)
        self.assertIn("Sally Salesperson asks for credits", activity.summary)
        self.assertIn("Missing: 2", activity.summary)

    def test_what_is_missing_is_told_as_who_is_asked_writes_numbers(self):
        self.buyer()
        self.env["ir.config_parameter"].set_param("crm_lead_mining.price_lead", "1000")
        self.env["lead.mining.request"].with_user(self.salesperson).ask_for_credits(self.values())
        kind = self.env.ref("crm_lead_mining.mail_activity_type_credits")
        activity = self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])
        self.assertIn("Missing: 2,900", activity.summary)

    def test_first_step_tells_the_credits_as_its_reader_writes_numbers(self):
        self._set_credits(14138)
        steps = {step["name"]: step for step in self.env["first.steps"]._steps().values()}
        self.assertIn("14,138", steps["credits"]["text"])

    def test_request_that_waits_is_asked_for_by_a_button(self):
        self.buyer()
        self._set_credits(1)
        request = self.request(lead_number=3)
        request.action_generate()
        self.assertEqual(request.failure, "credits")
        self.assertFalse(request.may_buy)
        self.assertEqual(request.action_ask_for_credits()["params"]["type"], "success")

    def test_where_nobody_may_buy_it_says_so(self):
        self.env.ref("crm_iap_credits.group_billing_administrator").user_ids = False
        account = type(self.env["iap.account"])
        with patch.object(account, "_get_billing_users", lambda self: self.env["res.users"]):
            requests = self.env["lead.mining.request"].with_user(self.salesperson)
            with self.assertRaisesRegex(UserError, "Nobody may buy"):
                requests.ask_for_credits(self.values())
