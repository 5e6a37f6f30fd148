from odoo import api, fields, models
from odoo.tools import SQL


class IapCreditConsumption(models.Model):
    _inherit = "iap.credit.consumption"

    mining_request_id = fields.Many2one(
        "lead.mining.request", string="Lead Mining Request", readonly=True
    )

    @api.model
    def _get_document_models(self):
        return [*super()._get_document_models(), "lead.mining.request"]

    @api.model
    def _select_fields(self):
        return super()._select_fields() | {"mining_request_id": SQL("lead_mining_request.id")}
