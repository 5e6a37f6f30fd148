from . import crm_lead
from . import ir_http
from . import mail_plugin_code
from . import mail_plugin_connection
from . import mail_plugin_rate
from . import res_config_settings
from . import res_users
from . import res_users_apikeys
