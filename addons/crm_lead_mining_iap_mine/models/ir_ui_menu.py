from odoo import models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        menu_ids = super()._load_menus_blacklist()
        if self.env.user.has_group("crm_lead_mining.group_lead_mining_user"):
            menu_ids.append(self.env.ref("crm_iap_mine.crm_iap_lead_mining_request_menu_action").id)
        return menu_ids
