from odoo import models
from odoo.exceptions import UserError

from ..tools import policy


class MailScheduledMessage(models.Model):
    """What is sent later has somebody to go to, as what is sent now."""

    _inherit = "mail.scheduled.message"  # pylint: disable=consider-merging-classes-inherited

    def _recipient_check(self):
        result = super()._recipient_check()
        for message in self:
            thread = message._recipient_card()
            if (
                not message.is_note
                and not message.partner_ids
                and not message._recipient_choices()
                and thread._recipient_modes()
                and thread._recipient_is_interactive("comment")
            ):
                raise UserError(thread._recipient_why_nobody(policy.E_EMPTY))
        return result
