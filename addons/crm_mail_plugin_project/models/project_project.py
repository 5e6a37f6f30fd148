from odoo import api, models


class ProjectProject(models.Model):
    _inherit = "project.project"

    @api.private
    def mail_plugin_row(self) -> dict:
        """Override: with the customer, the stage and the company that tell projects apart."""
        # sudo: the stage's name is closed to users without stages, whom it tells nothing else.
        return {
            **super().mail_plugin_row(),
            "partner_name": self.sudo().partner_id.name,
            "stage_name": self.sudo().stage_id.name,
            "company_name": self.sudo().company_id.name,
        }
