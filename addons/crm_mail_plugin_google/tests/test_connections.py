import os
import tempfile
import time
from unittest.mock import patch

from requests import certs

from odoo.tests import BaseCase, tagged

from ..tools import network
from . import fake_google

MAIL = b"From: ann@acme.test\nSubject: Tea\n\nx"


@tagged("post_install", "-at_install")
class TestConnections(BaseCase):
    """How Gmail is asked: a new connection takes longer than the answer."""

    def setUp(self):
        super().setUp()
        self.google = fake_google.FakeGoogle()
        self.addCleanup(self.google.close)
        self.google.mails = {fake_google.OPEN_ID: MAIL}
        self.patch(network, "GMAIL_URL", self.google.url)

    def ask(self):
        gmail = network.Gmail(fake_google.ACCESS, fake_google.MESSAGE)
        found = gmail.get(fake_google.OPEN_ID, format="metadata", metadataHeaders=["From"])
        self.assertEqual(found["id"], fake_google.OPEN_ID)
        self.assertEqual(self.google.wrong, [])

    def test_several_e_mails_are_read_over_one_connection(self):
        for _time in range(3):
            self.ask()
        self.assertEqual(self.google.connections, 1)

    def test_an_e_mail_is_read_although_google_has_closed_the_connection_meanwhile(self):
        self.google.hangs_up = True
        for _time in range(3):
            self.ask()
            time.sleep(0.05)
        self.assertEqual(self.google.connections, 3)

    def test_nothing_of_one_users_answer_is_sent_with_anothers_request(self):
        self.ask()  # Each answer sets a cookie.
        self.ask()
        names = {name.lower() for name in self.google.headers}
        self.assertIn("authorization", names)
        self.assertNotIn("cookie", names)
        self.assertFalse({name.lower() for name in network._pools(self.google.url).headers} & names)

    def test_the_servers_proxy_and_certificates_are_used(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(os.rmdir, folder)
        proxy = {"https_proxy": "http://sally:secret@proxy.ours.example:3128", "no_proxy": ""}
        for bundle, kind in ((folder, "ca_cert_dir"), (certs.where(), "ca_certs")):
            with patch.dict(os.environ, {**proxy, "REQUESTS_CA_BUNDLE": bundle}):
                pools = network._pools.__wrapped__("https://gmail.example")
            self.assertEqual(pools.proxy.host, "proxy.ours.example")
            self.assertTrue(pools.proxy_headers["Proxy-Authorization"])
            self.assertEqual(pools.connection_pool_kw[kind], bundle)
            self.assertEqual(pools.connection_pool_kw["cert_reqs"], "CERT_REQUIRED")
        with patch.dict(os.environ, {"no_proxy": "gmail.example", "HTTPS_PROXY": "http://p.test"}):
            self.assertIsNone(network._pools.__wrapped__("https://gmail.example").proxy)

    def test_no_answer_is_an_error_that_says_so(self):
        self.google.close()
        with self.assertRaises(network.GmailError) as caught:
            self.ask()
        self.assertEqual(caught.exception.reason, "unreachable")
