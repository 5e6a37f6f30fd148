from . import mail_plugin_google_setup
