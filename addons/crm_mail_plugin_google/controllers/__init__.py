from . import gmail_addon
from . import gmail_connect
