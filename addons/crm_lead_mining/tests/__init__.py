from . import test_crm_lead
from . import test_lead_mining_request
from . import test_lead_mining_worker
from . import test_res_config_settings
from . import test_tools
