from . import base_partner_merge
from . import lead_enrichment_wizard
