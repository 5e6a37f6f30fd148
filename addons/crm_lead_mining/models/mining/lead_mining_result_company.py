from odoo import api, fields, models
from odoo.tools import formatLang

from ...company import company_json
from ...company.lead_values import employees_text
from ...company.types import Company


class LeadMiningResult(models.Model):
    """What the company of a result is, and what can be done with several of them."""

    _inherit = "lead.mining.result"  # pylint: disable=consider-merging-classes-inherited

    city = fields.Char(compute="_compute_company")
    country_id = fields.Many2one("res.country", compute="_compute_company")
    industry_id = fields.Many2one("lead.mining.industry", compute="_compute_company")
    employees = fields.Char(compute="_compute_company")

    @api.depends("data")
    @api.depends_context("lang")
    def _compute_company(self):
        companies = {
            result: company_json.from_json(result.data) if result.data else Company("")
            for result in self
        }
        codes = {company.country_code for company in companies.values()}
        countries = self.env["res.country"].search([("code", "in", list(codes - {""}))])
        countries = countries.grouped("code")
        industries = self.env["lead.mining.industry"]._by_code(
            {code for company in companies.values() for code in company.industries[:1]}
        )
        for result, company in companies.items():
            result.city = company.city
            result.country_id = countries.get(company.country_code)
            result.industry_id = industries.get(next(iter(company.industries), ""))
            result.employees = employees_text(
                company, lambda number: formatLang(self.env, number, digits=0)
            )

    def action_open_leads(self):
        """Show the leads of these results as a list, where they are assigned and tagged."""
        action = self.request_id[:1].action_view_leads()
        leads = self.lead_id
        views = [(view, kind) for view, kind in action["views"] if kind in ("list", "form")]
        return action | {
            "views": sorted(views, key=lambda view: view[1] != "list"),
            "domain": [("id", "in", leads.ids)],
        }
