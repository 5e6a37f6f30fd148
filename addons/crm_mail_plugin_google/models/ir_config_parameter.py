from odoo import models


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    def _modules_stopped_on_copies(self):
        """Override of `crm_common`: no Gmail account of production's is answered by a copy."""
        return [*super()._modules_stopped_on_copies(), "crm_mail_plugin_google"]
