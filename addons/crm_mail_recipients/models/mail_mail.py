from collections import defaultdict
from contextlib import nullcontext

from odoo import Command, api, fields, models
from odoo.tools.mail import formataddr

from ..tools import policy
from ..tools.address import address_key, display_name, parse_addresses, unreadable_parts
from ..tools.gate import (
    GATE,
    ORIGIN,
    Gate,
    Origin,
    Refusal,
    Verdict,
    current_scope,
    from_context,
)

_FAILURE = "recipient_policy"
# Headers that name recipients, or make the shown ones differ from the real ones.
_RECIPIENT_HEADERS = ("to", "cc", "bcc", "x-forge-to", "apparently-to", "x-msg-to-consolidate")
_SHOWN_HEADER = "x-msg-to-add"


class MailMail(models.Model):
    _inherit = "mail.mail"

    # Where the mail comes from, whatever record it says it belongs to.
    recipient_origin_model = fields.Char(readonly=True, copy=False)
    recipient_origin_id = fields.Integer(readonly=True, copy=False)
    failure_type = fields.Selection(
        selection_add=[(_FAILURE, "Recipient not registered on the record")],
        ondelete={_FAILURE: "set null"},
    )

    # === COMPOSING === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env["res.company"]._recipient_modes():
            return super().create(vals_list)
        origin = from_context(self.env, ORIGIN, Origin)
        res_ids = origin.take(len(vals_list)) if origin else [False] * len(vals_list)
        stamped = [
            {
                **vals,
                "recipient_origin_model": origin.model if origin else False,
                "recipient_origin_id": res_id,
            }
            for vals, res_id in zip(vals_list, res_ids, strict=True)
        ]
        checked = current_scope(self.env) or not self._recipient_may_be_policed(stamped)
        # A caller that swallows the refusal keeps no mail.
        with nullcontext() if checked else self.env.cr.savepoint():
            mails = super().create(stamped)
            mails._recipient_check_composed()
        return mails

    @api.model
    def _recipient_may_be_policed(self, vals_list):
        """Return whether new mails may belong to a card under the policy, from its model alone."""
        messages = self.env["mail.message"].browse(
            vals["mail_message_id"] for vals in vals_list if vals.get("mail_message_id")
        )
        models = {self.env.context.get("default_model"), *messages.mapped("model")}
        for vals in vals_list:
            models |= {vals.get("model"), vals["recipient_origin_model"]}
        thread = self.env.registry["mail.thread"]
        return any(
            issubclass(self.env.registry[model], thread)
            and self.env[model]._recipient_link_fields()
            for model in models
            if model in self.env
        )

    def _recipient_check_composed(self):
        """Check new mails with the rights of who writes them; a refusal undoes them all.

        Notifications of a message that was checked are not checked twice.
        """
        scope = current_scope(self.env)
        mails = self.filtered(
            lambda mail: (
                not scope
                or not mail.is_notification
                or (mail.model, mail.res_id) != (scope.model, scope.res_id)
            )
        )
        user = self.env["mail.thread"]._recipient_acting_user()
        for mail_id, verdict in mails._recipient_verdicts(user).items():
            mail = mails.browse(mail_id)
            if verdict.refused:
                mail._recipient_narrow(verdict, one=len(self) == 1)
            mail._recipient_register(verdict)

    def _recipient_narrow(self, verdict, one):
        """Refuse one new mail, or leave out the recipients that are not allowed."""
        thread = self._recipient_thread()
        interactive = (
            one and not self.is_notification and thread._recipient_is_interactive(self.message_type)
        )
        thread._recipient_refuse(verdict.refused, "mail", interactive)
        values = {
            "recipient_ids": [Command.set([*verdict.partners, *verdict.employees])],
            "email_to": ",".join(verdict.to),
            "email_cc": ",".join(verdict.cc),
        }
        if verdict.is_empty:
            values = {
                "state": "cancel",
                "failure_type": _FAILURE,
                "failure_reason": thread._recipient_sentence(verdict.refused[0]),
            }
        self.write(values)

    def _recipient_register(self, verdict):
        """In any-address mode, create what the settings say for unknown addresses of one mail."""
        thread = self._recipient_thread()
        modes = {mode for _decision, mode in verdict.decisions}
        if modes == {policy.ANY} and thread._recipient_is_interactive(self.message_type):
            self.env["mail.recipient.registration"]._register_unknown(
                [*verdict.to, *verdict.cc], thread
            )

    def _recipient_thread(self):
        """Return the card this one mail is sent from, or a void thread."""
        for model, res_id in self._recipient_documents():
            return self.env[model].browse(res_id)
        return self.env["mail.thread"]

    def _recipient_documents(self):
        """Return the cards this one mail comes from and says it belongs to: (model, id) pairs."""
        named = [
            (self.recipient_origin_model, self.recipient_origin_id),
            (self.model, self.res_id),
        ]
        thread = self.env.registry["mail.thread"]
        return [
            (model, res_id)
            for model, res_id in dict.fromkeys(named)
            if res_id and model in self.env and issubclass(self.env.registry[model], thread)
        ]

    # === VERDICT === #

    def _recipient_verdicts(self, user=None):
        """Judge every recipient of mails that belong to a card under the policy.

        The number of queries does not depend on the number of mails.

        :param user: see `_recipient_cards`
        :return: {mail id: Verdict}; mails that are not under the policy are missing
        :rtype: dict[int, Verdict]
        """
        if not self.env["res.company"]._recipient_modes():
            return {}
        documents = {mail.id: mail._recipient_documents() for mail in self}
        cards = self._recipient_document_decisions(documents, user)
        policed = self.filtered(lambda mail: any(doc in cards for doc in documents[mail.id]))
        if not policed:
            return {}
        # Whom the policy lets through is decided below; here all recipients have to be known.
        partners = policed.sudo().recipient_ids.with_context(active_test=False)
        employees = self.env["mail.thread"]._recipient_employees(partners)
        extra = self.env["mail.recipient.address"]._by_owner(partners) if partners else {}
        readable = set(partners.ids)
        if user:
            readable = set(partners.with_user(user)._filtered_access("read").ids)
        colleagues = policed._recipient_colleague_keys()
        return {
            mail.id: mail._recipient_verdict(
                [cards[doc] for doc in documents[mail.id] if doc in cards],
                employees,
                colleagues,
                extra,
                readable,
            )
            for mail in policed
        }

    @api.model
    def _recipient_document_decisions(self, documents, user):
        """:return: {(model, id): (Decision, mode)} of the documents under the policy"""
        ids_by_model = defaultdict(set)
        for model, res_id in (doc for docs in documents.values() for doc in docs):
            ids_by_model[model].add(res_id)
        found = {}
        for model, res_ids in ids_by_model.items():
            if not self.env[model]._recipient_link_fields():
                continue
            # The document may be invisible to the user; whether it may be edited is asked for.
            existing = self.env[model].sudo().browse(res_ids).exists()
            modes = existing._recipient_modes()
            decisions = existing._recipient_decisions(user)
            found.update({(model, rid): (decisions[rid], modes[rid]) for rid in decisions})
            if gone := res_ids - set(existing.ids):
                # Nobody is registered on a card that is no more.
                mode = self.env["res.company"]._recipient_mode()
                nobody = policy.Decision(error=policy.E_NOT_ALLOWED)
                found.update({(model, res_id): (nobody, mode) for res_id in gone if mode})
        return found

    def _recipient_colleague_keys(self):
        """Return the keys in To and Cc that are addresses of employees."""
        keys = {
            address.key
            for mail in self
            for address in (*parse_addresses(mail.email_to), *parse_addresses(mail.email_cc))
        }
        return self.env["mail.thread"]._recipient_employee_keys(keys)

    def _recipient_verdict(self, decisions, employees, colleagues, extra, readable):
        verdict = Verdict(tuple(decisions), frozenset(employees & set(self.recipient_ids._ids)))
        refused = []

        chosen = self.sudo().mail_message_id.recipient_map or {}
        for partner in self.sudo().with_context(active_test=False).recipient_ids:
            if partner.id in employees:
                continue
            hidden = partner.id not in readable
            keys = chosen.get(str(partner.id))
            own = [address.key for address in partner._recipient_addresses(extra)]
            # A chosen address has to be the partner's still, or be on the card itself.
            allowed = [key for key in keys or own if not verdict.reason(key, hidden)]
            if allowed:
                verdict.partners[partner.id] = tuple(allowed if keys else allowed[:1])
            else:
                why = verdict.reason(own[0] if own else None, hidden)
                why = policy.E_HIDDEN if hidden and why == policy.E_INVALID else why
                refused.append(Refusal(why or policy.E_NOT_ALLOWED, partner_id=partner.id))
        for name in ("to", "cc"):
            kept, left = self._recipient_judge_text(self[f"email_{name}"], colleagues, verdict)
            setattr(verdict, name, kept)
            refused += left
        verdict.refused = tuple(refused)
        return verdict

    @api.model
    def _recipient_judge_text(self, text, colleagues, verdict):
        """Return (keys that may stay, refusals) of a To or Cc text."""
        addresses = parse_addresses(text)
        reasons = {a: a.key not in colleagues and verdict.reason(a.key) for a in addresses}
        kept = tuple(a.key for a in addresses if not reasons[a])
        refused = [Refusal(reasons[a], a.email) for a in addresses if reasons[a]]
        refused += [Refusal(policy.E_INVALID, part[:254]) for part in unreadable_parts(text)]
        return kept, refused

    # === SENDING === #

    def _send(self, *args, post_send_callback=None, **kwargs):
        if self.env["ir.mail_server"]._disable_send():
            return super()._send(*args, post_send_callback=post_send_callback, **kwargs)
        verdicts = self.filtered(lambda mail: mail.state == "outgoing")._recipient_verdicts()
        if not verdicts:
            return super()._send(*args, post_send_callback=post_send_callback, **kwargs)
        blocked = self.browse(
            mail_id for mail_id, v in verdicts.items() if v.is_empty and v.refused
        )
        blocked._recipient_block(verdicts)
        if blocked and post_send_callback:
            post_send_callback(blocked.ids)
        rest = (self - blocked).with_context(**{GATE: Gate(verdicts)})
        return super(MailMail, rest)._send(*args, post_send_callback=post_send_callback, **kwargs)

    def _recipient_block(self, verdicts):
        """Stop mails that nobody may receive: they are never shown as sent."""
        for mail in self:
            thread = mail._recipient_thread()
            refused = verdicts[mail.id].refused
            sentence = thread._recipient_sentence(refused[0])
            thread._recipient_log_blocked(refused)
            mail.write({"state": "cancel", "failure_type": _FAILURE, "failure_reason": sentence})
            mail._recipient_notifications(refused)._recipient_fail(sentence)

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        entries = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        gate = from_context(self.env, GATE, Gate)
        verdicts = gate.verdicts if gate else self._recipient_verdicts()
        verdict = verdicts.get(self.id)
        if verdict is None:
            return entries
        return [self._recipient_narrow_entry(entry, verdict) for entry in entries]

    @api.model
    def _recipient_narrow_entry(self, entry, verdict):
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
            if partner.id in verdict.employees:
                keys = [address.key for address in parse_addresses(partner.email)]
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
    def _recipient_clean_headers(self, headers, verdict):
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
        verdict = gate.verdicts.get(self.id) if gate and len(self) == 1 else None
        if verdict is None:
            return super()._postprocess_sent_message(
                success_pids, success_emails, failure_reason, failure_type
            )
        thread = self._recipient_thread()
        sent = [(key, p.id) for p in success_pids for key in verdict.partners.get(p.id, ())]
        if success_emails or not failure_type:
            sent += [(key, None) for key in (*verdict.to, *verdict.cc)]
        thread._recipient_log_sent(self, sent)
        refused = self._recipient_notifications(verdict.refused)
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
        if verdict.refused:
            thread._recipient_log_blocked(verdict.refused)
            refused._recipient_fail(thread._recipient_sentence(verdict.refused[0]))
        return result

    def _recipient_notifications(self, refused):
        """Return the notifications of this one mail for the recipients that are refused."""
        partner_ids = {refusal.partner_id for refusal in refused if refusal.partner_id}
        keys = {address_key(refusal.text) for refusal in refused if refusal.text}
        # The queue runs for everybody.
        notifications_sudo = self.env["mail.notification"].sudo()
        if not refused:
            return notifications_sudo
        domain = [("mail_mail_id", "=", self.id), ("notification_type", "=", "email")]
        return notifications_sudo.search(domain).filtered(
            lambda n: (
                n.res_partner_id.id in partner_ids
                or address_key(n.mail_email_address) in keys - {None}
            )
        )
