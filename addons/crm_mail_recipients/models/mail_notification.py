from odoo import api, fields, models

from ..tools.address import address_key
from ..tools.copies import BCC, TO, Copies


class MailNotification(models.Model):
    _inherit = "mail.notification"

    failure_type = fields.Selection(
        selection_add=[("recipient_policy", "Recipient not registered on the record")],
        ondelete={"recipient_policy": "set null"},
    )

    # Told to nobody but its author and who got it.
    recipient_is_bcc = fields.Boolean(readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Mark those of recipients in Bcc: who is told of it decides over who may read them, and
        who was in Bcc may be merged into another contact."""
        notifications = super().create(vals_list)
        # Who made them may not be told who else got the message.
        notifications_sudo = notifications.sudo()
        if any(message.recipient_copies for message in notifications_sudo.mail_message_id):
            secret = notifications_sudo.filtered(lambda one: one._recipient_header() == BCC)
            secret.recipient_is_bcc = True
        return notifications

    @api.model
    def _has_field_access(self, field, operation):
        """What a mail server answered names addresses; with the message it is told to whoever may
        view all who got it, see `_recipient_tell_fates`."""
        if (
            field.name == "failure_reason"
            and operation == "read"
            and not self.env.su
            and self.env["res.company"]._recipient_modes()
            and not self.env.user._is_system()
        ):
            return False
        return super()._has_field_access(field, operation)

    def _recipient_header(self) -> str:
        """Return Bcc where the recipient of this one stands in no other line of the message.

        Asked as the system, see `mail.message._has_field_access`.
        """
        copies = self.mail_message_id._recipient_copies()
        key, ref = address_key(self.mail_email_address), self.res_partner_id.id
        is_bcc = ref in copies.bcc_refs if ref else copies.header(key or "") == BCC
        return BCC if is_bcc and str(ref) not in copies.chosen else TO

    def _filtered_for_web_client(self):
        """Colleagues are told of Bcc by the line of the message, as far as they may view who it is;
        here it is told to who wrote it, and to who got it."""
        found = super()._filtered_for_web_client()
        user = self.env.user
        if not found or user._is_superuser():
            return found
        mine = user.partner_id
        return found.filtered(
            lambda one: not one.recipient_is_bcc or mine in (one.author_id, one.res_partner_id)
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

    def _recipient_emails_among(self, keys: set[str]) -> list[str]:
        """Return the addresses of these notifications that are nobody's and are among `keys`."""
        emails = filter(None, self.mapped("mail_email_address"))
        return [email for email in emails if address_key(email) in keys]

    def _recipient_tell_apart(self, failed: dict[str, str]) -> None:
        """Let each of these notifications, which are of one mail, tell of the own copy alone: what
        a mail server answers of one in Bcc names who that is.

        :param failed: the answers, by key
        """
        copies = self.mail_message_id.sudo()._recipient_copies() if failed else Copies()
        if not copies.bcc:
            return
        keys = self.res_partner_id._recipient_keys()
        secret = {key for found in copies.bcc.values() for key in found}
        for one in self.filtered(lambda one: one.notification_status == "exception"):
            ref = one.res_partner_id.id or None
            own = [*keys.get(ref, ()), address_key(one.mail_email_address)]
            own = {key for key in own if key in failed}
            if not one.recipient_is_bcc:
                own = {key for key in own if copies.header(key, ref) != BCC}
            if own:
                one.failure_reason = "\n".join(dict.fromkeys(failed[k] for k in sorted(own)))
            elif secret.intersection(failed):
                one.failure_reason = False

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
