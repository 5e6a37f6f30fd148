"""What one client, or nobody's, cannot take from the others; and what is never paid again."""

import logging
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.sql_db import db_connect
from odoo.tests import tagged

from odoo.addons.crm_lead_enrichment.tests.common import PaidProvider

from ..models import iap_server_rate as rate
from ..models.iap_server_admission import MAX_TOKENS
from .common import TOKEN, UUID, ServerCase


@tagged("post_install", "-at_install")
class TestPlaces(ServerCase):
    @contextmanager
    def other_requests(self, number):
        """Be so many requests of the client in other processes."""
        with db_connect(self.env.cr.dbname).cursor() as cr:
            clients = self.env(cr=cr)["iap.server.client"].browse(self.client_db.id)
            for place in range(number):
                clients._take_place([place])
            yield
            cr.rollback()

    def test_one_client_holds_a_few_workers_and_no_more(self):
        with self.other_requests(4):
            self.assertIn("at once", self.mine(lead_number=1)["message"])
            self.assertIn("at once", self.enrich(**{"1": "synthetic1.example"})["message"])
            self.assertIn("at once", self.complete("search_by_name", query="Synth")["message"])
            self.assertEqual(self.call("/iap/1/balance", account_token=TOKEN), 20)
        with self.other_requests(3):
            self.assertEqual(len(self.mine()["data"]), 3)
        self.assertSpent(3)

    def test_another_client_is_not_kept_waiting(self):
        other = self.env["iap.server.client"].create({"name": "Beta", "uuid": "other-database"})
        self.client_db, other = other, self.client_db
        with self.other_requests(4):
            self.client_db = other
            self.assertEqual(len(self.mine()["data"]), 3)


@tagged("post_install", "-at_install")
class TestPaidOnce(ServerCase):
    def test_a_retry_is_free_even_where_no_paid_company_stays_so_for_days(self):
        self.env["ir.config_parameter"].set_param("crm_iap_server.answer_days", "0")
        self.enrich(**{"1": "synthetic1.example"})
        self.assertTrue(self.enrich(**{"1": "synthetic1.example"})["1"])
        self.assertSpent(1)

    def test_what_is_no_longer_stored_is_asked_again_and_not_nothing(self):
        self.mine()
        self.client_db.answer_ids.companies = False
        self.assertEqual(len(self.mine()["data"]), 3)
        self.assertSpent(3)


