"""Whose turn it is among those who ask, and among the lanes that answer."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import EnrichmentCase

SOON = timedelta(minutes=1)


@tagged("post_install", "-at_install")
class TestLease(EnrichmentCase):
    def setUp(self):
        super().setUp()
        self.queue = self.Enrichment.sudo()

    def asked(self, number=1, **values):
        """Return the queued attempt of a lead whose company has this number."""
        lead = self.lead(number)
        lead._enrich()
        attempt = self.attempts(lead).sudo()
        attempt.write(values)
        return attempt

    def take(self):
        self.env.flush_all()
        return self.queue._claim(60)[0]

    def test_the_oldest_is_taken_first(self):
        first, second = self.asked(1), self.asked(2)
        self.assertEqual([self.take(), self.take(), self.take()], [first, second, self.queue])

    def test_whose_company_is_being_asked_about_waits_until_that_is_over(self):
        first, twin, other = self.asked(1), self.asked(1), self.asked(2)
        self.assertEqual([self.take(), self.take(), self.take()], [first, other, self.queue])
        first.state = "done"
        self.assertEqual(self.take(), twin)

    def test_another_company_of_the_database_does_not_wait(self):
        other = self.env["res.company"].create({"name": "Other"})
        first, theirs = self.asked(1), self.asked(1)
        theirs.company_id = other
        self.assertEqual([self.take(), self.take()], [first, theirs])

    def test_the_next_try_is_waited_for(self):
        now = fields.Datetime.now()
        attempt = self.asked(1, next_try_at=now + SOON)
        self.assertFalse(self.take())
        attempt.next_try_at = now - SOON
        self.assertEqual(self.take(), attempt)

    def test_answers_to_other_apps_are_no_work_of_a_lane(self):
        attempt = self.asked(1)
        self.env.cr.execute("UPDATE lead_enrichment SET res_id = NULL WHERE id = %s", attempt.ids)
        self.assertFalse(self.take())

    def test_work_is_taken_over_when_its_time_is_over_and_not_before(self):
        attempt = self.asked(1)
        self.take()
        self.assertFalse(self.take())
        attempt.lease_expires_at = fields.Datetime.now() - SOON
        self.assertEqual(self.take(), attempt)
