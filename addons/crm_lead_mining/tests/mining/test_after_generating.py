from lxml import etree

from odoo.tests import tagged

from ..common import LeadMiningCase, synthetic_company


@tagged("post_install", "-at_install")
class TestAfterGenerating(LeadMiningCase):
    def test_card_tells_in_a_line_what_the_company_is(self):
        self.provide(
            synthetic_company(1, employees=14138),
            synthetic_company(2, employees=1, city=""),
            synthetic_company(3, employees=None, employees_min=11, employees_max=50),
            synthetic_company(4, employees=None, industries=()),
        )
        leads = self.mine(lead_number=4).lead_ids.sorted("id")
        industry = self.env.ref("crm_lead_mining.industry_62").name
        self.assertEqual(
            leads.mapped("company_line"),
            [
                f"{industry} · 14,138 employees · Bruxelles",
                f"{industry} · 1 employee",
                f"{industry} · 11-50 employees · Bruxelles",
                False,
            ],
        )

    def test_cards_of_one_s_own_leads_say_nothing_new(self):
        lead = self.env["crm.lead"].create({"name": "A question", "city": "Gent"})
        self.assertFalse(lead.company_line)

    def test_card_does_not_say_the_name_twice(self):
        view = self.env["crm.lead"].get_view(self.env.ref("crm.crm_case_kanban_view_leads").id)
        (name,) = etree.fromstring(view["arch"]).xpath(
            "//t[@t-name='card']//field[@name='partner_name']"
        )
        self.assertIn("partner_name == name", name.get("invisible"))

    def test_result_tells_what_its_company_is(self):
        self.provide(synthetic_company(1, employees=14138))
        result = self.mine(lead_number=1).result_ids
        self.assertRecordValues(
            result,
            [
                {
                    "city": "Bruxelles",
                    "country_id": self.belgium.id,
                    "industry_id": self.env.ref("crm_lead_mining.industry_62").id,
                    "employees": "14,138",
                }
            ],
        )
        result.sudo().data = False
        self.assertRecordValues(
            result, [{"city": "", "country_id": False, "industry_id": False, "employees": ""}]
        )

    def test_row_of_a_result_opens_what_became_of_it(self):
        request = self.mine(lead_number=1)
        result = request.result_ids
        self.assertEqual(result.action_open_lead()["res_id"], request.lead_ids.id)
        result.sudo().write({"lead_id": False, "outcome": "skipped", "reason": "Not wanted"})
        told = result.action_open_lead()
        self.assertEqual(told["params"]["message"], "Not wanted")
        result.sudo().reason = False
        self.assertEqual(result.action_open_lead()["params"]["message"], "Skipped")

    def test_results_are_assigned_and_tagged_as_a_list_of_leads(self):
        request = self.mine(lead_number=3)
        chosen = request.result_ids[:2]
        action = chosen.action_open_leads()
        self.assertEqual(action["domain"], [("id", "in", chosen.lead_id.ids)])
        self.assertEqual(action["views"][0][1], "list")
