from odoo import SUPERUSER_ID, api

from odoo.addons.crm_mail_plugin.hooks import pre_init_hook


def migrate(cr, version):
    """Prepare as an installation does: this addon takes the place of Odoo's, by an update."""
    pre_init_hook(api.Environment(cr, SUPERUSER_ID, {}))
