from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.iap.tools import iap_tools

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestStockIap(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._fund(42)
        cls.user = new_test_user(cls.env, "seller", groups="sales_team.group_sale_salesman")
        cls.portal = new_test_user(cls.env, "portal", groups="base.group_portal")
        cls.as_user = cls.env["iap.account"].with_user(cls.user)

    def test_any_user_gets_the_local_account_of_the_company(self):
        self.assertEqual(self.as_user.get("reveal"), self.account)
        self.assertEqual(self.as_user.get("reveal", force_create=False), self.account)
        self.assertEqual(self.as_user.get_account_id("reveal"), self.account.id)

    def test_each_company_gets_its_own_account(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.user.company_ids |= company
        other = self.as_user.with_company(company).get("reveal")
        self.assertNotEqual(other, self.account)
        self.assertEqual(other.company_ids, company)

    def test_asking_without_creating_creates_nothing(self):
        company = self.env["res.company"].create({"name": "Other"})
        accounts = self.env["iap.account"].with_company(company)
        self.assertFalse(accounts.get("reveal", force_create=False))

    def test_my_services_lists_what_is_kept_here_before_its_first_use(self):
        company = self.env["res.company"].create({"name": "Other"})
        asked = self.env["iap.account"].with_company(company)
        self.env["iap.account"]._cron_open()
        account = asked.get("reveal", force_create=False)
        self.assertTrue(account)
        before = self.env["iap.account"].search_count([])
        self.env["iap.account"]._cron_open()
        self.assertEqual(self.env["iap.account"].search_count([]), before)

    def test_looking_at_the_settings_opens_no_account(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.env["res.config.settings"].with_company(company).default_get([])
        asked = self.env["iap.account"].with_company(company)
        self.assertFalse(asked.get("reveal", force_create=False))

    def test_a_newer_account_made_by_hand_does_not_take_its_place(self):
        remote = self.env["iap.service"].create(
            {
                "name": "Remote",
                "technical_name": "test_remote",
                "description": "Remote",
                "unit_name": "Credits",
                "integer_balance": True,
            }
        )
        stray = self.env["iap.account"].create({"service_id": remote.id})
        stray.service_id = self.env.ref("iap.iap_service_reveal")
        self.assertGreater(stray.id, self.account.id)
        self.assertEqual(self.as_user.get("reveal"), self.account)

    def test_the_balance_comes_without_any_call_to_a_server(self):
        with patch.object(iap_tools, "iap_jsonrpc") as call:
            self.assertEqual(self.as_user.get_credits("reveal"), 42)
            [values] = self.account.web_read({"balance": {}, "credits_available": {}})
            self.account.write({"warning_threshold": 5})
        call.assert_not_called()
        self.assertEqual((values["balance"], values["credits_available"]), ("42 Credits", 42))

    def test_who_may_not_change_an_account_sees_its_balance_as_it_is_now(self):
        self.account._refresh_balance()
        self._fund(8)
        account = self.account.with_user(self.user)
        with self.assertRaises(AccessError):
            account.check_access("write")
        with patch.object(iap_tools, "iap_jsonrpc") as call:
            account._get_account_information_from_iap()
        call.assert_not_called()
        self.assertEqual(self.account.balance, f"{self.account.credits_available} Credits")
        self.assertNotIn(self.account.credits_available, (0, 42))

    def test_buying_stays_in_this_database(self):
        url = f"/iap/credits/{self.account.id}"
        self.assertEqual(self.as_user.get_credits_url("reveal"), self.account.get_base_url() + url)
        self.assertEqual(self.account.action_buy_credits()["url"], url)

    def test_portal_users_get_nothing(self):
        accounts = self.env["iap.account"].with_user(self.portal)
        for method in (accounts.get, accounts.get_credits, accounts.get_credits_url):
            with self.assertRaises(AccessError):
                method("reveal")

    def test_a_service_kept_by_the_server_behaves_as_in_stock(self):
        self.env.ref("iap.iap_service_reveal").kept_by = "remote"
        account = self.as_user.get("reveal")
        self.assertTrue(account)
        self.assertFalse(account.is_kept_locally)
        self.assertIn("/iap/1/credit?", self.as_user.get_credits_url("reveal"))
        with patch.object(iap_tools, "iap_jsonrpc", return_value=7) as call:
            self.assertEqual(self.as_user.get_credits("reveal"), 7)
        call.assert_called_once()

    def test_a_service_that_no_addon_serves_is_kept_by_the_server(self):
        service = self.env["iap.service"].create(
            {
                "name": "Nobody's",
                "technical_name": "test_unserved",
                "description": "Nobody's",
                "unit_name": "Credits",
                "integer_balance": True,
                "kept_by": "local",
            }
        )
        self.assertFalse(service._is_kept_locally())
        self.assertFalse(self.as_user.get("test_unserved").is_kept_locally)

    def test_accounts_kept_here_and_there_are_told_apart(self):
        remote = self.env["iap.account"].create(
            {"service_id": self.env["iap.service"].search([("kept_by", "=", "remote")])[:1].id}
        )
        both = self.account | remote
        domain = [("id", "in", both.ids)]
        accounts = self.env["iap.account"]
        kept = accounts.search([*domain, ("is_kept_locally", "=", True)])
        self.assertEqual(kept, self.account)
        kept = accounts.search([*domain, ("is_kept_locally", "!=", True)])
        self.assertEqual(kept, remote)
