from datetime import datetime, timedelta
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.providers import lead_mining_provider_preview
from ...models.searches import lead_mining_search_schedule
from ...providers.errors import ProviderRefused
from ...tools.schedules import next_moment
from ..common import LeadMiningCase, SyntheticProvider, synthetic_company


class SearchCase(LeadMiningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "manager", "sales_team.group_sale_manager")
        cls.colleague = new_test_user(cls.env, "colleague", "sales_team.group_sale_salesman")

    def search(self, user=None, **values):
        return (
            self.env["lead.mining.search"]
            .with_user(user or self.salesperson)
            .create(
                {
                    "name": "Belgium",
                    "lead_number": 2,
                    "country_ids": [Command.set(self.belgium.ids)],
                    **values,
                }
            )
        )

    def due(self, search):
        search.sudo().next_run = datetime.now() - timedelta(minutes=1)

    def run_due(self) -> None:
        """Do what the scheduler's process does."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = self.env(cr=cr, user=self.env.ref("base.user_root"))
            env["lead.mining.search"]._cron_run_due()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestSavedSearch(SearchCase):
    def test_request_is_saved_as_a_search_with_all_its_criteria(self):
        tag = self.env["crm.tag"].create({"name": "Autumn"})
        request = self.request(
            filter_on_size=True,
            size_min=10,
            size_max=500,
            industry_ids=[Command.set(self.env.ref("crm_lead_mining.industry_62").ids)],
            target="contacts",
            contact_number=2,
            known_policy="link",
            tag_ids=[Command.set(tag.ids)],
        )
        action = request.action_save_search()
        search = self.env["lead.mining.search"].browse(action["res_id"])
        self.assertEqual(search._to_query(), request._to_query())
        self.assertEqual((search.tag_ids, search.lead_number, search.schedule), (tag, 3, False))
        self.assertEqual(search.owner_id, self.salesperson)
        self.assertTrue(search.name)

    def test_saving_a_search_over_the_pipeline_leaves_the_dialog_where_it_is(self):
        request = self.request(from_dialog=True)
        action = request.action_save_search()
        self.assertEqual(action["tag"], "display_notification")
        search = self.env["lead.mining.search"].search([("owner_id", "=", self.salesperson.id)])
        (link,) = action["params"]["links"]
        self.assertEqual(
            (link["label"], link["url"].rpartition("/")[2]), (search.name, str(search.id))
        )
        self.assertNotIn("next", action["params"])

    def test_chosen_search_fills_the_dialog(self):
        search = self.search(filter_on_size=True, size_min=10, size_max=500, lead_number=7)
        form = Form(
            self.env["lead.mining.request"].with_user(self.salesperson),
            view="crm_lead_mining.lead_mining_request_view_dialog",
        )
        form.search_id = search
        self.assertEqual((form.lead_number, form.size_min, form.size_max), (7, 10, 500))
        self.assertEqual(form.save().search_id, search)

    def test_search_is_started_by_hand(self):
        search = self.search()
        action = search.action_generate()
        request = self.env["lead.mining.request"].browse(action["res_id"])
        self.run_lane()
        self.assertEqual((request.state, request.lead_count), ("done", 2))
        self.assertEqual((search.request_count, search.lead_total, search.credit_total), (1, 2, 2))
        self.assertEqual(search.action_view_leads()["domain"][0][2], search.id)

    def test_archived_request_stays_in_what_its_search_has_cost(self):
        search = self.search()
        request = self.env["lead.mining.request"].browse(search.action_generate()["res_id"])
        self.run_lane()
        request.action_archive()
        search.invalidate_recordset()
        self.assertEqual((search.request_count, search.lead_total, search.credit_total), (1, 2, 2))
        action = search.action_view_requests()
        listed = search.request_ids.with_context(**action["context"]).search(action["domain"])
        self.assertEqual(listed, request)

    def test_search_that_has_brought_companies_is_archived_and_not_deleted(self):
        search, unused = self.search(), self.search()
        search.action_generate()
        unused.action_generate()
        unused.request_ids.action_cancel()
        self.run_lane()
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            (search | unused).unlink()
        unused.unlink()
        search.action_archive()
        self.env.flush_all()
        spent = self.env["lead.mining.report"]._read_group(
            [("request_id", "in", search.request_ids.ids)], ["search_id"], ["credits:sum"]
        )
        self.assertEqual(spent, [(search, 2)])

    def test_copied_search_belongs_to_who_copied_it(self):
        copy = self.search(schedule="daily").with_user(self.manager).copy()
        self.assertEqual((copy.owner_id, copy.name), (self.manager, "Belgium (copy)"))
        self.assertFalse(copy.request_ids)

    def test_salespeople_see_their_own_searches_and_managers_all(self):
        search = self.search()
        Search = self.env["lead.mining.search"]
        self.assertIn(search, Search.with_user(self.salesperson).search([]))
        self.assertNotIn(search, Search.with_user(self.colleague).search([]))
        self.assertIn(search, Search.with_user(self.manager).search([]))
        with self.assertRaises(AccessError):
            search.with_user(self.colleague).action_generate()

    def test_search_of_another_company_is_hidden_from_managers_too(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.salesperson.company_ids += other
        search = self.search(company_id=other.id)
        self.assertNotIn(search, self.env["lead.mining.search"].with_user(self.manager).search([]))

    def test_nobody_spends_in_the_name_of_another(self):
        with self.assertRaises(UserError):
            self.search(owner_id=self.colleague.id)
        with self.assertRaises(UserError):
            self.search().owner_id = self.colleague
        search = self.search(user=self.manager, owner_id=self.colleague.id)
        self.assertEqual(search.owner_id, self.colleague)
        other = self.env["res.company"].create({"name": "Other Company"})
        self.manager.company_ids += other
        told = "does not work for Other Company"
        with self.assertRaisesRegex(ValidationError, told):
            self.search(user=self.manager, owner_id=self.colleague.id, company_id=other.id)
        with self.assertRaisesRegex(ValidationError, told):
            search.company_id = other

    @mute_logger("odoo.sql_db")
    def test_limits_of_requests_hold_for_searches(self):
        for values in (
            {"lead_number": 201},
            {"state_ids": [Command.set(self.env.ref("base.state_us_5").ids)]},
            {"schedule": "daily", "country_ids": False},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.search(**values)
        for values in ({"lead_number": 0}, {"max_credits": -1}):
            with self.subTest(values=values), self.assertRaises(psycopg2.errors.CheckViolation):
                self.search(**values)

    def test_limit_of_credits_too_low_for_one_lead_is_refused(self):
        told = "Belgium: one lead costs up to 3 credits, so 2 credits per run"
        with self.assertRaisesRegex(ValidationError, told):
            self.search(target="contacts", contact_number=2, max_credits=2)
        search = self.search(target="contacts", contact_number=2, max_credits=3)
        for values in ({"contact_number": 3}, {"max_credits": 2}):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                search.write(values)
        search.write({"target": "companies", "max_credits": 1})


@tagged("post_install", "-at_install")
class TestSchedule(SearchCase):
    def test_first_time_is_one_step_ahead(self):
        with freeze_time("2026-03-30 10:00:00"):
            for schedule, moment in (
                ("daily", datetime(2026, 3, 31, 10)),
                ("weekly", datetime(2026, 4, 6, 10)),
                ("monthly", datetime(2026, 4, 30, 10)),
            ):
                self.assertEqual(self.search(schedule=schedule).next_run, moment)
            search = self.search()
            self.assertFalse(search.next_run)
            search.schedule = "daily"
            self.assertEqual(search.next_run, datetime(2026, 3, 31, 10))

    def test_due_search_makes_its_owner_s_request_and_plans_the_next(self):
        search = self.search(schedule="daily")
        self.due(search)
        self.run_due()
        request = search.request_ids
        self.assertEqual((request.state, request.create_uid), ("queued", self.salesperson))
        self.assertTrue(search.last_run)
        self.assertGreater(search.next_run, datetime.now())
        self.run_lane()
        self.assertEqual(request.lead_count, 2)

    def test_search_runs_only_at_its_time_and_only_once(self):
        search = self.search(schedule="daily")
        self.run_due()
        self.assertFalse(search.request_ids)
        self.due(search)
        self.run_due()
        self.run_lane()
        self.run_due()
        self.assertEqual(len(search.request_ids), 1)

    def test_each_run_brings_only_what_is_new(self):
        search = self.search(schedule="weekly")
        names = []
        for _run in range(3):
            self.due(search)
            self.run_due()
            self.run_lane()
            names.append(search.request_ids[:1].lead_ids.mapped("name"))
        self.assertEqual([len(run) for run in names], [2, 2, 1])
        self.assertEqual(len({name for run in names for name in run}), 5)
        self.assertPaid(5)

    # === ALERTS === #

    def alerts(self, search):
        kind = self.env.ref("crm_lead_mining.mail_activity_search_matches")
        activities = search.sudo().activity_ids
        return activities.filtered(lambda one: one.activity_type_id == kind)

    def test_search_that_alerts_tells_its_owner_and_buys_nothing(self):
        lead_mining_provider_preview._previews.clear()
        search = self.search(schedule="weekly", tells_only=True)
        self.due(search)
        self.run_due()
        alert = self.alerts(search)
        self.assertEqual(alert.user_id, self.salesperson)
        self.assertIn("5", alert.summary)
        self.assertFalse(search.request_ids)
        self.assertTrue(search.last_run)
        self.assertPaid(0)

    def test_alert_is_told_again_when_there_are_more(self):
        search = self.search(schedule="weekly", tells_only=True)
        for number, is_told in ((2, True), (2, False), (3, True)):
            lead_mining_provider_preview._previews.clear()
            self.provide(*map(synthetic_company, range(1, number + 1)))
            self.alerts(search).unlink()
            self.due(search)
            self.run_due()
            self.assertEqual(bool(self.alerts(search)), is_told)

    def test_who_generates_the_leads_has_heard_the_alert(self):
        lead_mining_provider_preview._previews.clear()
        search = self.search(schedule="weekly", tells_only=True)
        self.due(search)
        self.run_due()
        search.action_generate()
        self.assertFalse(self.alerts(search))
        self.assertEqual(len(search.request_ids), 1)

    def test_search_that_alerts_says_when_nobody_can_count(self):
        lead_mining_provider_preview._previews.clear()
        only = {"provider_id": self.provider.id}
        search = self.search(schedule="weekly", tells_only=True, **only)
        with patch.object(SyntheticProvider, "count_is_free", False):
            self.due(search)
            self.run_due()
        self.assertFalse(self.alerts(search))
        bodies = " ".join(search.sudo().message_ids.mapped("body"))
        self.assertIn("nobody could tell", bodies)

    # === TIMES === #

    def test_missed_times_are_not_caught_up(self):
        search = self.search(schedule="daily")
        search.sudo().next_run = datetime.now() - timedelta(days=30, hours=1)
        self.run_due()
        self.assertEqual(len(search.request_ids), 1)
        self.assertGreater(search.next_run, datetime.now())
        self.assertLess(search.next_run, datetime.now() + timedelta(days=1))

    def test_monthly_search_of_the_last_day_stays_at_the_last_day(self):
        with freeze_time("2026-01-31 10:00:00"):
            search = self.search(schedule="monthly")
            self.assertEqual(search.next_run, datetime(2026, 2, 28, 10))
        for now, moment in (
            ("2026-02-28 10:01:00", datetime(2026, 3, 31, 10)),
            ("2026-03-31 10:01:00", datetime(2026, 4, 30, 10)),
            ("2026-04-30 10:01:00", datetime(2026, 5, 31, 10)),
        ):
            with freeze_time(now):
                search.sudo()._plan_next()
                self.assertEqual(search.next_run, moment)
        search.next_run = datetime(2026, 6, 15, 8)
        with freeze_time("2026-06-15 09:00:00"):
            search.sudo()._plan_next()
        self.assertEqual(search.next_run, datetime(2026, 7, 15, 8))

    def test_search_runs_at_the_same_time_of_its_owner_s_day_in_summer_and_winter(self):
        self.salesperson.tz = "Europe/Rome"
        with freeze_time("2026-03-27 08:00:00"):
            search = self.search(schedule="daily")
        for now, moment in (
            ("2026-03-28 08:01:00", datetime(2026, 3, 29, 7)),
            ("2026-10-24 07:01:00", datetime(2026, 10, 25, 8)),
        ):
            with freeze_time(now):
                search.sudo()._plan_next()
                self.assertEqual(search.next_run, moment)

    def test_search_of_an_owner_in_a_zone_that_the_server_does_not_know_goes_on_in_utc(self):
        for zone in ("Nowhere/City", "Europe", "../etc", "", "UTC"):
            moment = next_moment(
                "daily", datetime(2026, 3, 28, 8), datetime(2026, 3, 28, 9), zone, 0
            )
            self.assertEqual(moment, datetime(2026, 3, 29, 8), zone)

    def test_limit_of_credits_asks_for_fewer_leads(self):
        search = self.search(
            schedule="daily", lead_number=5, target="contacts", contact_number=1, max_credits=5
        )
        self.due(search)
        self.run_due()
        self.assertEqual(search.request_ids.lead_number, 2)
        self.run_lane()
        self.assertLessEqual(search.request_ids.credits_captured, 5)

    def test_run_is_left_out_while_the_last_one_works(self):
        search = self.search(schedule="daily")
        for _run in range(2):
            self.due(search)
            self.run_due()
        self.assertEqual(len(search.request_ids), 1)
        self.assertIn("not finished yet", search.message_ids[0].body)

    def test_same_time_never_makes_two_requests(self):
        search = self.search(schedule="daily")
        self.due(search)
        self.run_due()
        values = search._run_values() | {"search_slot": search.request_ids.search_slot}
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"):
            self.env["lead.mining.request"].create(values)

    def test_search_that_another_worker_has_taken_is_left_alone(self):
        search = self.search(schedule="daily")
        self.due(search)
        Search = type(search)
        with patch.object(Search, "try_lock_for_update", lambda records: records.browse()):
            self.run_due()
        self.assertFalse(search.request_ids)

    def test_missing_credits_pause_after_three_runs_with_an_activity(self):
        self._set_credits(1)
        search = self.search(schedule="daily")
        for run in range(1, 4):
            self.due(search)
            self.run_due()
            self.assertEqual((search.failure_count, search.paused), (run, run == 3))
        self.assertEqual(search.request_ids.state, "waiting_credits")  # one, however many runs
        self.assertIn("missing: 1.", search.pause_reason)
        activity = search.activity_ids
        self.assertEqual(activity.user_id, self.salesperson)
        self.assertIn("missing: 1.", activity.note)
        self.due(search)
        self.run_due()
        self.assertEqual(search.failure_count, 3)

    def test_credits_let_the_waiting_run_and_then_the_schedule_go_on(self):
        self._set_credits(0)
        search = self.search(schedule="daily")
        for _run in range(3):
            self.due(search)
            self.run_due()
        self._set_credits(100)
        search.action_resume()
        self.assertFalse(search.activity_ids)
        self.run_lane()
        self.assertEqual((search.request_ids.state, search.paused), ("done", False))
        self.due(search)
        self.run_due()
        self.assertEqual((len(search.request_ids), search.failure_count), (2, 0))

    def test_credits_that_vanish_before_the_worker_count_as_well(self):
        search = self.search(schedule="daily")
        self.due(search)
        self.run_due()
        self._set_credits(0)
        self.run_lane()
        self.assertEqual((search.request_ids.failure, search.failure_count), ("credits", 0))
        for _run in range(3):
            self.due(search)
            self.run_due()
        self.assertEqual((search.failure_count, search.paused), (3, True))

    def test_provider_that_fails_each_time_pauses_after_three_runs_and_tells_the_owner(self):
        search = self.search(schedule="daily")
        for run in range(4):
            self.due(search)
            self.run_due()
            self.assertEqual((search.failure_count, search.paused), (run, run == 3))
            if not search.paused:
                SyntheticProvider.errors = [ProviderRefused(status=401, provider="synthetic")]
                self.run_lane()
                self.assertEqual(search.request_ids[0].state, "failed")
        self.assertEqual(len(search.request_ids), 3)
        self.assertEqual(search.activity_ids.user_id, self.salesperson)

    def test_search_that_finds_nothing_new_goes_on(self):
        search = self.search(schedule="daily", lead_number=5)
        for _run in range(5):
            self.due(search)
            self.run_due()
            self.run_lane()
        self.assertEqual(search.request_ids[0].failure, "no_result")
        self.assertEqual((search.failure_count, search.paused), (0, False))

    def test_run_that_works_makes_the_failures_before_forgotten(self):
        self._set_credits(0)
        search = self.search(schedule="daily")
        self.due(search)
        self.run_due()
        self.assertEqual(search.failure_count, 1)
        self._set_credits(100)
        self.run_lane()
        self.due(search)
        self.run_due()
        self.assertEqual((search.failure_count, search.paused), (0, False))

    def test_archived_owner_pauses_at_once_and_tells_somebody_else(self):
        search = self.search(schedule="daily")
        self.due(search)
        self.salesperson.active = False
        self.run_due()
        self.assertTrue(search.paused)
        self.assertIn("Sally Salesperson is archived", search.pause_reason)
        self.assertTrue(search.activity_ids.user_id.active)
        self.assertFalse(search.request_ids)

    def test_owner_without_the_right_and_lost_provider_pause(self):
        def lose_right():
            self.salesperson.group_ids = self.env.ref("base.group_user")

        def lose_provider():
            self.provider.active = False

        for lose, sentence in (
            (lose_provider, "switched off"),
            (lose_right, "may no longer generate"),
        ):
            search = self.search(schedule="daily", provider_id=self.provider.id)
            self.due(search)
            lose()
            self.run_due()
            self.assertIn(sentence, search.sudo().pause_reason)
            self.provider.active = True

    def test_schedules_wait_while_lead_mining_is_switched_off(self):
        search = self.search(schedule="daily")
        self.due(search)
        self.env["res.config.settings"].create({"lead_mining": False}).execute()
        self.run_due()
        self.assertEqual((len(search.sudo().request_ids), search.sudo().paused), (0, False))

    def test_search_that_is_given_away_waits_until_its_new_owner_has_looked_at_it(self):
        self._set_credits(0)
        search = self.search(schedule="daily")
        self.due(search)
        self.run_due()
        self.assertTrue(search.last_request_id)
        search = search.with_user(self.manager)
        search.owner_id = self.colleague
        self.assertTrue(search.paused)
        self.assertIn("Check it", search.pause_reason)
        self.assertEqual(search.activity_ids.user_id, self.colleague)
        self.assertFalse(search.failure_count or search.last_request_id)
        self.due(search)
        self.run_due()
        self.assertEqual(len(search.sudo().request_ids), 1)
        search.with_user(self.colleague).action_resume()
        self.due(search)
        self.run_due()
        self.assertIn(self.colleague, search.sudo().request_ids.create_uid)

    def test_manager_who_takes_a_search_over_knows_what_it_is(self):
        search = self.search(schedule="daily")
        search.with_user(self.manager).owner_id = self.manager
        self.assertFalse(search.paused)

    def test_search_that_is_saved_with_the_owner_it_has_goes_on(self):
        search = self.search(schedule="daily")
        values = {"owner_id": search.owner_id.id, "name": "Better name"}
        search.with_user(self.manager).write(values)
        self.assertFalse(search.paused)
        self.assertFalse(search.activity_ids)

    def test_one_search_that_breaks_does_not_stop_the_others(self):
        broken, sound = self.search(schedule="daily"), self.search(schedule="daily")
        for search in (broken, sound):
            self.due(search)
        Search = type(broken)
        make = Search._make_request

        def make_or_break(search, slot):
            if search.id == broken.id:
                raise ZeroDivisionError
            return make(search, slot)

        with (
            patch.object(Search, "_make_request", make_or_break),
            self.assertLogs(lead_mining_search_schedule.__name__, "ERROR"),
        ):
            self.run_due()
        self.assertEqual((len(sound.request_ids), broken.failure_count), (1, 1))
        self.assertGreater(broken.next_run, datetime.now())

    def test_work_of_the_scheduler_grows_with_the_due_searches_only(self):
        def queries():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.run_due()
            return self.env.cr.sql_log_count - before

        self.due(self.search(schedule="daily"))
        self.run_due()  # caches
        self.due(self.search(schedule="daily"))
        one = queries()
        for _number in range(30):
            self.search(schedule="daily")
        self.due(self.search(schedule="daily"))
        self.assertLessEqual(queries(), one + 5)
