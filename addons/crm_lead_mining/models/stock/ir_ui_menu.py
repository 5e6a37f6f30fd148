from odoo import models

#: Menus that show what was generated; they go while mining is switched off.
MENUS_OF_MINING = ("menu_lead_mining_report", "menu_lead_mining_refund")
MENUS_OF_PROVIDERS = ("menu_lead_mining_provider", "menu_lead_mining_industry")


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Extend `base`: what the settings switch off is in no menu, whoever looks."""
        hidden = () if self.env["lead.mining.request"]._is_on() else MENUS_OF_MINING
        hidden += () if self.env["lead.mining.provider"]._is_asked() else MENUS_OF_PROVIDERS
        menus = (self.env.ref(f"crm_lead_mining.{name}", False) for name in hidden)
        return [*super()._load_menus_blacklist(), *(menu.id for menu in menus if menu)]
