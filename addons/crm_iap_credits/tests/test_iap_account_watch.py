from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .buying_common import BuyingCase
from .test_iap_credit_proof import TestProof

LOGGER = "odoo.addons.crm_iap_credits.models.iap_account_watch"
ALONE = "odoo.addons.crm_common.tools.alone"


@tagged("post_install", "-at_install")
class TestWatch(BuyingCase):
    def watch(self):
        """Do what the scheduler's process does at night, and return what people read of it."""
        self.env.flush_all()
        self.env.invalidate_all()
        with mute_logger(LOGGER):
            self.account._tell_watched(self.account._watch())
        return self.account.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id
                == self.env.ref("crm_iap_credits.mail_activity_type_watch")
            )
        )

    def let_pass(self, transaction, **time):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE payment_transaction SET last_state_change = last_state_change - %(time)s,
                       create_date = create_date - %(time)s WHERE id = %(id)s
                """,
                time=timedelta(**time),
                id=transaction.id,
            )
        )

    def test_where_all_is_well_nobody_is_told(self):
        self._buy()
        self._spend(5)
        self.assertFalse(self.watch())

    def test_payment_that_brought_no_credits_is_told_after_an_hour(self):
        payment = self._payment(self._order())
        payment._set_done()
        self.assertFalse(self.watch())
        self.let_pass(payment, hours=2)
        activity = self.watch()
        self.assertEqual(activity.user_id, self.account._get_watcher())
        self.assertIn(payment.reference, activity.note)
        payment._post_process()
        self.assertFalse(self.watch().filtered("active"))

    def test_refund_that_nobody_answers_is_told_after_days(self):
        order = self._buy()
        refund = order.transaction_id._create_child_transaction(79, is_refund=True)
        self.let_pass(refund, days=1)
        self.assertFalse(self.watch())
        self.let_pass(refund, days=3)
        self.assertIn(refund.reference, self.watch().note)

    def test_wrong_balance_is_told_and_a_second_night_tells_it_once(self):
        self._fund(50)
        with TestProof._without_trigger(self):
            self.env.cr.execute(
                SQL(
                    "UPDATE iap_credit_balance SET available = 49 WHERE account_id = %s",
                    self.account.id,
                )
            )
        self.watch()
        activity = self.watch()
        self.assertEqual(len(activity), 1)
        self.assertIn("49", activity.note)

    def test_wrong_counter_of_a_budget_is_mended_and_told(self):
        self._fund(50)
        self.env["iap.credit.budget"].search([]).active = False
        budget = self.env["iap.credit.budget"].create({"hard_limit": 100})
        self._hold(5)
        self.env.cr.execute(
            SQL(
                "UPDATE iap_credit_spending SET credits = 77 WHERE account_id = %s",
                self.account.id,
            )
        )
        self.assertIn("77", self.watch().note)
        budget.invalidate_recordset()
        self.assertEqual(budget.spent, self.account.credits_held)

    def test_work_that_waits_in_vain_is_told_unless_credits_have_just_come(self):
        Account = type(self.account)
        with patch.object(Account, "_count_stalled", lambda account, since: 1234):
            self._fund(5)
            self.assertFalse(self.watch())
            with patch.object(fields.Datetime, "now", lambda: datetime.now() + timedelta(hours=2)):
                self.assertIn("1,234", self.watch().note)

    def test_account_that_cannot_be_watched_keeps_nobody_from_the_others(self):
        def watch(account):
            if account == self.account:
                raise ValueError("a provider of payments that is gone")
            seen.append(account.id)
            return []

        seen = []
        theirs = self.env["iap.account"]._get_local(
            "reveal", self.env["res.company"].create({"name": "Other"})
        )
        self.env.flush_all()
        with (
            patch.object(type(self.account), "_watch", watch),
            mute_logger(ALONE),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            self.env(cr=cr, user=self.env.ref("base.user_root"))["iap.account"]._cron_watch()
        self.assertIn(theirs.id, seen)
        self.assertNotIn(self.account.id, seen)

    def test_scheduled_action_looks_after_every_account_but_those_of_copies(self):
        seen = []
        Account = type(self.account)
        self.account.account_token = "x+disabled"
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self.env["iap.account"]._get_local("reveal", other)
        self.env.flush_all()
        with (
            patch.object(Account, "_watch", lambda account: seen.append(account.id) or []),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            self.env(cr=cr, user=self.env.ref("base.user_root"))["iap.account"]._cron_watch()
        self.assertIn(theirs.id, seen)
        self.assertNotIn(self.account.id, seen)
