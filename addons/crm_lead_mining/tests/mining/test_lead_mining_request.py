from datetime import timedelta
from unittest.mock import patch

from lxml import etree
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ...company.classes import REVENUES
from ...models.providers import lead_mining_provider_preview
from ...providers.base import COUNT_LIMIT
from ..common import LeadMiningCase, SyntheticProvider, synthetic_company


@tagged("post_install", "-at_install")
class TestRequest(LeadMiningCase):
    def test_limits_hold_on_the_server(self):
        for values in (
            {"lead_number": 201},
            {"lead_number": 10**9},
            {"target": "contacts", "contact_number": 6},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.request(**values)

    @mute_logger("odoo.sql_db")
    def test_no_lead_at_all_is_refused(self):
        with self.assertRaises(CheckViolation):
            self.request(lead_number=0)

    def test_every_revenue_that_can_be_asked_for_is_a_class_of_the_directory(self):
        asked = {
            key for key, _label in self.env["lead.mining.request"]._fields["revenue_from"].selection
        }
        self.assertEqual(asked, {name for least, name in REVENUES.items() if least})

    def test_set_limits_hold(self):
        self.env["ir.config_parameter"].set_param("crm_lead_mining.max_leads", "2")
        with self.assertRaisesRegex(ValidationError, "1 to 2 leads"):
            self.request(lead_number=3)

    @mute_logger("odoo.sql_db")
    def test_size_from_above_to_is_refused(self):
        with self.assertRaises(CheckViolation):
            self.request(filter_on_size=True, size_min=50, size_max=10)

    def test_state_of_another_country_is_refused(self):
        california = self.env.ref("base.state_us_5")
        with self.assertRaisesRegex(ValidationError, "California"):
            self.request(state_ids=[(6, 0, california.ids)])

    def test_removing_a_country_removes_its_states(self):
        form = Form(self.env["lead.mining.request"].with_user(self.salesperson))
        form.country_ids.add(self.env.ref("base.us"))
        form.state_ids.add(self.env.ref("base.state_us_5"))
        form.country_ids.remove(self.env.ref("base.us").id)
        self.assertFalse(form.state_ids[:])

    def test_request_without_country_does_not_start(self):
        request = self.request(country_ids=[])
        with self.assertRaisesRegex(UserError, "country"):
            request.action_generate()
        self.assertEqual(request.state, "draft")

    def test_missing_credits_are_told_and_the_request_is_kept(self):
        self._set_credits(2)
        request = self.request()
        request.action_generate()
        self.assertEqual((request.state, request.failure), ("waiting_credits", "credits"))
        self.assertIn("missing: 1.", request.message)
        self.assertTrue(request.action_buy_credits()["url"].startswith("/iap/credits/"))

    def test_generate_shows_the_request(self):
        request = self.request()
        action = request.action_generate()
        self.assertEqual((action["res_model"], action["res_id"]), (request._name, request.id))

    def test_started_request_does_not_start_twice(self):
        request = self.request()
        request.action_generate()
        with self.assertRaises(UserError):
            request.action_generate()

    def test_working_request_is_neither_changed_nor_deleted(self):
        request = self.request()
        request.action_generate()
        with self.assertRaises(UserError):
            request.lead_number = 9
        with self.assertRaises(UserError):
            request.unlink()

    def test_deleted_request_leaves_nothing(self):
        request = self.request()
        run = request.run_id
        request.unlink()
        self.assertFalse(run.exists())

    def test_copied_request_starts_anew(self):
        copy = self.mine().copy()
        self.assertEqual((copy.state, copy.created_count, copy.name), ("draft", 0, "New"))
        self.assertEqual(copy.country_ids, self.belgium)

    def test_drafts_that_a_dialog_left_are_deleted_after_a_day_and_others_stay(self):
        kept = self.request() + self.request(from_dialog=True) + self.mine(from_dialog=True)
        left = self.request(from_dialog=True)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE lead_mining_request SET write_date = write_date - interval '2 days'"
            " WHERE id = ANY(%s)",
            [(kept[0] + kept[2] + left).ids],
        )
        self.env.invalidate_all()
        self.env["lead.mining.request"]._gc_left_dialogs()
        self.assertEqual((left.exists(), kept.exists()), (left.browse(), kept))

    def test_a_draft_of_a_dialog_is_kept_for_a_whole_day(self):
        young, old = (self.request(from_dialog=True) for _each in range(2))
        self.env.flush_all()
        for request, hours in ((young, 23), (old, 25)):
            self.env.cr.execute(
                "UPDATE lead_mining_request SET write_date = %s WHERE id = %s",
                [fields.Datetime.now() - timedelta(hours=hours), request.id],
            )
        self.env.invalidate_all()
        self.env["lead.mining.request"]._gc_left_dialogs()
        self.assertEqual((young | old).exists(), young)

    def test_each_criterion_changes_what_providers_are_asked(self):
        ref = self.env.ref
        base = {
            "target": "contacts",
            "country_ids": [Command.set((self.belgium | ref("base.us")).ids)],
        }
        role = ref("crm_lead_mining.role_ceo")
        changes = {
            "target": {"target": "companies"},
            "country_ids": {"country_ids": [Command.set(ref("base.us").ids)]},
            "state_ids": {"state_ids": [Command.set(ref("base.state_us_5").ids)]},
            "industry_ids": {"industry_ids": [Command.set(ref("crm_lead_mining.industry_62").ids)]},
            "filter_on_size": {"filter_on_size": True},
            "size_min": {"filter_on_size": True, "size_min": 10},
            "size_max": {"filter_on_size": True, "size_max": 10},
            "technology_ids": {"technology_ids": [Command.create({"name": "Synthetic Shop"})]},
            "no_subsidiaries": {"no_subsidiaries": True},
            "with_email": {"with_email": True},
            "with_phone": {"with_phone": True},
            "with_website": {"with_website": True},
            "places": {"places": "Gent, 10"},
            "words": {"words": "organic"},
            "founded_from": {"founded_from": 2000},
            "founded_to": {"founded_to": 2000},
            "legal_form": {"legal_form": "SA"},
            "revenue_from": {"revenue_from": "from_10"},
            "dataset": {"dataset": "GLEIF"},
            "not_these": {"not_these": "synthetic9.example"},
            "delivery_order": {"delivery_order": "shuffled"},
            "contact_number": {"contact_number": 2},
            "contact_filter": {"contact_filter": "seniority"},
            "preferred_role_id": {"preferred_role_id": role.id},
            "role_ids": {"role_ids": [Command.set(role.ids)]},
            "seniority": {"contact_filter": "seniority", "seniority": "director"},
            "known_policy": {"known_policy": "link"},
        }
        # Who is asked, for how many, and what their companies become, is no part of a question.
        besides = {"provider_id", "lead_number", "lead_type"}
        self.assertEqual(
            changes.keys() | besides, self.env["lead.mining.criteria"]._criteria_fields()
        )
        queries = {"": self.request(**base)._to_query()}
        for name, values in changes.items():
            queries[name] = self.request(**base | values)._to_query()
        self.assertEqual(len(set(queries.values())), len(queries), queries)

    def test_leads_feature_decides_between_leads_and_opportunities(self):
        self.assertEqual(self.request().lead_type, "opportunity")
        self.salesperson.group_ids += self.env.ref("crm.group_use_lead")
        self.assertEqual(self.request().lead_type, "lead")

    def test_team_follows_the_salesperson(self):
        team = self.env["crm.team"].create(
            {"name": "Own Team", "user_id": self.salesperson.id, "sequence": 1}
        )
        self.assertEqual(self.request(user_id=self.salesperson.id).team_id, team)


