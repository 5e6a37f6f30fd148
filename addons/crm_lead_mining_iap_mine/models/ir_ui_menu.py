from odoo import models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Extend `base`: Odoo's own lead mining gives way to ours, on or off."""
        menu = self.env.ref("crm_iap_mine.crm_iap_lead_mining_request_menu_action")
        # Sudo: what is under a menu decides whether it is empty, whoever looks.
        parent_sudo = self.env.ref("crm_iap_mine.crm_menu_lead_generation").sudo()
        hidden = menu if parent_sudo.child_id - menu else menu + parent_sudo
        return [*super()._load_menus_blacklist(), *hidden.ids]
