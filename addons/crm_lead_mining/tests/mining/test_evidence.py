"""Who is bound by a rule about money can neither delete nor change what it is judged by."""

import random
from contextlib import suppress
from datetime import date, datetime

from psycopg2 import Error as DatabaseError

from odoo.api import SUPERUSER_ID
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.crm_iap_credits.exceptions import BudgetExceeded

from ...exceptions import RefundRefused
from ..common import synthetic_company
from .test_lead_mining_refund import RefundCase
from .test_limits import LimitCase

REFUSALS = (AccessError, MissingError, UserError, DatabaseError, ValueError, TypeError, KeyError)


@tagged("post_install", "-at_install")
class TestDeliveredRequest(RefundCase):
    def test_request_that_delivered_is_not_deleted_and_can_be_archived(self):
        request = self.mine(lead_number=2)
        for user in (self.salesperson, self.env.ref("base.user_admin")):
            with self.assertRaisesRegex(UserError, "Archive"):
                request.with_user(user).unlink()
        with self.assertRaisesRegex(UserError, "Archive"):
            request.sudo().unlink()
        request.action_archive()
        requests = self.env["lead.mining.request"].with_user(self.salesperson)
        self.assertNotIn(request, requests.search([]))
        self.assertEqual(len(request.result_ids), 2)

    def test_request_that_delivered_nothing_is_deleted_with_its_results(self):
        self.mine(lead_number=5)
        request = self.mine(lead_number=2)
        results = request.result_ids
        self.assertEqual(set(results.mapped("outcome")), {"duplicate"})
        request.unlink()
        self.assertFalse(results.exists())

    def test_request_that_delivered_for_nothing_is_kept_as_well(self):
        self.env["ir.config_parameter"].set_param("crm_lead_mining.price_lead", "0")
        with self.assertRaises(UserError):
            self.mine(lead_number=1).unlink()

    def test_request_that_works_or_waits_is_not_archived(self):
        working = self.request()
        working.action_generate()
        self._set_credits(0)
        waiting = self.request()
        waiting.action_generate()
        self.assertEqual((working.state, waiting.state), ("queued", "waiting_credits"))
        for request in (working, waiting):
            with self.assertRaisesRegex(UserError, "Cancel"):
                request.action_archive()

    def test_archived_request_that_is_tried_again_comes_back(self):
        request = self.mine(lead_number=9)
        self.assertEqual(request.state, "partial")
        request.action_archive()
        self.provide(9)
        request.action_retry()
        self.run_lane()
        self.assertEqual((request.state, request.created_count, request.active), ("done", 9, True))

    @mute_logger("odoo.sql_db")
    def test_database_keeps_what_was_delivered(self):
        request = self.mine(lead_number=1)
        self.report(result_ids=request.result_ids.ids)
        self.env.flush_all()
        for table in ("lead_mining_request", "lead_mining_result"):
            with self.assertRaises(DatabaseError), self.cr.savepoint():
                self.env.cr.execute(f"DELETE FROM {table}")  # pylint: disable=sql-injection
        with self.assertRaises(UserError):
            self.env["lead.mining.refund"].search([]).unlink()

    def test_cost_of_a_lead_is_what_was_paid_and_nothing_that_is_written(self):
        lead = self.mine(lead_number=1).lead_ids
        for user in (self.salesperson, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                lead.with_user(user).write({"mining_cost": 0})
            with self.assertRaises(AccessError):
                lead.with_user(user).create({"name": "Free", "mining_cost": -5})
        self.assertEqual(lead.mining_cost, 1)
        self.assertEqual(lead.copy().mining_cost, 0)


@tagged("post_install", "-at_install")
class TestRefundLimit(RefundCase):
    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].set_param("crm_lead_mining.refund_monthly_credits", "3")
        self.refunds = self.env["lead.mining.refund"].with_user(self.salesperson)

    def delete(self, records):
        """Delete what can be deleted; what is refused stays."""
        with suppress(UserError), self.env.cr.savepoint():
            records.unlink()
        self.env.invalidate_all()

    def test_limit_does_not_come_back_by_deleting_requests_and_leads(self):
        for round_ in range(3):
            self.provide(*(synthetic_company(10 * round_ + n) for n in range(1, 4)))
            request = self.mine(lead_number=3)
            for result in request.result_ids:
                if round_:
                    with self.assertRaises(RefundRefused) as caught:
                        self.report(result_ids=result.ids)
                    self.assertEqual(caught.exception.cause, "limit")
                else:
                    self.report(result_ids=result.ids)
            self.delete(request.lead_ids.with_user(self.salesperson))
            self.delete(request)
            self.assertEqual(self.refunds._monthly_credits_left(), 0)
        self.assertPaid(6)

    def test_pending_refund_is_posted_though_its_lead_and_request_were_to_be_deleted(self):
        known = self.env["crm.lead"].create(
            {"name": "Known", "type": "opportunity", "user_id": self.salesperson.id}
        )
        request = self.mine(lead_number=1)
        merged = (known | request.lead_ids).with_user(self.salesperson).merge_opportunity()
        self.assertEqual(self.refunds.search([]).state, "pending")
        self.delete(merged.sudo())
        self.delete(request)
        self.run_refunds()
        self.assertGivenBack(1, paid=1)
        self.assertEqual(self.refunds._monthly_credits_left(), 2)

    def test_duplicates_that_a_scheduled_action_merges_count_for_who_mined_them(self):
        leads = self.env["crm.lead"].create(
            [{"name": f"Known {n}", "type": "opportunity"} for n in range(5)]
        )
        mined = self.mine(lead_number=5).lead_ids.sudo()
        for known, lead in zip(leads, mined, strict=True):
            (known | lead).with_user(SUPERUSER_ID).merge_opportunity()
        self.run_refunds()
        self.assertGivenBack(3, paid=5)
        self.assertEqual(self.refunds._monthly_credits_left(), 0)

    def test_same_company_is_neither_delivered_nor_given_back_again(self):
        request = self.mine(lead_number=1)
        self.report(result_ids=request.result_ids.ids)
        self.delete(request.lead_ids.sudo())
        self.delete(request)
        self.provide(1)
        again = self.mine(lead_number=1)
        self.assertEqual(again.created_count, 0)
        self.assertPaid(0)


