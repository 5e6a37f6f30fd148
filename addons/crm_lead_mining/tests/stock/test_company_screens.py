from lxml import etree

from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.crm_common.tests.screens import Screen, Search

from ..common import LeadMiningCase

#: Shown where there is something to show, and how it comes there.
FILLED = {
    "company_employees_range": {"company_employees_range": "50-99"},
    "company_revenue_class": {"company_revenue": "EUR 5000000"},
    "company_size_class": {"company_employees": 70},
    "company_x": {"company_x": "https://x.com/a"},
    "company_facebook": {"company_facebook": "https://facebook.com/a"},
    "company_instagram": {"company_instagram": "https://instagram.com/a"},
    "company_youtube": {"company_youtube": "https://youtube.com/a"},
    "company_github": {"company_github": "https://github.com/a"},
}
LISTS = (
    "crm.crm_case_tree_view_oppor", "crm.crm_case_tree_view_leads", "crm.view_crm_lead_kanban",
    "crm.crm_case_kanban_view_leads",
)  # fmt: skip
SEARCHES = ("crm.view_crm_case_leads_filter", "crm.view_crm_case_opportunities_filter")


@tagged("post_install", "-at_install")
class TestCompanyScreens(LeadMiningCase):
    def records(self):
        yield self.env["crm.lead"].create({"name": "Lead", "user_id": self.salesperson.id})
        yield self.env["res.partner"].create({"name": "Company", "is_company": True})

    def screen(self, record):
        self.env.flush_all()
        record.invalidate_recordset()
        return Screen(record, self.salesperson)

    def test_what_is_not_known_of_a_company_takes_no_place(self):
        for record in self.records():
            self.assertFalse(self.screen(record).fields & {*FILLED})
            for name, values in FILLED.items():
                with self.subTest(model=record._name, field=name):
                    record.write(values)
                    self.assertTrue(record[name], "is filled")
                    self.assertIn(name, self.screen(record).fields)

    def test_only_a_company_has_the_profile_of_one(self):
        person, company = self.env["res.partner"].create(
            [{"name": "Person"}, {"name": "Company", "is_company": True}]
        )
        self.assertNotIn("company_profile", self.screen(person).parts)
        self.assertIn("company_profile", self.screen(company).parts)

    def test_leads_are_found_by_the_size_of_their_company(self):
        sizes = {"micro": 3, "small": 20, "medium": 70, "large": 300, "very_large": 2000}
        leads = self.env["crm.lead"].create(
            [
                {"name": name, "company_employees": count, "user_id": self.salesperson.id}
                for name, count in sizes.items()
            ]
        )
        for view in SEARCHES:
            search = Search(self.env, view, self.salesperson)
            found = {
                name: sorted(search.filtered(name, leads).mapped("company_employees"))
                for name in ("company_micro_small", "company_medium", "company_large")
            }
            with self.subTest(view=view):
                expected = {
                    "company_micro_small": [3, 20],
                    "company_medium": [70],
                    "company_large": [300, 2000],
                }
                self.assertEqual(found, expected)

    def test_mined_leads_are_found(self):
        mined = self.mine().lead_ids
        others = self.env["crm.lead"].create({"name": "Lead", "user_id": self.salesperson.id})
        for view in SEARCHES:
            search = Search(self.env, view, self.salesperson)
            self.assertEqual(search.filtered("lead_mining", mined | others), mined)

    def test_leads_and_companies_are_grouped_by_what_is_known_of_the_company(self):
        for view in (*SEARCHES, "base.view_res_partner_filter"):
            groups = Search(self.env, view, self.salesperson).groups
            with self.subTest(view=view):
                expected = {
                    "group_company_industry": "company_industry_id",
                    "group_company_size": "company_size_class",
                    "group_company_revenue": "company_revenue_class",
                    "group_company_technology": "company_technology_ids",
                    "group_company_timezone": "company_timezone",
                }
                self.assertEqual({name: groups.get(name) for name in expected}, expected)

    # === WHO MINES === #

    def offering(self, user, **context):
        """Return the lists of leads that offer lead mining to a user."""
        offering = set()
        for view in LISTS:
            view_sudo = self.env.ref(view).sudo()
            leads = self.env["crm.lead"].with_user(user).with_context(**context)
            arch = etree.fromstring(leads.get_view(view_sudo.id, view_sudo.type)["arch"])
            for node in arch.iterfind(".//button[@name='action_open_lead_mining']"):
                if not safe_eval(node.get("invisible") or "False", {"context": context}):
                    offering.add(view)
        return offering

    def test_lists_of_leads_offer_lead_mining_to_who_may_mine(self):
        self.assertEqual(self.offering(self.salesperson), {*LISTS})
        self.assertEqual(self.offering(self.salesperson, active_model="crm.lead"), {*LISTS})
        miners = self.env.ref("crm_lead_mining.group_lead_mining_user")
        self.env.ref("sales_team.group_sale_salesman").implied_ids -= miners
        outsider = new_test_user(self.env, "t_outsider", "sales_team.group_sale_salesman")
        self.assertEqual(self.offering(outsider), set())

    def test_lists_of_leads_within_something_else_do_not(self):
        self.assertEqual(self.offering(self.salesperson, active_model="res.partner"), set())
        short = self.offering(self.salesperson, crm_lead_view_list_short=True)
        self.assertFalse(short & {*LISTS[:2]})

    def test_who_may_not_mine_does_not_see_what_a_lead_has_cost(self):
        lead = self.mine().lead_ids[:1]
        shown = {"mining_request_id", "mining_cost"}
        self.assertLessEqual(shown, self.screen(lead).fields)
        miners = self.env.ref("crm_lead_mining.group_lead_mining_user")
        self.env.ref("sales_team.group_sale_salesman").implied_ids -= miners
        outsider = new_test_user(self.env, "t_outsider", "sales_team.group_sale_salesman_all_leads")
        self.assertFalse(shown & Screen(lead, outsider).fields)
