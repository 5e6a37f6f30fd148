from odoo.addons.crm_common.tools.large_tables import claim, prepare

from .models.stock.company_identity_mixin import CompanyIdentityMixin
from .models.stock.company_profile_mixin import CompanyProfileMixin
from .models.stock.crm_lead import CrmLead
from .models.stock.crm_lead_alike import CrmLead as AlikeLead
from .models.stock.res_company import ResCompany
from .models.stock.res_partner import ResPartner


def pre_init_hook(env):
    """Extend tables that may be large, before Odoo would lock them."""
    mixins = (CompanyProfileMixin, CompanyIdentityMixin)
    prepare(env, "crm.lead", *mixins, CrmLead, AlikeLead, computed={"mining_cost": 0})
    prepare(env, "res.partner", *mixins, ResPartner)
    prepare(env, "res.company", ResCompany)
    claim(env, "crm_lead_mining")
