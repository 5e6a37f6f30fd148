from odoo.addons.crm_common.tools.large_tables import claim, prepare

from .models.crm_lead import CrmLead
from .models.res_partner import ResPartner
from .models.res_partner_iap import ResPartnerIap


def pre_init_hook(env):
    """Extend tables that may be large, before Odoo would lock them."""
    prepare(env, "crm.lead", CrmLead)
    prepare(env, "res.partner", ResPartner)
    prepare(env, "res.partner.iap", ResPartnerIap)
    claim(env, "crm_mail_plugin")
