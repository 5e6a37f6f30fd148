from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestLedgerAccess(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._fund(50)
        groups = {
            "seller": "sales_team.group_sale_salesman",
            "manager": "sales_team.group_sale_manager",
            "billing": "crm_iap_credits.group_billing_administrator",
            "portal": "base.group_portal",
        }
        cls.users = {
            login: new_test_user(cls.env, f"credits_{login}", groups=group)
            for login, group in groups.items()
        }
        cls.company = cls.env["res.company"].create({"name": "Other"})
        cls.stranger = new_test_user(
            cls.env,
            "credits_stranger",
            groups="sales_team.group_sale_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        for login in ("seller", "manager"):
            account = cls.account.with_user(cls.users[login]).sudo()
            account.hold(1, reason=login, idempotency_key=cls._key())

    def _reasons(self, model, user):
        records = self.env[model].with_user(user).search([("reason", "in", list(self.users))])
        return set(records.mapped("reason"))

    def test_users_see_their_own_movements_and_managers_all(self):
        everything = {"seller", "manager"}
        for model in ("iap.credit.entry", "iap.credit.hold"):
            table = {"seller": {"seller"}, "manager": everything, "billing": everything}
            for login, expected in table.items():
                with self.subTest(model=model, login=login):
                    self.assertEqual(self._reasons(model, self.users[login]), expected)

    def test_nothing_is_seen_from_another_company(self):
        for model in ("iap.credit.entry", "iap.credit.hold"):
            self.assertEqual(self._reasons(model, self.stranger), set())
        balances = self.env["iap.credit.balance"].with_user(self.stranger).search([])
        self.assertNotIn(self.account, balances.account_id)
        with self.assertRaises(AccessError):
            self.account.with_user(self.stranger).read(["credits_available"])

    def test_portal_users_see_nothing(self):
        for model in ("balance", "entry", "hold", "trial"):
            with self.assertRaises(AccessError):
                self.env[f"iap.credit.{model}"].with_user(self.users["portal"]).search([])

    def test_users_see_the_balance_of_their_company_and_no_token(self):
        for login in ("seller", "manager", "billing"):
            account = self.env["iap.account"].with_user(self.users[login]).get("reveal")
            values = account.read()[0]
            self.assertEqual((values["credits_available"], values["credits_held"]), (48, 2))
            self.assertNotIn("account_token", values)
            for leak in (
                lambda account=account: account.read(["account_token"]),
                lambda account=account: self._export(account, "account_token"),
                lambda account=account: account.search([("account_token", "=like", "a%")]),
                lambda account=account: account.web_read({"account_token": {}}),
            ):
                with self.subTest(login=login), self.assertRaises(AccessError):
                    leak()

    def _export(self, records, name):
        records.env.user.sudo().group_ids |= self.env.ref("base.group_allow_export")
        return records.export_data([name])

    def test_nobody_writes_the_ledger_directly(self):
        users = [*self.users.values(), self.env.ref("base.user_admin")]
        for model in ("balance", "entry", "hold", "trial"):
            for user in users:
                records = self.env[f"iap.credit.{model}"].with_user(user)
                for operation in ("write", "create", "unlink"):
                    with self.subTest(model=model, user=user.login, operation=operation):
                        self.assertFalse(records.has_access(operation))
