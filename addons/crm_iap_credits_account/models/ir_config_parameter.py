from odoo import models


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    def _modules_stopped_on_copies(self):
        """Override of `crm_common`: no copy books what is deferred."""
        return [*super()._modules_stopped_on_copies(), "crm_iap_credits_account"]
