"""What a client database shows of its credits, and how a database becomes a client."""

from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged

from ..tools.questions import read_asker
from ..tools.settings import Settings
from ..tools.tokens import sha1
from .common import SECOND, TOKEN, UUID, ServerCase


@tagged("post_install", "-at_install")
class TestAccounts(ServerCase):
    def balance(self, token=TOKEN, uuid=UUID):
        return self.call("/iap/1/balance", dbuuid=uuid, account_token=token, service_name="reveal")

    def information(self, *tokens, uuid=UUID):
        rows = [{"token": token, "service": service} for token, service in tokens]
        return self.call("/iap/1/get-accounts-information", iap_accounts=rows, dbuuid=uuid)

    def test_a_balance_is_a_number_whoever_asks(self):
        self.assertEqual(self.balance(), 0)
        self.mine(lead_number=1)
        self.assertEqual(self.balance(), 19)
        for token in (f"{TOKEN}+disabled", SECOND, "", None, 7, [], "x" * 9000):
            self.assertEqual(self.balance(token), 0)
        self.assertEqual(self.balance(uuid="another-database"), 0)

    def test_a_balance_asks_the_database_twice(self):
        self.mine(lead_number=1)
        asker = read_asker({"account_token": TOKEN, "dbuuid": UUID})
        clients_sudo = self.env["iap.server.client"].sudo()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            client = clients_sudo._find(asker)
            self.assertTrue(client._is_served())
            self.assertEqual(client.credits_available, 19)

    def test_the_list_of_accounts_has_ours_alone_with_all_that_is_read(self):
        self.mine(lead_number=1)
        found = self.information((TOKEN, "reveal"), ("s" * 32, "sms"))
        self.assertEqual(found.keys(), {TOKEN})
        self.assertEqual((found[TOKEN]["balance"], found[TOKEN]["registered"]), (19, "registered"))
        self.assertEqual(found[TOKEN]["service"].keys(),
                         {"description", "price_description", "packs"})  # fmt: skip

    def test_the_list_is_the_first_call_of_a_client_that_is_being_set_up(self):
        link = f"/iap/1/credit?service_name=reveal&account_token={sha1(TOKEN)}&hashed=1"
        self.assertEqual(self.url_open(link).status_code, 404)
        found = self.information((TOKEN, "reveal"), (SECOND, "partner_autocomplete"))
        self.assertEqual([found[token]["balance"] for token in (TOKEN, SECOND)], [20, 20])
        self.assertTrue(self.client_db.last_seen_at)
        self.assertEqual(self.url_open(link).status_code, 200)

    def test_the_list_of_a_database_that_is_not_invited_is_empty(self):
        other = "0d1c0f6e-1111-4222-8333-944444444444"
        self.assertEqual(self.information((TOKEN, "reveal"), uuid=other), {})
        self.assertFalse(self.env["iap.server.client"].search([("uuid", "=", other)]))
        self.assertEqual(self.information((f"{TOKEN}+disabled", "sms")), {})
        self.assertFalse(self.client_db.token_ids)

    def test_17_0_gets_its_own_list(self):
        self.mine(lead_number=1)
        [row] = self.call("/iap/services-token", dbuuid=UUID, iap_accounts=[TOKEN, SECOND])
        self.assertEqual((row["account_token"], row["balance"]), (TOKEN, 19))
        self.assertEqual(row["service_name"], "reveal")
        self.assertNotIn("registered", row)

    def test_alerts_of_both_generations_are_kept(self):
        self.mine(lead_number=1)
        self.call(
            "/iap/1/update-warning-email-alerts",
            account_token=TOKEN,
            warning_threshold=5,
            warning_emails=[{"email": "ops@alfa.example", "lang_code": "it_IT"}],
        )
        self.assertEqual(self.client_account.warning_threshold, 5)
        self.assertEqual(self.client_db.alert_emails, [["ops@alfa.example", "it_IT"]])
        self.call("/iap/update-warning-odoo", account_token=TOKEN, dbuuid=UUID, warn_me=True,
                  warning_threshold=None, warning_email="new@alfa.example")  # fmt: skip
        self.assertEqual(self.client_account.warning_threshold, 5)
        self.assertEqual(self.client_db.alert_emails, [["new@alfa.example", ""]])

    def test_whom_the_client_has_named_is_warned_of_a_low_balance(self):
        self.client_db.alert_emails = [["ops@alfa.example", ""]]
        self.client_account.warning_threshold = 50
        self.client_account._send_low_balance()
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual(mail.email_to, "ops@alfa.example")
        self.assertIn("access_token", mail.body_html)

    def test_credits_are_bought_by_the_links_of_both_generations(self):
        self.mine(lead_number=1)
        for query in (f"account_token={TOKEN}&credit=0", f"account_token={sha1(TOKEN)}&hashed=1"):
            link = f"/iap/1/credit?dbuuid={UUID}&service_name=reveal&{query}"
            answer = self.url_open(link, allow_redirects=False)
            self.assertIn(answer.status_code, (301, 302, 303))
            self.assertIn(f"/iap/credits/{self.client_account.id}", answer.headers["Location"])
            self.assertNotIn(TOKEN, answer.headers["Location"])
            self.assertEqual(self.url_open(answer.headers["Location"]).status_code, 200)
        unknown = f"/iap/1/credit?service_name=reveal&account_token={SECOND}"
        self.assertEqual(self.url_open(unknown).status_code, 404)

    def test_nothing_is_ever_bought_by_itself(self):
        answer = self.call("/iap/1/update-auto-refill-settings", account_token=TOKEN)
        self.assertEqual(answer["status"], "error")

    def test_visitors_are_honestly_not_found(self):
        answer = self.call("/iap/clearbit/1/reveal", account_token=TOKEN,
                           data={"ips": {"192.0.2.7": [4]}, "rules": {}})  # fmt: skip
        self.assertEqual(
            answer,
            {"credit_error": False, "reveal_data": [{"ip": "192.0.2.7", "not_found": True}]},
        )

    def test_the_check_says_what_is_wrong_in_sentences(self):
        def problems(token=TOKEN, uuid=UUID):
            answer = self.call("/iap/1/check", account_token=token, dbuuid=uuid)
            self.assertEqual(answer["ok"], not answer["problems"])
            return " ".join(answer["problems"])

        self.assertEqual(problems(), "")
        self.assertIn("copy", problems(f"{TOKEN}+disabled"))
        self.assertIn("not invited", problems(SECOND))
        self.assertIn("no database UUID", problems(uuid=None))
        self.client_account.adjust(-20, reason="Test", idempotency_key="adjust")
        self.assertIn("no credits", problems())
        self.client_db.blocked = True
        self.assertIn("blocked", problems())

    def test_the_script_of_the_form_names_every_parameter(self):
        for name in ("iap.endpoint", "reveal.endpoint", "enrich.endpoint",
                     "iap.partner_autocomplete.endpoint"):  # fmt: skip
            self.assertIn(name, self.client_db.setup_script)
        compile(self.client_db.setup_script, "script", "exec")

    def test_plain_json_is_answered_by_plain_json(self):
        self.mine(lead_number=1)
        self.assertEqual(self.post("/iap/1/balance", {"account_token": TOKEN}), 19)


