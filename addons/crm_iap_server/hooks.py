from .tools.quiet_log import install


def uninstall_hook(env):
    """Leave no settings behind. Accounts of clients stay: their ledgers are never deleted."""
    env["ir.config_parameter"].search([("key", "=like", "crm_iap_server.%")]).unlink()


def post_load():
    """Keep tokens out of the process's log."""
    install()
