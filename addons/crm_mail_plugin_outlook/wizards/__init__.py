from . import mail_plugin_guide
