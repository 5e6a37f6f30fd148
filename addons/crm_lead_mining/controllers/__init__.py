from . import lead_mining_download
