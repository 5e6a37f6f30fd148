from odoo.tests import BaseCase, tagged

from ..tools.fate import BOUNCED, FAILED, OPENED, SENT, WAITING, fate


@tagged("post_install", "-at_install")
class TestFate(BaseCase):
    """What is known here and there of one mail is one word."""

    def test_what_came_later_counts(self):
        table = [
            (False, None, None, WAITING),
            (False, "ready", None, WAITING),
            (False, "process", "outgoing", WAITING),
            (False, "sent", None, SENT),
            (False, "pending", None, SENT),
            (True, None, None, SENT),
            (True, "ready", None, SENT),
            (True, "exception", None, SENT),
            (False, "exception", None, FAILED),
            (False, "canceled", None, FAILED),
            (False, None, "error", FAILED),
            (False, None, "cancel", FAILED),
            (True, None, "sent", SENT),
            (True, None, "open", OPENED),
            (True, "sent", "reply", OPENED),
            (True, "bounce", None, BOUNCED),
            (True, None, "bounce", BOUNCED),
            (True, "bounce", "open", BOUNCED),
        ]
        for logged, told, traced, expected in table:
            with self.subTest(logged=logged, told=told, traced=traced):
                self.assertEqual(fate(logged, told, traced), expected)
