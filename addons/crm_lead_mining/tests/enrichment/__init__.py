from . import test_enrichment_client
from . import test_enrichment_rules
from . import test_lead_enrichment
