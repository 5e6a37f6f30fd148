from . import crm_iap_lead_mining_request
from . import crm_lead
from . import ir_ui_menu
from . import lead_mining_identity
from . import lead_mining_request
from . import res_config_settings
