from . import lead_mining_eraser
from . import lead_mining_eraser_ledger
from . import lead_mining_notice
from . import lead_mining_suppression
