"""How long, how often and for whom: each limit from both sides."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_lead_mining.tools.settings import Settings as MiningSettings

from ..models.res_config_settings import FIELDS
from ..tools.settings import Settings
from .common import EnrichmentCase, PaidProvider

A_BIT = timedelta(minutes=5)


@tagged("post_install", "-at_install")
class TestLimits(EnrichmentCase):
    def setUp(self):
        super().setUp()
        Settings.store(self.env, {"cache_days": 10, "retry_days": 10})

    def ended(self, ago):
        """Let all enrichments have ended so long ago."""
        attempts = self.Enrichment.sudo().search([])
        attempts.finished_at = fields.Datetime.now() - ago

    def test_an_answer_is_paid_again_only_when_its_days_are_over(self):
        self.enrich(self.lead())
        for ago, paid in ((timedelta(days=10) - A_BIT, 1), (timedelta(days=10) + A_BIT, 2)):
            self.ended(ago)
            self.enrich(self.lead())
            with self.subTest(ago=ago):
                self.assertEqual(len(PaidProvider.asked), paid)
                self.assertPaid(paid)

    def test_nobody_is_asked_again_about_an_unknown_domain_before_its_days_are_over(self):
        lead = self.lead(email_from="jane@unknown.example")
        self.enrich(lead)
        for ago, is_asked in (
            (timedelta(days=10) - A_BIT, False),
            (timedelta(days=10) + A_BIT, True),
        ):
            self.ended(ago)
            lead.invalidate_recordset()
            with self.subTest(ago=ago):
                self.assertIs(lead.can_enrich, is_asked)
        self.enrich(lead)
        self.assertEqual(len(PaidProvider.asked), 2)

    def test_only_what_was_asked_about_the_same_by_the_same_company_lately_counts(self):
        [answer] = self.enrich(self.lead()).sudo()
        [nothing] = self.enrich(self.lead(email_from="jane@unknown.example")).sudo()
        other = self.env["res.company"].create({"name": "Other"})
        for attempt, find in (
            (answer, self.Enrichment._find_answer),
            (nothing, self.Enrichment._find_nothing),
        ):
            asked = attempt._subject(), attempt.company_id
            for values in (
                {"identity_key": "domain:another.example"}, {"company_id": other.id},
                {"state": "failed"}, {"website_only": True},
                {"finished_at": fields.Datetime.now() - timedelta(days=10) - A_BIT},
            ):  # fmt: skip
                [before] = attempt.read([*values], load="")
                self.assertEqual(find(*asked), attempt)
                attempt.write(values)
                with self.subTest(found=attempt == answer, values=values):
                    self.assertFalse(find(*asked))
                attempt.write({name: before[name] for name in values})

    def test_an_answer_is_forgotten_when_nobody_may_use_it_any_more(self):
        Settings.store(self.env, {"cache_days": 5, "retry_days": 10})
        [attempt] = self.enrich(self.lead())
        for ago, is_kept in (
            (timedelta(days=10) - A_BIT, True),
            (timedelta(days=10) + A_BIT, False),
        ):
            self.ended(ago)
            self.Enrichment._gc_answers()
            with self.subTest(ago=ago):
                self.assertIs(bool(attempt.sudo().answer), is_kept)

    def test_an_answer_that_is_still_worked_with_is_not_forgotten(self):
        [attempt] = self.enrich(self.lead())
        self.ended(timedelta(days=999))
        for state in ("queued", "running", "waiting_credits"):
            with self.subTest(state):
                attempt.sudo().state = state
                self.Enrichment._gc_answers()
                self.Enrichment._gc_changes()
                self.assertTrue(attempt.sudo().answer)
                self.assertTrue(all("new" in change for change in attempt.changes))

    def test_old_and_new_values_are_forgotten_and_the_history_can_still_be_read(self):
        lead = self.lead()
        [attempt] = self.enrich(lead, groups={"reach"})
        kept = MiningSettings.of(self.env).answers_kept
        for ago, is_kept in ((kept - A_BIT, True), (kept + A_BIT, False)):
            self.ended(ago)
            self.Enrichment._gc_changes()
            with self.subTest(ago=ago):
                self.assertIs("jane@synthetic1.example" in str(attempt.changes), is_kept)
                self.assertIs("info@synthetic1.example" in str(attempt.changes), is_kept)
        self.assertEqual(attempt.change_count, len(attempt.changes))
        self.assertIn("City", attempt.changes_html)
        self.assertEqual(lead.email_from, "info@synthetic1.example")
        before = attempt.changes
        self.Enrichment._gc_changes()
        self.assertEqual(attempt.changes, before, "what is forgotten is left alone")

    def test_another_company_of_the_database_pays_its_own_answer(self):
        other = self.env["res.company"].create({"name": "Other"})
        account = self.env["iap.account"]._get_local("reveal", company=other)
        account.adjust(9, reason="T", idempotency_key="other")
        before = account.credits_available
        asker = new_test_user(
            self.env, "t_other", "sales_team.group_sale_salesman",
            company_id=other.id, company_ids=[(6, 0, other.ids)],
        )  # fmt: skip
        self.enrich(self.lead())
        lead = self.env["crm.lead"].with_user(asker).create(
            {"name": "Q", "email_from": "jane@synthetic1.example", "company_id": other.id}
        )  # fmt: skip
        [attempt] = self.enrich(lead)
        self.assertEqual(
            (attempt.state, attempt.company_id, attempt.user_id), ("done", other, asker)
        )
        self.assertEqual((len(PaidProvider.asked), attempt.credits), (2, 1))
        self.assertPaid(1)
        account.invalidate_recordset()
        self.assertEqual((account.credits_available, account.credits_held), (before - 1, 0))

    def test_who_asks_second_waits_for_the_first_and_pays_nothing(self):
        first, second = self.lead(), self.lead()
        (first | second)._enrich()
        self.work()
        attempts = self.attempts(first | second)
        self.assertEqual(attempts.mapped("state"), ["done", "done"])
        self.assertEqual(sorted(attempts.mapped("credits")), [0, 1])
        self.assertEqual(len(PaidProvider.asked), 1)
        self.assertEqual(first.partner_name, second.partner_name)

    # === WHAT IS TOLD === #

    def test_that_it_cost_nothing_is_told_only_of_what_costs_otherwise(self):
        [paid], [again] = self.enrich(self.lead()), self.enrich(self.lead())
        self.assertEqual((paid.credits, again.credits), (1, 0))
        self.assertTrue(again.message.startswith(paid.message))
        self.assertNotEqual(again.message, paid.message)
        Settings.store(self.env, {"price": 0})
        [free] = self.enrich(self.lead(2))
        self.assertEqual((free.credits, free.message), (0, paid.message))

    def test_who_asked_is_told_of_each_and_when_the_last_has_its_end(self):
        leads = self.lead(1) | self.lead(2)
        leads._enrich()
        with patch.object(type(self.env["bus.bus"]), "_sendone") as sendone:
            self.work()
        told = [call.args for call in sendone.call_args_list if "enrichment" in call.args[1]]
        self.assertEqual({args[0] for args in told}, {self.salesperson.partner_id})
        ends = [args[2] for args in told if args[2]["state"] == "done"]
        self.assertEqual([one["res_id"] for one in ends], leads.ids)
        self.assertEqual([one["ended"] for one in ends], [False, True])
        self.assertEqual(ends[-1]["counts"], {"done": 2})

    # === SETTINGS === #

    def save(self, **values):
        self.env["res.config.settings"].create(values).execute()

    def test_every_setting_is_in_force_as_it_was_saved(self):
        for values in (
            {"price": 3, "cache_days": 4, "retry_days": 5, "mode": "automatic"},
            {"price": 0, "cache_days": 0, "retry_days": 0, "mode": "manual"},
        ):
            self.save(**{FIELDS[name]: value for name, value in values.items()})
            settings = Settings.of(self.env)
            shown = self.env["res.config.settings"].create({})
            self.assertEqual({name: getattr(settings, name) for name in values}, values)
            self.assertEqual({name: shown[FIELDS[name]] for name in values}, values)

    def test_numbers_below_nothing_are_refused(self):
        for name in ("price", "cache_days", "retry_days"):
            with self.subTest(name), self.assertRaises(ValidationError):
                self.save(**{FIELDS[name]: -1})

    def test_enrichment_is_switched_off_and_on_for_salespeople(self):
        self.assertTrue(self.env["res.config.settings"].create({}).lead_enrichment)
        for is_on in (False, True):
            self.save(lead_enrichment=is_on)
            self.assertIs(self.env["res.config.settings"].create({}).lead_enrichment, is_on)
            self.assertIs(
                self.salesperson.has_group("crm_lead_enrichment.group_lead_enrichment_user"), is_on
            )

    def test_so_many_enrichments_are_worked_on_at_a_time_as_were_set(self):
        worker = self.env["lead.enrichment.worker"]
        for number in (3, 1):
            self.save(lead_enrichment_lanes=number)
            self.assertEqual(worker._lane_count(), number)
        # Switched off it keeps what was set.
        self.save(lead_enrichment=False, lead_enrichment_lanes=4)
        self.assertEqual(worker._lane_count(), 1)
