from odoo import api, fields, models
from odoo.tools import formatLang


class CrmLead(models.Model):
    """What a lead's company is, in a line for the cards of the pipeline."""

    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    company_line = fields.Char(string="Company in a Line", compute="_compute_company_line")

    @api.depends("company_industry_id", "company_employees", "company_employees_range", "city")
    @api.depends_context("lang")
    def _compute_company_line(self):
        for lead in self:
            parts = (lead.company_industry_id.name, lead._employees_in_words(), lead.city)
            known = lead.company_industry_id or lead.company_employees
            lead.company_line = " · ".join(filter(None, parts)) if known else False

    def _employees_in_words(self) -> str:
        number = self.company_employees
        if not number:
            return ""
        if number == 1 and not self.company_employees_range:
            return self.env._("1 employee")
        written = self.company_employees_range or formatLang(self.env, number, digits=0)
        return self.env._("%s employees", written)
