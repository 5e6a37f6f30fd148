from odoo.tools import SQL

from odoo.addons.crm_common.tools.large_tables import claim, prepare

from .models.payment_transaction import PaymentTransaction


def pre_init_hook(env):
    """Extend tables that may be large, before Odoo would lock them."""
    prepare(env, "payment.transaction", PaymentTransaction)
    claim(env, "crm_iap_credits")


def uninstall_hook(env):
    """Drop the function behind the ledger's trigger, which would outlive the ledger's table."""
    env.cr.execute(SQL("DROP FUNCTION IF EXISTS iap_credit_entry_append_only() CASCADE"))
