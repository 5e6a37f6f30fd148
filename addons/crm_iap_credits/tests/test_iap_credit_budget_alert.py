from unittest.mock import patch

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .test_iap_credit_budget import BudgetCase


@tagged("post_install", "-at_install")
class TestBudgetAlert(BudgetCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("it_IT")
        cls._fund(10**6)
        cls.env.cr.execute("DELETE FROM iap_credit_spending")
        billing = "crm_iap_credits.group_billing_administrator"
        cls.env.ref(billing).user_ids = False
        cls.bella = new_test_user(
            cls.env, "bella", billing, name="Bella", email="bella@our.example", lang="it_IT"
        )
        cls.sally.email = "sally@our.example"
        cls.team.user_id = cls.sam
        cls.sam.email = "sam@our.example"
        cls.env["mail.mail"].search([]).unlink()

    def sent(self):
        """Do what the scheduler's process does; return recipients and subjects."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr, user=self.env.ref("base.user_root"))["iap.credit.budget"]._cron_tell()
        self.env.invalidate_all()
        mails = self.env["mail.mail"].search([("model", "=", "iap.credit.budget")])
        # Whoever has a budget made for them is told so too.
        mails = mails.filtered(lambda mail: "assigned" not in mail.subject)
        people = self.bella | self.sally | self.sam
        told = {
            (user.login, mail.subject)
            for mail in mails
            for user in people
            if user.partner_id in mail.recipient_ids
        }
        mails.unlink()
        return {login for login, _subject in told}, {subject for _login, subject in told}

    def test_eighty_per_cent_and_all_of_it_are_told_once_each(self):
        self.budget(scope="user", hard_limit=1000)
        self.spend(799)
        self.assertEqual(self.sent()[0], set())
        self.spend(1)
        logins, subjects = self.sent()
        self.assertEqual(logins, {"bella", "sally"})
        self.assertTrue(all("80 %" in subject and "Sally" in subject for subject in subjects))
        self.spend(100)
        self.assertEqual(self.sent()[0], set())
        self.spend(100)
        logins, subjects = self.sent()
        self.assertEqual(logins, {"bella", "sally"})
        self.assertTrue(all("100 %" in subject for subject in subjects))
        self.assertEqual(self.sent()[0], set())

    def test_raised_limit_tells_again_when_it_is_reached(self):
        budget = self.budget(hard_limit=100)
        self.spend(100)
        self.assertEqual(self.sent()[0], {"bella"})
        budget.hard_limit = 1000
        self.assertEqual(self.sent()[0], set())
        self.spend(700)
        self.assertEqual(self.sent()[0], {"bella"})

    def test_leader_of_the_team_is_told_and_nobody_of_others(self):
        self.budget(scope="team")
        self.budget(scope="user", user_id=self.sam.id)
        self.spend(90, document=self.lead)
        logins, subjects = self.sent()
        self.assertEqual(logins, {"bella", "sam"})
        for subject in subjects:
            self.assertIn("Hunters", subject)

    def test_budget_that_cannot_be_told_keeps_nobody_from_the_others(self):
        broken = self.budget(scope="team")
        self.budget(scope="user", user_id=self.sally.id)
        self.spend(90, document=self.lead)
        send = type(broken)._send_reached

        def send_or_fail(budget, *args):
            if budget == broken:
                raise ValueError("a template that somebody has changed")
            return send(budget, *args)

        with (
            patch.object(type(broken), "_send_reached", send_or_fail),
            mute_logger("odoo.addons.crm_common.tools.alone"),
        ):
            logins, _subjects = self.sent()
        self.assertEqual(logins, {"bella", "sally"})
        # What was not told is told once it can be.
        self.assertEqual(self.sent()[0], {"bella", "sam"})

    def test_next_month_tells_anew_and_copies_tell_nothing(self):
        self.budget()
        self.spend(100)
        self.assertTrue(self.sent()[0])
        self._let_months_pass(1)
        self.spend(100)
        self.account.account_token += "+disabled"
        self.assertFalse(self.sent()[0])
        self.account.account_token = "token"
        self.assertTrue(self.sent()[0])
