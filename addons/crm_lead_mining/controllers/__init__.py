from . import objection
from . import lead_mining_download
