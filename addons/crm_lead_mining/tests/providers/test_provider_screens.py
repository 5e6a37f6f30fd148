from odoo.tests import new_test_user, tagged

from odoo.addons.crm_common.tests.screens import Screen, Search, columns

from ..common import LeadMiningCase, SyntheticProvider

VIEW = "crm_lead_mining.lead_mining_provider_view_"


class KeyedProvider(SyntheticProvider):
    """One that needs a key, and of which nothing is known."""

    code = "synthetic_keyed"
    needs_key = True
    licence = ""


@tagged("post_install", "-at_install")
class TestProviderScreens(LeadMiningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.offer(KeyedProvider)
        cls.keyed = cls.env["lead.mining.provider"].create(
            {"name": "Keyed", "code": KeyedProvider.code}
        )
        cls.admin = new_test_user(
            cls.env, "t_admin", "base.group_system,sales_team.group_sale_manager"
        )
        cls.manager = new_test_user(cls.env, "t_manager", "sales_team.group_sale_manager")

    def screen(self, provider, user=None):
        self.env.flush_all()
        provider.invalidate_recordset()
        return Screen(provider, user or self.admin)

    def test_a_provider_without_its_key_says_so_and_asks_for_it(self):
        screen = self.screen(self.keyed)
        self.assertIn("warning", screen.alerts)
        self.assertIn("api_key", screen.fields)
        self.keyed.api_key = "k"
        self.assertNotIn("warning", self.screen(self.keyed).alerts)
        screen = self.screen(self.provider)
        self.assertNotIn("api_key", screen.fields)
        self.assertNotIn("warning", screen.alerts)

    def test_only_administrators_reach_the_provider_itself(self):
        screen = self.screen(self.provider)
        self.assertIn("action_test_connection", screen.buttons)
        self.assertIn("base_url", screen.fields)
        screen = self.screen(self.provider, self.manager)
        self.assertNotIn("action_test_connection", screen.buttons)
        self.assertNotIn("base_url", screen.fields)

    def test_an_adapter_is_chosen_once(self):
        self.assertIn("code", self.screen(self.provider).readonly)
        new = Screen(self.env["lead.mining.provider"].new({"code": "synthetic"}), self.admin)
        self.assertNotIn("code", new.readonly)
        self.assertNotIn("action_test_connection", new.buttons)

    def test_prices_are_the_provider_s_own_or_those_of_the_settings(self):
        prices = {"price_text", "price_lead", "price_contact"}
        for has_contacts in (True, False):
            self.patch(type(self.provider), "_compute_abilities", _abilities(has_contacts))
            for own, expected in (
                (False, {"price_text"}),
                (True, {"price_lead", "price_contact"} if has_contacts else {"price_lead"}),
            ):
                self.provider.own_price = own
                with self.subTest(own=own, has_contacts=has_contacts):
                    self.assertEqual(self.screen(self.provider).fields & prices, expected)

    def test_what_is_not_known_of_a_provider_is_not_shown(self):
        told = {"quota_left": "5 left", "tested_at": "2026-01-01"}
        self.assertFalse(self.screen(self.provider).fields & {*told})
        self.provider.sudo().write(told)
        self.assertLessEqual({*told}, self.screen(self.provider).fields)
        for is_searched in (False, True):
            self.patch(
                type(self.provider), "_compute_abilities", _abilities(True, is_searched=is_searched)
            )
            fields = self.screen(self.provider).fields
            with self.subTest(is_searched=is_searched):
                self.assertIs("abilities" in fields, is_searched)
                self.assertIs("licence" in fields, is_searched)

    def test_what_only_serves_the_screens_is_not_shown(self):
        self.assertFalse({"is_ready", "needs_key", "is_searched"} & self.screen(self.keyed).fields)
        self.assertNotIn("needs_key", columns(self.env, f"{VIEW}list", self.admin))

    def test_providers_in_use_are_found(self):
        search = Search(self.env, f"{VIEW}search", self.admin)
        search.model = search.model.with_context(active_test=False)
        self.keyed.active, self.provider.active = False, True
        self.assertEqual(search.filtered("in_use", self.keyed | self.provider), self.provider)

    def test_industries_are_found_by_name_and_by_code(self):
        search = Search(self.env, "crm_lead_mining.lead_mining_industry_view_search", self.manager)
        software = self.env["lead.mining.industry"].search([("code", "=", "62")])
        part = software.name[3:9]
        for text, is_found in (("62", True), (part, True), ("6", False)):
            found = search.typed("name", text, software)
            with self.subTest(text=text):
                self.assertIs(bool(found), is_found)
        sections = search.filtered("sections", self.env["lead.mining.industry"].search([]))
        self.assertTrue(sections)
        self.assertFalse(sections.parent_id)
        view = "crm_lead_mining.lead_mining_industry_view_list"
        self.assertNotIn("parent_id", columns(self.env, view, self.manager))


def _abilities(has_contacts, is_searched=True):
    def compute(self):
        for provider in self:
            provider.needs_key, provider.count_is_free = False, True
            provider.is_searched, provider.has_contacts = is_searched, has_contacts
            provider.abilities, provider.licence = "All", is_searched and "CC0"

    return compute
