from . import test_buy_credits_tour
from . import test_company_identity
from . import test_company_profile
from . import test_company_screens
from . import test_crm_lead
from . import test_res_config_settings
