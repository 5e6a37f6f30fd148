from . import crm_iap_lead_mining_request
from . import ir_ui_menu
