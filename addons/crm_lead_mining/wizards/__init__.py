from . import base_partner_merge
from . import lead_enrichment_wizard
from . import lead_mining_bad_data
from . import lead_mining_notice_exemption
from . import lead_mining_privacy
from . import lead_mining_privacy_line
from . import lead_mining_search_import
from . import lead_mining_suppression_import
