import time

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
        self.ask()
        session = network._session(self.google.url)
        self.assertEqual(len(session.cookies), 0)
        self.assertFalse({"Authorization", "Cookie"} & set(session.headers))
