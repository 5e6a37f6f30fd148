"""Whose work it is: one lane's, until it is done or its time is over."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ...exceptions import LeaseLost
from ..common import LeadMiningCase

SOON = timedelta(minutes=1)


@tagged("post_install", "-at_install")
class TestLease(LeadMiningCase):
    def setUp(self):
        super().setUp()
        self.queue = self.env["lead.mining.run"].sudo()
        self.queue.search([("state", "in", ("queued", "running"))]).state = "cancelled"

    def queued(self, **values):
        run = self.request().run_id.sudo()
        run.write({"state": "queued", "queued_at": fields.Datetime.now(), **values})
        self.env.flush_all()
        return run

    def take(self, seconds=60):
        self.env.flush_all()
        return self.queue._claim(seconds)

    def test_the_oldest_is_taken_first_and_by_one_lane_only(self):
        now = fields.Datetime.now()
        younger = self.queued(queued_at=now)
        older = self.queued(queued_at=now - SOON)
        self.assertEqual([self.take()[0] for _lane in range(3)], [older, younger, self.queue])
        self.assertEqual((older.state, younger.state), ("running", "running"))
        self.assertTrue(older.started_at)

    def test_only_what_is_queued_is_taken(self):
        run = self.queued()
        for state in ("draft", "done", "partial", "failed", "cancelled"):
            run.state = state
            with self.subTest(state=state):
                self.assertFalse(self.take()[0])

    def test_what_a_provider_asked_to_wait_for_waits(self):
        now = fields.Datetime.now()
        run = self.queued(resume_at=now + SOON)
        self.assertFalse(self.take()[0])
        run.resume_at = now - SOON
        self.assertEqual(self.take()[0], run)

    def test_work_is_taken_over_when_its_time_is_over_and_not_before(self):
        run = self.queued()
        _run, first = self.take(60)
        left = run.lease_expires_at - fields.Datetime.now()
        self.assertTrue(timedelta(seconds=55) < left < timedelta(seconds=65), left)
        self.assertFalse(self.take()[0])
        started = run.started_at
        run.lease_expires_at = fields.Datetime.now() - SOON
        taken, second = self.take()
        self.assertEqual((taken, run.started_at), (run, started))
        self.assertNotEqual(first, second)
        self.assertEqual(run.lease_token, second)

    def test_who_has_lost_it_can_write_nothing(self):
        run = self.queued()
        _run, first = self.take(-60)
        _run, second = self.take()
        with self.assertRaises(LeaseLost):
            run._renew(first, 60, created_count=5)
        self.assertFalse(run.created_count)
        run._renew(second, 600, created_count=5)
        left = run.lease_expires_at - fields.Datetime.now()
        self.assertTrue(timedelta(seconds=595) < left < timedelta(seconds=605), left)
        self.assertEqual(run.created_count, 5)

    def test_what_was_ended_meanwhile_is_nobody_s(self):
        run = self.queued()
        _run, token = self.take()
        run.state = "cancelled"
        with self.assertRaises(LeaseLost):
            run._renew(token, 60)

    def test_work_without_a_lease_is_not_taken_over(self):
        run = self.queued(state="running", lease_expires_at=fields.Datetime.now() - SOON)
        self.assertFalse(self.take()[0])
        self.assertEqual(run.state, "running")
