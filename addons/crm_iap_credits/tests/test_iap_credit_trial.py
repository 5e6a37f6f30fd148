from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..exceptions import NotKeptLocally
from ..tools.ledger import MAX_CREDITS
from ..tools.settings import Settings
from .common import CreditCase

TRIAL_PARAMETER = "crm_iap_credits.trial_credits"
DEFAULT_TRIAL_CREDITS = Settings().trial_credits


@tagged("post_install", "-at_install")
class TestTrial(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parameters = cls.env["ir.config_parameter"]
        cls.parameters.set_param(TRIAL_PARAMETER, False)
        cls.company = cls.env["res.company"].create({"name": "New"})
        cls.accounts = cls.env["iap.account"]
        cls.reveal = cls.env.ref("iap.iap_service_reveal")

    def test_a_company_starts_with_the_trial(self):
        account = self.accounts._get_local("reveal", self.company)
        self.assertCredits(DEFAULT_TRIAL_CREDITS, account=account)
        self.assertEqual(account.company_ids, self.company)

    def test_the_lot_names_its_entry_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.env["ir.module.module"]._load_module_terms(["crm_iap_credits"], ["it_IT"])
        account = self.accounts._get_local("reveal", self.company)
        lot = account.credit_lot_ids.with_context(lang="it_IT")
        self.assertEqual(lot.entry_id.display_name, "Crediti di prova")
        self.assertEqual(lot.allocation_ids.mapped("description"), ["Crediti di prova"])

    def test_the_account_is_made_once(self):
        account = self.accounts._get_local("reveal", self.company)
        self.assertEqual(self.accounts._get_local("reveal", self.company), account)
        self.assertCredits(DEFAULT_TRIAL_CREDITS, account=account)

    def test_each_company_and_service_has_a_trial_of_its_own(self):
        self.env["iap.service"].create(
            {
                "name": "Other",
                "technical_name": "test",
                "description": "Other",
                "unit_name": "Credits",
                "integer_balance": True,
                "kept_by": "local",
            }
        )
        one = self.accounts._get_local("reveal", self.company)
        other = self.accounts._get_local("test", self.company)
        self.assertNotEqual(one, other)
        self.assertCredits(DEFAULT_TRIAL_CREDITS, account=one)
        self.assertCredits(DEFAULT_TRIAL_CREDITS, account=other)

    def test_the_setting_says_how_much(self):
        for value, expected in (
            ("7", 7), ("0", 0), ("-5", 0), ("9" * 20, MAX_CREDITS), ("many", DEFAULT_TRIAL_CREDITS),
        ):  # fmt: skip
            self.parameters.set_param(TRIAL_PARAMETER, value)
            company = self.env["res.company"].create({"name": value})
            with self.subTest(value=value):
                account = self.accounts._get_local("reveal", company)
                self.assertCredits(expected, account=account)

    def test_the_setting_is_kept_even_when_it_is_zero(self):
        self.env["res.config.settings"].create({"iap_trial_credits": 0}).execute()
        self.assertEqual(self.env["res.config.settings"].create({}).iap_trial_credits, 0)
        for credits in (-1, MAX_CREDITS + 1):
            with self.assertRaisesRegex(ValidationError, "between 0 and 1,000,000,000"):
                self.env["res.config.settings"].create({"iap_trial_credits": credits}).execute()

    def test_a_trial_that_was_none_stays_taken(self):
        self.parameters.set_param(TRIAL_PARAMETER, "0")
        self.accounts._get_local("reveal", self.company)
        self.parameters.set_param(TRIAL_PARAMETER, "50")
        self.assertEqual(self.env["iap.credit.trial"]._claim(self.reveal, self.company), 0)

    def test_no_user_but_an_administrator_makes_a_local_account(self):
        user = new_test_user(self.env, "seller", groups="sales_team.group_sale_manager")
        admin = self.env.ref("base.user_admin")
        (user | admin).company_ids |= self.company
        accounts = self.accounts.with_company(self.company)
        values = {"service_id": self.reveal.id}
        with self.assertRaisesRegex(AccessError, "Only administrators"):
            accounts.with_user(user).create(values)
        account = accounts.with_user(admin).create(values)
        self.assertEqual(account.company_ids, self.company)
        self.assertCredits(DEFAULT_TRIAL_CREDITS, account=account.sudo())

    def test_an_account_of_two_companies_is_refused(self):
        companies = self.company | self.env.company
        with self.assertRaises(UserError):
            self.accounts.create({"service_id": self.reveal.id, "company_ids": companies.ids})

    def test_the_company_and_service_of_an_account_are_fixed(self):
        with self.assertRaises(UserError):
            self.account.company_ids = self.company
        with self.assertRaises(UserError):
            self.account.service_id = self.env["iap.service"].search(
                [("id", "!=", self.reveal.id)], limit=1
            )

    def test_an_account_with_a_ledger_is_not_deleted(self):
        with self.assertRaises(UserError):
            self.account.unlink()

    def test_a_service_that_nobody_serves_here_is_refused(self):
        self.reveal.kept_by = "remote"
        with self.assertRaises(NotKeptLocally):
            self.accounts._get_local("reveal")
        with self.assertRaises(NotKeptLocally):
            self.accounts._get_local("no such service")
