# The mixin comes before the models that inherit from it.
from . import lead_enrichment_mixin
from . import crm_lead
from . import iap_account
from . import iap_enrich_api
from . import ir_config_parameter
from . import ir_ui_menu
from . import lead_enrichment
from . import lead_enrichment_client
from . import lead_enrichment_person
from . import lead_enrichment_worker
from . import lead_enrichment_worker_ends
from . import lead_mining_provider
from . import res_config_settings
from . import res_partner
