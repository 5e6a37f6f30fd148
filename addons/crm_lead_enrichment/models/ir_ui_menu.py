from odoo import models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Extend `base`: what the settings switch off is in no menu, whoever looks."""
        blacklist = super()._load_menus_blacklist()
        if not self.env["lead.enrichment"]._is_on():
            menu = self.env.ref("crm_lead_enrichment.lead_enrichment_menu", False)
            blacklist = [*blacklist, *menu.ids] if menu else blacklist
        return blacklist
