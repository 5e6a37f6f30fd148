import re
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..exceptions import CreditError
from .buying_common import BuyingCase


@tagged("post_install", "-at_install")
class TestPayment(BuyingCase):
    def test_confirmed_payment_brings_the_credits(self):
        order = self._order()
        self.assertOrder(order, "draft", 0)
        self.assertFalse(order.payment_summary)
        self._confirm(self._payment(order))
        self.assertOrder(order, "paid", 500)
        entry = order.entry_id
        self.assertEqual(
            (entry.kind, entry.amount, entry.document_name), ("purchase", 500, order.name)
        )
        self.assertEqual(entry.user_id, self.users["billing"])
        self.assertIn(order.transaction_id.reference, order.payment_summary)

    def test_provider_that_notifies_often_pays_once(self):
        order = self._order()
        payment = self._payment(order)
        for _again in range(3):
            self._confirm(payment)
        payment.is_post_processed = False
        payment._post_process()
        payment.is_credit_settled = False  # even if that had been forgotten
        with patch.object(type(order), "_find_payment_problem", return_value=False):
            payment._post_process()
        self.assertOrder(order, "paid", 500)
        self.assertFalse(order.activity_ids)

    def test_pending_then_confirmed(self):
        order = self._order()
        payment = self._payment(order)
        payment._set_pending()
        payment._post_process()
        self.assertOrder(order, "pending", 0)
        with self.assertRaises(UserError):
            order._check_payable()
        self._confirm(payment)
        self.assertOrder(order, "paid", 500)

    def test_failed_and_cancelled_payments_can_be_tried_again(self):
        for fail in ("_set_canceled", "_set_error"):
            with self.subTest(fail):
                order = self._order(pack=self._pack(credits=1, price=1))
                payment = self._payment(order)
                payment._set_pending()
                payment._post_process()
                getattr(payment, fail)(state_message="Refused by the bank")
                payment._post_process()
                self.assertOrder(order, "draft", self.account.credits_available)
                order._check_payable()
                self._confirm(self._payment(order))
                self.assertEqual(order.state, "paid")
        self.assertCredits(2)

    def test_pack_that_changes_during_the_payment_changes_nothing(self):
        order = self._order()
        payment = self._payment(order)
        self.pack.write({"active": False, "price": 1, "credits": 1, "name": "Other"})
        self._confirm(payment)
        self.assertOrder(order, "paid", 500)
        self.assertEqual((order.price, order.pack_name), (79, "Team"))
        self.pack.unlink()
        self.assertEqual(order.credits, 500)

    def test_same_order_is_given_again_until_its_terms_change_or_something_is_paid(self):
        order = self._order()
        self.assertEqual(self._order(), order)
        self.pack.price = 80
        dearer = self._order()
        self.assertNotEqual(dearer, order)
        self._payment(dearer)
        self.assertNotEqual(self._order(), dearer)

    def test_forgotten_orders_are_cancelled_and_their_late_money_still_counts(self):
        order, tried = self._order(), self._order(user=self.users["manager"])
        payment = self._payment(tried)
        payment._set_pending()
        self.env.flush_all()
        self.env.cr.execute("UPDATE iap_credit_order SET write_date = '2020-01-01'")
        self.env.invalidate_all()
        self.env["iap.credit.order"]._cancel_forgotten()
        self.assertEqual((order.state, tried.state), ("cancelled", "draft"))
        self._confirm(self._payment(order))
        self.assertOrder(order, "paid", 500)

    def test_an_order_is_forgotten_after_a_week_and_not_before(self):
        young, old = self._order(), self._order(user=self.users["manager"])
        self.env.flush_all()
        for order, hours in ((young, 7 * 24 - 1), (old, 7 * 24 + 1)):
            self.env.cr.execute(
                "UPDATE iap_credit_order SET write_date = write_date - %s * INTERVAL '1 hour'"
                " WHERE id = %s",
                [hours, order.id],
            )
        self.env.invalidate_all()
        self.env["iap.credit.order"]._cancel_forgotten()
        self.assertEqual((young.state, old.state), ("draft", "cancelled"))

    def test_partly_captured_payment_counts_as_what_arrived(self):
        order = self._order()
        payment = self._payment(order)
        part = payment._create_child_transaction(50)
        rest = payment._create_child_transaction(29)
        part.state, rest.state, payment.state = "done", "cancel", "done"
        payment._post_process()
        self.assertOrder(order, "draft", 0)
        self.assertAlerted(order, "is not the price")


