"""Services of others that are paid with a client's credits: authorize, capture, cancel."""

import json
from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.tokens import read_token
from .common import CREDITS, SECOND, TOKEN, UUID, ServerCase

SERVICE = "beta_address_check"
PAID = "bbbb0000bbbb0000bbbb0000bbbb0000"
PAID_KEY = read_token(PAID).key


class ProviderCase(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env["iap.server.provider"].create(
            {"name": "Beta", "service_name": SERVICE}
        )
        cls.key = cls.provider.action_make_key()["context"]["default_key"]
        cls.client_db._add_token(PAID_KEY, SERVICE)

    def authorize(self, credit=5, token=PAID, **params):
        return self.call(
            "/iap/1/authorize",
            **{"account_token": token, "key": self.key, "credit": credit, "dbuuid": UUID,
               "description": "Address of Anna", "ttl": 4320, **params},
        )  # fmt: skip

    def capture(self, token, credit=None, key=None):
        return self.call("/iap/1/capture", token=token, key=key or self.key,
                         credit_to_capture=credit)  # fmt: skip

    def cancel(self, token, key=None):
        return self.call("/iap/1/cancel", token=token, key=key or self.key)

    def assertHeld(self, held, spent=0):
        self.env.invalidate_all()
        self.assertEqual(
            (self.client_account.credits_available, self.client_account.credits_held),
            (CREDITS - held - spent, held),
        )

    def assertRefused(self, answer, name="AccessError"):
        self.assertEqual(answer["name"].rpartition(".")[2], name, answer)
        self.assertTrue(answer["message"])


@tagged("post_install", "-at_install")
class TestCharging(ProviderCase):
    def test_what_is_authorized_is_captured_and_the_rest_given_back(self):
        named = self.authorize(5)
        self.assertHeld(5)
        self.assertIs(self.capture(named, 3), True)
        self.assertHeld(0, spent=3)
        entry = self.env["iap.credit.entry"].search([("kind", "=", "capture")], limit=1)
        self.assertEqual(
            (entry.document_model, entry.document_id, entry.reason),
            ("iap.server.provider", self.provider.id, "Address of Anna"),
        )
        self.assertEqual((self.provider.spent, self.client_db.spent), (3, 3))

    def test_all_of_it_is_captured_where_no_number_is_sent(self):
        for number in (None, False):
            self.assertIs(self.capture(self.authorize(2), number), True)
        self.assertHeld(0, spent=4)

    def test_nothing_is_taken_by_a_provider_that_captures_zero(self):
        self.assertIs(self.capture(self.authorize(2), 0), True)
        self.assertHeld(0)

    def test_capturing_and_cancelling_twice_changes_nothing_more(self):
        named = self.authorize(5)
        for _again in range(2):
            self.assertIs(self.capture(named, 3), True)
            self.assertHeld(0, spent=3)
        self.assertRefused(self.cancel(named))
        self.assertHeld(0, spent=3)
        named = self.authorize(5)
        for _again in range(2):
            self.assertIs(self.cancel(named), True)
            self.assertHeld(0, spent=3)
        self.assertRefused(self.capture(named, 5))
        self.assertHeld(0, spent=3)

    def test_no_more_is_captured_than_was_authorized(self):
        named = self.authorize(5)
        self.assertRefused(self.capture(named, 6))
        self.assertHeld(5)
        self.assertIs(self.capture(named, 5), True)

    def test_what_has_expired_is_not_captured(self):
        named = self.authorize(5, ttl=0.5)
        hold = self.env["iap.credit.hold"].search([("token", "=", named)])
        end = fields.Datetime.now() + timedelta(minutes=30)
        self.assertLess(abs(hold.expires_at - end), timedelta(minutes=1))
        self.env.cr.execute(
            "UPDATE iap_credit_hold SET expires_at = '2020-01-01' WHERE id = %s", [hold.id]
        )
        self.assertRefused(self.capture(named, 5))
        self.assertIs(self.cancel(named), True)

    def test_nothing_stays_set_aside_longer_than_the_provider_may(self):
        self.provider.hold_days = 2
        for hours, allowed in ((4320, 48), (None, 48), (3, 3)):
            named = self.authorize(1, ttl=hours)
            hold = self.env["iap.credit.hold"].search([("token", "=", named)])
            end = fields.Datetime.now() + timedelta(hours=allowed)
            self.assertLess(abs(hold.expires_at - end), timedelta(minutes=1))
        self.assertEqual(self.client_db.credits_held, 3)
        for days in (0, 181):
            refused = self.assertRaises(CheckViolation)
            with mute_logger("odoo.sql_db"), refused, self.env.cr.savepoint():
                self.provider.hold_days = days
                self.provider.flush_recordset()

    def test_only_its_own_provider_captures_or_cancels(self):
        other = self.provider.create({"name": "Gamma", "service_name": SERVICE})
        foreign = other.action_make_key()["context"]["default_key"]
        named = self.authorize(5)
        own_hold = self.client_account.hold(1, reason="Ours", idempotency_key="ours")
        for answer in (
            self.capture(named, 5, key=foreign),
            self.cancel(named, key=foreign),
            self.capture(own_hold.token),
            self.cancel(own_hold.token),
        ):
            self.assertRefused(answer)
        self.assertHeld(6)

    def test_a_key_that_is_nobody_s_moves_nothing(self):
        named = self.authorize(5)
        old, self.key = self.key, self.provider.action_make_key()["context"]["default_key"]
        self.assertIs(self.capture(named, 1), True)
        for key in (old, "", None, True, 7, [], {}, "x" * 10_000, "\ud800", self.provider.key_hash):
            self.assertRefused(self.authorize(key=key))
            self.assertRefused(self.call("/iap/1/capture", token=named, key=key))
            self.assertRefused(self.call("/iap/1/cancel", token=named, key=key))
        self.provider.active = False
        self.assertRefused(self.authorize())
        self.assertHeld(0, spent=1)

    def test_missing_credits_are_told_as_the_helper_of_odoo_reads_them(self):
        answer = self.authorize(CREDITS + 1)
        self.assertRefused(answer, "InsufficientCreditError")
        told = json.loads(answer["message"])
        self.assertEqual((told["credit"], told["service_name"]), (CREDITS + 1, SERVICE))
        self.assertIn("/iap/credits/", told["base_url"])
        self.assertHeld(0)

    def test_only_the_client_s_token_of_the_service_is_charged(self):
        self.mine(lead_number=1)
        for token in (TOKEN, SECOND, f"{PAID}+disabled", "dummy_value+disabled", "", None, 7, []):
            answer = self.authorize(token=token)
            self.assertRefused(answer, "InsufficientCreditError")
            json.loads(answer["message"])
        self.assertRefused(self.authorize(dbuuid="another-database"), "InsufficientCreditError")
        self.assertHeld(0, spent=1)

    def test_a_client_of_another_company_is_not_charged(self):
        company = self.env["res.company"].create({"name": "Second"})
        provider = self.provider.create(
            {"name": "Gamma", "service_name": SERVICE, "company_id": company.id}
        )
        key = provider.action_make_key()["context"]["default_key"]
        self.assertRefused(self.authorize(key=key), "InsufficientCreditError")

    def test_a_blocked_client_and_its_limit_hold_for_providers_too(self):
        self.client_db.monthly_limit = 6
        named = self.authorize(4)
        self.assertIn("limit", self.authorize(3)["message"])
        self.assertIn("limit", self.enrich(**{"1": "synthetic1.example"}) and
                      self.mine(lead_number=3)["message"])  # fmt: skip
        self.cancel(named)
        self.assertIs(type(self.authorize(3)), str)
        self.client_db.blocked = True
        self.assertRefused(self.authorize(1))

    def test_values_of_another_kind_are_a_sentence_and_move_nothing(self):
        for credit in (None, True, "5", [], {}, [5]):
            self.assertRefused(self.authorize(credit), "TypeError")
        for credit in (0, -1, 1.5, -0.5, 10**30, 1e300):
            self.assertRefused(
                self.authorize(credit), "TypeError" if credit == 10**30 else "AccessError"
            )
        for ttl in (0, -1, "1", [], True):
            self.assertRefused(self.authorize(ttl=ttl))
        self.assertIs(type(self.authorize(5.0, ttl=None, description={"a": 1})), str)
        self.assertIs(type(self.authorize(1, ttl=10**9, description="x\x00\ud800" * 900)), str)
        self.assertHeld(6)
        named = self.authorize(2)
        for credit in (True, "1", [], {}):
            self.assertRefused(self.capture(named, credit), "TypeError")
        self.assertRefused(self.capture(named, 0.5))
        self.assertRefused(self.capture(named, -1))
        for token in (None, True, 7, [], {}, "", "x" * 10_000, "\x00", "f" * 32, named.upper()):
            self.assertRefused(self.capture(token))
            self.assertRefused(self.cancel(token))
        self.assertHeld(8)

    def test_test_tokens_move_nothing_and_only_where_they_are_taken(self):
        for token in ("000000", "000111", "111111"):
            self.assertRefused(self.authorize(token=token), "InsufficientCreditError")
        self.provider.takes_test_tokens = True
        for token in ("000000", "000111"):
            self.assertRefused(self.authorize(token=token), "InsufficientCreditError")
        named = self.authorize(9_999, token="111111")
        self.assertIs(self.capture(named, 3), True)
        self.assertIs(self.cancel(named), True)
        self.provider.takes_test_tokens = False
        self.assertRefused(self.capture(named, 3))
        self.assertHeld(0)

    def test_a_client_of_both_generations_shows_its_account_of_the_service(self):
        row = self.call("/iap/1/get-accounts-information", dbuuid=UUID,
                        iap_accounts=[{"token": PAID, "service": SERVICE}])[PAID]  # fmt: skip
        self.assertEqual((row["balance"], row["registered"]), (CREDITS, "registered"))
        [row] = self.call("/iap/services-token", dbuuid=UUID, iap_accounts=[PAID])
        self.assertEqual((row["balance"], row["service_name"]), (CREDITS, SERVICE))
        page = self.url_open(f"/iap/1/credit?service_name={SERVICE}&account_token={PAID}")
        self.assertEqual(page.status_code, 200)
        self.assertIn(f"/iap/credits/{self.client_account.id}", page.url)

    def test_a_client_s_new_token_of_the_service_joins_its_others(self):
        self.mine(lead_number=1)
        provider = self.provider.create({"name": "Delta", "service_name": "delta"})
        key = provider.action_make_key()["context"]["default_key"]
        self.call("/iap/1/get-accounts-information", dbuuid=UUID,
                  iap_accounts=[{"token": TOKEN, "service": "reveal"},
                                {"token": SECOND, "service": "delta"}])  # fmt: skip
        self.assertIs(type(self.authorize(token=SECOND, key=key)), str)

    def test_a_provider_asks_so_often_in_a_minute_and_no_more(self):
        self.assertNotIn("Too many", self.cancel("f" * 32)["message"])
        self.use_up()
        self.assertIn("Too many", self.cancel("f" * 32)["message"])

    def test_a_copy_of_this_database_knows_no_provider(self):
        self.env.flush_all()
        for query in get_neutralization_queries(["crm_iap_server"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.registry.clear_all_caches()
        self.assertRefused(self.authorize())


@tagged("post_install", "-at_install")
class TestProviderRecord(ProviderCase):
    def test_the_key_is_shown_once_and_stored_nowhere(self):
        self.assertGreaterEqual(len(self.key), 40)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT count(*) FROM iap_server_provider AS p WHERE p::text LIKE %s", [f"%{self.key}%"]
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))
        self.assertNotIn(self.key, str(self.provider.message_ids.mapped("body")))

    def test_a_provider_stays_as_the_ledger_names_it(self):
        with self.assertRaises(UserError):
            self.provider.unlink()
        with self.assertRaises(UserError):
            self.provider.company_id = self.env["res.company"].create({"name": "Second"})

    def test_the_name_of_a_service_is_one_that_databases_can_have(self):
        for name in ("", "Beta", "1beta", "be ta", "b" * 70, "beta;"):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.provider.service_name = name or " "
                self.env.flush_all()
