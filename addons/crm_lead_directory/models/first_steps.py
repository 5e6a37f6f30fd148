from odoo import api, models


class FirstSteps(models.AbstractModel):
    _inherit = "first.steps"

    @api.model
    def _steps(self):
        """Extend `crm_common`: companies that can be found."""
        has_any = bool(self.env["lead.directory.company"].search_count([], limit=1))
        text = (
            self.env._("There are companies to search in the directory.")
            if has_any
            else self.env._("Public registers give away company data: choose the ones you need.")
        )
        return super()._steps() | {
            10: {
                "name": "companies",
                "title": self.env._("Companies"),
                "text": text,
                "is_done": has_any,
                "button": self.env._("Get Companies"),
                "action": "crm_lead_directory.lead_directory_source_action",
            }
        }
