from . import lead_mining_search_import
from . import lead_mining_bad_data