@tagged("post_install", "-at_install")
class TestWhoIsAClient(ServerCase):
    OTHER = "0d1c0f6e-1111-4222-8333-944444444444"

    def test_nobody_becomes_a_client_uninvited(self):
        answer = self.call("/api/dnb/1/search_by_criteria", account_token=SECOND,
                           db_uuid=self.OTHER, query={"lead_number": 1})  # fmt: skip
        self.assertNoCredits(answer)
        self.assertFalse(self.env["iap.server.client"].search([("uuid", "=", self.OTHER)]))

    def test_everybody_does_where_that_is_wanted_and_has_one_trial(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("crm_iap_server.registration", "first_call")
        parameters.set_param("crm_iap_server.trial_credits", "7")
        for token, left in ((SECOND, 6), ("b" * 31 + "c", 6)):
            self.call("/api/dnb/1/search_by_criteria", account_token=token, db_uuid=self.OTHER,
                      query={"lead_number": 1})  # fmt: skip
            client = self.env["iap.server.client"].search([("uuid", "=", self.OTHER)])
            self.assertEqual(client.credits_available, left)

    def test_of_two_first_calls_at_once_both_are_the_client_s(self):
        asker = read_asker({"account_token": TOKEN, "dbuuid": UUID})
        clients_sudo = self.env["iap.server.client"].sudo()
        for _call in range(2):
            self.assertEqual(clients_sudo._take(asker, "reveal"), self.client_db.id)
        self.assertEqual(len(self.client_db.token_ids), 1)

    def test_a_second_service_is_taken_within_a_day_and_shares_the_credits(self):
        self.mine(lead_number=1)
        self.complete("enrich_by_domain", token=SECOND, domain="synthetic3.example")
        self.assertSpent(2)

    def test_a_new_token_of_a_known_database_is_nobodys_later(self):
        self.mine(lead_number=1)
        self.client_db.sudo().open_until = "2020-01-01"
        answer = self.complete("enrich_by_domain", token=SECOND, domain="synthetic3.example")
        self.assertEqual(answer, {"data": {}, "credit_error": True})
        self.client_db.action_take_tokens()
        self.complete("enrich_by_domain", token=SECOND, domain="synthetic3.example")
        self.assertSpent(2)

    def test_who_sends_a_known_token_with_a_new_one_has_both(self):
        self.mine(lead_number=1)
        self.client_db.sudo().open_until = "2020-01-01"
        rows = [{"token": TOKEN, "service": "reveal"},
                {"token": SECOND, "service": "partner_autocomplete"},
                {"token": "s" * 32, "service": "sms"}]  # fmt: skip
        found = self.call("/iap/1/get-accounts-information", iap_accounts=rows, dbuuid=UUID)
        self.assertEqual(found.keys(), {TOKEN, SECOND})
        self.assertEqual(found[SECOND]["balance"], 19)
        self.assertEqual(len(self.client_db.token_ids), 2)

    def test_a_stranger_who_knows_the_uuid_gets_nothing(self):
        self.mine(lead_number=1)
        answer = self.mine(token=SECOND, lead_number=2)
        self.assertNoCredits(answer)
        self.assertSpent(1)

    def test_a_token_from_a_database_with_another_uuid_is_nobodys(self):
        self.mine(lead_number=1)
        answer = self.call("/api/dnb/1/search_by_criteria", account_token=TOKEN,
                           db_uuid=self.OTHER, query={"lead_number": 1})  # fmt: skip
        self.assertNoCredits(answer)

    def test_a_copy_of_a_client_gets_and_pays_nothing(self):
        self.mine(lead_number=1)
        self.assertNoCredits(self.mine(token=f"{TOKEN}+disabled", lead_number=2))
        found = self.call("/iap/1/get-accounts-information", dbuuid=UUID, iap_accounts=[
            {"token": f"{TOKEN}+disabled", "service": "reveal"}])  # fmt: skip
        self.assertEqual(found[f"{TOKEN}+disabled"]["registered"], "unregistered")

    def test_a_copy_of_this_database_knows_no_client(self):
        self.mine(lead_number=1)
        self.env["ir.config_parameter"].set_param("crm_iap_server.registration", "first_call")
        self.env.flush_all()
        for query in get_neutralization_queries(["crm_iap_server"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.registry.clear_all_caches()
        self.assertNoCredits(self.mine(lead_number=2))
        self.assertEqual(Settings.of(self.env).registration, "invitation")

    def test_the_database_holds_no_token(self):
        self.mine(lead_number=1)
        self.env.flush_all()
        self.env.cr.execute("SELECT key FROM iap_server_token")
        keys = str(self.env.cr.fetchall())
        self.assertNotIn(TOKEN, keys)
        self.assertNotIn(sha1(TOKEN), keys)

    def test_a_budget_of_the_company_is_none_of_a_client(self):
        budget = self.env["iap.credit.budget"].create({"hard_limit": 1})
        before = budget.spent
        self.assertEqual(len(self.mine(lead_number=3)["data"]), 3)
        self.assertEqual(budget.spent, before)

    def test_a_client_s_credits_are_not_the_company_s(self):
        own = self.account.credits_available
        self.mine(lead_number=3)
        self.assertEqual(self.account.credits_available, own)
        self.assertEqual(self.env["iap.account"]._get_local("reveal"), self.account)
