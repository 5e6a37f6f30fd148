import logging

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from ..exceptions import AccountDisabled, InsufficientCredits, NotKeptLocally
from .common import CreditCase


@tagged("post_install", "-at_install")
class TestTokenRotation(CreditCase):
    def test_new_token_replaces_the_old_one_at_once(self):
        old = self.account.account_token
        self.account.action_rotate_token()
        new = self.account.account_token
        self.assertNotEqual(new, old)
        self.assertRegex(new, r"^[0-9a-f]{32}$")
        accounts = self.env["iap.account"]
        self.assertFalse(accounts.search([("account_token", "=", old)]))
        self.assertEqual(accounts.search([("account_token", "=", new)]), self.account)

    def test_replacement_is_told_in_the_chatter_without_the_token(self):
        old = self.account.account_token
        self.account.action_rotate_token()
        message = self.account.message_ids[0]
        self.assertIn("The token was replaced", message.body)
        for token in (old, self.account.account_token):
            self.assertNotIn(token, str(self.account.message_ids.mapped("body")))
        self.assertFalse(message.tracking_value_ids)

    def test_account_of_a_neutralized_database_stays_disabled(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "true")
        self.account.account_token += "+disabled"
        self.account.action_rotate_token()
        self.assertRegex(self.account.account_token, r"^[0-9a-f]{32}\+disabled$")

    def test_account_of_a_duplicated_database_is_put_to_use_by_it(self):
        self.account.account_token += "+disabled"
        self.account.action_rotate_token()
        self.assertRegex(self.account.account_token, r"^[0-9a-f]{32}$")

    def test_only_administrators_of_the_system_replace_it(self):
        for group in (
            "sales_team.group_sale_manager",
            "crm_iap_credits.group_billing_administrator",
        ):
            user = new_test_user(self.env, group, group)
            before = self.account.account_token
            with self.assertRaises(AccessError):
                self.account.with_user(user).action_rotate_token()
            self.assertEqual(self.account.account_token, before)

    def test_token_that_a_remote_server_knows_stays(self):
        service = self.env["iap.service"].search([("kept_by", "=", "remote")], limit=1)
        remote = self.env["iap.account"].create({"service_id": service.id})
        with self.assertRaises(NotKeptLocally):
            remote.action_rotate_token()

    def test_ledger_goes_on_after_the_replacement(self):
        self._fund(10)
        hold = self._hold(4)
        self.account.action_rotate_token()
        self._capture(hold, 4)
        self.assertCredits(6)


