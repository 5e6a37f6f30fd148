"""One bill for all databases of a customer."""

from datetime import datetime

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.crm_iap_credits.tools.ledger import Cost

LAST = datetime(2026, 10, 14, 9, 0)
NOW = datetime(2026, 11, 3, 9, 0)


class BillCase(TransactionCase):
    """Two databases of a customer, and another one's, with credits that were granted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer, other = cls.env["res.partner"].create(
            [{"name": "Alfa", "is_company": True}, {"name": "Beta", "is_company": True}]
        )
        cls.first, cls.second, cls.foreign = cls.env["iap.server.client"].create(
            [
                {"name": name, "uuid": f"{name[-5:]}-0001", "partner_id": partner.id}
                for name, partner in (
                    ("Alfa Rome", cls.customer),
                    ("Alfa Milan", cls.customer),
                    ("Beta Turin", other),
                )
            ]
        )
        for client in (cls.first, cls.second, cls.foreign):
            client.account_id.grant(20, reason="Monthly", idempotency_key="granted")
        cls.provider = cls.env["iap.server.provider"].create(
            {"name": "Address Check", "service_name": "address_check"}
        )
        cls.numbers = iter(range(1000))

    def setUp(self):
        super().setUp()
        self.patch(fields.Datetime, "now", lambda: NOW)
        self.patch(fields.Date, "context_today", lambda *_args: NOW.date())

    def fund(self, client, credits, cost):
        client.account_id.purchase(
            credits,
            reason="Bought",
            idempotency_key=f"bought {next(self.numbers)}",
            cost=Cost(cost, 0.0, self.env.company.currency_id.id),
        )

    def spend(self, client, credits, document=None, moment=LAST, kind="mining"):
        """Spend credits at a moment of last month; return the entry."""
        key = f"spent {next(self.numbers)}"
        if not document:
            answer = self.env["iap.server.answer"].sudo().create(
                {"client_id": client.id, "company_id": client.company_id.id, "kind": kind,
                 "key": key, "state": "done", "credits": credits}
            )  # fmt: skip
            key = f"iap-server:{answer.id}"
        account = client.account_id
        values = {"reason": "Test", "document": document or client}
        hold = account.hold(credits + 2, idempotency_key=key, **values)
        entry = account.capture(hold.token, credits, idempotency_key=f"{key}:paid", **values)
        account.release(hold.token, reason="Test")
        return self.backdate(entry, moment)

    def backdate(self, entry, moment=LAST):
        self.env.cr.execute("ALTER TABLE iap_credit_entry DISABLE TRIGGER USER")
        self.env.cr.execute(
            "UPDATE iap_credit_entry SET date = %s WHERE id = %s", [moment, entry.id]
        )
        self.env.cr.execute("ALTER TABLE iap_credit_entry ENABLE TRIGGER USER")
        self.env.invalidate_all()
        return entry

    def bill(self, **values):
        return self.env["iap.server.bill"].create(
            {"partner_id": self.customer.id, "month": "2026-10-20", **values}
        )

    def lines(self, bill):
        return {
            (line.client_id.name, line.service): (line.credits, line.billed_credits)
            for line in bill.line_ids
        }


@tagged("post_install", "-at_install")
class TestBill(BillCase):
    def test_each_database_has_a_line_for_each_service(self):
        self.spend(self.first, 3)
        self.spend(self.first, 1)
        self.spend(self.first, 2, kind="enrichment")
        self.spend(self.first, 5, document=self.provider)
        self.spend(self.second, 4)
        self.spend(self.foreign, 6)
        self.second.blocked = True
        bill = self.bill(price=0.1)
        self.assertEqual(
            self.lines(bill),
            {
                ("Alfa Rome", "Lead Mining"): (4, 4),
                ("Alfa Rome", "Enrichment"): (2, 2),
                ("Alfa Rome", "Address Check"): (5, 5),
                ("Alfa Milan", "Lead Mining"): (4, 4),
            },
        )
        self.assertEqual((bill.credits, bill.billed_credits, bill.amount), (15, 15, 1.5))
        self.assertEqual(bill.display_name, "Alfa 2026-10")

    def test_only_what_was_spent_in_the_month_of_the_company_counts(self):
        self.env.company.partner_id.tz = "Europe/Rome"
        for moment, credits in (
            (datetime(2026, 9, 30, 21, 59), 1),
            (datetime(2026, 9, 30, 22, 0), 2),
            (datetime(2026, 10, 31, 22, 59), 3),
            (datetime(2026, 10, 31, 23, 0), 4),
        ):
            self.spend(self.first, credits, moment=moment)
        self.assertEqual(self.bill().credits, 5)

    def test_bought_credits_are_shown_and_not_billed(self):
        self.fund(self.first, 10, cost=5.0)
        self.spend(self.first, 18)
        self.spend(self.first, 6)
        self.assertEqual(self.lines(self.bill()), {("Alfa Rome", "Lead Mining"): (24, 20)})

    def test_credits_taken_in_two_steps_are_paid_once(self):
        """Of 24 credits 4 had been bought, whichever of the two steps has taken them."""
        self.fund(self.first, 10, cost=5.0)
        account, values = self.first.account_id, {"reason": "Test", "document": self.provider}
        hold = account.hold(24, idempotency_key="in steps", **values)
        for step in ("one", "two"):
            self.backdate(account.capture(hold.token, 12, idempotency_key=step, **values))
        self.assertEqual(self.lines(self.bill()), {("Alfa Rome", "Address Check"): (24, 20)})

    def test_what_was_given_back_is_a_line_of_its_own(self):
        entry = self.spend(self.first, 5)
        self.backdate(self.first.account_id.refund(entry, 2, reason="Bad", idempotency_key="back"))
        bill = self.bill()
        self.assertEqual(self.lines(bill)["Alfa Rome", "Given back"], (-2, -2))
        self.assertEqual(bill.billed_credits, 3)

    def test_a_month_has_one_bill_when_it_is_over(self):
        bill = self.bill()
        self.assertEqual(str(bill.month), "2026-10-01")
        with self.assertRaises(ValidationError):
            self.bill(month="2026-11-01")
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.bill(month="2026-10-31")
        with self.assertRaises(UserError):
            bill.month = "2026-09-01"

    def test_customers_that_are_merged_keep_the_bills_of_both(self):
        other = self.foreign.partner_id
        bills = self.bill() | self.bill(partner_id=other.id)
        bills |= self.bill(partner_id=other.id, month="2026-09-01")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | other).ids, self.customer)
        self.assertEqual(bills.exists(), bills)
        self.assertEqual(bills.partner_id, self.customer)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.bill()

    def test_a_bill_stays_as_it_was_made(self):
        self.spend(self.first, 3)
        bill = self.bill()
        self.spend(self.first, 2)
        self.first.partner_id = False
        self.assertEqual(bill.credits, 3)

    def test_a_credit_may_cost_less_than_the_smallest_coin(self):
        self.spend(self.first, 12)
        bill = self.bill(price=0.0033)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((bill.price, bill.amount), (0.0033, 0.04))
        html = self.env["ir.actions.report"]._render_qweb_html(
            "crm_iap_server.report_iap_server_bill", bill.ids
        )[0]
        self.assertIn("0.0033", html.decode())

    def test_a_further_bill_takes_over_the_price(self):
        self.bill(price=0.125)
        again = self.env["iap.server.bill"].new({"partner_id": self.customer.id})
        again._onchange_partner_id()
        self.assertEqual(again.price, 0.125)

    def test_the_statement_is_printed(self):
        self.spend(self.first, 3)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "crm_iap_server.report_iap_server_bill", self.bill(price=1).ids
        )[0]
        self.assertIn("Alfa Rome", html.decode())
        self.assertIn("October", html.decode())
