from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lead_mining_iap_requests_left = fields.Integer(compute="_compute_lead_mining_iap_requests_left")

    def _compute_lead_mining_iap_requests_left(self):
        self.lead_mining_iap_requests_left = len(
            self.env["lead.mining.request"]._iap_requests_left()
        )

    def action_take_over_iap_requests(self):
        """Take Odoo's past requests over and list them."""
        requests = self.env["lead.mining.request"]._take_over_iap_requests()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_lead_mining.lead_mining_request_action"
        )
        return action | {"domain": [("id", "in", requests.ids)], "context": {}}
