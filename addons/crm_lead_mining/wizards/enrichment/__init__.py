from . import lead_enrichment_wizard
