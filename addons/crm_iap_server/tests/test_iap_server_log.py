"""The log of requests tells nobody a client's token."""

import logging

from odoo.tests import HttpCase, TransactionCase, tagged

from ..tools.quiet_log import LOGGERS, WithoutTokens, install, without_tokens

TOKEN = "5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f"


@tagged("post_install", "-at_install")
class TestLog(TransactionCase):
    def test_the_query_of_the_links_to_buy_is_hidden(self):
        for path in ("/iap/1/credit", "/iap/1/credit/", "//iap//1/credit", "/IAP/1/credit",
                     "/iap/1/update-auto-refill-payment-methods"):  # fmt: skip
            line = f"GET {path}?dbuuid=u&account_token={TOKEN}%2Bdisabled&credit=0 HTTP/1.1"
            self.assertEqual(without_tokens(line), f"GET {path}?[hidden] HTTP/1.1")

    def test_other_addresses_are_logged_whole(self):
        for line in ("GET /iap/credits/7?access_token=x HTTP/1.1", "GET /web?a=/iap/1 HTTP/1.1",
                     "POST /iap/1/balance HTTP/1.1"):  # fmt: skip
            self.assertEqual(without_tokens(line), line)

    def test_whatever_is_logged_stays_readable(self):
        log = WithoutTokens()
        for message, args in (("%s %d", ("a", 7)), ("%(a)s", ({"a": 1},)), (ValueError("x"), ()),
                              ("100%", ())):  # fmt: skip
            record = logging.LogRecord("werkzeug", logging.INFO, "", 0, message, args, None)
            before = record.getMessage()
            self.assertTrue(log.filter(record))
            self.assertEqual(record.getMessage(), before)

    def test_it_is_installed_once(self):
        install()
        for name in LOGGERS:
            filters = logging.getLogger(name).filters
            self.assertEqual(sum(isinstance(one, WithoutTokens) for one in filters), 1)


@tagged("post_install", "-at_install")
class TestLogOfServer(HttpCase):
    def test_a_client_s_token_is_not_in_the_log(self):
        link = f"/iap/1/credit?service_name=reveal&account_token={TOKEN}&credit=0"
        with self.assertLogs("werkzeug", "INFO") as log:
            self.url_open(link)
        lines = "\n".join(log.output)
        self.assertIn("/iap/1/credit?[hidden]", lines)
        self.assertNotIn(TOKEN, lines)