@tagged("post_install", "-at_install")
class TestStrangers(ServerCase):
    def test_half_a_character_comes_back_as_it_came(self):
        half = "\ud800"
        answer = self.post("/iap/1/balance", {"id": half, "params": {"account_token": TOKEN}})
        self.assertEqual(answer["id"], half)
        self.assertIs(self.enrich(**{half: "nowhere.example"})[half], False)

    def test_an_invited_database_is_not_let_into_a_copy_of_this_one(self):
        self.env.flush_all()
        for query in get_neutralization_queries(["crm_iap_server"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.registry.clear_all_caches()
        self.assertNoCredits(self.mine(lead_number=1))
        self.assertFalse(self.client_db.token_ids)

    def test_a_client_has_no_more_tokens_than_a_database_can_have(self):
        self.mine(lead_number=1)
        rows = [{"token": f"{number:032d}", "service": "reveal"} for number in range(1, 150)]
        for part in (rows[:75], rows[75:]):
            self.call("/iap/1/get-accounts-information", dbuuid=UUID,
                      iap_accounts=[{"token": TOKEN, "service": "reveal"}, *part])  # fmt: skip
        self.assertEqual(len(self.client_db.token_ids), MAX_TOKENS)

    def test_what_identifies_a_row_of_ours_alone_finds_nothing(self):
        dataset = self.env["lead.directory.dataset"].create({"name": "Bought list"})
        identity = f"record:{dataset.id}:BE:alfa:z1000"
        self.env["lead.directory.company"].create(
            {"dataset_id": dataset.id, "identity": identity, "name": "Alfa", "country_code": "BE"}
        )
        self.assertEqual(self.complete("enrich_by_duns", duns=identity), {"error": "not_found"})
        self.assertSpent(0)

    def test_the_link_to_buy_is_told_to_the_client_and_stored_nowhere(self):
        self.assertIn("access_token", self.mine(lead_number=21)["message"])
        self.assertIn("21", self.client_db.answer_ids.problem)
        self.assertNotIn("access_token", self.client_db.answer_ids.problem)

    def test_a_database_that_was_a_client_before_has_its_credits_again(self):
        account = self.client_account
        self.env.flush_all()
        # As after the addon was uninstalled: accounts and their ledgers stay.
        self.env.cr.execute("DELETE FROM iap_server_client WHERE id = %s", [self.client_db.id])
        self.env.invalidate_all()
        again = self.env["iap.server.client"].create({"name": "Alfa", "uuid": UUID})
        self.assertEqual((again.account_id, again.credits_available), (account, 20))
        self.assertFalse(PaidProvider.asked)

    def test_a_database_is_a_client_once_archived_or_not_and_no_account_is_opened_for_more(self):
        accounts = self.env["iap.account"].search_count([])
        for active in (True, False):
            self.client_db.active = active
            # Spaces come along when the parameter is copied.
            with self.assertRaisesRegex(UserError, "already a client"):
                self.env["iap.server.client"].create({"name": "Beta", "uuid": f" {UUID} "})
        self.assertEqual(self.env["iap.account"].search_count([]), accounts)

    def test_a_month_is_that_of_the_company_that_serves(self):
        company = self.client_db.company_id
        now = datetime(2026, 11, 30, 13, 0)
        self.patch(fields.Datetime, "now", lambda: now)
        for zone, begun in (
            ("Pacific/Auckland", datetime(2026, 11, 30, 11, 0)),
            (False, datetime(2026, 11, 1)),
        ):
            company.partner_id.tz = zone
            self.assertEqual(self.client_db._month_start(), begun)

    def test_the_server_s_log_has_no_token_of_a_link(self):
        link = f"/iap/1/credit?service_name=reveal&account_token={TOKEN}&credit=0"
        signed = f"{link}&access_token=0123abcd"
        for address in (link, signed):
            line = ('"%s" %s -', (f"GET {address} HTTP/1.1", 303))
            record = logging.LogRecord("werkzeug", logging.INFO, "", 0, *line, None)
            logging.getLogger("werkzeug").filter(record)
            self.assertIn("/iap/1/credit", record.getMessage())
            self.assertNotIn(TOKEN, record.getMessage())
            self.assertNotIn("0123abcd", record.getMessage())


@tagged("post_install", "-at_install")
class TestRates(ServerCase):
    INFORMATION = "/iap/1/get-accounts-information"
    ACCOUNTS = ({"token": TOKEN, "service": "reveal"},)

    def limit(self, **limits):
        for name, number in limits.items():
            self.env["ir.config_parameter"].set_param(f"crm_iap_server.{name}", str(number))

    def count(self, subject, number):
        """Return how many of so many questions of one process are within the limit."""
        rates = self.env["iap.server.rate"]
        return sum(rates._count(subject, "free_rate") for _number in range(number))

    def test_no_more_are_answered_in_a_minute_than_the_limit(self):
        self.limit(free_rate=30)
        self.assertEqual(self.count("one", 50), 30)
        self.assertEqual(self.count("other", 10), 10)

    def test_the_count_is_that_of_all_processes(self):
        self.limit(free_rate=30)
        self.assertEqual(self.count("one", 21), 21)
        rate._shares.clear()  # as in another process, which knows of none
        self.assertEqual(self.count("one", 50), 9)

    def test_the_next_minute_is_a_new_one(self):
        self.limit(free_rate=5)
        self.assertEqual(self.count("one", 9), 5)
        self.env.cr.execute("UPDATE iap_server_rate SET minute = minute - 1 WHERE subject = 'one'")
        rate._shares.clear()
        self.assertEqual(self.count("one", 9), 5)

    def test_a_client_that_asks_too_often_is_told_so_and_its_list_of_accounts_opens(self):
        self.mine(lead_number=1)
        self.assertEqual(self.call("/iap/1/balance", account_token=TOKEN), 19)
        self.use_up()
        answer = self.call("/iap/1/balance", account_token=TOKEN)
        self.assertTrue(answer["name"].endswith(".AccessError"))
        self.assertIn("Too many", answer["message"])
        accounts = self.call(self.INFORMATION, dbuuid=UUID, iap_accounts=self.ACCOUNTS)
        self.assertEqual(accounts, {})
        self.assertIn("Too many", self.complete("search_by_name", query="Synth")["message"])

    def test_who_is_nobody_is_counted_by_where_it_comes_from(self):
        self.mine(lead_number=1)
        self.assertEqual(self.call("/iap/1/balance", account_token="0" * 31 + "1"), 0)
        self.env["iap.server.rate"].search([("subject", "like", "iap.server.client")]).unlink()
        self.use_up()
        answer = self.call("/iap/1/balance", account_token="0" * 31 + "2")
        self.assertIn("Too many", answer["message"])
        self.assertEqual(self.call("/iap/1/balance", account_token=TOKEN), 19)

    def test_of_ipv6_a_network_is_one_address(self):
        stranger = self.env["iap.server.rate"]._stranger
        self.assertEqual(stranger("2001:db8::1"), stranger("2001:db8::ffff:1"))
        self.assertNotEqual(stranger("2001:db8::1"), stranger("2001:db8:0:1::1"))
        self.assertNotEqual(stranger("192.0.2.1"), stranger("192.0.2.2"))
        self.assertNotIn("192.0.2.1", stranger("192.0.2.1"))
        self.assertTrue(stranger(None))

    def test_a_failure_of_ours_keeps_no_list_of_accounts_shut(self):
        self.mine(lead_number=1)
        fails = patch.object(type(self.env["iap.server.client"]), "_join", side_effect=KeyError)
        with fails, self.assertLogs("odoo.addons.crm_iap_server.controllers.accounts", "ERROR"):
            accounts = self.call(self.INFORMATION, dbuuid=UUID, iap_accounts=self.ACCOUNTS)
        self.assertEqual(accounts, {})

    def test_counts_of_yesterday_are_forgotten(self):
        self.count("one", 1)
        self.env.cr.execute("UPDATE iap_server_rate SET minute = minute - 2000")
        self.env["iap.server.rate"]._gc_rates()
        self.assertFalse(self.env["iap.server.rate"].search([]))