@tagged("post_install", "-at_install")
class TestTeamBudgetOfRequests(LimitCase):
    def setUp(self):
        super().setUp()
        self.budget_of_team = self.budget(scope="team", team_id=self.team.id)
        self.farmers = self.env["crm.team"].create({"name": "Farmers"})

    def spent(self):
        self.env.flush_all()
        self.budget_of_team.invalidate_recordset()
        return self.budget_of_team.spent

    def test_request_without_team_or_of_another_team_is_paid_by_the_own_one(self):
        self.mine(lead_number=2, team_id=False)
        self.mine(lead_number=2, team_id=self.farmers.id)
        self.assertEqual(self.spent(), 4)
        for team in (self.env["crm.team"], self.farmers, self.team):
            request = self.request(lead_number=2)
            request.team_id = team
            with self.assertRaisesRegex(BudgetExceeded, "Hunters"):
                request.action_generate()
            preview = self.preview(lead_number=2, team_id=team.id)
            self.assertIn("Hunters", preview["refusal"])

    def test_team_written_after_the_start_does_not_evade_the_budget(self):
        request = self.request(lead_number=3, team_id=self.team.id)
        request.action_generate()
        self.budget_of_team.hard_limit = 2
        request.team_id = self.farmers
        self.run_lane()
        self.assertEqual((request.state, request.failure), ("failed", "budget"))

    def test_done_request_given_to_another_team_stays_spent(self):
        request = self.mine(lead_number=4)
        request.write({"team_id": self.farmers.id, "user_id": self.env.uid})
        request.lead_ids.sudo().team_id = self.farmers
        self.assertEqual(self.spent(), 4)
        request.team_id = False
        self.assertEqual(self.spent(), 4)

    def test_report_of_lead_mining_keeps_the_team_and_campaign_that_paid(self):
        campaign = self.env["utm.campaign"].create({"name": "Autumn"})
        request = self.mine(campaign_id=campaign.id)
        request.write({"team_id": self.farmers.id, "campaign_id": False})
        request.lead_ids.sudo().write({"team_id": self.farmers.id, "campaign_id": False})
        self.env.flush_all()
        report = self.env["lead.mining.report"]
        rows = report._read_group(
            [("request_id", "=", request.id)], ["team_id", "campaign_id"], ["credits:sum"]
        )
        self.assertEqual(rows, [(self.team, campaign, 3)])


