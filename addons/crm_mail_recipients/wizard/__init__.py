from . import base_partner_merge_addresses
from . import mail_compose_message
from . import mail_recipient_settings
