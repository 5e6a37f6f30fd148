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
        types = dict(self._fields["failure_type"]._description_selection(self.env))
        return (is_open and self.failure_reason) or types.get(self.failure_type, "")

    def _recipient_is_about(self, key: str, keys: set[str]) -> bool:
        """Tell whether this one notification, which is a contact's, is about its address `key`.

        It is about those that the answer of the mail server names, about all where it names none.

        :param keys: at which the contact was written to
        """
        answer = (self.failure_reason or "").lower()
        named = {one for one in keys if one in answer}
        return key in (named or keys)

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
