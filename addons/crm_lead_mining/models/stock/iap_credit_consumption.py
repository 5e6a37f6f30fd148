from odoo import api, fields, models
from odoo.tools import SQL


class IapCreditConsumption(models.Model):
    _inherit = "iap.credit.consumption"

    mining_request_id = fields.Many2one(
        "lead.mining.request", string="Lead Mining Request", readonly=True
    )

    @api.model
    def _select_fields(self):
        return super()._select_fields() | {"mining_request_id": SQL("mining_request.id")}

    @api.model
    def _from(self):
        return SQL(
            """
            %s
            LEFT JOIN lead_mining_request AS mining_request
                   ON capture.document_model = %s AND mining_request.id = capture.document_id
            """,
            super()._from(),
            "lead.mining.request",
        )
