from collections import defaultdict

from odoo import api, models
from odoo.exceptions import MissingError
from odoo.tools.mail import formataddr

from ..tools.address import address_key, display_name, parse_addresses
from ..tools.gate import GATE, Deliveries, Gate, Verdict, from_context
from ..tools.guard import guarded
from .mail_mail import FAILURE

# Headers that name recipients, or make the shown ones differ from the real ones.
_RECIPIENT_HEADERS = ("to", "cc", "bcc", "x-forge-to", "apparently-to", "x-msg-to-consolidate")
_SHOWN_HEADER = "x-msg-to-add"


class MailMail(models.Model):
    """What of a mail in the queue may leave, and what is said of it."""

    _inherit = "mail.mail"  # pylint: disable=consider-merging-classes-inherited

    def _send(self, *args, post_send_callback=None, **kwargs):
        if self.env["ir.mail_server"]._disable_send():
            return super()._send(*args, post_send_callback=post_send_callback, **kwargs)
        mails = self
        if self.env["res.company"]._recipient_modes():
            mails -= self._recipient_deleted()
        waiting = mails.filtered(lambda mail: mail.state == "outgoing")
        verdicts = waiting._recipient_verdicts()
        # Also while the policy is off: what is said of a copy in Bcc is said to nobody else.
        if not verdicts and not waiting._recipient_any_bcc():
            return super(MailMail, mails)._send(
                *args, post_send_callback=post_send_callback, **kwargs
            )
        blocked = self.browse(
            mail_id for mail_id, v in verdicts.items() if v.is_empty and v.refused
        )
        for mail in blocked:
            mail._recipient_block(verdicts[mail.id])
        if blocked and post_send_callback:
            post_send_callback(blocked.ids)
        rest = (mails - blocked).with_context(**{GATE: Gate(verdicts)})
        return super(MailMail, rest)._send(*args, post_send_callback=post_send_callback, **kwargs)

    def _recipient_deleted(self):
        """Return those that were deleted meanwhile: they stop no other one.

        What is read is what sending reads anyway: `exists` would be a query more.
        """
        deleted = self.browse()
        for mail in self:
            try:
                mail.state  # noqa: B018
            except MissingError:
                deleted += mail
        return deleted

    def _recipient_block(self, verdict: Verdict) -> None:
        """Stop this one mail, which nobody may receive: it is never shown as sent."""
        thread = self._recipient_thread(verdict)
        sentence = thread._recipient_sentence(verdict.refused[0])
        with guarded(self.env, f"blocking {self}"):
            self.write({"state": "cancel", "failure_type": FAILURE, "failure_reason": sentence})
        self.env["mail.recipient.log"]._record_verdicts([verdict], "queue", "blocked")
        with guarded(self.env, f"telling {self}"):
            self._recipient_tell_refused(verdict, self._recipient_told())

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        entries = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        gate = from_context(self.env, GATE, Gate)
        verdicts = gate.verdicts if gate else self._recipient_verdicts()
        verdict = verdicts.get(self.id)
        if verdict is not None:
            entries = [self._recipient_narrow_entry(entry, verdict) for entry in entries]
        # Also while the policy is off: who is in Bcc was promised it.
        return self._recipient_split_entries(entries, verdict)

    def _recipient_narrow_entry(self, entry: dict, verdict: Verdict) -> dict:
        """Return one outgoing mail with only its allowed addresses, in To, Cc and headers.

        An entry that nobody is left in stays, without any address: stock shows it as failed, where
        an entry left out would be shown as sent.
        """
        partner, cc = entry["partner_id"], []
        if not partner:
            # Stock adds Cc to the To entry, or makes an entry of its own for it.
            to = keys = list(verdict.to)
            if entry["email_cc"]:
                cc = list(verdict.cc)
                keys = to + cc
        else:
            keys = list(verdict.partners.get(partner.id, ()))
            keys += verdict.employees.get(partner.id, ())
            to = [formataddr((display_name(partner.name), key)) for key in keys]
        return {
            **entry,
            "email_to": to,
            "email_cc": cc,
            "email_to_normalized": keys,
            "email_to_raw": ",".join(to),
            "headers": self._recipient_clean_headers(entry["headers"], verdict),
        }

    @api.model
    def _recipient_clean_headers(self, headers: dict, verdict: Verdict) -> dict:
        """Return `headers` without those that name recipients, and without strangers shown."""
        clean = {}
        for name, value in headers.items():
            lowered = str(name).strip().lower()
            if lowered in _RECIPIENT_HEADERS or lowered.startswith("resent-"):
                continue
            if lowered == _SHOWN_HEADER:
                keys = (address.key for address in parse_addresses(value))
                value = ",".join(key for key in keys if verdict.may_show(key))
            clean[name] = value
        return clean

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        gate = from_context(self.env, GATE, Gate)
        if not gate or len(self) != 1:
            return super()._postprocess_sent_message(
                success_pids, success_emails, failure_reason, failure_type
            )
        verdict, deliveries = gate.verdicts.get(self.id), gate.take_deliveries()
        # The mail has left: whatever fails of what follows, it must not be sent again.
        told = self.env["mail.notification"]
        with guarded(self.env, f"logging {self}"):
            if verdict:
                is_typed_sent = bool(success_emails or not failure_type or deliveries.sent)
                self._recipient_log_sent(
                    verdict, self._recipient_sent(verdict, deliveries, success_pids, is_typed_sent)
                )
            if verdict and verdict.refused:
                self.env["mail.recipient.log"]._record_verdicts([verdict], "queue", "blocked")
            if failure_type or (verdict and verdict.refused):
                # A mail that has left is deleted, and names them no more.
                told = self._recipient_told()
            if failure_type and deliveries.are_known:
                success_pids = [
                    p for p in success_pids if not deliveries.has_failed_any(verdict, p.id)
                ]
                success_emails = told._recipient_emails_among(deliveries.sent)
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
        if told:
            with guarded(self.env, f"telling {self}"):
                told._recipient_tell_apart(deliveries.failed)
                self._recipient_tell_refused(verdict, told)
        return result

    @api.model
    def _recipient_sent(
        self, verdict: Verdict, deliveries: Deliveries, partners, is_typed_sent: bool
    ) -> list[tuple[str, int | None, str]]:
        """Return who got a mail: keys, whose they are, and in which line of the message.

        :param partners: at one address of whom at least it arrived
        :param is_typed_sent: whether it has gone to one at least of the other addresses
        """
        header = verdict.copies.header
        sent = [
            (key, partner.id, header(key, partner.id))
            for partner in partners
            for key in verdict.partners.get(partner.id, ())
        ]
        if is_typed_sent:
            sent += [(key, None, header(key)) for key in verdict.to]
            sent += [(key, None, "cc") for key in verdict.cc]
        return [one for one in sent if deliveries.has_sent(one[0])]

    def _recipient_log_sent(
        self, verdict: Verdict, sent: list[tuple[str, int | None, str]]
    ) -> None:
        """Log the real recipients of this one mail: keys, whose they are, and in which line."""
        self.env["mail.recipient.log"]._record(
            [
                {
                    **verdict.document,
                    "user_id": self.create_uid.id,
                    "user_name": self.create_uid.sudo().name,
                    "message_id": self.mail_message_id.id,
                    "email": key,
                    "email_key": key,
                    "partner_id": partner_id,
                    "header": header,
                    "path": self.message_type,
                    "verdict": "sent",
                }
                for key, partner_id, header in sent
            ]
        )

    def _recipient_told(self):
        """Return the notifications by which the recipients of this one mail are told of."""
        # The queue runs for everybody.
        notifications_sudo = self.env["mail.notification"].sudo()
        return notifications_sudo.search(
            [("mail_mail_id", "=", self.id), ("notification_type", "=", "email")]
        )

    def _recipient_tell_refused(self, verdict: Verdict | None, told) -> None:
        """Show those of the notifications `told` that are of who is refused as failed.

        Each gets the own sentence: one repeats the address that was typed.
        """
        found = defaultdict(told.browse)
        for refusal in verdict.refused if verdict else ():
            key = address_key(refusal.text)
            mine = told.filtered(
                lambda one, ref=refusal.partner_id, key=key: (
                    (ref and one.res_partner_id.id == ref)
                    or (key and address_key(one.mail_email_address) == key)
                )
            )
            found[self._recipient_thread(verdict)._recipient_sentence(refusal)] |= mine
        for sentence, notifications in found.items():
            if notifications:
                notifications._recipient_fail(sentence)

    def _recipient_any_bcc(self) -> bool:
        """Whether one of these mails is of a message that somebody gets in Bcc."""
        # The queue sends for everybody.
        return any(message._recipient_copies().bcc for message in self.sudo().mail_message_id)