@tagged("post_install", "-at_install")
class TestNoWriteOfASalespersonMovesMoney(LimitCase):
    """Property: whatever a salesperson writes, deletes or calls, what was spent stays spent."""

    SKIPPED = ("ir.", "bus.", "base", "res.users", "mail.", "discuss.", "web_", "iap.credit.order")

    def setUp(self):
        super().setUp()
        self.farmers = self.env["crm.team"].create({"name": "Farmers"})
        campaign = self.env["utm.campaign"].create({"name": "Autumn"})
        self.budgets = (
            self.budget(hard_limit=50, scope="team", team_id=self.team.id)
            | self.budget(hard_limit=50, scope="user", user_id=self.salesperson.id)
            | self.budget(hard_limit=50)
        )
        known = self.env["crm.lead"].create(
            {"name": "Known", "type": "opportunity", "user_id": self.salesperson.id}
        )
        self.done = self.mine(
            lead_number=4, target="contacts", contact_number=1, campaign_id=campaign.id
        )
        wizard = self.env["lead.mining.bad.data"].with_user(self.salesperson)
        reported = self.done.result_ids[0]
        wizard.create({"result_ids": reported.ids, "flaw": "closed"}).action_confirm()
        merged = known | self.done.lead_ids[1]
        merged.with_user(self.salesperson).merge_opportunity()
        self.env["lead.mining.search"].with_user(self.salesperson).create(
            {"name": "Search", "country_ids": [(6, 0, self.belgium.ids)], "lead_number": 1}
        )
        self.request(lead_number=1)
        self.random = random.Random(13)

    def snapshot(self):
        """Return everything that money is judged and reported by."""
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.env(user=SUPERUSER_ID)
        measures = ["captured:sum", "refunded:sum", "net:sum"]
        consumption = env["iap.credit.consumption"]._read_group(
            [],
            ["user_id", "team_id", "campaign_id", "document_model", "document_id"],
            measures,
        )
        mining = env["lead.mining.report"]._read_group(
            [],
            ["owner_id", "team_id", "campaign_id", "provider_id", "country_id", "industry_id"],
            ["credits:sum", "lead_count:sum", "contact_count:sum"],
        )
        refunds = env["lead.mining.refund"].search([])
        limit = env["lead.mining.refund"].with_user(self.salesperson)._monthly_credits_left()
        return {
            "budgets": self.budgets.with_env(env).mapped("spent"),
            "limit": limit,
            "consumption": [tuple(map(str, row)) for row in consumption],
            "mining": [tuple(map(str, row)) for row in mining],
            "refunds": [
                (one.credits, one.cause, one.subject, one.user_id.id, one.state) for one in refunds
            ],
        }

    def records(self, operation):
        """Yield some records of each model that the salesperson may write or delete."""
        env = self.env(user=self.salesperson, su=False)
        for name in sorted(self.env.registry):
            model = env[name]
            if name.startswith(self.SKIPPED) or model._abstract or model._transient:
                continue
            if not model._auto or not model.has_access(operation):
                continue
            try:
                with self.env.cr.savepoint():
                    found = model.with_context(active_test=False).search([], limit=3)
            except REFUSALS:
                continue
            if found:
                yield found.with_context(active_test=True)

    def value(self, record, field):
        choose = self.random.choice
        match field.type:
            case "many2one":
                others = self.env[field.comodel_name].search([], limit=5).ids
                return choose([False, *others])
            case "selection":
                return choose([*field.get_values(self.env), False])
            case "boolean":
                return not record[field.name]
            case "integer" | "float" | "monetary" | "many2one_reference":
                return choose([0, -1, 7, 1000])
            case "date":
                return date(2020, 1, 1)
            case "datetime":
                return datetime(2020, 1, 1)
            case "char" | "text" | "html":
                return choose(["", "Changed", "changed@synthetic1.example"])
            case "one2many" | "many2many":
                return choose([[Command.clear()], [Command.set([])]])
        return False

    def attempt(self, operation):
        """Do something as the salesperson, and tell whether it was allowed."""
        try:
            with self.env.cr.savepoint():
                operation()
                self.env.flush_all()
        except REFUSALS:
            self.env.invalidate_all()
            return False
        return True

    def assertNothingMoved(self, what):
        after = self.snapshot()
        for name, before in self.before.items():
            self.assertEqual(after[name], before, f"{name} after {what}")

    @mute_logger("odoo.sql_db", "odoo.models.unlink", "odoo.addons.base.models.ir_rule")
    def test_write_and_unlink(self):
        self.before = self.snapshot()
        self.assertEqual(self.before["budgets"], [6, 6, 6])
        self.assertEqual(self.before["limit"], 97)
        for records in self.records("write"):
            for record in records:
                written = [
                    field.name
                    for field in record._fields.values()
                    if field.name not in ("id", "create_uid", "write_uid") and not field.related
                    if self.attempt(
                        lambda record=record, field=field: record.write(
                            {field.name: self.value(record, field)}
                        )
                    )
                ]
                if written:
                    self.assertNothingMoved(f"writing {record._name}: {written}")
        for records in self.records("unlink"):
            for record in records:
                if self.attempt(record.unlink):
                    self.assertNothingMoved(f"deleting {record._name}")

    @mute_logger("odoo.sql_db", "odoo.models.unlink", "odoo.addons.base.models.ir_rule")
    def test_method_calls(self):
        """What a call spends or gives back counts; none makes room for more."""
        before = self.snapshot()
        env = self.env(user=self.salesperson, su=False)
        targets = {
            "lead.mining.request": env["lead.mining.request"].search([]),
            "lead.mining.result": self.done.result_ids.with_env(env),
            "lead.mining.refund": env["lead.mining.refund"].search([]),
            "lead.mining.contact": env["lead.mining.contact"].search([]),
            "lead.mining.search": env["lead.mining.search"].search([]),
            "crm.lead": env["crm.lead"].search([]),
        }
        for records in targets.values():
            methods = sorted(
                name
                for name in dir(type(records))
                if name.startswith(("action_", "merge_", "toggle_", "convert_"))
            )
            for record in (*records[:3], records):
                for name in methods:
                    try:
                        with self.env.cr.savepoint():
                            getattr(record, name)()
                            self.env.flush_all()
                    except (*REFUSALS, AssertionError, AttributeError):
                        self.env.invalidate_all()
                    after = self.snapshot()
                    refunded = sum(row[0] for row in after["refunds"])
                    self.assertEqual(after["limit"] + refunded, 100, name)
                    self.assertGreaterEqual(len(after["refunds"]), len(before["refunds"]), name)
                    for old, new in zip(before["budgets"], after["budgets"], strict=True):
                        self.assertGreaterEqual(new, old, name)


