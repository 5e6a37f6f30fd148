from psycopg2.errors import RestrictViolation

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ..exceptions import BudgetExceeded
from .test_iap_credit_budget import BudgetCase


class EvidenceCase(BudgetCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.farmers = cls.env["crm.team"].create({"name": "Farmers"})
        cls.theirs = cls.env["crm.lead"].create({"name": "Theirs", "team_id": cls.farmers.id})

    def join(self, team, user=None):
        return self.env["crm.team.member"].create(
            {"crm_team_id": team.id, "user_id": (user or self.sally).id}
        )

    def spent(self, budget):
        self.env.flush_all()
        budget.invalidate_recordset()
        return budget.spent


@tagged("post_install", "-at_install")
class TestTeamThatPays(EvidenceCase):
    def setUp(self):
        super().setUp()
        self.hunters_budget = self.budget(scope="team", team_id=self.team.id)
        self.farmers_budget = self.budget(scope="team", team_id=self.farmers.id)

    def assertSpent(self, hunters, farmers):
        spent = (self.spent(self.hunters_budget), self.spent(self.farmers_budget))
        self.assertEqual(spent, (hunters, farmers))

    def test_moving_a_document_to_another_team_moves_no_spending(self):
        self.spend(60, document=self.lead)
        self.lead.team_id = self.farmers
        self.assertSpent(60, 0)
        self.lead.team_id = False
        self.assertSpent(60, 0)
        with self.assertRaisesRegex(BudgetExceeded, "60 of the 100 credits of Hunters"):
            self.lead.team_id = self.team
            self.spend(41, document=self.lead)

    def test_spending_for_a_deleted_document_counts(self):
        self.spend(60, document=self.lead)
        self.lead.unlink()
        self.assertSpent(60, 0)

    def test_member_pays_from_the_own_team_without_a_document(self):
        self.join(self.team)
        self.spend(60)
        self.assertSpent(60, 0)
        with self.assertRaisesRegex(BudgetExceeded, "Hunters"):
            self.spend(41)

    def test_member_pays_from_the_own_team_for_a_document_without_team(self):
        self.join(self.team)
        self.lead.team_id = False
        partner = self.env["res.partner"].create({"name": "Contact"})
        self.spend(30, document=self.lead)
        self.spend(30, document=partner)
        self.assertSpent(60, 0)

    def test_member_pays_from_the_own_team_for_a_document_of_another(self):
        self.join(self.team)
        self.spend(60, document=self.theirs)
        self.assertSpent(60, 0)
        with self.assertRaisesRegex(BudgetExceeded, "Hunters"):
            self.spend(41, document=self.theirs)

    def test_leader_pays_from_the_team_that_is_led(self):
        self.team.user_id = self.sally
        self.spend(60)
        self.spend(40, document=self.theirs)
        self.assertSpent(100, 0)

    def test_member_of_two_teams_pays_from_the_one_of_the_document(self):
        self.env["ir.config_parameter"].set_param("sales_team.membership_multi", "True")
        self.join(self.team)
        self.join(self.farmers)
        self.spend(10, document=self.lead)
        self.spend(20, document=self.theirs)
        self.assertSpent(10, 20)

    def test_who_is_in_no_team_pays_from_the_one_of_the_document(self):
        self.spend(10, document=self.lead)
        self.spend(20, document=self.theirs)
        self.spend(500)
        self.assertSpent(10, 20)

    def test_administrator_of_sales_spends_for_any_team(self):
        manager = new_test_user(self.env, "manager", "sales_team.group_sale_manager")
        self.join(self.team, manager)
        self.spend(20, manager, document=self.theirs)
        self.spend(10, manager)
        self.assertSpent(10, 20)

    def test_who_has_left_a_team_does_not_pay_from_it(self):
        self.join(self.team).active = False
        self.join(self.farmers)
        self.spend(20)
        self.assertSpent(0, 20)

    def test_archived_teams_and_those_of_other_companies_do_not_pay(self):
        self.env["ir.config_parameter"].set_param("sales_team.membership_multi", "True")
        other = self.env["res.company"].create({"name": "Other"})
        self.sally.company_ids += other
        abroad = self.env["crm.team"].create(
            {"name": "Abroad", "company_id": other.id, "sequence": -2}
        )
        closed = self.env["crm.team"].create({"name": "Closed", "sequence": -1})
        self.join(abroad)
        self.join(closed)
        closed.active = False
        self.join(self.farmers)
        self.spend(20)
        self.assertSpent(0, 20)

    def test_account_without_budget_still_holds_in_one_statement_for_a_member(self):
        (self.hunters_budget | self.farmers_budget).active = False
        self.join(self.team)
        self.spend(1)
        self.env.flush_all()
        with self.assertQueryCount(3):  # savepoint, the statement, release of the savepoint
            self.spend(1)

    def test_budget_asks_no_more_questions_for_a_member_of_many_teams(self):
        self.spend(1)
        self.env.flush_all()
        queries = self.env.cr.sql_log_count
        self.spend(1)
        alone = self.env.cr.sql_log_count - queries
        self.env["ir.config_parameter"].set_param("sales_team.membership_multi", "True")
        for number in range(5):
            self.join(self.env["crm.team"].create({"name": f"Team {number}"}))
        self.spend(1)
        self.env.flush_all()
        queries = self.env.cr.sql_log_count
        self.spend(1)
        self.assertEqual(self.env.cr.sql_log_count - queries, alone)


@tagged("post_install", "-at_install")
class TestFactsOfTheMoment(EvidenceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.env["utm.campaign"].create({"name": "Autumn"})
        cls.lead.campaign_id = cls.campaign

    def move(self):
        """Hold, capture, refund and release for the lead, and return hold and entries."""
        account = self.account.with_user(self.sally).sudo()
        token = self.spend(10, document=self.lead).token
        capture = account.capture(
            token, 6, reason="Test", idempotency_key=self._key(), document=self.lead
        )
        account.release(token, reason="Test")
        # Given back later, when the lead is another team's.
        self.lead.write({"team_id": self.farmers.id, "campaign_id": False, "name": "Renamed"})
        self.account.refund(capture, 2, reason="Test", idempotency_key=self._key())
        hold = self.env["iap.credit.hold"].search([("token", "=", token)])
        return hold, hold.entry_ids | self.env["iap.credit.entry"].search(
            [("undoes_id", "=", capture.id)]
        )

    def test_every_movement_keeps_team_campaign_and_name_of_the_moment(self):
        hold, entries = self.move()
        self.assertEqual(sorted(entries.mapped("kind")), ["capture", "hold", "refund", "release"])
        for record in (hold, *entries):
            with self.subTest(kind=record._name):
                self.assertEqual(record.team_id, self.team)
                self.assertEqual(record.campaign_id, self.campaign)
        for record in (hold, *entries.filtered(lambda entry: entry.kind != "refund")):
            self.assertEqual(record.document_name, "Deal")

    def test_report_of_the_past_stays_when_documents_move_or_go(self):
        self.move()
        Report = self.env["iap.credit.consumption"]
        domain = [("user_id", "=", self.sally.id)]
        groups = [
            Report._read_group(domain, [name], ["captured:sum", "refunded:sum"])
            for name in ("team_id", "campaign_id", "document_model", "user_id")
        ]
        self.assertEqual(groups[0], [(self.team, 6, 2)])
        self.assertEqual(groups[1], [(self.campaign, 6, 2)])
        self.lead.unlink()
        self.env.flush_all()
        Report.invalidate_model()
        for name, group in zip(
            ("team_id", "campaign_id", "document_model", "user_id"), groups, strict=True
        ):
            self.assertEqual(
                Report._read_group(domain, [name], ["captured:sum", "refunded:sum"]), group, name
            )
        self.assertEqual(set(Report.search(domain).mapped("document_name")), {"Deal"})

    def test_document_that_is_gone_is_told(self):
        hold, _entries = self.move()
        self.lead.unlink()
        with self.assertRaisesRegex(UserError, "deleted"):
            hold.action_open_document()

    @mute_logger("odoo.sql_db")
    def test_database_refuses_to_change_the_facts(self):
        hold, entries = self.move()
        for record in (hold, entries[0]):
            for column, value in (
                ("team_id", self.farmers.id),
                ("campaign_id", None),
                ("document_model", "res.partner"),
                ("document_id", 1),
            ):
                with (
                    self.subTest(table=record._table, column=column),
                    self.assertRaises(RestrictViolation),
                    self.cr.savepoint(),
                ):
                    self.env.cr.execute(
                        SQL(
                            "UPDATE %s SET %s = %s WHERE id = %s",
                            SQL.identifier(record._table),
                            SQL.identifier(column),
                            value,
                            record.id,
                        )
                    )
        with self.assertRaises(RestrictViolation), self.cr.savepoint():
            self.env.cr.execute(SQL("DELETE FROM iap_credit_hold WHERE id = %s", hold.id))

    def test_name_of_a_document_can_be_erased(self):
        hold, entries = self.move()
        self.assertIn("Deal", hold.document_name)
        hold._forget("Deal", "Erased")
        entries._forget("Deal", "Erased")
        for record in (hold, *entries):
            self.assertNotIn("Deal", f"{record.document_name} {record.reason}")

    def test_team_and_campaign_that_have_spent_are_not_deleted(self):
        self.move()
        for record in (self.team, self.campaign):
            with self.assertRaisesRegex(UserError, "rchive"):
                record.unlink()
        self.farmers.unlink()

    def test_merging_contacts_goes_on(self):
        """Guards are on columns: whatever rewrites foreign keys to contacts is not in the way."""
        partners = self.env["res.partner"].create([{"name": "One"}, {"name": "Two"}])
        self.spend(1, document=partners[0])
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(partners.ids, partners[1])
        self.assertTrue(partners[1].exists())
