from . import test_enrichment_client
from . import test_enrichment_rules
from . import test_gate
from . import test_javascript
from . import test_lead_enrichment
from . import test_neutralized
from . import test_spending
