from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .buying_common import BuyingCase


@tagged("post_install", "-at_install")
class TestCompanyBounds(BuyingCase):
    """Who administrates the billing of one company binds no other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other"})
        cls.other_account = cls.env["iap.account"]._get_local("reveal", cls.other)
        cls.billing = cls.users["billing"]
        cls.both = new_test_user(
            cls.env, "both", "crm_iap_credits.group_billing_administrator",
            company_id=cls.env.company.id,
            company_ids=[Command.set((cls.env.company | cls.other).ids)],
        )  # fmt: skip
        cls.budget = cls.env["iap.credit.budget"].create({"hard_limit": 5})

    def test_budgets_and_packs_are_not_moved_to_another_company(self):
        for record in (self.pack, self.budget):
            for company in (self.other.id, False):
                with self.subTest(model=record._name, company=company):
                    with self.assertRaises(UserError), self.cr.savepoint():
                        record.with_user(self.billing).write({"company_id": company})
                    record.invalidate_recordset()
                    self.assertEqual(record.company_id, self.env.company)
        self.assertFalse(self.env["iap.credit.pack"]._get_offered(self.other_account))

    def test_none_is_made_or_copied_for_another_company(self):
        values = {"name": "Cheap", "credits": 10**6, "price": 1}
        for company in (self.other.id, False):
            with self.subTest(company=company):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    self.env["iap.credit.pack"].with_user(self.billing).create(
                        {**values, "company_id": company}
                    )
                with self.assertRaises(AccessError), self.cr.savepoint():
                    self.pack.with_user(self.billing).copy({"company_id": company})
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.budget.with_user(self.billing).copy({"company_id": self.other.id})

    def test_switching_a_company_on_by_context_is_refused(self):
        user = self.pack.with_user(self.billing).with_context(
            allowed_company_ids=[self.env.company.id, self.other.id]
        )
        with self.assertRaises(AccessError), self.cr.savepoint():
            user.write({"company_id": self.other.id})

    def test_pack_of_all_companies_is_changed_by_who_decides_for_all(self):
        self.pack.company_id = False
        pack = self.pack.with_user(self.billing)
        for change in (
            lambda: pack.write({"price": 1}),
            lambda: pack.write({"active": False}),
            lambda: pack.write({"company_id": self.env.company.id}),
            pack.unlink,
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                change()
        self.pack.with_user(self.env.ref("base.user_admin")).price = 80
        self.assertEqual(self.pack.price, 80)

    def test_who_works_for_all_companies_shares_packs(self):
        everywhere = self.env["res.company"].search([])
        self.both.company_ids = everywhere
        self.pack.with_user(self.both).company_id = False
        self.pack.with_user(self.both).price = 81
        self.assertFalse(self.pack.company_id)

    def test_who_works_for_both_companies_moves_between_them(self):
        companies = self.env.company | self.other
        pack = self.pack.with_user(self.both).with_context(allowed_company_ids=companies.ids)
        pack.company_id = self.other
        self.assertEqual(self.pack.company_id, self.other)

    def test_automation_in_the_name_of_the_system_moves_as_it_likes(self):
        self.pack.sudo().company_id = self.other
        self.assertEqual(self.pack.company_id, self.other)

    def test_budget_names_teams_and_users_of_its_company_only(self):
        team = self.env["crm.team"].create({"name": "Theirs", "company_id": self.other.id})
        stranger = new_test_user(
            self.env, "bound_stranger", "base.group_user",
            company_id=self.other.id, company_ids=[Command.set(self.other.ids)],
        )  # fmt: skip
        for values in (
            {"scope": "team", "team_id": team.id},
            {"scope": "user", "user_id": stranger.id},
        ):
            with self.subTest(values), self.assertRaises(UserError), self.cr.savepoint():
                self.budget.write(values)

    def test_dialogs_are_not_turned_to_another_companys_account(self):
        for model, values in (
            ("iap.credit.statement", {}),
            ("iap.credit.proof", {}),
            (
                "iap.credit.transfer",
                {"company_id": self.other.id, "credits": 1, "reason": "Test"},
            ),
        ):
            dialog = (
                self.env[model]
                .with_user(self.billing)
                .create({"account_id": self.account.id, **values})
            )
            with self.subTest(model), self.assertRaises(AccessError), self.cr.savepoint():
                dialog.write({"account_id": self.other_account.id})
