from . import lead_mining_search
from . import lead_mining_search_file
from . import lead_mining_search_schedule
from . import lead_mining_search_alert
