from collections import defaultdict

from odoo import fields, models

from ..tools.address import address_key
from ..tools.envelope import LINES, Envelope, envelope_of
from ..tools.fate import BOUNCED, FAILED, fate
from ..tools.gate import Refusal
from ..tools.guard import guarded


class MailMessage(models.Model):
    """What became of a message at each address, told with its envelope."""

    _inherit = "mail.message"  # pylint: disable=consider-merging-classes-inherited

    def _recipient_envelopes(self):
        """Add whom mails without notifications, like those of mailings, are for or failed at."""
        envelopes = super()._recipient_envelopes()
        # As above: for whom they are is shown as far as that person may be viewed.
        mails_sudo = self.env["mail.mail"].sudo()
        others = [message_id for message_id in self.ids if message_id not in envelopes]
        domain = [("mail_message_id", "in", others), ("state", "not in", ("sent", "received"))]
        mails_sudo = mails_sudo.search(domain) if others else mails_sudo
        for mail_id, verdict in mails_sudo._recipient_verdicts().items():
            mail = mails_sudo.browse(mail_id)
            envelope = envelope_of(verdict)
            if mail.state != "outgoing":
                types = dict(mail._fields["failure_type"]._description_selection(self.env))
                reason = mail.failure_reason or types.get(mail.failure_type, "")
                failed = {
                    Refusal(reason, "" if one.ref else one.email, one.ref)
                    for one in envelope.recipients
                }
                envelope = Envelope(left_out=(*failed, *envelope.left_out))
            envelopes[mail.mail_message_id.id] = envelope
        return envelopes

    def _recipient_tell_fates(self, envelopes: dict[int, Envelope], shown: dict[int, dict]) -> None:
        """Add to each shown recipient the {fate, date, detail}: what became of it, when it was
        sent, and why it was not received.

        :param envelopes: of these messages, by id
        :param shown: the same as the client gets them, see `_recipient_shown_each`
        """
        # Who may read a message and view its recipients is told what became of it.
        messages_sudo = self.sudo().browse(envelopes)
        logged = self.env["mail.recipient.log"]._sent_on(messages_sudo)
        traced = messages_sudo._recipient_traced()
        told = {}
        for notification in messages_sudo.notification_ids:
            who = notification.res_partner_id.id or address_key(notification.mail_email_address)
            told[notification.mail_message_id.id, who] = notification
        none = messages_sudo.notification_ids.browse()
        known = self.env["mail.thread"]._recipient_reasons()
        for message_id, lines in shown.items():
            envelope = envelopes[message_id]
            written = defaultdict(set)
            for one in envelope.recipients:
                written[one.ref].add(one.email)
            # What a mail server answers names addresses.
            is_open = not any(one["hidden"] for found in lines.values() for one in found)
            for name in LINES:
                for line, one in zip(lines[name], getattr(envelope, name), strict=True):
                    notification = told.get((message_id, one.ref or one.email), none)
                    if one.ref and not notification._recipient_is_about(
                        one.email, written[one.ref]
                    ):
                        notification = none
                    date = logged.get((message_id, one.email))
                    status = fate(
                        bool(date),
                        notification.notification_status,
                        traced.get((message_id, one.email)),
                    )
                    line["fate"] = status
                    line["date"] = fields.Datetime.to_string(date) or ""
                    line["detail"] = ""
                    if status in (BOUNCED, FAILED) and notification:
                        line["detail"] = notification._recipient_detail(is_open)
            for line, refusal in zip(lines["left_out"], envelope.left_out, strict=True):
                who = refusal.partner_id or address_key(refusal.text)
                notification = told.get((message_id, who), none)
                line.update(fate=FAILED, date="", detail="")
                if notification and not line["hidden"]:
                    line["reason"] = notification._recipient_detail(is_open)
                elif not is_open and refusal.reason not in known:
                    line["reason"] = ""

    def _recipient_traced(self) -> dict[tuple[int, str], str]:
        """Return what addons know beside of mails of these messages that were opened or bounced:
        the status of a `mailing.trace` by message id and key."""
        return {}

    def _recipient_hide_addresses(
        self, envelopes: dict[int, Envelope], shown: dict[int, dict]
    ) -> None:
        """Hide the addresses that are written to as such, and are those of a hidden party.

        See `_recipient_tell_fates` for the parameters.
        """
        user = self.env["mail.thread"]._recipient_acting_user()
        plain = {
            message_id
            for message_id, envelope in envelopes.items()
            if any(one.ref is None for one in envelope.recipients)
            or any(refusal.partner_id is None for refusal in envelope.left_out)
        }
        if not plain or not user:
            return
        ids_by_model = defaultdict(set)
        # Messages tell which card they are on to whoever may read them.
        for message_sudo in self.sudo().browse(plain):
            ids_by_model[message_sudo.model].add(message_sudo.res_id)
        hidden = {}
        for model, res_ids in ids_by_model.items():
            cards = None
            existing = self.env[model].browse(res_ids).exists()
            with guarded(self.env, f"showing messages of {existing}"):
                cards = existing._recipient_cards(user)
            for res_id, card in (cards or {}).items():
                seen = [*card.own, *(a for p in card.parties if p.readable for a in p.addresses)]
                unseen = [a for p in card.parties if not p.readable for a in p.addresses]
                # What the user sees on the card is told, or the two would be told to be one.
                hidden[model, res_id] = {a.key for a in unseen} - {a.key for a in seen}
        for message_sudo in self.sudo().browse(plain):
            keys = hidden.get((message_sudo.model, message_sudo.res_id), set())
            envelope, lines = envelopes[message_sudo.id], shown[message_sudo.id]
            told = [
                (line, one.email, one.ref)
                for name in LINES
                for line, one in zip(lines[name], getattr(envelope, name), strict=True)
            ]
            told += [
                (line, address_key(refusal.text), refusal.partner_id)
                for line, refusal in zip(lines["left_out"], envelope.left_out, strict=True)
            ]
            for line, key, ref in told:
                if ref is None and key in keys:
                    line.update(name="", email="", hidden=True)
