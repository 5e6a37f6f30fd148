from . import authenticate
from . import mail_plugin
from . import crm_client
from . import second_generation
