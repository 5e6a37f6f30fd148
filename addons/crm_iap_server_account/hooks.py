from odoo.addons.crm_common.tools.large_tables import claim


def pre_init_hook(env):
    """Have what others write to all at once, or wait."""
    claim(env, "crm_iap_server_account")
