from . import lead_mining_notice_exemption
from . import lead_mining_privacy
from . import lead_mining_privacy_line
from . import lead_mining_suppression_import
