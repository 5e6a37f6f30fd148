import os
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.iap.tools import iap_tools

from .common import CreditCase

TOKEN = "3b1c-of-the-environment"


@tagged("post_install", "-at_install")
class TestGivenTokens(CreditCase):
    """Tokens of remote accounts that the server's environment gives."""

    def setUp(self):
        super().setUp()
        variables = {
            "OPEN_CRM_DATABASE": self.env.cr.dbname,
            "OPEN_CRM_TOKEN_TEST_REMOTE": TOKEN,
            "OPEN_CRM_TOKEN_REVEAL": TOKEN,
        }
        self.startPatcher(patch.dict(os.environ, variables))
        service = self.env["iap.service"].create(
            {
                "name": "Remote",
                "technical_name": "test_remote",
                "description": "Remote",
                "unit_name": "Credits",
                "integer_balance": True,
            }
        )
        self.remote = self.env["iap.account"].create({"service_id": service.id})

    def stored(self, account):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT account_token, token_hash FROM iap_account WHERE id = %s", [account.id]
        )
        return self.env.cr.fetchone()

    def test_the_iap_server_is_asked_with_the_token_of_the_environment(self):
        with patch.object(iap_tools, "iap_jsonrpc", return_value=7) as call:
            self.assertEqual(self.env["iap.account"].get_credits("test_remote"), 7)
        self.assertEqual(call.call_args.kwargs["params"]["account_token"], TOKEN)

    def test_the_database_holds_neither_the_token_nor_its_hash(self):
        token, token_hash = self.stored(self.remote)
        self.assertTrue(token)
        self.assertNotEqual(token, TOKEN)
        self.assertIsNone(token_hash)
        self.assertEqual(self.remote.account_token_source, "OPEN_CRM_TOKEN_TEST_REMOTE")
        [values] = self.remote.read(["account_token"])
        self.assertFalse(values["account_token"])
        with self.assertRaisesRegex(UserError, "OPEN_CRM_TOKEN_TEST_REMOTE"):
            self.remote.account_token = "another"

    def test_an_account_kept_here_has_its_own_token(self):
        token, token_hash = self.stored(self.account)
        self.assertEqual(self.account.account_token, token)
        self.assertFalse(self.account.account_token_source)
        self.assertEqual(token_hash, self.env["iap.account"]._hash_iap_token(token))
        self.account.action_rotate_token()
        self.assertNotEqual(self.stored(self.account)[0], token)
