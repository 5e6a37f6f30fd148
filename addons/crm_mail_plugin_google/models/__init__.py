from . import ir_config_parameter
from . import mail_plugin_connection
from . import mail_plugin_google_request
from . import mail_plugin_google_trace
from . import mail_thread
from . import res_users
