import uuid
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..common import LeadMiningCase


@tagged("post_install", "-at_install")
class TestWaitingForCredits(LeadMiningCase):
    def setUp(self):
        super().setUp()
        self._set_credits(0)
        self.provide(20)

    def wait(self, leads, days=0, **values):
        """Return a request that waits for the credits of so many leads since so many days."""
        request = self.request(lead_number=leads, **values)
        request.action_generate()
        self.assertEqual(request.state, "waiting_credits")
        run = request.sudo().run_id
        run.queued_at -= timedelta(days=days)
        return request

    def buy(self, credits):
        self.account.purchase(credits, reason="Test", idempotency_key=f"buy-{credits}")
        self.run_lane()

    def test_waiting_request_runs_when_credits_are_bought(self):
        request = self.wait(3)
        self.buy(3)
        self.assertEqual((request.state, request.created_count), ("done", 3))
        self.assertEqual(self.account.credits_available, 0)

    def test_granted_credits_start_it_too(self):
        request = self.wait(3)
        self.account.grant(3, reason="Test", idempotency_key="grant")
        self.run_lane()
        self.assertEqual(request.state, "done")

    def test_credits_that_do_not_suffice_start_nothing(self):
        request = self.wait(3)
        self.buy(2)
        self.assertEqual(request.state, "waiting_credits")
        self.assertEqual(self.account.credits_available, 2)

    def test_oldest_run_first_and_a_large_one_lets_small_ones_pass(self):
        young, old, large = self.wait(4, days=1), self.wait(4, days=3), self.wait(15, days=9)
        self.buy(5)
        self.assertEqual(
            [r.state for r in (large, old, young)], ["waiting_credits", "done", "waiting_credits"]
        )

    def test_request_of_long_ago_does_not_start_by_surprise(self):
        request = self.wait(3, days=31)
        self.buy(3)
        self.assertEqual(request.state, "waiting_credits")
        self.env["lead.mining.request"]._stop_waiting()
        self.assertEqual(request.state, "failed")
        self.assertIn("did not arrive in time", request.message)

    def test_request_that_is_tried_again_after_long_waits_from_now_on(self):
        self._set_credits(20)
        self.provide(18)
        request = self.mine(lead_number=20)
        self.assertEqual(request.state, "partial")
        request.run_id.sudo().queued_at -= timedelta(days=40)
        self._set_credits(0)
        self.provide(20)
        request.action_retry()
        self.assertEqual(request.state, "waiting_credits")
        self.env["lead.mining.request"]._stop_waiting()
        self.buy(2)
        self.assertEqual((request.state, request.created_count), ("done", 20))

    def test_request_that_has_waited_too_long_waits_anew_when_it_is_started_again(self):
        request = self.wait(3, days=31)
        request.action_retry()
        self.buy(3)
        self.assertEqual(request.state, "done")

    def test_request_that_is_started_again_while_it_waits_keeps_its_place(self):
        old, young = self.wait(3, days=2), self.wait(3, days=1)
        old.action_retry()
        self.buy(3)
        self.assertEqual([r.state for r in (old, young)], ["done", "waiting_credits"])

    def test_partly_done_request_goes_on_where_it_stopped(self):
        self._set_credits(5)
        request = self.request(lead_number=5)
        request.action_generate()
        self.run_lane()
        self.assertEqual(request.created_count, 5)
        request.lead_number = 8
        request.run_id.sudo().state = "partial"
        request.action_retry()
        self.assertEqual(request.state, "waiting_credits")
        self.buy(3)
        self.assertEqual((request.state, request.created_count), ("done", 8))

    def test_waiting_can_be_stopped(self):
        request = self.wait(3)
        request.action_cancel()
        self.assertEqual((request.state, request.message), ("cancelled", False))
        self.buy(3)
        self.assertEqual(request.state, "cancelled")

    def test_waiting_request_can_be_made_smaller_and_started(self):
        request = self.wait(3)
        self.buy(2)
        request.lead_number = 2
        request.action_retry()
        self.assertEqual(request.state, "queued")
        with self.assertRaises(UserError):
            request.action_generate()

    def test_requests_of_other_companies_wait_for_their_own_credits(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.salesperson.company_ids += other
        other_account = self.env["iap.account"]._get_local("reveal", company=other)
        other_account.adjust(
            -other_account.credits_available, reason="Test", idempotency_key="empty"
        )
        request = self.wait(3, company_id=other.id)
        self.buy(3)
        self.assertEqual(request.state, "waiting_credits")
        other_account.purchase(3, reason="Test", idempotency_key="other")
        self.assertEqual(request.state, "queued")

    def test_request_of_somebody_who_has_left_spends_nothing(self):
        leaver = new_test_user(self.env, "leaver", "sales_team.group_sale_salesman")
        request = self.wait(3, user=leaver)
        leaver.active = False
        self.buy(3)
        self.assertEqual(request.sudo().state, "waiting_credits")

    def test_who_buys_with_more_companies_open_than_the_owner_has_starts_what_waits(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        request = self.wait(3)
        open_companies = self.env.company | other
        account = self.account.with_context(allowed_company_ids=open_companies.ids)
        account.purchase(3, reason="Test", idempotency_key="several")
        self.assertEqual(request.state, "queued")

    # === SWITCHED OFF === #

    def switch_off(self):
        """Untick lead mining; the salesperson has the right by name as well."""
        self.env["res.config.settings"]._set_lead_mining_audience(False)
        self.salesperson.group_ids += self.env.ref("crm_lead_mining.group_lead_mining_user")

    def test_nothing_that_waits_starts_while_lead_mining_is_switched_off(self):
        request = self.wait(3)
        self.switch_off()
        self.buy(3)
        self.assertEqual((request.state, self.account.credits_available), ("waiting_credits", 3))
        self.env["res.config.settings"]._set_lead_mining_audience("salesperson")
        self.look_at_what_waits()
        self.assertGoesOn(request)

    def test_nothing_that_is_queued_is_bought_once_lead_mining_is_switched_off(self):
        self._set_credits(3)
        request = self.request(lead_number=3)
        request.action_generate()
        self.switch_off()
        self.run_lane()
        self.assertEqual((request.state, request.created_count), ("cancelled", 0))
        self.assertIn("switched off", request.message)
        self.assertEqual((self.account.credits_available, self.account.credits_held), (3, 0))

    def test_no_provider_is_asked_for_a_preview_while_lead_mining_is_switched_off(self):
        self.switch_off()
        with self.assertRaisesRegex(UserError, "switched off"):
            self.env["lead.mining.request"].with_user(self.salesperson).get_preview(
                {"lead_number": 3, "country_ids": self.belgium.ids}
            )

    # === WHEREVER CREDITS COME FROM === #

    def keep(self, credits):
        """Return a hold that keeps all the credits there are from what waits."""
        self._set_credits(credits)
        return self.account.hold(credits, reason="Test", idempotency_key=uuid.uuid4().hex)

    def spend(self, hold, credits):
        key = uuid.uuid4().hex
        return self.account.capture(hold.token, credits, reason="Test", idempotency_key=key)

    def looks(self):
        """Count how often it was asked to look at what waits."""
        cron = self.env.ref("crm_iap_credits.ir_cron_wake_waiting")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])

    def assertGoesOn(self, request, credits=3):
        self.run_lane()
        self.assertEqual((request.state, request.created_count), ("done", credits))

    def test_released_credits_start_it(self):
        hold = self.keep(3)
        request = self.wait(3)
        self.account.release(hold.token, reason="Test")
        self.assertGoesOn(request)

    def test_rest_of_what_was_captured_starts_it(self):
        hold = self.keep(5)
        request = self.wait(3)
        self.spend(hold, 2)
        self.account.release(hold.token, reason="Test")
        self.assertGoesOn(request)

    def test_credits_of_a_hold_that_expired_start_it(self):
        self.keep(3)
        request = self.wait(3)
        self.env.cr.execute(
            "UPDATE iap_credit_hold SET expires_at = '2020-01-01' WHERE state = 'open'"
        )
        self.env["iap.credit.hold"]._expire_overdue()
        self.assertGoesOn(request)

    def test_refunded_transferred_and_adjusted_credits_start_it(self):
        other = self.env["res.company"].create({"name": "Other"})
        other = self.env["iap.account"]._get_local("reveal", other)
        capture = self.spend(self.keep(3), 3)
        key = {"reason": "Test", "idempotency_key": "arrival"}
        for bring in (
            lambda: self.account.refund(capture, 3, **key),
            lambda: other.transfer(self.account, 3, reason="Test", idempotency_key="transfer"),
            lambda: self.account.adjust(3, reason="Test", idempotency_key="adjust"),
        ):
            request = self.wait(3)
            bring()
            self.assertGoesOn(request)

    def test_credits_that_nobody_told_of_start_it_soon(self):
        for bring in (
            lambda: self._set_credits(3),
            # the price fell
            lambda: self.env["ir.config_parameter"].set_param("crm_lead_mining.price_lead", 0),
        ):
            request = self.wait(3)
            with patch.object(type(self.account), "_credits_arrived"):
                bring()
            self.assertEqual(request.state, "waiting_credits")
            self.look_at_what_waits()
            self.assertGoesOn(request)

    def look_at_what_waits(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_iap_credits.ir_cron_wake_waiting").method_direct_trigger()

    def test_waiting_is_looked_at_again_once_it_is_committed(self):
        before = self.looks()
        self.wait(3)
        self.assertGreater(self.looks(), before)
        self._set_credits(3)
        request = self.request(lead_number=3)
        request.action_generate()
        self._set_credits(0)  # somebody else was faster
        before = self.looks()
        self.run_lane()
        self.assertEqual(request.state, "waiting_credits")
        self.assertGreater(self.looks(), before)

    def test_credits_of_another_company_start_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        request = self.wait(3)
        self.env["iap.account"]._get_local("reveal", other)  # with its trial
        self.look_at_what_waits()
        self.assertEqual(request.state, "waiting_credits")

    def test_nothing_is_looked_at_where_nothing_waits(self):
        self.assertNotIn(self.account, self.env["iap.account"]._get_waited_for())
        self.wait(3)
        self.assertIn(self.account, self.env["iap.account"]._get_waited_for())

    def test_whoever_adds_credits_finds_what_waits_for_them(self):
        self.wait(3)
        other = self.env["res.company"].create({"name": "Other"})
        elsewhere = {"company_id": other.id, "company_ids": [(6, 0, other.ids)]}
        for login, groups, values in (
            ("t_payer", "crm_iap_credits.group_billing_administrator", {}),
            ("t_staff", "base.group_user", {}),
            ("t_elsewhere", "crm_iap_credits.group_billing_administrator", elsewhere),
        ):
            user = new_test_user(self.env, login, groups, **values)
            accounts = self.env["iap.account"].with_user(user)
            with self.subTest(user=login):
                self.assertEqual(accounts._get_waited_for().ids, self.account.ids)
