from odoo import api, models

from ..tools.address import address_key
from ..tools.copies import TO, Copies


class MailThread(models.AbstractModel):
    """Who gets a message in copy: Cc is shown to all, Bcc to no other recipient."""

    _inherit = "mail.thread"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _recipient_copies_of(self, message, msg_vals) -> Copies:
        """Return who stands in which line of a message.

        :param message: the mail.message; void where it is only thought of
        :param msg_vals: its values, as far as they are given
        """
        if msg_vals and "partner_ids" in msg_vals:
            return Copies.of(msg_vals.get("recipient_copies"), msg_vals.get("recipient_map"))
        # Of no message that is sent the users may read it.
        return message.sudo()._recipient_copies()

    @api.model
    def _recipient_with_bcc(self, message, msg_vals):
        """Return values of a message that name those in Bcc as well: nowhere else are they named.

        See `_recipient_copies_of` for the parameters.
        """
        copies = self._recipient_copies_of(message, msg_vals)
        if not copies.bcc:
            return msg_vals
        # The message is sent whatever its author may read of it.
        message_sudo = message.sudo()
        values = dict(msg_vals or {})
        ids = values.get("partner_ids", message_sudo.partner_ids.ids)
        values["partner_ids"] = list(dict.fromkeys([*ids, *copies.bcc_refs]))
        typed = values.get("outgoing_email_to", message_sudo.outgoing_email_to)
        values["outgoing_email_to"] = ",".join(filter(None, [typed, *copies.bcc_emails]))
        return values

    def _notify_by_email_get_base_mail_values(
        self, message, recipients_data, additional_values=None
    ):
        """Show in To who stands there, at the addresses that were chosen."""
        # The message is sent whatever its author may read of it. An environment that is there
        # already costs less than one of the message's own.
        copies = message.with_env(self.sudo().env)._recipient_copies()
        shown = recipients_data
        if copies.chosen or copies.cc or copies.bcc:
            shown = [one for data in recipients_data for one in self._recipient_in_to(data, copies)]
        return super()._notify_by_email_get_base_mail_values(
            message, shown, additional_values=additional_values
        )

    @api.model
    def _recipient_in_to(self, data, copies):
        """Return what is shown in To of one recipient, see `_notify_get_recipients`."""
        ref = data["id"]
        if not ref:
            key = address_key(data["email_normalized"])
            return [data] if copies.header(key) == TO else []
        chosen = copies.chosen.get(str(ref))
        if not chosen and ref in copies.bcc_refs:
            return []
        keys = chosen or [data["email_normalized"]]
        return [{**data, "email_normalized": key} for key in keys if copies.header(key, ref) == TO]
