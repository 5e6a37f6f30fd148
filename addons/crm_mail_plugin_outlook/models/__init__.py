from . import mail_plugin_outlook
from . import res_config_settings
