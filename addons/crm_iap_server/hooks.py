from odoo.addons.crm_common.tools.large_tables import claim


def pre_init_hook(env):
    """Have what others write to all at once, or wait."""
    claim(env, "crm_iap_server")


def uninstall_hook(env):
    """Leave no settings behind. Accounts of clients stay: their ledgers are never deleted."""
    env["ir.config_parameter"].search([("key", "=like", "crm_iap_server.%")]).unlink()
