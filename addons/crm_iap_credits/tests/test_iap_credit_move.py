from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ..exceptions import InsufficientCredits, InvalidAmount
from .common import CreditCase


@tagged("post_install", "-at_install")
class TestMoveWizard(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._fund(10)
        cls.wizards = cls.env["iap.credit.move"].with_context(active_id=cls.account.id)

    def _fill(self, kind, credits):
        with Form(self.wizards) as form:
            form.kind = kind
            form.credits = credits
            form.reason = "Sorry"
        return form.save()

    def test_an_administrator_grants_credits_with_a_reason(self):
        self._fill("grant", 5).action_confirm()
        self.assertCredits(15)
        entry = self.env["iap.credit.entry"].search([], limit=1)
        self.assertEqual((entry.kind, entry.reason), ("grant", "Sorry"))

    def test_an_administrator_corrects_the_balance_downwards(self):
        self._fill("adjustment", -4).action_confirm()
        self.assertCredits(6)

    def test_confirming_twice_moves_once(self):
        wizard = self._fill("grant", 5)
        wizard.action_confirm()
        wizard.action_confirm()
        self.assertCredits(15)

    def test_bad_amounts_move_nothing(self):
        for kind, credits, error in (
            ("grant", 0, InvalidAmount),
            ("grant", -1, InvalidAmount),
            ("adjustment", 0, InvalidAmount),
            ("adjustment", -11, InsufficientCredits),
        ):
            with self.assertRaises(error):
                self._fill(kind, credits).action_confirm()
        self.assertCredits(10)

    def test_nobody_else_may(self):
        user = new_test_user(
            self.env,
            "billing",
            groups="sales_team.group_sale_manager,crm_iap_credits.group_billing_administrator",
        )
        with self.assertRaises(AccessError):
            self.wizards.with_user(user).create({"credits": 1, "reason": "Me"})
