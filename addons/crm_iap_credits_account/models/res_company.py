from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    invoices_credits = fields.Boolean(
        string="Invoice Credits Automatically",
        help="Paid credit orders are invoiced, and refunds get a credit note, at once and posted.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    invoices_credits = fields.Boolean(related="company_id.invoices_credits", readonly=False)
