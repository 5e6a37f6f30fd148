from odoo import api, models

STOCK_ACTION = "crm_iap_enrich.action_enrich_mail"


class IrActionsActions(models.Model):
    _inherit = "ir.actions.actions"

    @api.model
    def get_bindings(self, model_name):
        """Extend `base`: Odoo's *Enrich* in the lists gives way to ours, on or off."""
        bindings = super().get_bindings(model_name)
        if model_name != "crm.lead":
            return bindings
        stock = self.env.ref(STOCK_ACTION, raise_if_not_found=False)
        return {
            kind: [action for action in actions if action["id"] != stock.id]
            for kind, actions in bindings.items()
        } if stock else bindings  # fmt: skip
