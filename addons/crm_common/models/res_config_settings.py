from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    missing_glue_ids = fields.Many2many(
        "ir.module.module",
        compute="_compute_missing_glue_ids",
        string="Missing Additions",
        help="Addons that make installed ones work together, and that are not installed.",
    )

    @api.depends("company_id")
    def _compute_missing_glue_ids(self):
        self.missing_glue_ids = self.env["ir.module.module"]._missing_glue()

    def action_install_missing_glue(self):
        """Install what is missing; Odoo checks the user's right to."""
        return self.env["ir.module.module"]._missing_glue().button_immediate_install()
