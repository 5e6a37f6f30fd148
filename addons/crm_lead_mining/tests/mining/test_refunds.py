from datetime import datetime, timedelta
from email import message_from_string

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ...tools.refunds import COMPANY, Delivery, contact_subject, hard_bounces

DAY = datetime(2026, 11, 1, 12)


def report(*blocks: str) -> str:
    """Return a delivery report with these header blocks."""
    return (
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\n\n'
        "--x\nContent-Type: text/plain\n\nSorry.\n"
        "--x\nContent-Type: message/delivery-status\n\n"
        + "\n\n".join(("Reporting-MTA: dns; mx.example", *blocks))
        + "\n\n--x--\n"
    )


class TestRefundRules(BaseCase):
    def test_each_part_of_a_delivery_has_its_price(self):
        delivery = Delivery(7, 2, 3, DAY)
        self.assertEqual(
            delivery.prices, {COMPANY: 1, "contact:0": 2, "contact:1": 2, "contact:2": 2}
        )

    def test_window_ends_to_the_second(self):
        delivery = Delivery(1, 1, 0, DAY)
        end = DAY + timedelta(days=30)
        self.assertEqual(delivery.refusal(COMPANY, end, 30), "")
        self.assertEqual(delivery.refusal(COMPANY, end + timedelta(seconds=1), 30), "late")

    def test_refusals(self):
        delivery = Delivery(2, 1, 2, DAY, frozenset({"contact:1"}))
        table = {COMPANY: "unpaid", "contact:0": "", "contact:1": "done", "contact:2": "unpaid"}
        for subject, expected in table.items():
            with self.subTest(subject=subject):
                self.assertEqual(delivery.refusal(subject, DAY, 30), expected)

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.integers(0, 100), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
    def test_parts_never_add_up_to_more_than_was_paid(self, company, price, contacts, done):
        refunded = frozenset(map(contact_subject, range(done)))
        credits = company + price * contacts
        delivery = Delivery(credits, price, contacts, DAY, refunded)
        before = sum(delivery.prices.get(subject, 0) for subject in refunded)
        self.assertLessEqual(before + sum(delivery.refundable(DAY, 30).values()), credits)

    def test_only_permanent_failures_are_hard_bounces(self):
        final = "Final-Recipient: rfc822; A@b.example\n"
        other = "Final-Recipient: rfc822; c@d.example\n"
        escaped = "Final-Recipient: utf-8; {}\nAction: failed\n"
        original = "Original-Recipient: rfc822; c@d.example\n"
        table = [
            (report(final + "Action: failed\nStatus: 5.1.1"), {"a@b.example"}),
            (report(final + "Action: FAILED\nStatus: 5.7.1 (refused)"), {"a@b.example"}),
            (report(final + "Action: failed\nStatus: 4.2.2"), set()),
            (report(final + "Action: delayed\nStatus: 5.0.0"), set()),
            (report(final + "Status: 5.1.1"), set()),
            (report(), set()),
            (
                report(
                    final + "Action: delayed\nStatus: 4.0.0",
                    other + "Action: failed\nStatus: 5.0.0",
                ),
                {"c@d.example"},
            ),
            (
                report(final + original + "Action: failed\nStatus: 5.1.1"),
                {"a@b.example", "c@d.example"},
            ),
            (report("Action: failed\nStatus: 5.0.0"), set()),
            (
                report("Final-Recipient: a@b.example\nAction: failed\nStatus: 5.0.0"),
                {"a@b.example"},
            ),
            (
                report(escaped.format(r"anna@b\x{FC}cher.example") + "Status: 5.1.1"),
                {"anna@xn--bcher-kva.example"},
            ),
            (
                report(escaped.format(r"a\x{110000}\x{D800}@b.example") + "Status: 5.1.1"),
                set(),
            ),
            ("Subject: Mail delivery failed\n\nUser unknown (550 5.1.1)", set()),
            ("Content-Type: message/delivery-status\n\n", set()),
        ]
        for text, expected in table:
            with self.subTest(text=text[-80:]):
                self.assertEqual(hard_bounces(message_from_string(text)), expected)