@tagged("post_install", "-at_install")
class TestErasureReachesTheLedger(RefundCase):
    def test_name_of_a_contact_that_was_enriched_is_found_and_erased(self):
        partner = self.env["res.partner"].create({"name": "Ada Lovelace"})
        hold = self.account.hold(
            1, reason="Enrichment of Ada Lovelace", idempotency_key="ada", document=partner
        )
        self.account.capture(
            hold.token, 1, reason="Enrichment of Ada Lovelace", idempotency_key="ada paid",
            document=partner,
        )  # fmt: skip
        wizard = self.env["lead.mining.privacy"].create({"name": "Lovelace Ada"})
        wizard.action_search()
        models = set(wizard.line_ids.mapped("model"))
        self.assertTrue({"iap.credit.hold", "iap.credit.entry"} <= models)
        wizard.action_erase()
        lines = self.env["iap.credit.entry"].search([("document_model", "=", "res.partner")])
        lines = lines.filtered(lambda line: line.document_id == partner.id)
        self.assertEqual(len(lines), 2)
        for record in (*lines, *lines.hold_id):
            self.assertNotIn("Lovelace", f"{record.reason} {record.document_name}")
            self.assertEqual(record.document_id, partner.id)
        self.assertPaid(1)

    def test_lines_of_others_stay(self):
        request = self.mine(lead_number=1)
        wizard = self.env["lead.mining.privacy"].create({"name": "Synthetic Person"})
        wizard.action_search()
        wizard.action_erase()
        entries = self.env["iap.credit.entry"].search([("document_id", "=", request.id)])
        self.assertIn(request.name, entries.mapped("document_name"))
