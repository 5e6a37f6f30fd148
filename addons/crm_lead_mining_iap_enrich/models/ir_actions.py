from odoo import api, models

STOCK_ACTION = "crm_iap_enrich.action_enrich_mail"
GROUP = "crm_lead_mining.group_lead_enrichment_user"


class IrActionsActions(models.Model):
    _inherit = "ir.actions.actions"

    @api.model
    def get_bindings(self, model_name):
        """Override of `base`: who has our *Enrich* in the lists does not see Odoo's."""
        bindings = super().get_bindings(model_name)
        if model_name != "crm.lead" or not self.env.user.has_group(GROUP):
            return bindings
        stock = self.env.ref(STOCK_ACTION, raise_if_not_found=False)
        return {
            kind: [action for action in actions if action["id"] != stock.id]
            for kind, actions in bindings.items()
        } if stock else bindings  # fmt: skip
