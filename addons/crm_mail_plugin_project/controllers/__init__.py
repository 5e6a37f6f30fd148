from . import mail_plugin
from . import project_client
