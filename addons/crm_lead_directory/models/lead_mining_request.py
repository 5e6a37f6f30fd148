from odoo import models


class LeadMiningRequest(models.Model):
    _inherit = "lead.mining.request"

    def _preview_advice(self):
        """Lead to the gallery where the directory has no company of a country."""
        text = self.env["lead.directory.source"]._advice(self.country_ids)
        if not text:
            return super()._preview_advice()
        action = "crm_lead_directory.lead_directory_source_action"
        if not self.env["lead.directory.source"].has_access("read"):
            return {"text": text}
        return {"text": text, "action": action, "label": self.env._("Get Companies")}
