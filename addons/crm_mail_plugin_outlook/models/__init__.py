from . import mail_plugin_log
from . import mail_plugin_outlook
from . import res_config_settings
from . import res_partner
