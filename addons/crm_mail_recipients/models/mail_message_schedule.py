from odoo import models

from ..tools import policy
from ..tools.gate import Refusal, Verdict


class MailMessageSchedule(models.Model):
    _inherit = "mail.message.schedule"

    def _send_notifications(self, default_notify_kwargs=None):
        """A card that cannot be judged stops its own message, tried again later, and no other.

        Each is told as whoever wrote it: who waits for the time gains no rights by it.
        """
        if not self.env["res.company"]._recipient_modes():
            return super()._send_notifications(default_notify_kwargs)
        stopped = self.filtered(lambda schedule: not schedule._recipient_can_be_judged())
        verdicts = [schedule._recipient_failed() for schedule in stopped]
        self.env["mail.recipient.log"]._record_verdicts(verdicts, "queue", "blocked")
        # sudo: who has written a message is known to whoever may send it.
        writers = (self - stopped).grouped(lambda schedule: schedule.sudo().create_uid)
        for writer, schedules in writers.items():
            as_writer_sudo = schedules.with_user(writer).sudo() if writer else schedules
            super(MailMessageSchedule, as_writer_sudo)._send_notifications(default_notify_kwargs)
        return True

    def _recipient_can_be_judged(self):
        # Messages are notified for everybody, whatever the user may see of them.
        message_sudo = self.sudo().mail_message_id
        mails = self.env["mail.mail"]
        if not mails._recipient_is_card_model(message_sudo.model):
            return True
        card = self.env[message_sudo.model].browse(message_sudo.res_id).exists()
        decisions = card._recipient_decisions().values()
        return all(decision.error != policy.E_FAILED for decision in decisions)

    def _recipient_failed(self):
        """Return what is said of this one message, which was not notified."""
        message_sudo = self.sudo().mail_message_id
        ids = message_sudo.partner_ids.ids or [None]
        return Verdict(
            document={"res_model": message_sudo.model, "res_id": message_sudo.res_id},
            refused=tuple(Refusal(policy.E_FAILED, partner_id=ref) for ref in ids),
        )
