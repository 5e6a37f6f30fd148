from collections import defaultdict

from odoo import models

from ..tools.address import address_key, parse_addresses
from ..tools.envelope import Envelope, Recipient
from ..tools.gate import Refusal

# Of these the mail was not in an envelope; one that bounced was.
_NOT_SENT = ("exception", "canceled")


class MailMessage(models.Model):
    """Who got a message, told with it."""

    _inherit = "mail.message"  # pylint: disable=consider-merging-classes-inherited

    def _to_store(self, store, fields, *, msg_vals=False, **kwargs):
        whole = "message_format" in fields
        result = super()._to_store(store, fields, msg_vals=msg_vals, **kwargs)
        # Just written it has gone to nobody yet; who is told of it in the inbox pays nothing.
        if whole and not msg_vals and self.env["res.company"]._recipient_modes():
            user = store.target.get_user(self.env)
            if user and user._is_internal():
                self.with_user(user)._recipient_to_store(store)
        return result

    def _recipient_to_store(self, store):
        envelopes = self._recipient_policed()._recipient_envelopes()
        shown = self.env["mail.thread"]._recipient_shown_each(envelopes)
        self._recipient_hide_addresses(envelopes, shown)
        self._recipient_tell_fates(envelopes, shown)
        for message_id, envelope in shown.items():
            store.add(self.browse(message_id), {"recipientEnvelope": envelope})

    def _recipient_policed(self):
        """Return those of these messages that are on a card under the policy."""
        mails = self.env["mail.mail"]
        ids_by_model = defaultdict(set)
        # Messages tell which card they are on to whoever may read them.
        for message_sudo in self.sudo():
            if message_sudo.res_id and mails._recipient_is_card_model(message_sudo.model):
                ids_by_model[message_sudo.model].add(message_sudo.res_id)
        policed = {
            (model, res_id)
            for model, res_ids in ids_by_model.items()
            for res_id in self.env[model].browse(res_ids).exists()._recipient_modes()
        }
        return self.browse(m.id for m in self.sudo() if (m.model, m.res_id) in policed)

    def _recipient_envelopes(self) -> dict[int, Envelope]:
        """Return who got each of these messages of cards by e-mail, of those that were mailed.

        What the log says was in the envelope; of what has not been sent yet, whom it goes to.
        """
        if not self:
            return {}
        # Who may read a message is shown for whom it was, as far as that person may be viewed.
        messages_sudo = self.sudo()
        told = defaultdict(messages_sudo.notification_ids.browse)
        for notification in messages_sudo.notification_ids:
            if notification.notification_type == "email":
                told[notification.mail_message_id.id] |= notification
        partners_sudo = messages_sudo.notification_ids.res_partner_id
        employees = self.env["mail.thread"]._recipient_employees(partners_sudo)
        keys = (partners_sudo - partners_sudo.browse(employees))._recipient_keys()
        sent = messages_sudo._recipient_sent(told, keys)
        # At all addresses, as the gate lets them through; a customer at the first one.
        keys = {ref: own[:1] for ref, own in keys.items()} | {
            partner.id: tuple(a.key for a in parse_addresses(partner.email))
            for partner in partners_sudo.browse(employees)
        }
        return {
            message.id: message._recipient_envelope(
                sent.get(message.id, []), told[message.id], keys
            )
            for message in messages_sudo
            if message.id in sent or message.id in told
        }

    def _recipient_sent(self, told, keys) -> dict[int, list[tuple[str, int | None, str]]]:
        """Return to whom each message was sent, see `mail.recipient.log._sent`.

        Who is gone was merged into whoever was told of the message and has the address now, or is
        an address alone.

        :param told: the notifications by e-mail, by message
        :param keys: of their partners, by id
        """
        sent = self.env["mail.recipient.log"]._sent(self)
        refs = {ref for lines in sent.values() for _key, ref, _header in lines if ref}
        # Whether they may be viewed is asked for where they are shown.
        living = {*self.env["res.partner"].sudo().browse(refs).exists().ids, None}
        for message_id, lines in sent.items():
            people = told[message_id].res_partner_id.ids
            heirs = {key: ref for ref in people for key in keys.get(ref, ())}
            sent[message_id] = [
                (key, ref if ref in living else heirs.get(key), header)
                for key, ref, header in lines
            ]
        return sent

    def _recipient_envelope(self, sent, notifications, keys) -> Envelope:
        """Return who got this one message.

        :param sent: see `_recipient_sent`
        :param notifications: those by e-mail
        :param keys: of their partners, by id
        """
        copies = self._recipient_copies()
        chosen = copies.all_chosen
        lines = list(sent)
        done = defaultdict(set)
        for key, ref, _header in sent:
            done[ref or key].add(key)
        left_out = []
        for notification in notifications:
            ref = notification.res_partner_id.id
            key = address_key(notification.mail_email_address)
            failed = notification.notification_status in _NOT_SENT
            reason = notification._recipient_detail(is_open=True) if failed else ""
            if (ref or key) in done:
                if ref and failed:
                    # It has gone to another of the addresses.
                    missed = [k for k in chosen.get(str(ref), ()) if k not in done[ref]]
                    left_out += [Refusal(reason, one, ref) for one in missed]
                continue
            if failed:
                text = notification.mail_email_address or ""
                left_out.append(Refusal(reason, "" if ref else text, ref or None))
                continue
            own = (chosen.get(str(ref)) or keys.get(ref, ())) if ref else filter(None, [key])
            lines += [(one, ref or None, copies.header(one, ref)) for one in own]
        groups = defaultdict(list)
        for key, ref, header in lines:
            # Who was chosen may be gone since, and no recipient of the message any more.
            follows = ref and ref not in self.partner_ids.ids and str(ref) not in chosen
            groups["followers" if follows else header].append(Recipient(key, ref))
        found = {name: tuple(recipients) for name, recipients in groups.items()}
        return Envelope(**found, left_out=tuple(left_out))
