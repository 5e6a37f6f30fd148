"""New editions: had when a schedule wants them and the publisher has one, and not otherwise."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..models import lead_directory_source_schedule as schedule
from ..registers.recipes import RECIPES
from .norway import COLUMNS, HOST, PATH, company
from .publisher import Published
from .source_case import ROWS, SourceCase


@tagged("post_install", "-at_install")
class TestSourceSchedule(SourceCase):
    def had(self, kind="published", **options):
        """Have an edition, and a schedule for the next ones."""
        published = self.publish(**options)
        self.get()
        self.source.with_user(self.manager).schedule = kind
        self.publisher.asked.clear()
        return published

    def activities(self):
        return self.source.activity_ids

    def test_who_may_get_companies_chooses_the_schedule_on_the_form(self):
        with Form(self.source.with_user(self.manager)) as form:
            form.schedule = "published"
        self.assertEqual(self.source.user_id, self.manager)
        self.publish()
        self.env["lead.directory.source"]._cron_look()
        self.work()
        self.assertEqual(self.source.state, "done")
        self.assertEqual(len(self.companies()), 5)

    def test_without_a_schedule_the_publisher_is_never_asked(self):
        self.publish()
        self.get()
        self.publish(etag='"2"')
        self.publisher.asked.clear()
        self.look()
        self.assertEqual(self.publisher.asked, [])

    def test_an_edition_that_was_had_is_not_had_again(self):
        for conditions in (True, False):  # who answers 304, and who sends the file all the same
            for etag in ('"1"', ""):
                with self.subTest(conditions=conditions, etag=etag):
                    self.had(conditions=conditions, etag=etag)
                    self.look()
                    (asked,) = self.publisher.asked
                    known = "If-None-Match" if etag else "If-Modified-Since"
                    self.assertIn(known, asked.headers)
                    self.assertEqual(asked.headers["Range"], "bytes=0-0")
                    self.assertEqual(self.source.state, "done")

    def test_a_new_edition_is_had_when_there_is_one(self):
        self.had()
        first = self.source.import_id
        self.publish([*ROWS, company(11)], etag='"2"')
        self.look()
        self.assertEqual((self.source.state, self.source.problem), ("done", False))
        self.assertNotEqual(self.source.import_id, first)
        self.assertEqual(len(self.companies()), 6)
        self.publisher.asked.clear()
        self.look()
        self.assertEqual(len(self.publisher.asked), 1)

    def test_a_file_that_somebody_is_about_to_use_is_not_taken_from_them(self):
        self.had()
        self.publish([*ROWS, company(11)], etag='"2"')
        self.source.with_user(self.manager).action_use_file()
        draft = self.source.import_id
        self.look()
        self.assertEqual((self.source.state, self.source.import_id), ("file", draft))
        self.env.cr.execute(
            "UPDATE lead_directory_import SET create_date = create_date - interval '2 days'"
            " WHERE id = %s",
            [draft.id],
        )
        draft.invalidate_recordset()
        self.look()
        self.assertEqual(len(self.companies()), 6)

    def test_it_is_asked_once_a_day(self):
        self.had()
        self.look()
        self.publisher.asked.clear()
        self.env["lead.directory.source"]._cron_look()
        self.assertEqual(self.publisher.asked, [])
        self.assertEqual(self.source.next_look.date(), (self.env.cr.now() + timedelta(1)).date())

    def test_once_a_month_means_that_an_edition_may_be_a_month_old(self):
        self.had("monthly")
        self.publish([*ROWS, company(11)], etag='"2"')
        self.look()
        self.assertEqual(self.publisher.asked, [])
        self.source.dataset_id.imported_on -= timedelta(32)
        self.look()
        self.assertEqual(len(self.companies()), 6)

    def test_where_the_publisher_says_nothing_of_the_file_its_rhythm_decides(self):
        self.had(etag="", modified="")
        self.publish([*ROWS, company(11)], etag="", modified="")
        self.look()
        self.assertEqual(len(self.companies()), 5)
        self.source.dataset_id.imported_on -= timedelta(1)  # Norway's is a daily one
        self.look()
        self.assertEqual(len(self.companies()), 6)

    def test_another_address_is_another_edition(self):
        self.had()
        self.source.mirror = "https://mirror.example/no.csv.gz"
        self.publisher.files["mirror.example/no.csv.gz"] = self.publish([*ROWS, company(11)])
        self.look()
        self.assertEqual(len(self.companies()), 6)

    def test_a_publisher_that_cannot_be_asked_is_told_once_and_paused_after_three_times(self):
        self.had()
        self.publisher.files[HOST + PATH] = Published(status=503, conditions=False)
        told = set()
        for number in range(1, schedule.MAX_FAILURES + 1):
            self.look()
            self.assertEqual(self.source.failure_count, number)
            told |= set(self.activities().ids)
            self.assertEqual(self.activities().user_id, self.manager)
            self.assertEqual(self.source.state, "done")  # what was had before is there
        self.assertTrue(self.source.paused)
        self.assertIn("too much to do", self.source.schedule_problem)
        # One when it began to fail, one now that it is over.
        self.assertEqual(len(told), 2)
        self.assertIn("paused", self.activities().summary)
        self.publisher.asked.clear()
        self.look()
        self.assertEqual(self.publisher.asked, [])

        self.source.with_user(self.manager).action_resume()
        self.assertFalse(self.source.schedule_problem)
        self.assertFalse(self.activities())
        self.publish([*ROWS, company(11)], etag='"2"')
        self.look()
        self.assertEqual(len(self.companies()), 6)

    def test_an_edition_that_cannot_be_imported_is_told_and_not_had_again_and_again(self):
        self.had()
        self.publish(columns=tuple(one for one in COLUMNS if one != "navn"), etag='"2"')
        self.look()
        self.assertEqual(self.source.state, "failed")
        self.assertIn("navn", self.activities().note)
        self.publisher.asked.clear()
        self.look()
        self.assertEqual(len(self.publisher.asked), 1)
        self.assertEqual(len(self.companies()), 5)

    def test_a_download_that_broke_off_goes_on_the_next_day(self):
        self.had()
        content = [company(number) for number in range(3000)]
        self.publish(content, etag='"2"', cuts=[9 << 30, 5000, 0, 0, 0])
        self.look()
        self.assertEqual(self.source.state, "failed")
        self.assertEqual(self.source.failure_count, 1)
        self.publish(content, etag='"2"')
        self.publisher.asked.clear()
        self.look()
        self.assertEqual(self.source.state, "done")
        self.assertEqual(self.publisher.asked[-1].headers["Range"], "bytes=5000-")
        self.assertEqual(self.source.failure_count, 0)
        self.assertFalse(self.activities())

    @mute_logger("odoo.addons.crm_lead_directory.models.lead_directory_source_schedule")
    def test_what_nobody_has_thought_of_stops_no_other_source(self):
        self.had()
        with patch.object(schedule, "look", side_effect=ZeroDivisionError):
            self.look()
        self.assertIn("unexpected", self.source.schedule_problem)

    @mute_logger(
        "odoo.addons.crm_lead_directory.models.lead_directory_source_schedule", "odoo.sql_db"
    )
    def test_what_the_database_refuses_stops_no_other_source_and_is_not_asked_again_at_once(self):
        self.had()

        def refused(*_args, **_options):
            self.env.cr.execute("SELECT 1 / 0")

        with patch.object(schedule, "look", refused):
            self.look()
        self.assertIn("unexpected", self.source.schedule_problem)
        self.assertGreater(self.source.next_look, self.env.cr.now())

    def test_whoever_began_it_and_is_gone_is_told_nothing(self):
        other = new_test_user(self.env, "t_other", "sales_team.group_sale_manager")
        for gone in ({"active": False}, {"group_ids": [(5,)]}):
            with self.subTest(gone=gone):
                self.source.user_id = other.copy({"login": f"t_{len(gone)}_{[*gone]}"})
                self.source.user_id.write(gone)
                caretaker = self.source._caretaker()
                self.assertTrue(caretaker.active)
                self.assertNotEqual(caretaker, self.source.user_id)
                self.assertTrue(caretaker.has_group(schedule.RIGHT))

    def test_only_who_may_get_companies_chooses_a_schedule(self):
        right = self.env.ref(schedule.RIGHT)
        self.env.ref("sales_team.group_sale_manager").implied_ids -= right
        self.manager.group_ids -= right
        with self.assertRaises(AccessError):
            self.source.with_user(self.manager).schedule = "published"

    def test_users_write_the_schedule_and_nothing_else(self):
        mine = self.source.with_user(self.manager)
        for values in ({"user_id": 1}, {"published": {}}, {"company_id": self.env.company.id}):
            with self.subTest(values), self.assertRaises(AccessError):
                mine.write(values)

    def test_what_is_given_to_who_asks_only_has_no_schedule(self):
        by_hand = self.env["lead.directory.source"].search([("code", "=", "be_kbo")])
        closed = self.env["lead.directory.source"].search([("code", "=", "IT")])
        for source, told in ((by_hand, "those who ask"), (closed, "InfoCamere")):
            with self.subTest(source.code), self.assertRaisesRegex(UserError, told):
                source.with_user(self.manager).schedule = "monthly"

    def test_a_copy_of_a_database_asks_nobody(self):
        self.had()
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "true")
        self.look()
        self.assertEqual(self.publisher.asked, [])

    def test_each_recipe_has_a_rhythm_that_is_known(self):
        today = fields.Date.to_date("2026-11-29")
        for code, recipe in RECIPES.items():
            with self.subTest(code):
                self.assertGreater(today + schedule._step(recipe.rhythm), today)
