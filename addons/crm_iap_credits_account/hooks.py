from odoo.addons.crm_common.tools.large_tables import claim, prepare

from .models.res_company import ResCompany


def pre_init_hook(env):
    """Extend tables that others use, before Odoo would lock them."""
    prepare(env, "res.company", ResCompany)
    claim(env, "crm_iap_credits_account")
