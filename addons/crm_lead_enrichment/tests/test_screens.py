from odoo.tests import new_test_user, tagged

from odoo.addons.crm_common.tests.screens import Screen, Search

from .common import EnrichmentCase

FORM = "crm_lead_enrichment.lead_enrichment_view_form"
#: By state: buttons, and fields beside those that every enrichment shows.
ATTEMPTS = {
    "queued": (set(), {"next_try_at"}),
    "running": (set(), set()),
    "waiting_credits": ({"action_retry", "action_buy_credits"}, {"message"}),
    "not_found": (set(), set()),
    "failed": ({"action_retry"}, {"message"}),
    "done": (set(), {"changes_html", "provider_ids", "finished_at"}),
}
ALWAYS = {"state", "record_name", "credits", "user_id", "origin", "create_date", "domain"}
VALUES = {
    "waiting_credits": {"message": "No credits"},
    "failed": {"message": "Failed"},
}


@tagged("post_install", "-at_install")
class TestScreens(EnrichmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "t_manager", "sales_team.group_sale_manager")
        cls.outsider = new_test_user(cls.env, "t_outsider", "sales_team.group_sale_salesman")
        cls.enrichers = cls.env.ref("crm_lead_enrichment.group_lead_enrichment_user")

    def forbid(self):
        """Take the right to enrich away from salespeople."""
        self.env.ref("sales_team.group_sale_salesman").implied_ids -= self.enrichers
        self.outsider.group_ids -= self.enrichers

    def attempt(self, state, **values):
        [attempt] = self.enrich(self.lead())
        attempt.sudo().write({"state": state, "message": False, **values})
        return attempt

    def test_buttons_open_the_history_of_the_record_the_dialog_for_it_and_the_record(self):
        leads = self.lead() | self.lead(2)
        for lead, attempt in zip(leads, self.enrich(leads).sorted("id"), strict=True):
            history = lead.action_view_enrichments()
            self.assertEqual(self.env[history["res_model"]].search(history["domain"]), attempt)
            dialog = lead.action_open_enrichment()
            wizard = self.env[dialog["res_model"]].with_context(dialog["context"]).create({})
            self.assertEqual((wizard.res_model, wizard.res_ids), ("crm.lead", [lead.id]))
            opened = attempt.action_open_record()
            self.assertEqual((opened["res_model"], opened["res_id"]), ("crm.lead", lead.id))

    # === AN ENRICHMENT === #

    def test_an_enrichment_offers_what_its_state_allows_and_tells_only_what_there_is(self):
        [attempt] = self.enrich(self.lead())
        providers, changes = attempt.provider_ids, attempt.changes
        for state, (buttons, told) in ATTEMPTS.items():
            is_done = state == "done"
            values = {
                "message": False,
                "next_try_at": "2026-01-01",
                "finished_at": is_done and "2026-01-01",
                "provider_ids": [(6, 0, is_done and providers.ids or [])],
                "changes": is_done and changes,
                "change_count": is_done and len(changes),
                **VALUES.get(state, {}),
            }
            attempt.sudo().write({"state": state, **values})
            attempt.invalidate_recordset()
            with self.subTest(state=state):
                screen = Screen(attempt, self.manager, FORM)
                self.assertEqual(screen.buttons, {"action_open_record"} | buttons)
                self.assertEqual(screen.fields, ALWAYS | told)
        attempt.sudo().write({"state": "queued", "next_try_at": False})
        self.assertNotIn("next_try_at", Screen(attempt, self.manager, FORM).fields)

    def test_an_enrichment_of_a_deleted_lead_can_neither_be_opened_nor_tried_again(self):
        attempt = self.attempt("failed", res_id=False)
        self.assertEqual(Screen(attempt, self.manager, FORM).buttons, set())

    def test_filters_find_the_enrichments_that_they_name(self):
        [attempt] = self.enrich(self.lead())
        search = Search(self.env, "crm_lead_enrichment.lead_enrichment_view_search", self.manager)
        found = {
            "queued": {"open"},
            "running": {"open"},
            "waiting_credits": {"waiting"},
            "failed": {"failed"},
            "done": set(),
        }
        for state, names in found.items():
            for credits in (0, 1):
                attempt.sudo().write({"state": state, "credits": credits})
                finding = {name for name in ("open", "waiting", "failed", "paid")
                           if search.filtered(name, attempt)}  # fmt: skip
                with self.subTest(state=state, credits=credits):
                    self.assertEqual(finding, names | ({"paid"} if credits else set()))

    # === LEADS AND CONTACTS === #

    def offered(self, record, user=None):
        """Return whether Enrich is offered, and the colours of the alerts of enrichment."""
        screen = Screen(record, user or self.salesperson)
        return "action_enrich" in screen.buttons, screen.alerts & {"info", "warning"}

    def test_enrich_is_offered_until_a_record_was_enriched(self):
        for record in (self.lead(), self.lead().partner_id or self.company()):
            with self.subTest(model=record._name):
                self.assertEqual(self.offered(record), (True, set()))
                record._enrich()
                attempt = self.attempts(record)
                for state, expected in {
                    "queued": (False, {"info"}),
                    "running": (False, {"info"}),
                    "waiting_credits": (False, {"warning"}),
                    "failed": (True, set()),
                    "done": (False, set()),
                }.items():
                    attempt.sudo().state = state
                    record.invalidate_recordset()
                    with self.subTest(state=state):
                        self.assertEqual(self.offered(record), expected)

    def company(self):
        return self.env["res.partner"].create(
            {"name": "Synthetic 2", "is_company": True, "website": "https://synthetic2.example"}
        )

    def test_enrich_is_not_offered_on_what_is_closed(self):
        for values in ({"active": False}, {"stage_id": self.won().id}):
            lead = self.lead(type="opportunity", **values)
            with self.subTest(values=values):
                self.assertFalse(self.offered(lead)[0])

    def won(self):
        return self.env["crm.stage"].search([("is_won", "=", True)], limit=1)

    def test_who_may_not_enrich_neither_is_offered_it_nor_reads_of_it(self):
        lead, partner = self.lead(), self.company()
        lead.sudo().user_id = self.outsider
        for record in (lead, partner):
            record.with_user(self.outsider)._enrich()
            attempt = self.attempts(record)
            for state in ("running", "waiting_credits"):
                attempt.sudo().state = state
                record.invalidate_recordset()
                self.assertTrue(self.offered(record, self.outsider)[1])
        self.forbid()
        for record in (lead, partner):
            with self.subTest(model=record._name):
                for state in ("running", "waiting_credits", "failed"):
                    self.attempts(record).sudo().state = state
                    record.invalidate_recordset()
                    self.assertEqual(self.offered(record, self.outsider), (False, set()))

    # === THE DIALOG === #

    def dialog(self, record, **values):
        wizards = self.env["lead.enrichment.wizard"].with_user(self.salesperson)
        context = {"active_model": record._name, "active_ids": record.ids}
        return Screen(wizards.with_context(**context).create(values))

    def test_the_dialog_asks_what_to_overwrite_only_where_something_is(self):
        parts = {"overwrite_address", "overwrite_reach", "overwrite_profile", "overwrite_logo"}
        for record, more in ((self.lead(), {"overwrite_name"}), (self.company(), set())):
            for fill, asked in (("empty", set()), ("overwrite", parts | more)):
                with self.subTest(model=record._name, fill=fill):
                    fields = self.dialog(record, fill=fill).fields
                    told = {"fill", "able_count", "price", "balance"}
                    self.assertEqual(fields, told | asked)

    def test_the_dialog_says_who_is_left_out_and_offers_credits_where_they_are_few(self):
        self.assertEqual(self.dialog(self.lead()).alerts, set())
        gone = self.lead(email_from=False)
        screen = self.dialog(gone)
        self.assertEqual((screen.alerts, "action_enrich" in screen.buttons), ({"warning"}, False))
        self._set_credits(0)
        screen = self.dialog(self.lead())
        self.assertEqual((screen.alerts, "action_enrich" in screen.buttons), ({"info"}, True))
