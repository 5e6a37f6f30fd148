from odoo import models

#: Menus that show what was generated and enriched; each goes when all that it is about is off.
MENUS_OF_MINING = ("menu_lead_mining_report", "menu_lead_mining_refund")
MENUS_OF_ENRICHMENT = ("lead_enrichment_menu",)
MENUS_OF_BOTH = ("menu_lead_mining_provider",)


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Extend `base`: what the settings switch off is in no menu, whoever looks."""
        mining = self.env["lead.mining.request"]._is_on()
        enrichment = self.env["lead.enrichment"]._is_on()
        hidden = () if mining else MENUS_OF_MINING
        hidden += () if enrichment else MENUS_OF_ENRICHMENT
        hidden += () if mining or enrichment else MENUS_OF_BOTH
        menus = (self.env.ref(f"crm_lead_mining.{name}", False) for name in hidden)
        return [*super()._load_menus_blacklist(), *(menu.id for menu in menus if menu)]
