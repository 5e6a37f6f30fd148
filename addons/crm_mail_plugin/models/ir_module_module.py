from odoo import api, models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def _welcome_crm_mail_plugin(self):
        """Bring the glue where stock's addon of this name was there before.

        To Odoo this is an update, at which it installs none. What somebody has uninstalled later
        stays away: by then our guide is there.
        """
        if not self.env.ref("crm_mail_plugin.mail_plugin_guide_action", raise_if_not_found=False):
            self.search([("name", "=", "crm_mail_plugin")])._bring_glue()
