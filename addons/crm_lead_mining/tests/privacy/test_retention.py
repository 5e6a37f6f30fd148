"""What providers answered has an end; refunds and runs that still need it do not lose it."""

import json
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ...company.types import Page
from ...providers.errors import ProviderUnavailable
from ...tools.settings import Settings
from ..common import LeadMiningCase, SyntheticProvider, synthetic_company

PERSON, OTHER = "person@synthetic1.example", "info@synthetic1.example"


@tagged("post_install", "-at_install")
class TestRetention(LeadMiningCase):
    def setUp(self):
        super().setUp()
        Settings.store(self.env, {"keep_answers_days": 50, "refund_days": 20})
        self.request_ = self.mine(lead_number=2, target="contacts", contact_number=2)
        self.lead = self.request_.lead_ids.sorted("id")[0]
        self.result = self.lead.sudo().mining_result_ids

    def after(self, days, hours=0):
        """Do what the nightly cleaning does, so long after the request."""
        ago = fields.Datetime.now() - timedelta(days=days, hours=hours)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE lead_mining_run SET queued_at = %(ago)s, finished_at = %(ago)s"
            " WHERE finished_at IS NOT NULL",
            {"ago": ago},
        )
        self.env.cr.execute("UPDATE lead_mining_result SET create_date = %s", [ago])
        self.env.invalidate_all()
        self.env["lead.mining.answer"]._gc_answers()
        self.env["lead.mining.result"]._gc_persons()
        self.env.invalidate_all()

    def stored(self):
        """Return all that answers and results still tell."""
        answers = self.env["lead.mining.answer"].search([]).mapped("companies")
        return json.dumps([answers, self.request_.sudo().result_ids.mapped("data")])

    def test_answers_and_the_persons_in_results_go_when_their_days_are_over(self):
        self.after(49)
        self.assertIn(PERSON, self.stored())
        self.after(51, 1)
        for text in (PERSON, OTHER, "Synthetic Person"):
            self.assertNotIn(text, self.stored())

    def test_leads_contacts_and_analyses_keep_what_was_delivered(self):
        before = self.env["lead.mining.report"].search_count([("country_id", "!=", False)])
        self.after(99)
        self.assertEqual((self.lead.city, self.lead.email_from), ("Bruxelles", PERSON))
        self.assertEqual(self.lead.mining_contact_ids[0].email, PERSON)
        self.assertEqual((self.result.name, self.result.contact_count), ("Synthetic 1", 2))
        after = self.env["lead.mining.report"].search_count([("country_id", "!=", False)])
        self.assertEqual((before, after), (2, 2))
        self.assertIn(b"Synthetic 1", self.request_.result_ids._to_file("csv"))

    def test_what_can_still_be_refunded_is_kept_whatever_the_setting(self):
        Settings.store(self.env, {"keep_answers_days": 0})
        self.after(20)
        self.assertIn(PERSON, self.stored())
        # An hour before the last second in which credits come back: the clock runs on.
        self.after(19, 23)
        contact = self.lead.mining_contact_ids[1]
        self.assertEqual(contact.sudo()._delivered_email(), "second@synthetic1.example")
        flaw = {"flaw": "wrong_email", "contact_id": contact.id}
        self.env["lead.mining.bad.data"].with_user(self.salesperson).create(flaw).action_confirm()
        refund = self.env["lead.mining.refund"].search([])
        self.assertRecordValues(refund, [{"name": "Second Person", "credits": 1}])
        self.after(21, 1)
        self.assertNotIn(PERSON, self.stored())
        self.assertEqual(refund.name, "Second Person")

    def test_request_that_is_still_at_work_or_waits_loses_nothing(self):
        for state in ("queued", "running", "waiting_credits"):
            with self.subTest(state):
                self.request_.run_id.sudo().write({"state": state})
                self.after(999)
                answers = self.env["lead.mining.answer"].search([])
                self.assertIn(PERSON, json.dumps(answers.mapped("companies")))

    def test_a_late_retry_asks_anew_and_pays_nothing_twice(self):
        self.provide(3)
        request = self.request(lead_number=3)
        request.action_generate()
        Worker = type(self.env["lead.mining.worker"])
        with (
            patch.object(Worker, "_deliver_batch", side_effect=SystemError("power cut")),
            self.assertLogs("odoo.addons.crm_lead_mining", "ERROR"),
        ):
            self.run_lane()
        self.assertEqual(request.state, "failed")
        self.after(99)
        SyntheticProvider.asked.clear()
        request.action_retry()
        self.run_lane()
        # Two of the three were delivered by the first request.
        self.assertEqual(request.lead_ids.mapped("name"), ["Synthetic 3"])
        self.assertEqual([cursor for _query, cursor, _limit in SyntheticProvider.asked], [None])
        self.assertPaid(2 * 3 + 1)

    def test_a_late_retry_begins_at_the_first_page_though_a_later_one_was_empty(self):
        self.provide(*map(synthetic_company, range(21, 25)))
        page = SyntheticProvider.search

        def search(provider, query, cursor=None, limit=50):
            if cursor == "2" and not late:
                SyntheticProvider.errors = [ProviderUnavailable()]
                return Page((), "3", 4)
            return replace(page(provider, query, cursor, 2), next_cursor=None if cursor else "2")

        late = False
        self.patch(SyntheticProvider, "search", search)
        request = self.request(lead_number=4)
        request.action_generate()
        self.patch(SyntheticProvider, "errors", [])
        self.run_lane()
        self.assertEqual((request.state, request.created_count), ("partial", 2))
        self.after(99)
        late = True
        SyntheticProvider.errors.clear()
        SyntheticProvider.asked.clear()
        request.action_retry()
        self.run_lane()
        self.assertEqual(
            [cursor for _query, cursor, _limit in SyntheticProvider.asked], [None, "2"]
        )
        self.assertEqual(len(request.lead_ids), 4)

    def test_a_retry_in_time_uses_what_was_paid(self):
        self.provide(*map(synthetic_company, (11, 12, 13)))
        request = self.request(lead_number=3)
        request.action_generate()
        Worker = type(self.env["lead.mining.worker"])
        with (
            patch.object(Worker, "_deliver_batch", side_effect=SystemError("power cut")),
            self.assertLogs("odoo.addons.crm_lead_mining", "ERROR"),
        ):
            self.run_lane()
        self.after(49)
        SyntheticProvider.asked.clear()
        request.action_retry()
        self.run_lane()
        self.assertEqual((request.state, request.created_count), ("done", 3))
        self.assertEqual(SyntheticProvider.asked, [])

    def test_a_user_who_is_limited_by_them_deletes_no_evidence(self):
        credits = self.result.credits, self.result.refunded, self.result.entry_id
        self.after(99)
        self.assertEqual((self.result.credits, self.result.refunded, self.result.entry_id), credits)
