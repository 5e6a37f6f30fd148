from odoo import fields, models


class MailNotification(models.Model):
    _inherit = "mail.notification"

    failure_type = fields.Selection(
        selection_add=[("recipient_policy", "Recipient not registered on the record")],
        ondelete={"recipient_policy": "set null"},
    )

    def _recipient_detail(self, is_open: bool) -> str:
        """Return why this one mail was not received, in the words of the mail server where
        `is_open`; otherwise in ours."""
        reason = is_open and self.failure_reason
        return reason or self.with_context(lang=self.env.lang).format_failure_reason()

    def _recipient_fail(self, sentence):
        """Show these notifications as failed, for the reason that `sentence` says."""
        self.write(
            {
                "notification_status": "exception",
                "failure_type": "recipient_policy",
                "failure_reason": sentence,
            }
        )
        messages = self.mail_message_id.filtered(lambda message: message._is_thread_message())
        if messages:
            messages._notify_message_notification_update()
