from datetime import datetime, timedelta

from odoo.tests import new_test_user, tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestAlert(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._fund(100)
        cls.env["res.lang"]._activate_lang("it_IT")
        cls.anna = new_test_user(cls.env, "anna", email="anna@our.example", lang="it_IT")
        cls.bob = new_test_user(cls.env, "bob", email="bob@our.example", lang="en_US")
        cls.billing = new_test_user(
            cls.env, "billing", "crm_iap_credits.group_billing_administrator", lang="en_US"
        )
        cls.account.write(
            {"warning_threshold": 20, "warning_user_ids": [(6, 0, (cls.anna | cls.bob).ids)]}
        )
        cls.env.ref("crm_iap_credits.mail_template_low_balance").with_context(
            lang="it_IT"
        ).subject = "Restano {{ object.credits_available }} crediti"
        cls.env["iap.account"].search([]).filtered(lambda a: a != cls.account).warning_threshold = 0
        cls.env["mail.mail"].search([]).unlink()

    def setUp(self):
        super().setUp()
        self._run_alerts()  # whatever was there before
        self.sent()

    def _run_alerts(self):
        """Do what the scheduler's process does."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr, user=self.env.ref("base.user_root"))["iap.account"]._cron_alert()
        self.env.invalidate_all()

    def sent(self):
        """Return recipient and subject of the alerts that were sent since the last time."""
        recipients = self.account.warning_user_ids.partner_id
        mails = self.env["mail.mail"].search([("recipient_ids", "in", recipients.ids)])
        result = {mail.recipient_ids.email: mail.subject for mail in mails}
        self.bodies = " ".join(mails.mapped("body_html"))
        mails.unlink()
        return result

    def test_recipients_are_told_in_their_language_once(self):
        self._fund(19)
        self._run_alerts()
        self.assertEqual(
            self.sent(),
            {
                "anna@our.example": "Restano 19 crediti",
                "bob@our.example": "Lead Generation: 19 credits left",
            },
        )
        self.assertIn(f"/iap/credits/{self.account.id}", self.bodies)
        self._fund(5)
        self._run_alerts()
        self.assertEqual(self.sent(), {})

    def test_credits_that_are_over_are_not_counted_before_they_are_swept_up(self):
        self._fund(0)
        self._run_alerts()
        grant = self.account.grant(
            50,
            reason="Promotion",
            idempotency_key=self._key(),
            expires_at=datetime.now() + timedelta(days=9),
        )
        self._run_alerts()
        self.sent()
        self._let_lot_expire(grant)
        self._run_alerts()
        self.assertEqual(len(self.sent()), 2)

    def test_spending_itself_sends_nothing(self):
        self._hold(95)
        self.assertEqual(self.sent(), {})
        self._run_alerts()
        self.assertEqual(len(self.sent()), 2)

    def test_balance_at_the_threshold_is_not_below(self):
        self._fund(20)
        self._run_alerts()
        self.assertEqual(self.sent(), {})

    def test_rise_above_the_threshold_arms_the_alert_again(self):
        self._fund(5)
        self._run_alerts()
        self.sent()
        self._fund(50)
        self._run_alerts()
        self.assertEqual(self.sent(), {})
        self.assertFalse(self.account.low_balance_since)
        self._fund(5)
        self._run_alerts()
        self.assertEqual(len(self.sent()), 2)

    def test_no_threshold_no_alert(self):
        self.account.warning_threshold = 0
        self._fund(0)
        self._run_alerts()
        self.assertEqual(self.sent(), {})
        self.assertFalse(self.account.activity_ids)

    def test_disabled_account_tells_nothing(self):
        self.account.account_token += "+disabled"
        self._fund(5)
        self._run_alerts()
        self.assertEqual(self.sent(), {})

    def test_billing_administrator_is_asked_to_buy_once_and_never_bought_for(self):
        self._fund(5)
        self._run_alerts()
        activity = self.account.activity_ids
        self.assertEqual(activity.user_id, self.billing)
        self.assertIn(f"/iap/credits/{self.account.id}", activity.note)
        self.assertIn("5 credits are left", activity.note)
        self._fund(50)
        self._run_alerts()
        self.assertFalse(self.account.activity_ids)
        for balance in (5, 50, 4):
            self._fund(balance)
            self._run_alerts()
        self.assertEqual(len(self.account.activity_ids), 1)
        entries = self.env["iap.credit.entry"].search([("account_id", "=", self.account.id)])
        self.assertNotIn("purchase", entries.mapped("kind"))

    def test_recipient_of_the_alert_is_asked_first(self):
        other = new_test_user(
            self.env, "other", "crm_iap_credits.group_billing_administrator", email="o@our.example"
        )
        self.account.warning_user_ids |= other
        self._fund(5)
        self._run_alerts()
        self.assertEqual(self.account.activity_ids.user_id, other)

    def test_who_does_not_work_for_the_company_is_not_asked_even_as_a_recipient(self):
        company = self.env["res.company"].create({"name": "Other"})
        foreign = new_test_user(
            self.env,
            "foreign",
            "crm_iap_credits.group_billing_administrator",
            email="f@our.example",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.account.warning_user_ids |= foreign
        self._fund(5)
        self._run_alerts()
        self.assertEqual(self.account.activity_ids.user_id, self.billing)

    def test_where_nobody_may_buy_the_recipients_are_told_all_the_same(self):
        company = self.env["res.company"].create({"name": "Other"})
        account = self.env["iap.account"]._get_local("reveal", company=company)
        account.write({"warning_threshold": 20, "warning_user_ids": [(6, 0, self.bob.ids)]})
        self._fund(5, account)
        self._run_alerts()
        self.assertFalse(account.activity_ids)
        self.assertEqual([*self.sent()], ["bob@our.example"])

    def test_who_was_asked_to_buy_is_not_asked_again(self):
        self._fund(5)
        for _time in range(2):
            self.account._propose_top_up()
        self.assertEqual(len(self.account.activity_ids), 1)
