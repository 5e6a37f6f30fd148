from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def action_generate_leads(self):
        """Override of `crm_iap_mine`: the one dialog is ours, which the settings switch off."""
        return self.action_open_lead_mining()
