"""Services that are not kept here: refused, or asked of Odoo, and never with a token of ours."""

import requests

from odoo.tests import tagged

from odoo.addons.crm_lead_mining.providers.http import HttpClient
from odoo.addons.crm_lead_mining.providers.public_hosts import HostNotPublic

from ..tools import upstream
from ..tools.tokens import read_token, sha1
from . import client_readers as reads
from .common import CREDITS, SECOND, TOKEN, UUID, ServerCase

SMS = "sms0sms0sms0sms0sms0sms0sms0sms0"
NEW = "cccc0000cccc0000cccc0000cccc0000"
ROW = {"balance": 12.5, "warning_threshold": 2, "registered": "registered", "sender_name": "Alfa"}
BUY = f"/iap/1/credit?dbuuid={UUID}&credit=0&service_name="


class OthersCase(ServerCase):
    def setUp(self):
        super().setUp()
        self.client_db._add_token(read_token(TOKEN).key, "reveal")
        self.asked = []
        self.answers = {}
        upstream._rest["until"] = 0

        def post(client, path, body):
            self.asked.append((client.base_url + path, body["params"]))
            result = self.answers[path]
            if isinstance(result, Exception):
                raise result
            return {"jsonrpc": "2.0", "id": 1, "result": result}

        self.patch(HttpClient, "post", post)

    def forward(self):
        self.env["ir.config_parameter"].set_param("crm_iap_server.other_services", "forward")

    def send(self, path, **params):
        return self.post(path, {"jsonrpc": "2.0", "method": "call", "id": "x", "params": params})

    def balance(self, token=SMS, service="sms", uuid=UUID):
        return reads.balance(
            self.send("/iap/1/balance", dbuuid=uuid, account_token=token, service_name=service)
        )

    def information(self, *tokens):
        rows = [{"token": token, "service": service} for token, service in tokens]
        body = self.send("/iap/1/get-accounts-information", iap_accounts=rows, dbuuid=UUID)
        return reads.accounts(body, [token for token, _service in tokens], (19, 1))


@tagged("post_install", "-at_install")
class TestRefused(OthersCase):
    def test_nobody_is_asked_before_an_administrator_says_so(self):
        self.assertEqual(self.balance(), 0)
        self.assertEqual(self.information((TOKEN, "reveal"), (SMS, "sms")).keys(), {TOKEN})
        answer = self.url_open(f"{BUY}sms&account_token={SMS}", allow_redirects=False)
        self.assertEqual(answer.status_code, 404)
        self.assertIn("not offered here", answer.text)
        self.assertEqual(self.asked, [])


