from . import lead_mining_criteria
from . import lead_mining_provider