@tagged("post_install", "-at_install")
class TestAccess(LeadMiningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(cls.env, "colleague", "sales_team.group_sale_salesman")
        cls.manager = new_test_user(cls.env, "manager", "sales_team.group_sale_manager")
        cls.outsider = new_test_user(cls.env, "outsider", "base.group_user")

    def test_user_without_the_right_is_refused(self):
        request = self.request()
        for call in (
            lambda: self.request(user=self.outsider),
            lambda: self.env["crm.lead"].with_user(self.outsider).action_open_lead_mining(),
            lambda: self.env["lead.mining.request"].with_user(self.outsider).get_preview({}),
            lambda: request.with_user(self.outsider).action_generate(),
            lambda: request.with_user(self.outsider).action_cancel(),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_button_is_shown_to_those_with_the_right_only(self):
        self.env["res.config.settings"]._set_lead_mining_audience("manager")
        for view in (
            "crm.crm_case_kanban_view_leads",
            "crm.view_crm_lead_kanban",
            "crm.crm_case_tree_view_oppor",
            "crm.crm_case_tree_view_leads",
        ):
            Lead = self.env["crm.lead"]
            view_id = self.env.ref(view).id
            for user, shown in ((self.manager, True), (self.salesperson, False)):
                arch = Lead.with_user(user).get_view(view_id)["arch"]
                self.assertEqual("action_open_lead_mining" in arch, shown, (view, user.login))

    def test_salespeople_see_their_own_requests_and_managers_all(self):
        request = self.request()
        Request = self.env["lead.mining.request"]
        self.assertIn(request, Request.with_user(self.salesperson).search([]))
        self.assertNotIn(request, Request.with_user(self.colleague).search([]))
        self.assertIn(request, Request.with_user(self.manager).search([]))

    def test_salespeople_see_the_results_of_their_own_requests(self):
        request = self.mine()
        Result = self.env["lead.mining.result"]
        self.assertTrue(Result.with_user(self.salesperson).search([]))
        self.assertFalse(Result.with_user(self.colleague).search([]))
        results = Result.with_user(self.manager).search([("request_id", "=", request.id)])
        self.assertEqual(len(results), 3)

    def test_requests_of_another_company_are_hidden_from_managers_too(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        request = self.request()
        self.env.cr.execute(
            "UPDATE lead_mining_request SET company_id = %s WHERE id = %s", (other.id, request.id)
        )
        request.invalidate_recordset()
        self.assertNotIn(
            request, self.env["lead.mining.request"].with_user(self.manager).search([])
        )

    def test_progress_and_cost_cannot_be_written_by_users(self):
        request = self.request()
        with self.assertRaises(AccessError):
            request.write({"state": "done"})
        with self.assertRaises(AccessError):
            request.write({"credits_captured": 0, "run_id": 1})
        forged = self.request(state="done", created_count=200, run_id=request.run_id.id)
        self.assertEqual((forged.state, forged.created_count), ("draft", 0))
        self.assertNotEqual(forged.run_id, request.run_id)

    def test_tokens_and_answers_are_hidden_from_salespeople(self):
        request = self.mine()
        with self.assertRaises(AccessError):
            request.read(["hold_token"])
        with self.assertRaises(AccessError):
            self.env["lead.mining.answer"].with_user(self.salesperson).search([])

    def saved_search(self, owner):
        return (
            self.env["lead.mining.search"]
            .with_user(owner)
            .create({"name": "Saved", "country_ids": [Command.set(self.belgium.ids)]})
        )

    def test_request_that_was_started_stays_with_the_search_that_it_was_made_for(self):
        request, search = self.mine(), self.saved_search(self.salesperson)
        with self.assertRaises(UserError):
            request.search_id = search
        draft = self.request()
        draft.search_id = search
        draft.action_generate()
        with self.assertRaises(UserError):
            draft.search_id = False
        with self.assertRaises(AccessError):
            draft.search_slot = "2026-01-01 00:00:00"
        self.assertEqual(search.request_ids, draft)

    def test_nobody_adds_requests_to_the_search_of_somebody_else(self):
        search = self.saved_search(self.colleague)
        with self.assertRaises(AccessError):
            self.request(search_id=search.id)
        draft = self.request()
        with self.assertRaises(AccessError):
            draft.search_id = search.id
        self.assertFalse(search.request_ids)

    def test_copy_of_a_request_leaves_a_search_that_was_given_away(self):
        search = self.saved_search(self.salesperson)
        request = self.request(search_id=search.id)
        self.assertEqual(request.copy().search_id, search)
        search.with_user(self.manager).owner_id = self.colleague
        self.assertFalse(request.copy().search_id)

    def test_request_can_be_cancelled_while_lead_mining_is_switched_off(self):
        self.salesperson.group_ids += self.env.ref("crm_lead_mining.group_lead_mining_user")
        running = self.request()
        running.action_generate()
        self._set_credits(0)
        waiting = self.request()
        waiting.action_generate()
        self.env["res.config.settings"].create({"lead_mining": False}).execute()
        for request in (running, waiting):
            request.action_cancel()
        self.assertEqual((running.cancelling, waiting.state), (True, "cancelled"))

    def test_lead_may_be_given_to_a_colleague(self):
        request = self.mine(user_id=self.colleague.id)
        leads_sudo = request.sudo().lead_ids
        self.assertEqual(leads_sudo.user_id, self.colleague)
        self.assertEqual(leads_sudo.create_uid, self.salesperson)


@tagged("post_install", "-at_install")
class TestPreview(LeadMiningCase):
    def preview(self, **values):
        return (
            self.env["lead.mining.request"]
            .with_user(self.salesperson)
            .get_preview(
                {
                    "provider_id": self.provider.id,
                    "lead_number": 3,
                    "target": "companies",
                    "country_ids": self.belgium.ids,
                    **values,
                }
            )
        )

    def setUp(self):
        super().setUp()
        lead_mining_provider_preview._previews.clear()

    def test_count_price_and_balance_are_told_before_anything_is_paid(self):
        preview = self.preview()
        self.assertEqual((preview["count"], preview["price"], preview["balance"]), (5, 3, 100))
        self.assertEqual(preview["lowest_price"], 3)
        self.assertNotIn("contacts", preview)
        self.assertPaid(0)

    def test_sample_is_masked(self):
        sample = self.preview()["sample"]
        self.assertEqual(len(sample), 5)
        self.assertEqual(sample[0]["name"], "S•••••••• 1")
        self.assertNotIn("synthetic1.example", str(sample))

    def test_contacts_count_in_the_price(self):
        preview = self.preview(target="contacts", contact_number=2)
        self.assertEqual((preview["lowest_price"], preview["price"]), (3, 9))
        self.assertIsNone(preview["contacts"])  # its provider does not tell

    def test_contacts_that_fit_are_counted_where_the_provider_tells(self):
        for told, shown in (
            (0, (0, False)),
            (7, (7, False)),
            (COUNT_LIMIT + 1, (COUNT_LIMIT, True)),
        ):
            lead_mining_provider_preview._previews.clear()
            with patch.object(SyntheticProvider, "count_contacts", lambda *_args, n=told: n):
                preview = self.preview(target="contacts", contact_number=2)
            self.assertEqual((preview["contacts"], preview["contacts_are_capped"]), shown)

    def test_companies_without_a_fitting_contact_are_told_when_the_request_is_done(self):
        self.provide(*(synthetic_company(n, contacts=()) for n in (1, 2)), synthetic_company(3))
        request = self.mine(lead_number=3, target="contacts", contact_number=1)
        self.assertEqual(request.state, "done")
        self.assertIn("No contact that fits is known of 2 of the 3 new companies", request.message)

    def test_price_of_few_matches_is_theirs(self):
        self.assertEqual(self.preview(lead_number=50)["price"], 5)

    def test_missing_credits_are_told_with_where_to_buy(self):
        self._set_credits(1)
        preview = self.preview()
        self.assertEqual(preview["missing"], 2)
        self.assertTrue(preview["buy_url"])

    def test_wrong_criteria_are_told_without_asking_the_provider(self):
        for values in (
            {"lead_number": 0},
            {"lead_number": 10**9},
            {"country_ids": []},
            {"filter_on_size": True, "size_min": 9, "size_max": 1},
            {"state_ids": self.env.ref("base.state_us_5").ids},
        ):
            with self.subTest(values=values):
                preview = self.preview(**values)
                self.assertTrue(preview["problem"])
                self.assertEqual(preview["price"], 0)
        self.assertFalse(SyntheticProvider.asked)

    def test_more_matches_than_are_counted_are_told_as_such(self):
        self.patch(SyntheticProvider, "count", lambda provider, query: COUNT_LIMIT + 1)
        preview = self.preview()
        self.assertEqual((preview["count"], preview["count_is_capped"]), (COUNT_LIMIT, True))
        self.assertIsNone(preview["living"])

    def test_the_exact_number_is_told_where_one_is_kept_and_the_count_tells_none(self):
        self.patch(SyntheticProvider, "count_living", lambda provider, query: 1_234_567)
        self.assertIsNone(self.preview()["living"], "the count is exact, and without known ones")
        for number, count in enumerate((COUNT_LIMIT + 1, None)):
            self.patch(SyntheticProvider, "count", lambda provider, query, count=count: count)
            preview = self.preview(lead_number=3, size_min=number + 1, filter_on_size=True)
            self.assertEqual((preview["living"], preview["price"]), (1_234_567, 3))

    def test_answer_of_one_company_is_not_another_s(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.salesperson.company_ids += other
        self.preview()
        self.env["lead.mining.request"].with_user(self.salesperson).with_company(other).get_preview(
            {"provider_id": self.provider.id, "lead_number": 3, "country_ids": self.belgium.ids}
        )
        self.assertEqual(len(SyntheticProvider.asked), 2)

    def test_company_of_the_search_pays_whichever_company_is_active(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.salesperson.company_ids += other
        account = self.env["iap.account"]._get_local("reveal", company=other)
        account.adjust(7 - account.credits_available, reason="Test", idempotency_key="other")
        self.env["iap.credit.budget"].create({"company_id": other.id, "hard_limit": 1})
        told = self.preview(company_id=other.id)
        self.assertEqual(told["balance"], 7)
        self.assertIn(f"/iap/credits/{account.id}", told["buy_url"])
        self.assertTrue(told["refusal"])
        told = self.preview(company_id=self.env.company.id)
        self.assertEqual((told["balance"], told["refusal"]), (100, ""))
        self.assertEqual(len(SyntheticProvider.asked), 2, "each company has its own answer")

    def test_balance_of_a_company_that_one_does_not_work_for_is_not_told(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        with self.assertRaises(AccessError):
            self.preview(company_id=other.id)

    def test_credits_are_bought_for_the_company_of_the_request(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.salesperson.company_ids += other
        account = self.env["iap.account"]._get_local("reveal", company=other)
        account.adjust(-account.credits_available, reason="Test", idempotency_key="none")
        request = self.request(company_id=other.id)
        request.action_generate()
        self.assertEqual(request.failure, "credits")
        self.assertIn(f"/iap/credits/{account.id}", request.can_buy_credits)

    def test_answer_is_remembered_for_a_while(self):
        self.preview()
        self.preview()
        self.assertEqual(len(SyntheticProvider.asked), 1)

    def test_provider_that_charges_for_counting_is_not_asked(self):
        self.patch(SyntheticProvider, "count_is_free", False)
        preview = self.preview()
        self.assertEqual((preview["count"], preview["price"]), (None, 3))
        self.assertFalse(SyntheticProvider.asked)

    def test_provider_that_fails_is_unknown(self):
        SyntheticProvider.errors = [TimeoutError()]
        self.assertIsNone(self.preview()["count"])

    def test_form_tells_its_preview_which_of_its_fields_are_criteria(self):
        Request = self.env["lead.mining.request"].with_user(self.salesperson)
        for model, view in (
            (Request, "lead_mining_request_view_dialog"),
            (self.env["lead.mining.search"], "lead_mining_search_view_form"),
        ):
            view_id = self.env.ref(f"crm_lead_mining.{view}").id
            arch = etree.fromstring(model.get_view(view_id)["arch"])
            widget = arch.find(".//widget[@name='lead_mining_preview']")
            self.assertEqual(widget.get("class"), "d-contents", "all of it would stay in sight")
            told = widget.get("criteria").split(",")
            shown = {node.get("name") for node in arch.iter("field")}
            self.assertEqual(set(told), Request._preview_fields())
            self.assertLessEqual(set(told) - {"lead_type"}, shown)

    def test_garbage_from_the_browser_is_refused_or_ignored(self):
        preview = self.preview(lead_number="many", country_ids=["x", None], evil="1")
        self.assertTrue(preview["problem"])
