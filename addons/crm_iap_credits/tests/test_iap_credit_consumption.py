from odoo.tests import new_test_user, tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestConsumption(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._fund(100)
        cls.sally = new_test_user(cls.env, "sally", "sales_team.group_sale_salesman")
        cls.sam = new_test_user(cls.env, "sam", "sales_team.group_sale_salesman")
        cls.manager = new_test_user(cls.env, "manager", "sales_team.group_sale_manager")
        cls.team = cls.env["crm.team"].create({"name": "Hunters"})
        cls.campaign = cls.env["utm.campaign"].create({"name": "Autumn"})
        cls.lead = cls.env["crm.lead"].create(
            {"name": "Deal", "team_id": cls.team.id, "campaign_id": cls.campaign.id}
        )

    def spend(self, user, credits, document=None):
        account = self.account.with_user(user).sudo()
        hold = self._hold(credits, account=account, document=document)
        return account.capture(
            hold.token, credits, reason="Test", idempotency_key=self._key(), document=document
        )

    def read_groups(self, groupby, user=None):
        report = self.env["iap.credit.consumption"].with_user(user or self.manager)
        users = (self.sally | self.sam).ids
        return report._read_group(
            [("user_id", "in", users)], [groupby], ["captured:sum", "refunded:sum", "net:sum"]
        )

    def test_captures_and_refunds_are_told_by_user_team_campaign_and_document(self):
        capture = self.spend(self.sally, 10, self.lead)
        self.spend(self.sam, 5)
        # Given back by another user: it still is of who spent it.
        self.account.refund(capture, 4, reason="Test", idempotency_key=self._key())
        service = self.account.service_id
        self.assertEqual(self.read_groups("user_id"), [(self.sally, 10, 4, 6), (self.sam, 5, 0, 5)])
        nothing = self.env["crm.team"]
        self.assertEqual(self.read_groups("team_id"), [(self.team, 10, 4, 6), (nothing, 5, 0, 5)])
        self.assertEqual(self.read_groups("campaign_id")[0], (self.campaign, 10, 4, 6))
        self.assertEqual(self.read_groups("service_id"), [(service, 15, 4, 11)])
        self.assertEqual(self.read_groups("document_model")[0], ("crm.lead", 10, 4, 6))

    def test_holds_and_releases_are_no_consumption(self):
        hold = self._hold(10, account=self.account.with_user(self.sally).sudo())
        self.account.release(hold.token, reason="Test")
        self.assertEqual(self.read_groups("user_id"), [])

    def test_users_see_their_own_spending(self):
        self.spend(self.sally, 10)
        self.spend(self.sam, 5)
        self.assertEqual(self.read_groups("user_id", self.sally), [(self.sally, 10, 0, 10)])

    def test_document_is_opened_from_its_line(self):
        self.spend(self.sally, 10, self.lead)
        line = self.env["iap.credit.consumption"].search([("user_id", "=", self.sally.id)])
        self.assertEqual(line.document_name, "Deal")
        action = line.action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", self.lead.id))

    def test_consumption_adds_up_to_the_ledger(self):
        self._capture(self._hold(7), 3)
        [(net,)] = self.env["iap.credit.consumption"]._read_group(
            [("account_id", "=", self.account.id)], aggregates=["net:sum"]
        )
        entries = self.env["iap.credit.entry"].search([("account_id", "=", self.account.id)])
        spent = sum(entries.filtered(lambda e: e.kind == "capture").mapped("amount"))
        back = sum(entries.filtered(lambda e: e.kind == "refund").mapped("amount"))
        self.assertEqual(net, spent - back)
