from . import mail_mail
from . import mail_message
from . import mailing_mailing
from . import mailing_trace
