from . import lead_mining_search_import
