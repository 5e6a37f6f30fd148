from contextlib import contextmanager
from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestProof(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._fund(50)
        hold = cls._hold(20)
        cls.capture = cls._capture(hold, 5)
        cls.account.release(hold.token, reason="Test")
        cls.open = cls._hold(7)
        cls.refund = cls.account.refund(cls.capture, 2, reason="Test", idempotency_key="r")

    def _prove(self, user=None):
        proofs = self.env["iap.credit.proof"].with_user(user or self.env.user)
        return proofs.create({"account_id": self.account.id})

    @contextmanager
    def _without_trigger(self):
        """Do what only the owner of the database can."""
        tables = ("iap_credit_entry", "iap_credit_allocation")
        for table in tables:
            self.env.cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER USER", SQL.identifier(table)))
        yield
        for table in tables:
            self.env.cr.execute(SQL("ALTER TABLE %s ENABLE TRIGGER USER", SQL.identifier(table)))
        self.env.invalidate_all()

    def test_a_sound_ledger_is_proven(self):
        proof = self._prove()
        self.assertTrue(proof.is_proven)
        self.assertFalse(proof.misfit_id)
        self.assertEqual((proof.available, proof.held), (40, 7))
        self.assertEqual((proof.cached_available, proof.cached_held), (40, 7))
        self.assertEqual(proof.cached_lots, 40)

    def test_a_changed_entry_is_shown(self):
        with self._without_trigger():
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE iap_credit_entry SET amount = amount + 1,
                           available_delta = available_delta + 1 WHERE id = %s
                    """,
                    self.refund.id,
                )
            )
        proof = self._prove()
        self.assertFalse(proof.is_proven)
        self.assertEqual(proof.misfit_id, self.refund)

    def test_a_deleted_entry_is_noticed_at_the_next_one(self):
        _refund, second, first = self.env["iap.credit.entry"].search(
            [("account_id", "=", self.account.id)], order="id desc", limit=3
        )
        with self._without_trigger():
            self.env.cr.execute(
                SQL("DELETE FROM iap_credit_allocation WHERE entry_id = %s", first.id)
            )
            self.env.cr.execute(SQL("DELETE FROM iap_credit_entry WHERE id = %s", first.id))
        proof = self._prove()
        self.assertFalse(proof.is_proven)
        self.assertEqual(proof.misfit_id, second)

    def test_a_changed_balance_is_noticed(self):
        self.env.cr.execute(
            SQL(
                "UPDATE iap_credit_balance SET available = 41 WHERE account_id = %s",
                self.account.id,
            )
        )
        self.env.invalidate_all()
        proof = self._prove()
        self.assertFalse(proof.is_proven)
        self.assertEqual((proof.available, proof.cached_available), (40, 41))

    def test_a_changed_hold_is_noticed(self):
        self.env.cr.execute(
            SQL("UPDATE iap_credit_hold SET captured = 1 WHERE token = %s", self.open.token)
        )
        self.env.invalidate_all()
        self.assertFalse(self._prove().is_proven)

    def test_a_changed_lot_is_noticed(self):
        self.env.cr.execute(
            SQL(
                "UPDATE iap_credit_lot SET remaining = remaining - 1 WHERE account_id = %s",
                self.account.id,
            )
        )
        self.env.invalidate_all()
        proof = self._prove()
        self.assertFalse(proof.is_proven)
        self.assertEqual((proof.available, proof.cached_available), (40, 40))
        self.assertLess(proof.cached_lots, 40)

    def test_an_entry_that_took_from_its_lots_what_it_does_not_say_is_shown(self):
        with self._without_trigger():
            self.env.cr.execute(
                SQL(
                    "UPDATE iap_credit_allocation SET credits = credits + 1 WHERE entry_id = %s",
                    self.refund.id,
                )
            )
        proof = self._prove()
        self.assertFalse(proof.is_proven)
        self.assertEqual(proof.misfit_id, self.refund)

    def test_a_sound_ledger_with_lots_that_wait_for_their_end_is_proven(self):
        grant = self.account.grant(
            9, reason="Test", idempotency_key="g", expires_at=datetime.now() + timedelta(days=1)
        )
        self._let_lot_expire(grant)
        self.assertEqual(self.account.credits_available, 40)
        proof = self._prove()
        self.assertTrue(proof.is_proven)
        self.assertEqual((proof.available, proof.cached_available), (49, 49))

    def test_billing_administrators_prove_and_salespeople_do_not(self):
        billing = new_test_user(
            self.env, "billing", groups="crm_iap_credits.group_billing_administrator"
        )
        self.assertTrue(self._prove(billing).is_proven)
        manager = new_test_user(self.env, "manager", groups="sales_team.group_sale_manager")
        with self.assertRaises(AccessError):
            self._prove(manager)
