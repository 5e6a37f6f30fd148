from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.payment.models import payment_transaction as stock_payment

from .test_credits_page import CreditsPageCase

MODELS = "odoo.addons.crm_iap_credits.models."


@tagged("post_install", "-at_install")
class TestSettling(CreditsPageCase):
    """Money that has arrived brings its credits, and somebody is told if it does not."""

    def run_cron(self):
        with self.enter_registry_test_mode(), mute_logger(MODELS + "payment_transaction"):
            self.env.ref("payment.cron_post_process_payment_tx").method_direct_trigger()
        self.env.invalidate_all()

    def fail_booking(self, sentence="There is no journal"):
        """Have what other addons do after a payment fail."""

        def fail(payment):
            raise UserError(sentence)

        return patch.object(type(self.env["payment.transaction"]), "_create_payment", fail)

    def confirm(self, payment):
        with mute_logger(MODELS + "payment_transaction"):
            self._confirm(payment)

    def setUp(self):
        super().setUp()
        if not self.account_payment_installed:
            self.skipTest("account_payment is not installed")

    def test_credits_come_even_if_nothing_can_be_booked_and_it_is_told_once(self):
        order = self._order()
        payment = self._payment(order)
        with self.fail_booking():
            self.confirm(payment)
            self.assertOrder(order, "paid", 500)
            self.assertFalse(payment.is_post_processed)
            self.run_cron()
            self.run_cron()
        self.assertOrder(order, "paid", 500)
        self.assertEqual(len(order.activity_ids), 1)
        self.assertAlerted(order, "There is no journal")
        self.assertIn(order.activity_ids.user_id, self.account._get_billing_users())
        page = self.text(self.get(order._get_page_url()))
        self.assertIn("500 credits were added", page)

    def test_payment_somebody_is_booking_right_now_is_told_to_nobody(self):
        order = self._order()
        payment = self._payment(order)
        payment._set_done()  # after the scheduled action has looked for what is to be booked
        nothing = patch.object(stock_payment.PaymentTransaction, "_cron_post_process")
        with nothing:
            self.run_cron()
        self.assertOrder(order, "paid", 500)
        self.assertFalse(order.activity_ids)
        payment.last_state_change -= timedelta(minutes=11)
        with nothing:
            self.run_cron()
        self.assertAlerted(order, "could not be booked")

    def test_who_is_told_is_told_in_the_own_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.env["ir.module.module"]._load_module_terms(["crm_iap_credits"], ["it_IT"])
        self.account._get_billing_users()[:1].lang = "it_IT"
        order = self._order()
        self._confirm(self._payment(order, amount=1))
        self.assertAlerted(order, "non corrisponde al prezzo")
        order = self._order()
        with self.fail_booking():
            self.confirm(self._payment(order))
        self.assertAlerted(order, "è stato confermato")
        self.assertEqual(order.activity_ids.summary, "Pagamento non registrato")

    def test_it_is_closed_when_the_payment_is_booked(self):
        order = self._order()
        payment = self._payment(order)
        with self.fail_booking():
            self.confirm(payment)
        self.assertTrue(order.activity_ids)
        self.run_cron()
        self.assertTrue(payment.is_post_processed)
        self.assertFalse(order.activity_ids)
        self.assertOrder(order, "paid", 500)

    def test_confirmed_transfer_brings_its_credits_too(self):
        order = self._order()
        payment = self._payment(order)
        payment._set_pending()
        payment._post_process()
        with (
            self.fail_booking(),
            mute_logger(MODELS + "payment_transaction"),
            patch.object(type(order), "_get_transfers", lambda order: payment),
        ):
            order.with_user(self.users["billing"]).action_confirm_payment()
        self.assertOrder(order, "paid", 500)
        self.assertTrue(order.activity_ids)

    def test_refund_takes_its_credits_even_if_it_cannot_be_booked(self):
        order = self._buy()
        with self.fail_booking(), mute_logger(MODELS + "payment_transaction"):
            self._refund(order.transaction_id)
        self.assertOrder(order, "refunded", 0)
        self.assertAlerted(order, "could not be booked")

    def test_company_without_chart_of_accounts_sells_credits(self):
        company = self.env["res.company"].create({"name": "Without Chart"})
        account = self.env["iap.account"]._get_local("reveal", company)
        billing = new_test_user(
            self.env, "without_chart", "crm_iap_credits.group_billing_administrator",
            company_id=company.id, company_ids=[Command.set(company.ids)],
        )  # fmt: skip
        provider = self.provider.copy({"company_id": company.id, "state": "test"})
        pack = self._pack(company_id=company.id)
        order = self.env["iap.credit.order"]._place(pack, account, billing.partner_id, user=billing)
        payment = self._payment(order, provider_id=provider.id)
        before = account.credits_available
        self.patcher_off()
        self.confirm(payment)
        self.assertEqual((order.state, account.credits_available - before), ("paid", 500))
        self.assertFalse(payment.is_post_processed)
        self.assertEqual(order.activity_ids.user_id, billing)

    def patcher_off(self):
        """Have payments booked as they really are."""
        from odoo.addons.account_payment.models.payment_transaction import PaymentTransaction

        real = PaymentTransaction._create_payment
        self.startPatcher(
            patch.object(type(self.env["payment.transaction"]), "_create_payment", real)
        )

    def test_payment_whose_credits_cannot_be_added_is_told_on_the_page_and_by_an_activity(self):
        order = self._order()
        payment = self._payment(order)
        payment._set_done()
        self.assertEqual(order._get_page_state(), "adding")
        self.assertTrue(self.has(self.get(order._get_page_url()), name="adding"))
        broken = patch.object(type(order), "_add_credits", side_effect=ValueError("Unforeseen"))
        with broken, mute_logger("odoo.addons.payment.models.payment_transaction"):
            self.run_cron()
            self.run_cron()
        self.assertOrder(order, "draft", 0)
        self.assertEqual(len(order.activity_ids), 1)
        self.assertAlerted(order, "Unforeseen")
        page = self.get(order._get_page_url())
        self.assertTrue(self.has(page, name="stuck"))
        with self.assertRaises(UserError):
            order._check_payable()
        self.run_cron()
        self.assertOrder(order, "paid", 500)
        self.assertFalse(order.activity_ids)
