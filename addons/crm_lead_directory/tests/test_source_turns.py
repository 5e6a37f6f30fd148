"""When a source's publisher is asked for a new edition, and who looks after the source."""

from datetime import timedelta

from odoo.tests import new_test_user, tagged

from ..models import lead_directory_source_schedule as schedule
from .norway import company
from .source_case import ROWS, SourceCase


@tagged("post_install", "-at_install")
class TestSourceTurns(SourceCase):
    def test_who_is_at_work_is_not_looked_after(self):
        self.publish()
        self.get()
        self.source.with_user(self.manager).schedule = "published"
        self.publish([*ROWS, company(11)], etag='"2"')
        self.publisher.asked.clear()
        draft = self.source.import_id
        for of_import in ("queued", "running", "asks"):
            draft.state = of_import
            self.source._look_due()
        draft.state = "done"
        for state in ("queued", "running"):
            self.source.download_state = state
            self.source._look_due()
        self.assertEqual(self.publisher.asked, [])
        self.source.download_state = "done"
        self.source._look_due()
        self.assertEqual(len(self.publisher.asked), 1)

    def test_a_success_forgets_earlier_failures_but_for_what_failed_itself(self):
        self.publish()
        self.get()
        self.source.with_user(self.manager).schedule = "published"
        for state, kept in (("done", 0), ("failed", 2)):
            self.source.write({"failure_count": 2, "download_state": state})
            self.source._look_due()
            self.assertEqual(self.source.failure_count, kept)

    def test_each_rhythm_has_its_length(self):
        self.publish()
        self.get()
        for rhythm, days in {"daily": 1, "weekly": 7, "monthly": 31, "yearly": 366}.items():
            with self.subTest(rhythm):
                step = schedule._step(rhythm)
                self.source.dataset_id.imported_on = self.env.cr.now().date() - timedelta(days)
                self.assertTrue(self.source._is_over(step))
                least = {"monthly": 27, "yearly": 364}.get(rhythm, days - 1)
                self.source.dataset_id.imported_on = self.env.cr.now().date() - timedelta(least)
                self.assertFalse(self.source._is_over(step))

    def test_a_caretaker_works_for_the_source_s_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env, "t_stranger", "sales_team.group_sale_manager",
            company_id=other.id, company_ids=[(6, 0, other.ids)],
        )  # fmt: skip
        self.source.user_id = stranger
        self.assertEqual(self.source._caretaker(), stranger)
        self.source.company_id = self.env.company
        self.assertNotEqual(self.source._caretaker(), stranger)
        self.source.write({"company_id": other.id, "user_id": self.manager.id})
        self.assertEqual(self.source._caretaker(), stranger)
