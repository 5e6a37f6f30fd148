from unittest.mock import patch

from lxml import etree

from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .buying_common import BuyingCase

LEDGER = {"action_view_entries", "action_view_holds"}
BILLING = {"Transfer", "Statement", "Verify Ledger", "action_view_credit_orders"}
SYSTEM = {"Grant or Adjust", "Replace Token"}


class Screen:
    """What a user sees of a record in its form: buttons and fields by name, alerts by colour."""

    def __init__(self, record, user):
        record = record.with_user(user)
        self._arch = etree.fromstring(record.get_view(view_type="form")["arch"])
        names = {node.get("name") for node in self._arch.iter("field")} & set(record._fields)
        [self._values] = record.read(list(names))
        nodes = [node for node in self._arch.iter("button", "field") if self._is_seen(node)]
        self.buttons = {
            node.get("string") or node.get("name") for node in nodes if node.tag == "button"
        }
        self.fields = {node.get("name") for node in nodes if node.tag == "field"}
        self.readonly = {node.get("name") for node in nodes if self._is(node, "readonly")}
        self.required = {node.get("name") for node in nodes if self._is(node, "required")}
        self.alerts = {
            node.get("class").split()[1]
            for node in self._arch.iterfind(".//div[@role]")
            if self._is_seen(node)
        }

    def _is_seen(self, node):
        # Fields within fields are those of other records.
        ancestors = list(node.iterancestors())
        return not any(self._is(one, "invisible") for one in (node, *ancestors)) and not any(
            one.tag == "field" for one in ancestors
        )

    def _is(self, node, modifier):
        return bool(safe_eval(node.get(modifier) or "False", dict(self._values)))