@tagged("post_install", "-at_install")
class TestPassedOn(OthersCase):
    def setUp(self):
        super().setUp()
        self.forward()

    def test_a_balance_is_what_odoo_tells(self):
        self.answers["/iap/1/balance"] = 12.5
        self.assertEqual(self.balance(), 12.5)
        [(url, params)] = self.asked
        self.assertEqual(url, "https://iap.odoo.com/iap/1/balance")
        self.assertEqual(params, {"dbuuid": UUID, "account_token": SMS, "service_name": "sms"})

    def test_lists_are_split_and_put_together(self):
        self.answers["/iap/1/get-accounts-information"] = {SMS: ROW, "another": ROW, TOKEN: ROW}
        shown = self.information((TOKEN, "reveal"), (SMS, "sms"))
        self.assertEqual((shown[TOKEN][0], shown[SMS][0]), (CREDITS, 12))
        [(_url, params)] = self.asked
        self.assertEqual(params["iap_accounts"], [{"token": SMS, "service": "sms"}])

    def test_17_0_gets_one_list_too(self):
        self.client_db._add_token(read_token(SECOND).key, "partner_autocomplete")
        path = "/iap/services-token"
        self.answers[path] = [{"account_token": SMS, "balance": 12.5, "nonsense": 1}]
        body = self.send(path, iap_accounts=[TOKEN, SMS, SECOND], dbuuid=UUID)
        shown = reads.accounts_of_17(body, [TOKEN, SMS, SECOND])
        self.assertEqual((shown[TOKEN][0], shown[SMS][0]), (CREDITS, 12.5))
        self.assertEqual(self.asked[0][1]["iap_accounts"], [SMS])

    def test_alerts_of_17_0_are_passed_on(self):
        self.client_db._add_token(read_token(SECOND).key, "partner_autocomplete")
        path = "/iap/update-warning-odoo"
        self.answers[path] = True
        alert = {"warn_me": True, "warning_threshold": 3, "warning_email": "ops@alfa.example"}
        body = self.send(path, account_token=SMS, dbuuid=UUID, **alert)
        self.assertIs(reads.result_of(body), True)
        [(_url, params)] = self.asked
        self.assertEqual(params, {**alert, "account_token": SMS, "dbuuid": UUID})

    def test_credits_of_others_are_bought_at_odoo(self):
        for query in (f"sms&account_token={SMS}", f"sms&account_token={sha1(SMS)}&hashed=1"):
            answer = self.url_open(BUY + query, allow_redirects=False)
            self.assertEqual(answer.status_code, 302)
            self.assertEqual(answer.headers["Location"], f"https://iap.odoo.com{BUY}{query}")

    def test_a_token_that_is_ours_or_may_be_goes_nowhere(self):
        self.client_db.open_until = "2020-01-01"
        self.assertEqual(self.balance(TOKEN, "sms"), CREDITS)
        self.assertEqual(self.balance(NEW, "reveal"), 0)
        self.assertEqual(self.balance(f"{SMS}+disabled"), 0)
        self.assertEqual(self.information((TOKEN, "sms"), (NEW, "partner_autocomplete")).keys(),
                         {TOKEN})  # fmt: skip
        # 17.0 does not say for what a token is: this may be its first of our suggestions.
        self.send("/iap/services-token", iap_accounts=[TOKEN, NEW], dbuuid=UUID)
        for query in (f"sms&account_token={TOKEN}", f"sms&account_token={sha1(TOKEN)}&hashed=1",
                      f"sms&account_token={SMS}%2Bdisabled", "sms"):  # fmt: skip
            answer = self.url_open(BUY + query, allow_redirects=False)
            self.assertNotIn("odoo.com", answer.headers.get("Location", ""))
        self.assertEqual(self.asked, [])

    def test_nobody_is_asked_for_strangers_and_blocked_ones(self):
        self.assertEqual(self.balance(uuid="another-database"), 0)
        self.client_db.blocked = True
        self.assertEqual(self.balance(), 0)
        self.assertEqual(self.asked, [])

    def test_a_neutralized_copy_asks_nobody(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "True")
        self.assertEqual(self.balance(), 0)
        self.information((TOKEN, "reveal"), (SMS, "sms"))
        self.assertEqual(self.asked, [])

    def test_what_odoo_may_say_crashes_no_client(self):
        for told in (None, [], "x", {SMS: None}, {SMS: {}}, {SMS: {"balance": "x"}}, 7, True):
            for path in ("/iap/1/balance", "/iap/1/get-accounts-information"):
                self.answers[path] = told
            self.assertIn(self.balance(), (0, 7))
            self.assertIn(TOKEN, self.information((TOKEN, "reveal"), (SMS, "sms")))

    def test_when_odoo_is_away_it_is_left_alone_for_a_while(self):
        self.answers["/iap/1/balance"] = upstream.ProviderError("away")
        self.assertEqual(self.balance(), 0)
        self.assertEqual(self.balance(), 0)
        self.assertEqual(len(self.asked), 1)


@tagged("post_install", "-at_install")
class TestWhereItLeads(OthersCase):
    def test_only_public_hosts_are_asked_and_through_no_proxy(self):
        session = upstream.Upstream("odoo", upstream.URL, limits=upstream.LIMITS)._session()
        self.assertFalse(session.trust_env)
        url = "https://127.0.0.1/iap/1/balance"
        with self.assertRaises(HostNotPublic):
            session.get_adapter(url).send(requests.Request("POST", url).prepare())
