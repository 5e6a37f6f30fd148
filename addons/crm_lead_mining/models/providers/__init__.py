from . import lead_mining_industry
from . import lead_mining_provider
from . import lead_mining_provider_first
from . import lead_mining_provider_preview
from . import lead_mining_rate
from . import lead_mining_role
from . import lead_mining_technology
