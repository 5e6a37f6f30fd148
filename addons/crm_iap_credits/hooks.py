from odoo.tools import SQL


def uninstall_hook(env):
    """Drop the function behind the ledger's trigger, which would outlive the ledger's table."""
    env.cr.execute(SQL("DROP FUNCTION IF EXISTS iap_credit_entry_append_only() CASCADE"))