@tagged("post_install", "-at_install")
class TestWrongPayment(BuyingCase):
    def test_wrong_amounts_and_currencies_bring_nothing_and_are_told(self):
        for values in (
            {"amount": 78.99},
            {"amount": 79.01},
            {"amount": 10**9},
            {"currency_id": self.currency_usd.id},
        ):
            with self.subTest(values):
                order = self._order()
                self._confirm(self._payment(order, **values))
                self.assertOrder(order, "draft", 0)
                self.assertAlerted(order, "is not the price")
                self.assertEqual(order._get_page_state(), "checking")
                with self.assertRaises(UserError):
                    order._check_payable()

    def test_second_payment_brings_nothing_and_is_told_once(self):
        order = self._buy()
        second = self._payment(order)
        self._confirm(second)
        second._post_process()
        self.assertOrder(order, "paid", 500)
        self.assertAlerted(order, "a second time")
        self.assertEqual(len(order.activity_ids), 1)

    def test_refund_of_the_second_payment_takes_nothing(self):
        order = self._buy()
        second = self._payment(order)
        self._confirm(second)
        self._refund(second)
        self.assertOrder(order, "paid", 500)

    def test_payment_after_refund_brings_nothing(self):
        order = self._buy()
        self._refund(order.transaction_id)
        self.assertOrder(order, "refunded", 0)
        self._confirm(self._payment(order))
        self.assertOrder(order, "refunded", 0)
        self.assertAlerted(order, "after a refund")

    def test_payment_that_was_refunded_before_it_was_processed_brings_nothing(self):
        order = self._order()
        payment = self._payment(order)
        payment._set_done()
        self._refund(payment)
        payment._post_process()
        self.assertOrder(order, "refunded", 0)
        self.assertAlerted(order, "after a refund")

    def test_copy_of_a_database_sells_nothing(self):
        order = self._order()
        payment = self._payment(order)
        self.account.account_token += "+disabled"
        with self.assertRaisesRegex(UserError, "copy"):
            order._check_payable()
        self._confirm(payment)
        self.assertOrder(order, "draft", 0)
        self.assertAlerted(order, "on a copy")

    def test_whoever_is_asked_for_credits_is_told(self):
        order = self._order()
        self._confirm(self._payment(order, amount=1))
        user = order.activity_ids.user_id
        self.assertIn(user, self.account._get_billing_users())
        self.assertFalse(user.has_group("base.group_system"))


@tagged("post_install", "-at_install")
class TestRefund(BuyingCase):
    def test_refund_takes_unused_credits_back(self):
        order = self._buy()
        self._refund(order.transaction_id)
        self.assertOrder(order, "refunded", 0)
        self.assertEqual((order.refunded_amount, order.reversed_credits), (79, 500))
        self.assertFalse(order.activity_ids)

    def test_refund_of_a_part_takes_its_part(self):
        order = self._buy()
        refund = self._refund(order.transaction_id, 39.5)
        refund._post_process()
        self.assertOrder(order, "paid", 250)
        self._refund(order.transaction_id, 39.5)
        self.assertOrder(order, "refunded", 0)

    def test_used_credits_stay_used_and_the_billing_administrator_is_told(self):
        order = self._buy()
        self._spend(450)
        self._refund(order.transaction_id)
        self.assertOrder(order, "refunded", 0)
        self.assertEqual(order.reversed_credits, 50)
        self.assertAlerted(order, "50 of them were unused")

    def test_nothing_unused_takes_nothing(self):
        order = self._buy()
        self._spend(500)
        self._refund(order.transaction_id)
        self.assertOrder(order, "refunded", 0)
        self.assertEqual(order.reversed_credits, 0)
        self.assertAlerted(order, "0 of them were unused")

    def test_credits_of_other_orders_are_not_touched(self):
        first, second = self._buy(), self._buy()
        self._spend(500)
        self._refund(first.transaction_id)
        self.assertOrder(first, "refunded", 500)
        self.assertEqual(second.state, "paid")

    def test_refund_that_fails_takes_nothing(self):
        order = self._buy()
        refund = order.transaction_id._create_child_transaction(79, is_refund=True)
        refund._set_error("Refused")
        refund._post_process()
        self.assertOrder(order, "paid", 500)

    def test_billing_administrator_refunds_what_no_provider_can(self):
        order = self._buy()
        order.with_user(self.users["billing"]).action_refund()
        self.assertOrder(order, "refunded", 0)
        with self.assertRaises(UserError):
            order.with_user(self.users["billing"]).action_refund()


