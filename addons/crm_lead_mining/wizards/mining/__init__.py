from . import lead_mining_bad_data