@tagged("post_install", "-at_install")
class TestTokenSecrecy(CreditCase):
    """What ordinary users may call by RPC never gives an account's token, nor tells of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._fund(50)
        cls.token = cls.account.account_token
        groups = {
            "seller": "sales_team.group_sale_salesman,base.group_allow_export",
            "manager": "sales_team.group_sale_manager,base.group_allow_export",
            "billing": "crm_iap_credits.group_billing_administrator,base.group_allow_export",
        }
        cls.users = {
            login: new_test_user(cls.env, f"secret_{login}", group)
            for login, group in groups.items()
        }
        for user in cls.users.values():
            account = cls.account.with_user(user).sudo()
            cls.hold = account.hold(1, reason="Test", idempotency_key=cls._key())

    def rpc(self, login, model, method, *args, **kwargs):
        records = self.env[model].with_user(self.users[login])
        self.env.invalidate_all()
        return call_kw(records, method, list(args), kwargs)

    def test_token_is_refused_by_every_way_to_ask_for_it(self):
        account, name = self.account.id, "account_token"
        probe = [(name, "like", self.token[:1])]
        through = [(f"account_id.{name}", "like", self.token[:1])]
        asked = {
            "read": ("iap.account", "read", [account], [name]),
            "web_read": ("iap.account", "web_read", [account], {name: {}}),
            "search_read": ("iap.account", "search_read", [], [name]),
            "web_search_read": ("iap.account", "web_search_read", [], {name: {}}),
            "search": ("iap.account", "search", probe),
            "search_count": ("iap.account", "search_count", probe),
            "search by any": ("iap.account", "search", [(name, "!=", False)]),
            "order": ("iap.account", "search", [], 0, None, name),
            "group": ("iap.account", "formatted_read_group", [], [name], ["__count"]),
            "aggregate": ("iap.account", "formatted_read_group", [], [], [f"{name}:array_agg"]),
            "old group": ("iap.account", "read_group", [], [name], [name]),
            "web group": ("iap.account", "web_read_group", [], [name]),
            "export": ("iap.account", "export_data", [account], [name]),
            "name search": ("iap.account", "name_search", "", probe),
            "write": ("iap.account", "write", [account], {name: "x"}),
            "copy": ("iap.account", "copy", [account]),
            "entries": ("iap.credit.entry", "search", through),
            "holds": ("iap.credit.hold", "search", through),
            "balances": ("iap.credit.balance", "search", through),
            "consumption": ("iap.credit.consumption", "search", through),
            "entries' group": (
                "iap.credit.entry", "formatted_read_group", [], [f"account_id.{name}"], ["__count"],
            ),
            "entries' export": (
                "iap.credit.entry", "export_data", self._entries(), [f"account_id/{name}"],
            ),
            "entries' read": (
                "iap.credit.entry", "web_read", self._entries(),
                {"account_id": {"fields": {name: {}}}},
            ),
            "onchange": (
                "iap.account", "onchange", [account], {name: self.token}, [name], {name: {}},
            ),
            "hold's token": ("iap.credit.hold", "search_read", [], ["token"]),
            "hold by token": ("iap.credit.hold", "search", [("token", "like", "a")]),
        }  # fmt: skip
        for login in self.users:
            for way, (model, method, *args) in asked.items():
                with self.subTest(login=login, way=way):
                    try:
                        answer = self.rpc(login, model, method, *args)
                    except (AccessError, UserError, ValueError) as error:
                        answer = error
                    else:
                        # No answer but an error is one that could tell of the token.
                        self.assertIn(way, self.harmless)
                    self.assertNotIn(self.token, repr(answer))
                    self.assertNotIn(self.hold.token, repr(answer))

    #: Ways that are answered, without the token: a new form has a token of its own.
    harmless = ("onchange",)

    def _entries(self):
        entries = self.env["iap.credit.entry"].search([("account_id", "=", self.account.id)])
        return entries.filtered(lambda entry: entry.kind == "hold").ids[:1]

    def test_nothing_that_is_read_whole_contains_the_token(self):
        models = ["iap.account", *(m for m in self.env.registry if m.startswith("iap.credit."))]
        for login in self.users:
            for model in models:
                records = self.env[model].with_user(self.users[login])
                if not records.has_access("read") or records._abstract or records._transient:
                    continue
                with self.subTest(login=login, model=model):
                    answer = self.rpc(login, model, "search_read", [])
                    self.assertNotIn(self.token, repr(answer))
                    self.assertNotIn(self.hold.token, repr(answer))

    def test_ledger_cannot_be_moved_by_rpc(self):
        methods = (
            "hold", "capture", "release", "grant", "purchase", "refund", "adjust",
            "reverse_purchase", "transfer", "_get_local", "_post", "_open_ledger",
        )  # fmt: skip
        for login in self.users:
            for method in methods:
                with self.subTest(login=login, method=method), self.assertRaises(AccessError):
                    self.rpc(login, "iap.account", method, [self.account.id], 1)

    def test_no_token_is_logged(self):
        records = []
        handler = logging.Handler()
        handler.emit = lambda record: records.append(record.getMessage())
        logging.getLogger().addHandler(handler)
        self.addCleanup(logging.getLogger().removeHandler, handler)
        for logger in (logging.getLogger(), logging.getLogger("odoo")):
            self.addCleanup(logger.setLevel, logger.level)
            logger.setLevel(logging.INFO)
        logging.getLogger("odoo.test").info("heard")

        old = self.account.account_token
        self.account.action_rotate_token()
        with self.assertRaises(InsufficientCredits):
            self._hold(10**6)
        self._capture(self._hold(5), 2)
        self.account.account_token += "+disabled"
        with self.assertRaises(AccountDisabled):
            self._hold(1)
        self.env["iap.account"].get_credits_url("reveal")
        self.account.action_buy_credits()
        self.env["iap.account"]._get_local("reveal", self.env["res.company"].create({"name": "O"}))

        logged = "\n".join(records)
        self.assertIn("heard", logged)
        tokens = [old, *self.env["iap.account"].search([]).mapped("account_token")]
        for token in tokens:
            self.assertNotIn(token.removesuffix("+disabled"), logged)


@tagged("post_install", "-at_install")
class TestNeutralized(CreditCase):
    """A copy of a database that was neutralized neither charges nor sells."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._fund(50)
        cls.open_hold = cls._hold(5)
        cls.env.flush_all()
        with file_open("iap/data/neutralize.sql") as statements:
            cls.env.cr.execute(statements.read())
        cls.env["ir.config_parameter"].set_param("database.is_neutralized", "true")
        cls.env.invalidate_all()

    def test_nothing_new_is_charged(self):
        with self.assertRaises(AccountDisabled):
            self._hold(1)
        self.assertCredits(45, held=5)

    def test_nothing_is_sold(self):
        with self.assertRaises(AccountDisabled):
            self.account.purchase(10, reason="Test", idempotency_key=self._key())
        self.assertCredits(45, held=5)

    def test_held_credits_come_back(self):
        self.account.release(self.open_hold.token, reason="Test")
        self.assertCredits(50)

    def test_accounts_made_on_the_copy_are_disabled_too(self):
        company = self.env["res.company"].create({"name": "Other"})
        account = self.env["iap.account"]._get_local("reveal", company)
        self.assertTrue(account.account_token.endswith("+disabled"))
        with self.assertRaises(AccountDisabled):
            self._hold(1, account=account)

    def test_new_token_does_not_enable_the_account(self):
        self.account.action_rotate_token()
        with self.assertRaises(AccountDisabled):
            self._hold(1)


@tagged("post_install", "-at_install")
class TestDuplicated(CreditCase):
    """A copy of a database that has an identity of its own, neutralized or not."""

    def setUp(self):
        super().setUp()
        self._fund(50)
        self.production_token = self.account.account_token
        self.env.flush_all()

    def _give_identity(self, *, force):
        self.env["ir.config_parameter"].init(force=force)
        self.env.invalidate_all()

    def test_a_copy_has_other_tokens_and_charges_nothing(self):
        self._give_identity(force=True)
        self.assertRegex(self.account.account_token, r"^[0-9a-f]{32}\+disabled$")
        self.assertNotIn(self.production_token, self.account.account_token)
        with self.assertRaises(AccountDisabled):
            self._hold(1)

    def test_a_database_that_keeps_its_identity_goes_on(self):
        self._give_identity(force=False)
        self.assertEqual(self.account.account_token, self.production_token)
        self._hold(1)
        self.assertCredits(49, held=1)
