from . import base_partner_merge
from . import mail_compose_message
from . import mail_compose_message_copies
from . import mail_compose_message_envelope
from . import mail_compose_message_mass
from . import mail_compose_message_reason
from . import mail_compose_message_reply
from . import mail_recipient_settings
