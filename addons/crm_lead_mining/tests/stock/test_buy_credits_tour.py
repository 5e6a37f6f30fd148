from unittest import SkipTest
from unittest.mock import patch

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.crm_common.tests.kept_browser import KeptBrowser

from ..common import LeadMiningCase

FORM = "/odoo/action-crm_lead_mining.lead_mining_request_action_own/%s"


@tagged("post_install", "-at_install")
class TestBuyCreditsTour(KeptBrowser, LeadMiningCase, HttpCase):
    """From a request without credits to its leads, paid by stock's `payment_demo`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        demo = cls.env.ref("payment.payment_provider_demo")
        if demo.code != "demo":
            raise SkipTest("payment_demo is not installed")
        cls.env["payment.provider"].search([]).state = "disabled"
        demo.write({"state": "test", "is_published": True})
        cls.env.ref("payment_demo.payment_method_demo").active = True
        cls.env["iap.credit.pack"].search([]).active = False
        cls.pack = cls.env["iap.credit.pack"].create(
            {"name": "Tour Pack", "credits": 10, "price": 19}
        )
        # Where the company is, is known: nothing is asked on the way.
        cls.env.company.write(
            {
                "street": "Chaussée de Namur 40",
                "zip": "1367",
                "city": "Ramillies",
                "country_id": cls.env.ref("base.be").id,
                "state_id": False,
                "vat": False,
            }
        )
        cls.buyer = new_test_user(
            cls.env, "buyer", "sales_team.group_sale_manager", password="buyer-password",
            email="buyer@buyer.example",
        )  # fmt: skip
        transaction = type(cls.env["payment.transaction"])
        if hasattr(transaction, "_create_payment"):
            # Without a chart of accounts there is no journal to book payments in.
            cls.startClassPatcher(patch.object(transaction, "_create_payment"))

    def setUp(self):
        super().setUp()
        self._set_credits(0)
        self.mining = self.request(user=self.buyer)

    def walk(self, tour):
        # Under tests no scheduler runs, so the trigger does the work, when the caller commits.
        worker = type(self.env["lead.mining.worker"])
        with patch.object(worker, "_trigger_lanes", _run_at_commit):
            self.start_tour(FORM % self.mining.id, tour, login="buyer")
        self.env.invalidate_all()

    def assertBought(self, orders):
        self.assertEqual((self.mining.state, self.mining.created_count), ("done", 3))
        order = self.env["iap.credit.order"].search([("account_id", "=", self.account.id)])
        self.assertEqual(order.mapped("state"), ["paid"])
        self.assertEqual(len(order.transaction_ids), orders)
        self.assertEqual(self.account.credits_available, 10 - 3)

    def test_no_credits_then_paid_then_the_waiting_request_has_run(self):
        self.walk("buy_credits_tour")
        self.assertBought(1)

    def test_failed_payment_is_told_and_can_be_tried_again(self):
        self.walk("buy_credits_failed_tour")
        self.assertBought(2)

    def test_pending_payment_keeps_the_order_and_runs_the_request_when_it_arrives(self):
        self.walk("buy_credits_pending_tour")
        order = self.env["iap.credit.order"].search([("account_id", "=", self.account.id)])
        self.assertEqual((order.state, self.mining.state), ("pending", "waiting_credits"))
        self.assertEqual(self.account.credits_available, 0)
        order.transaction_ids._set_done()
        order.transaction_ids._post_process()
        self.run_lane()
        self.assertBought(1)


def _run_at_commit(worker):
    worker.env.cr.precommit.add(worker.sudo()._run_lane)
