from odoo.addons.crm_common.tools.large_tables import claim, prepare

from .models.crm_lead import CrmLead
from .models.mail_mail import MailMail
from .models.mail_message import MailMessage
from .models.mail_recipient_mixin import MailRecipientMixin
from .models.res_company import ResCompany


def pre_init_hook(env):
    """Extend tables that may be large, before Odoo would lock them."""
    prepare(env, "crm.lead", MailRecipientMixin, CrmLead)
    prepare(env, "mail.mail", MailMail)
    prepare(env, "mail.message", MailMessage)
    prepare(env, "res.company", ResCompany)
    claim(env, "crm_mail_recipients")
