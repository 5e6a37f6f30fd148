from odoo.addons.crm_common.tools.large_tables import claim, prepare
from odoo.addons.crm_mail_recipients.models.mail_recipient_mixin import MailRecipientMixin


def pre_init_hook(env):
    """Extend a table that may be large, before Odoo would lock it."""
    prepare(env, "sale.order", MailRecipientMixin)
    claim(env, "crm_mail_recipients_sale")
