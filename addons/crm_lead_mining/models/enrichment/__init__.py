# Mixins come before the models that inherit from them.
from . import lead_enrichment_mixin
from . import crm_lead_enrichment
from . import iap_enrich_api
from . import lead_enrichment
from . import lead_enrichment_client
from . import lead_enrichment_person
from . import lead_enrichment_worker
from . import lead_mining_provider_enrichment
from . import res_config_settings_enrichment
from . import res_partner_enrichment