@tagged("post_install", "-at_install")
class TestViews(BuyingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env, "view_admin", groups="base.group_system,sales_team.group_sale_manager"
        )
        cls.billing = cls.users["billing"]

    # === ACCOUNTS === #

    def test_each_user_finds_on_an_account_what_that_user_may_do(self):
        table = {
            self.admin: {"Buy Credits"} | LEDGER | BILLING | SYSTEM,
            self.billing: {"Buy Credits"} | LEDGER | BILLING,
            self.users["manager"]: {"Buy Credits"} | LEDGER,
        }
        for user, expected in table.items():
            with self.subTest(user=user.login):
                seen = Screen(self.account, user).buttons
                self.assertEqual(seen & ({"Buy Credits"} | LEDGER | BILLING | SYSTEM), expected)

    def test_an_account_of_a_remote_server_looks_as_in_stock(self):
        service = self.env["iap.service"].search([("kept_by", "=", "remote")], limit=1)
        remote = self.env["iap.account"].create({"service_id": service.id})
        screen = Screen(remote, self.admin)
        self.assertFalse(screen.buttons & ({"Buy Credits"} | LEDGER | BILLING | SYSTEM))
        self.assertFalse(screen.fields & {"credits_available", "credits_held", "credit_lot_ids"})
        self.assertNotIn("company_ids", screen.readonly)
        self.assertIn("balance", screen.fields)

    def test_an_account_kept_here_shows_its_own_credits_and_stays_with_its_company(self):
        screen = Screen(self.account, self.admin)
        self.assertLessEqual({"credits_available", "credits_held", "credit_lot_ids"}, screen.fields)
        self.assertNotIn("balance", screen.fields)
        self.assertIn("company_ids", screen.readonly)

    def test_an_account_tells_what_ends_soon_only_if_something_does(self):
        self.assertFalse({"credits_expiring", "credits_expire_at"} & self._account_fields())
        soon = self.env.cr.now().replace(tzinfo=None, microsecond=0)
        soon = soon.replace(year=soon.year + 1)
        lot = self.account.grant(7, reason="T", idempotency_key="k", expires_at=soon)
        self.env.cr.execute(
            "UPDATE iap_credit_lot SET expires_at = now() AT TIME ZONE 'UTC' + INTERVAL '9 days'"
            " WHERE entry_id = %s",
            [lot.id],
        )
        self.env.invalidate_all()
        self.assertLessEqual({"credits_expiring", "credits_expire_at"}, self._account_fields())

    def test_an_alert_asks_for_its_recipients_only_if_there_is_a_threshold(self):
        for threshold, is_asked in ((0, False), (1, True)):
            with self.subTest(threshold=threshold):
                self.account.write(
                    {"warning_threshold": threshold, "warning_user_ids": [(4, self.admin.id)]}
                )
                screen = Screen(self.account, self.admin)
                self.assertIs("warning_user_ids" in screen.fields, is_asked)
                self.assertIs("warning_user_ids" in screen.required, is_asked)

    def _account_fields(self):
        return Screen(self.account, self.admin).fields

    # === ORDERS === #

    def assertScreen(self, order, buttons, fields=()):
        """Check what a billing administrator may do with an order, and what is told of it."""
        order.invalidate_recordset()
        screen = Screen(order, self.billing)
        self.assertEqual(screen.buttons, {"action_view_page", *buttons})
        told = {"paid_at", "refunded_amount", "reversed_credits"}
        self.assertEqual(screen.fields & told, set(fields))

    def test_an_order_offers_what_its_state_allows(self):
        order = self._order()
        self.assertScreen(order, {"Cancel"})
        payment = self._payment(order)
        payment._set_pending()
        payment._post_process()
        self.assertScreen(order, {"Cancel"})
        with patch.object(type(order), "_get_transfers", lambda order: payment):
            self.assertScreen(order, {"Confirm Payment", "Cancel"})
        self._confirm(payment)
        self.assertScreen(order, {"Refund", "action_view_entries"}, {"paid_at"})
        self._refund(payment, 39.5)
        self.assertScreen(
            order,
            {"Refund", "action_view_entries"},
            {"paid_at", "refunded_amount", "reversed_credits"},
        )
        self._refund(payment, 39.5)
        self.assertScreen(
            order, {"action_view_entries"}, {"paid_at", "refunded_amount", "reversed_credits"}
        )

    def test_a_cancelled_order_offers_nothing(self):
        order = self._order()
        order.with_user(self.billing).action_cancel()
        self.assertScreen(order, set())

    def test_a_refund_without_an_answer_can_be_given_up(self):
        order = self._buy()
        order.transaction_id._create_child_transaction(79, is_refund=True)
        self.assertScreen(order, {"Refund Not Sent", "action_view_entries"}, {"paid_at"})

    # === WIZARDS AND BUDGETS === #

    def test_only_granted_credits_are_given_an_end(self):
        for kind, has_end in (("grant", True), ("adjustment", False)):
            wizard = self.env["iap.credit.move"].create(
                {"account_id": self.account.id, "kind": kind, "credits": 1, "reason": "T"}
            )
            with self.subTest(kind=kind):
                fields = Screen(wizard, self.env.user).fields
                self.assertIs("expires_at" in fields, has_end)

    def test_a_proof_says_whether_the_ledger_is_proven(self):
        wizard = self.env["iap.credit.proof"].create({"account_id": self.account.id})
        self.assertEqual(Screen(wizard, self.env.user).alerts, {"alert-success"})
        self.account.grant(1, reason="T", idempotency_key=self._key())
        self.env.cr.execute(
            "UPDATE iap_credit_balance SET available = available + 1 WHERE account_id = %s",
            [self.account.id],
        )
        wizard = self.env["iap.credit.proof"].create({"account_id": self.account.id})
        self.assertEqual(Screen(wizard, self.env.user).alerts, {"alert-danger"})

    def test_credits_are_transferred_only_where_there_is_another_account(self):
        company = self.env["res.company"].create({"name": "Other"})
        user = new_test_user(
            self.env,
            "view_transfer",
            groups="crm_iap_credits.group_billing_administrator",
            company_ids=[(6, 0, (self.env.company | company).ids)],
        )
        wizards = self.env["iap.credit.transfer"].with_user(user)
        values = {"account_id": self.account.id, "company_id": company.id}
        values |= {"credits": 1, "reason": "T"}
        screen = Screen(wizards.create(values), user)
        self.assertEqual((screen.buttons & {"Transfer"}, screen.alerts), (set(), {"alert-info"}))
        self.env["iap.account"]._get_local("reveal", company)
        screen = Screen(wizards.create(values), user)
        self.assertEqual((screen.buttons & {"Transfer"}, screen.alerts), ({"Transfer"}, set()))

    def test_a_budget_asks_whose_it_is_and_tells_what_one_of_them_has_spent(self):
        table = {"company": set(), "team": {"team_id"}, "user": {"user_id"}}
        for scope, expected in table.items():
            budget = self.env["iap.credit.budget"].create(
                {
                    "company_id": self.env.company.id,
                    "service_id": self.account.service_id.id,
                    "scope": scope,
                    "hard_limit": 10,
                }
            )
            with self.subTest(scope=scope):
                fields = Screen(budget, self.billing).fields
                self.assertEqual(fields & {"team_id", "user_id"}, expected)
                # A budget of each team or user has not one sum.
                self.assertIs("spent" in fields, scope == "company")
