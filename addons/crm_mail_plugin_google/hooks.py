def uninstall_hook(env):
    """Leave no mailbox behind as connected that nobody can use any more."""
    env["mail.plugin.connection"].search([("google_sub", "!=", False)]).key_id.unlink()
    env["ir.config_parameter"].search([("key", "=like", "crm_mail_plugin_google.%")]).unlink()