@tagged("post_install", "-at_install")
class TestTransfer(BuyingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "custom_mode" not in cls.env["payment.provider"]._fields:
            cls.skipTest(cls, "payment_custom is not installed")
        method = cls.env.ref("payment_custom.payment_method_wire_transfer")
        cls.transfer = cls.env["payment.provider"].create(
            {
                "name": "Wire Transfer", "code": "custom", "custom_mode": "wire_transfer",
                "state": "test", "is_published": True,
                "payment_method_ids": [Command.set(method.ids)],
            }
        )  # fmt: skip
        method.active = True

    def _transfer(self, order):
        payment = self._payment(
            order, provider_id=self.transfer.id,
            payment_method_id=self.transfer.payment_method_ids.id, operation="online_redirect",
        )  # fmt: skip
        payment._process("custom", {"reference": payment.reference})
        payment._post_process()
        return payment

    def test_transfer_waits_for_the_billing_administrator(self):
        order = self._order(user=self.users["manager"])
        self._transfer(order)
        self.assertOrder(order, "pending", 0)
        as_billing = order.with_user(self.users["billing"])
        self.assertTrue(as_billing.can_confirm)
        as_billing.action_confirm_payment()
        self.assertOrder(order, "paid", 500)
        self.assertFalse(as_billing.can_confirm)
        with self.assertRaises(UserError):
            as_billing.action_confirm_payment()
        self.assertCredits(500)

    def test_cancelled_transfer_brings_nothing(self):
        order = self._order()
        payment = self._transfer(order)
        order.with_user(self.users["billing"]).action_cancel()
        self.assertOrder(order, "cancelled", 0)
        self.assertEqual(payment.state, "cancel")
        with self.assertRaises(UserError):
            order.with_user(self.users["billing"]).action_confirm_payment()

    def test_cancelling_gives_up_what_is_authorized(self):
        self.provider.write({"capture_manually": True, "support_manual_capture": "full_only"})
        order = self._order()
        payment = self._payment(order)
        payment._set_authorized()
        payment._post_process()
        Transaction = type(payment)
        with patch.object(
            Transaction,
            "_send_void_request",
            autospec=True,
            side_effect=lambda tx: tx._set_canceled(),
        ) as asked:
            order.with_user(self.users["billing"]).action_cancel()
        self.assertEqual(asked.call_count, 1)
        self.assertEqual((order.state, payment.state), ("cancelled", "cancel"))

    def test_total_of_orders_is_the_money_that_was_kept(self):
        self._order(pack=self._pack(price=500))  # nobody has paid it
        refunded, partly, paid = (
            self._buy(pack=self._pack(price=price)) for price in (100, 60, 30)
        )
        self._refund(refunded.transaction_id)
        self._refund(partly.transaction_id, 20)
        orders = self.env["iap.credit.order"].with_user(self.users["billing"])
        domain = [("account_id", "=", self.account.id)]
        [(received,)] = orders._read_group(domain, [], ["received_amount:sum"])
        self.assertEqual(received, 40 + 30)
        listed = orders.get_view(view_type="list")["arch"]
        self.assertEqual(re.findall(r'name="(\w+)"[^>]* sum=', listed), ["received_amount"])
        self.assertEqual(paid.received_amount, 30)

    def test_reasons_and_figures_are_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.env["ir.module.module"]._load_module_terms(["crm_iap_credits"], ["it_IT"])
        order = self._buy(pack=self._pack(credits=4000))
        end = fields.Datetime.now() + timedelta(days=1)
        gift = self.account.grant(5, reason="Gift", idempotency_key=self._key(), expires_at=end)
        self._let_lot_expire(gift)
        self.env["iap.credit.lot"]._expire_due()
        statement = self.env["iap.credit.statement"].with_context(lang="it_IT").create(
            {"account_id": self.account.id}
        )  # fmt: skip
        reasons = [line.reason for line in statement._get_statement().movements]
        self.assertEqual(
            reasons[-3:], [f"Ordine di crediti {order.name}", "Gift", "Non usati in tempo"]
        )
        italian = self.account.with_context(lang="it_IT")
        with self.assertRaisesRegex(CreditError, r"5\.050"):
            italian.hold(5050, reason="Test", idempotency_key=self._key())

    def test_paid_order_cannot_be_cancelled(self):
        order = self._buy()
        with self.assertRaises(UserError):
            order.with_user(self.users["billing"]).action_cancel()


@tagged("post_install", "-at_install")
class TestOrderAccess(BuyingCase):
    def test_only_billing_administrators_of_the_company_see_orders(self):
        order = self._buy(user=self.users["manager"])
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env, "stranger", "crm_iap_credits.group_billing_administrator",
            company_id=other.id, company_ids=[Command.set(other.ids)],
        )  # fmt: skip
        orders = self.env["iap.credit.order"]
        self.assertEqual(orders.with_user(self.users["billing"]).search([]), order)
        self.assertFalse(orders.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            order.with_user(stranger).read(["price"])
        for login in ("manager", "seller", "portal"):
            with self.subTest(login), self.assertRaises(AccessError):
                orders.with_user(self.users[login]).search([])

    def test_nobody_writes_orders_but_their_methods(self):
        order = self._order()
        for user in (*self.users.values(), self.env.ref("base.user_admin")):
            for call in (
                lambda o: o.write({"state": "paid"}),
                lambda o: o.unlink(),
                lambda o: o.create({"name": "X"}),
            ):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    call(order.with_user(user))

    def test_others_can_call_none_of_its_actions(self):
        order = self._buy()
        for login in ("manager", "seller", "portal"):
            for name in (
                "action_confirm_payment", "action_cancel", "action_refund", "action_view_page",
            ):  # fmt: skip
                with self.subTest(login=login, action=name), self.assertRaises(AccessError):
                    getattr(order.with_user(self.users[login]), name)()
        self.assertOrder(order, "paid", 500)

    def test_no_token_is_in_anything_that_is_shown(self):
        order = self._buy()
        token, token_hash = self.account.account_token, self.account.token_hash
        shown = str(order.with_user(self.users["billing"]).read())
        shown += str(order.message_ids.mapped("body")) + order._get_page_url()
        shown += self.account._get_signed_credits_url()
        for secret in (token, token_hash):
            self.assertNotIn(secret, shown)
        for login in ("billing", "manager", "seller"):
            with self.assertRaises(AccessError):
                self.account.with_user(self.users[login]).read(["token_hash"])

    def test_billing_administrators_write_in_the_chatter(self):
        order = self._order().with_user(self.users["billing"])
        self.assertTrue(order.message_post(body="Seen"))


@tagged("post_install", "-at_install")
class TestReceipt(BuyingCase):
    def test_payer_gets_a_receipt_in_their_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        template = self.env.ref("crm_iap_credits.mail_template_credit_receipt")
        template.with_context(lang="it_IT").subject = "Ricevuta {{ object.name }}"
        self.users["billing"].partner_id.lang = "it_IT"
        order = self._buy()
        mail = self.env["mail.mail"].search(
            [("model", "=", order._name), ("res_id", "=", order.id)]
        )
        self.assertEqual(mail.subject, f"Ricevuta {order.name}")
        self.assertEqual(mail.recipient_ids, order.partner_id)
        self.assertIn("500", mail.body_html)
        self.assertIn("79", mail.body_html)

    def test_payer_without_address_gets_credits_without_receipt(self):
        self.users["billing"].partner_id.email = False
        self.assertOrder(self._buy(), "paid", 500)

    def test_receipt_is_dated(self):
        self.assertLessEqual(self._buy().paid_at, fields.Datetime.now())
