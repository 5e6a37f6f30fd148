from odoo.tests import new_test_user, tagged

from odoo.addons.crm_common.tests.screens import Screen, Search, columns

from ..common import LeadMiningCase

SIZES = {"size_min", "size_max"}
CONTACTS = {"contact_number", "contact_filter"}


@tagged("post_install", "-at_install")
class TestSearchScreens(LeadMiningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "t_manager", "sales_team.group_sale_manager")

    def search(self, **values):
        values = {"name": "Search", "country_ids": [(6, 0, self.belgium.ids)], **values}
        return self.env["lead.mining.search"].with_user(self.salesperson).create(values)

    def screen(self, search, user=None):
        search.invalidate_recordset()
        return Screen(search, user or self.salesperson)

    def test_a_search_is_paused_and_resumed_where_that_means_something(self):
        both = {"action_pause", "action_resume"}
        for values, offered in (
            ({}, set()),
            ({"schedule": "weekly"}, {"action_pause"}),
            ({"schedule": "weekly", "paused": True}, {"action_resume"}),
            ({"paused": True}, {"action_resume"}),
        ):
            search = self.search()
            search.sudo().write(values)
            screen = self.screen(search)
            with self.subTest(**values):
                self.assertEqual(screen.buttons & both, offered)
                self.assertIs("warning" in screen.alerts, "paused" in values)
                self.assertIs("pause_reason" in screen.fields, "paused" in values)
                self.assertLessEqual({"action_generate", "action_export"}, screen.buttons)

    def test_the_next_time_is_asked_for_where_there_is_a_schedule(self):
        for schedule in (False, "weekly"):
            screen = self.screen(self.search(schedule=schedule))
            with self.subTest(schedule=schedule):
                self.assertIs("next_run" in screen.fields, bool(schedule))
                self.assertIs("next_run" in screen.required, bool(schedule))

    def test_what_came_of_a_search_is_shown_once_there_is_something(self):
        search = self.search()
        shown = {"lead_total", "request_count", "last_run"}
        opened = {"action_view_leads", "action_view_requests"}
        screen = self.screen(search)
        self.assertFalse((screen.fields & shown) | (screen.buttons & opened))
        self.mine(search_id=search.id)
        search.sudo().last_run = "2026-01-01"
        screen = self.screen(search)
        self.assertLessEqual(shown, screen.fields)
        self.assertLessEqual(opened, screen.buttons)

    def test_only_a_manager_gives_a_search_to_somebody_else(self):
        search = self.search()
        self.assertIn("owner_id", self.screen(search).readonly)
        screen = self.screen(search, self.manager)
        self.assertIn("owner_id", screen.fields - screen.readonly)
        for user in (self.salesperson, self.manager):
            self.assertEqual(
                len(self.screen(search, user).arch.findall(".//field[@name='owner_id']")), 1
            )

    def test_a_search_stays_in_its_company(self):
        companies = self.env.company | self.env["res.company"].create({"name": "Other"})
        groups = "sales_team.group_sale_manager,base.group_multi_company"
        user = new_test_user(self.env, "t_multi", groups, company_ids=[(6, 0, companies.ids)])
        screen = self.screen(self.search(), user)
        self.assertIn("company_id", screen.fields & screen.readonly)

    def test_what_is_asked_for_depends_on_what_was_chosen(self):
        chosen = CONTACTS | {"preferred_role_id", "role_ids", "seniority"} | SIZES
        roles = {"preferred_role_id", "role_ids"}
        for values, expected in (
            ({"target": "companies"}, set()),
            ({"target": "contacts", "contact_filter": "role"}, CONTACTS | roles),
            ({"target": "contacts", "contact_filter": "seniority"}, CONTACTS | {"seniority"}),
            ({"target": "companies", "filter_on_size": True, "size_min": 1, "size_max": 9}, SIZES),
        ):
            screen = self.screen(self.search(**values))
            with self.subTest(**values):
                self.assertEqual(screen.fields & chosen, expected)
                self.assertEqual(screen.required & SIZES, expected & SIZES)
                self.assertIs("size" in screen.parts, expected >= SIZES)
                self.assertIs("size_min" in screen.parts, expected >= SIZES)
                self.assertIs("contacts" in screen.parts, expected >= CONTACTS)

    def test_a_country_is_needed_and_states_follow_it(self):
        screen = self.screen(self.search())
        self.assertIn("country_ids", screen.required)
        self.assertIn("state_ids", screen.fields)
        self.assertNotIn("state_ids", self.screen(self.search(country_ids=False)).fields)

    def test_an_archived_search_says_so(self):
        search = self.search()
        self.assertNotIn("web_ribbon", self.screen(search).parts)
        search.active = False
        screen = self.screen(search)
        self.assertIn("web_ribbon", screen.parts)
        self.assertFalse({"active", "paused"} & screen.fields)

    def test_a_list_of_searches_shows_no_field_that_only_colours_it(self):
        shown = columns(self.env, "crm_lead_mining.lead_mining_search_view_list", self.salesperson)
        self.assertFalse({"paused", "active"} & shown)
        self.assertIn("name", shown)

    def test_filters_find_the_searches_that_they_name(self):
        user = self.manager
        search = Search(self.env, "crm_lead_mining.lead_mining_search_view_search", user)
        by_hand, scheduled, paused = (
            self.search(),
            self.search(schedule="weekly"),
            self.search(schedule="weekly"),
        )
        paused.sudo().paused = True
        mine = self.search().with_user(user)
        mine.owner_id = user
        everything = by_hand | scheduled | paused | mine
        for name, expected in (("mine", mine), ("scheduled", scheduled), ("paused", paused)):
            with self.subTest(filter=name):
                self.assertEqual(search.filtered(name, everything), expected)
        by_hand.active = False
        self.assertEqual(search.filtered("inactive", everything), by_hand)
