from odoo import api, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _form_view_auto_fill(self):
        """Open an empty lead of the contact named in the URL, for the first add-ins.

        :return: the window action
        :rtype: dict
        """
        partner_id = self.env.context.get("params", {}).get("partner_id")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "view_mode": "form",
            "context": {"default_partner_id": partner_id},
        }
