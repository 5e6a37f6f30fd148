from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_common.tests.screens import Screen, Search

from ...models.mining.lead_mining_run import STATES
from ..common import LeadMiningCase

FORM = "crm_lead_mining.lead_mining_request_view_form"
DIALOG = "crm_lead_mining.lead_mining_request_view_dialog"
WAITING = next(code for code, _label in STATES if code.startswith("waiting"))
DOWNLOADS = {"action_download_xlsx", "action_download_csv"}
SAVE, RETRY, CANCEL = "action_save_search", "action_retry", "action_cancel"
RESULTS = "action_view_results"
OFFERS = {"action_ask_for_credits", "action_buy_credits"}
#: What a request offers in each state, while nothing of it was delivered.
BUTTONS = {
    "draft": {"action_generate", SAVE},
    WAITING: {RETRY, CANCEL, SAVE, RESULTS},
    "queued": {CANCEL, SAVE, RESULTS},
    "running": {CANCEL, SAVE, RESULTS} | DOWNLOADS,
    "done": {SAVE, RESULTS} | DOWNLOADS,
    "partial": {RETRY, SAVE, RESULTS} | DOWNLOADS,
    "failed": {RETRY, SAVE, RESULTS} | DOWNLOADS,
    "cancelled": {RETRY, SAVE, RESULTS} | DOWNLOADS,
}
#: Whom leads go to can be changed until it works on it again, what is asked for until it is done.
HANDED = {"team_id", "user_id", "tag_ids", "campaign_id"}
ASKED = {
    "lead_number", "provider_id", "known_policy", "country_ids", "state_ids", "industry_ids",
    "technology_ids", "filter_on_size", "no_subsidiaries",
}  # fmt: skip
SIZES = {"size_min", "size_max"}
CONTACTS = {"contact_number", "contact_filter"}
TOLD = {
    "updated_count", "linked_count", "duplicate_count", "skipped_count", "invalid_count",
    "failed_count",
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestRequestScreens(LeadMiningCase):
    def screen(self, request, view=FORM, user=None):
        request.invalidate_recordset()
        return Screen(request, user or self.salesperson, view)

    def in_state(self, request, state, **values):
        request.run_id.sudo().write({"state": state, **values})
        return self.screen(request)

    def test_a_request_offers_what_its_state_allows(self):
        request = self.request()
        for state, expected in BUTTONS.items():
            with self.subTest(state=state):
                self.assertEqual(self.in_state(request, state).buttons, expected)

    def test_what_a_state_does_not_offer_is_refused_to_whoever_has_the_screen_open_still(self):
        request = self.request()
        refusals = {
            "action_generate": "already been started",
            RETRY: "already been started",
            CANCEL: "not running",
        }
        for state, offered in BUTTONS.items():
            stale = self.in_state(request, state).record
            # One is the other, under the word that fits.
            is_startable = bool({"action_generate", RETRY} & offered)
            for name, told in refusals.items():
                if name not in offered and not (name != CANCEL and is_startable):
                    refused = self.assertRaisesRegex(UserError, told)
                    with self.subTest(state=state, action=name), refused:
                        getattr(stale, name)()

    def test_what_can_be_written_and_deleted_follows_the_state_whatever_screen_is_used(self):
        for state in BUTTONS:
            request = self.in_state(self.request(), state).record
            is_open = state in ("queued", "running")
            for values, is_refused, told in (
                ({"lead_number": 3}, is_open, "being worked on"),
                ({"search_id": False}, state != "draft", "stays with the search"),
                ({"active": False}, is_open or state == WAITING, "before archiving"),
                ({"active": True}, False, ""),
            ):
                with self.subTest(state=state, values=values):
                    if is_refused:
                        with self.assertRaisesRegex(UserError, told):
                            request.write(values)
                    else:
                        request.write(values)
                        self.assertEqual({name: request[name] or False for name in values}, values)
            for name in ("run_id", "company_id", "search_slot"):
                refused = self.assertRaisesRegex(AccessError, f"cannot be changed: {name}")
                with self.subTest(state=state, field=name), refused:
                    request.write({name: False})
            with self.subTest(state=state, deleted=True):
                if is_open:
                    with self.assertRaisesRegex(UserError, "before deleting"):
                        request.unlink()
                else:
                    request.unlink()
                self.assertIs(bool(request.exists()), is_open)

    def test_what_was_delivered_is_called_what_it_is(self):
        request = self.mine(lead_number=1)
        for lead_type, told in (("lead", "Leads"), ("opportunity", "Opportunities")):
            request.sudo().lead_type = lead_type
            self.env.flush_all()
            with self.subTest(lead_type):
                self.assertEqual(self.screen(request).texts & {"Leads", "Opportunities"}, {told})

    def test_what_is_asked_for_can_be_changed_until_it_is_worked_on(self):
        request = self.request(target="contacts", filter_on_size=True, size_min=1, size_max=9)
        for state in BUTTONS:
            screen = self.in_state(request, state)
            is_open, is_over = state in ("queued", "running"), state == "done"
            with self.subTest(state=state):
                self.assertIs(screen.readonly >= HANDED, is_open)
                self.assertIs(HANDED.isdisjoint(screen.readonly), not is_open)
                asked = ASKED | SIZES | CONTACTS
                self.assertIs(asked <= screen.readonly, is_open or is_over)
                self.assertIs(asked.isdisjoint(screen.readonly), not (is_open or is_over))
                self.assertIs("target" in screen.readonly, state != "draft")
                self.assertIn("name", screen.readonly)

    def test_how_far_it_is_and_the_preview_are_shown_when_they_mean_something(self):
        request = self.request()
        for state in BUTTONS:
            screen = self.in_state(request, state)
            with self.subTest(state=state):
                self.assertIs("progress" in screen.parts, state != "draft")
                self.assertIs(
                    "lead_mining_preview" in screen.parts,
                    state not in ("queued", "running", "done"),
                )

    def test_counts_are_told_only_where_something_was_counted(self):
        request = self.request()
        nothing = dict.fromkeys(TOLD, 0)
        self.assertFalse(self.in_state(request, "done", **nothing).fields & TOLD)
        for name in TOLD:
            with self.subTest(count=name):
                screen = self.in_state(request, "done", **(nothing | {name: 1}))
                self.assertEqual(screen.fields & TOLD, {name})

    def test_times_are_told_where_they_are_true(self):
        moment = {"resume_at": "2026-01-01", "finished_at": "2026-01-01"}
        request = self.request()
        for state, expected in {
            "queued": {"resume_at", "finished_at"},
            "running": {"finished_at"},
            WAITING: set(),
            "done": {"finished_at"},
        }.items():
            with self.subTest(state=state):
                screen = self.in_state(request, state, **moment)
                self.assertEqual(screen.fields & set(moment), expected)
                screen = self.in_state(request, state, **dict.fromkeys(moment, False))
                self.assertFalse(screen.fields & set(moment))

    def test_what_went_wrong_is_told_and_credits_are_offered_where_they_are_missing(self):
        request = self.request()
        self.assertFalse(self.in_state(request, "failed").alerts & {"warning"})
        for failure, is_offered in (("credits", True), ("provider", False)):
            screen = self.in_state(request, "failed", message="Why", failure=failure)
            with self.subTest(failure=failure):
                self.assertIn("warning", screen.alerts)
                self.assertIn("message", screen.fields)
                buttons = {"action_ask_for_credits"} if is_offered else set()
                self.assertEqual(screen.buttons & OFFERS, buttons)
                buyer = self.screen(request, user=self.env.ref("base.user_admin"))
                buttons = {"action_buy_credits"} if is_offered else set()
                self.assertEqual(buyer.buttons & OFFERS, buttons)

    def test_a_request_that_is_being_cancelled_says_so_and_is_cancelled_once(self):
        request = self.request()
        request.action_generate()
        self.assertNotIn("info", self.screen(request).alerts)
        self.env["lead.mining.cancellation"].sudo().create({"request_id": request.id})
        screen = self.screen(request)
        self.assertIn("info", screen.alerts)
        self.assertNotIn(CANCEL, screen.buttons)

    def test_leads_and_results_open_where_there_are_some(self):
        request = self.mine()
        screen = self.screen(request)
        self.assertLessEqual({"action_view_leads", RESULTS}, screen.buttons)
        self.assertIn("lead_count", screen.fields)
        kinds = {"lead": 1, "opportunity": 0}
        for kind, _shown in kinds.items():
            request.sudo().lead_type = kind
            screen = self.screen(request)
            spans = screen.arch.iterfind(".//button[@name='action_view_leads']//span")
            texts = [node.text for node in spans if screen._is_seen(node)]
            with self.subTest(kind=kind):
                self.assertEqual(len(texts), 1)
                kinds[kind] = texts
        self.assertNotEqual(kinds["lead"], kinds["opportunity"])

    def test_each_request_counts_its_own_leads(self):
        mined, draft = self.mine(lead_number=2), self.request()
        self.env.invalidate_all()
        self.assertEqual((mined | draft).mapped("lead_count"), [2, 0])

    def test_an_archived_request_says_so(self):
        request = self.request()
        self.assertNotIn("web_ribbon", self.screen(request).parts)
        request.active = False
        self.assertIn("web_ribbon", self.screen(request).parts)

    def test_contacts_are_asked_for_only_where_they_are_wanted(self):
        wanted = CONTACTS | {"preferred_role_id", "role_ids", "seniority"}
        for values, expected in (
            ({"target": "companies"}, set()),
            ({"target": "contacts", "contact_filter": "role"},
             CONTACTS | {"preferred_role_id", "role_ids"}),
            ({"target": "contacts", "contact_filter": "seniority"}, CONTACTS | {"seniority"}),
        ):  # fmt: skip
            request = self.request(**values)
            with self.subTest(**values):
                screen = self.screen(request)
                self.assertEqual(screen.fields & wanted, expected)
                self.assertIs("contacts" in screen.parts, bool(expected))
                screen = self.in_state(request, "done")
                self.assertIs("contact_count" in screen.fields, bool(expected))
                chosen = expected - CONTACTS
                self.assertLessEqual(chosen, screen.readonly)

    def test_sizes_are_asked_for_and_needed_only_where_companies_are_chosen_by_them(self):
        for is_chosen in (False, True):
            screen = self.screen(self.request(filter_on_size=is_chosen, size_min=1, size_max=9))
            with self.subTest(is_chosen=is_chosen):
                self.assertEqual(screen.fields & SIZES, SIZES if is_chosen else set())
                self.assertEqual(screen.required & SIZES, SIZES if is_chosen else set())
                parts = {"size_min", "size"}
                self.assertEqual(screen.parts & parts, parts if is_chosen else set())

    def test_a_country_is_needed_and_states_follow_it(self):
        request = self.request()
        screen = self.screen(request)
        self.assertIn("country_ids", screen.required)
        self.assertIn("state_ids", screen.fields)
        request.country_ids = False
        self.assertNotIn("state_ids", self.screen(request).fields)

    def test_the_saved_search_of_a_request_is_shown_and_never_changed_later(self):
        request = self.request()
        self.assertIn("search_id", self.screen(request).fields - self.screen(request).readonly)
        self.assertNotIn("search_id", self.in_state(request, "done").fields)
        search = self.env["lead.mining.search"].with_user(self.salesperson).create(
            {"name": "Search", "country_ids": [(6, 0, self.belgium.ids)]}
        )  # fmt: skip
        request = self.request(search_id=search.id)
        screen = self.screen(request)
        self.assertNotIn(SAVE, screen.buttons)
        screen = self.in_state(request, "done")
        self.assertIn("search_id", screen.fields & screen.readonly)
        self.assertNotIn(SAVE, self.screen(request, DIALOG).buttons)

    def test_what_only_serves_the_form_is_not_shown(self):
        for view in (FORM, DIALOG):
            fields = self.screen(self.request(), view).fields
            hidden = {"failure", "cancelling", "from_dialog", "active"}
            self.assertFalse(fields & (hidden | ({"state"} if view == DIALOG else set())))

    def test_the_dialog_generates_and_saves(self):
        screen = self.screen(self.request(), DIALOG)
        self.assertLessEqual({"action_generate", SAVE}, screen.buttons)
        self.assertFalse(screen.buttons & (DOWNLOADS | {CANCEL, RETRY, RESULTS}))

    def test_only_administrators_are_led_to_the_settings(self):
        request = self.request(target="contacts")
        admin = new_test_user(
            self.env, "t_admin", "base.group_system,sales_team.group_sale_manager"
        )
        links = {
            user: len(self.screen(request, user=user).arch.findall(".//a[@target]"))
            for user in (self.salesperson, admin)
        }
        self.assertEqual([*links.values()], [0, 1])

    def test_lead_or_opportunity_is_asked_where_leads_are_used(self):
        user = new_test_user(
            self.env, "t_leads", "sales_team.group_sale_manager,crm.group_use_lead"
        )
        request = self.request()
        screen = self.screen(request, user=user)
        self.assertIn("lead_type", screen.fields - screen.readonly)
        request.run_id.sudo().state = "done"
        self.assertIn("lead_type", self.screen(request, user=user).readonly)

    # === LISTS === #

    def test_filters_find_the_requests_that_they_name(self):
        user = new_test_user(
            self.env, "t_search", "sales_team.group_sale_manager,crm.group_use_lead"
        )
        search = Search(self.env, "crm_lead_mining.lead_mining_request_view_search", user)
        requests = self.env["lead.mining.request"]
        for state, _label in STATES:
            request = self.request(lead_type="lead" if state == "done" else "opportunity")
            request.run_id.sudo().state = state
            requests |= request
        expected = {
            "draft": {"draft"},
            "waiting": {WAITING},
            "working": {"queued", "running"},
            "done": {"done", "partial"},
            "failed": {"failed"},
            "leads": {"done"},
            "opportunities": {code for code, _label in STATES} - {"done"},
            "mine": set(),
            "inactive": set(),
        }
        found = {name: set(search.filtered(name, requests).mapped("state")) for name in expected}
        self.assertEqual(found, expected)
        mine = self.request(user)
        self.assertEqual(search.filtered("mine", requests | mine), mine)
        mine.active = False
        self.assertEqual(search.filtered("inactive", requests | mine), mine)
