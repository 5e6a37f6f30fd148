from typing import Literal

from odoo import api, models

from ..tools.address import parse_addresses
from ..tools.gate import Refusal
from ..tools.policy import Decision


class MailThread(models.AbstractModel):
    """Whom a card offers to be written to."""

    _inherit = "mail.thread"  # pylint: disable=consider-merging-classes-inherited

    def _recipient_offered(self) -> dict[int, Decision]:
        """Return whom each record under the policy offers to who acts: the last used ones first."""
        policed = self.browse(self._recipient_modes())
        if not policed:
            return {}
        last_used = self.env["mail.recipient.log"]._last_used(policed)
        return policed._recipient_decisions(self._recipient_acting_user(), last_used)

    def _partner_find_from_emails(self, records_emails, no_create=False, **kwargs):
        # Nothing is created by reading, opening or replying; unknown addresses become a lead or a
        # contact when the message is sent, where the settings say so.
        modes = self._recipient_modes()
        return super()._partner_find_from_emails(
            records_emails, no_create=no_create or bool(modes), **kwargs
        )

    def _message_get_default_recipients(self, with_cc=False, all_tos=False):
        defaults = super()._message_get_default_recipients(with_cc=with_cc, all_tos=all_tos)
        decisions = self._recipient_offered()
        for res_id, decision in decisions.items():
            candidate = decision.by_key.get(decision.default)
            # A partner is written to at its first address: another one is named as an address.
            keys = decision.keys_by_ref.get(candidate.ref, ()) if candidate else ()
            partner = keys[:1] == (decision.default,) if candidate else False
            defaults[res_id] = {
                "email_cc": "",
                "email_to": decision.default if candidate and not partner else "",
                "partner_ids": [candidate.ref] if partner else [],
            }
        return defaults

    def _message_get_suggested_recipients_batch(
        self, reply_discussion=False, reply_message=None, no_create=True, **kwargs
    ):
        decisions = self._recipient_offered()
        suggested = super()._message_get_suggested_recipients_batch(
            reply_discussion=reply_discussion,
            reply_message=reply_message,
            no_create=no_create or bool(decisions),
            **kwargs,
        )
        modes = self.browse(decisions)._recipient_modes() if reply_message else {}
        for res_id, decision in decisions.items():
            if reply_message:
                card = self.browse(res_id)
                suggested[res_id] = card._recipient_reply(reply_message, decision, modes[res_id])
            else:
                selected = [decision.by_key[key] for key in [decision.selected] if key]
                suggested[res_id] = [self._recipient_suggestion(c) for c in selected]
        return suggested

    @api.model
    def _recipient_suggestion(self, candidate):
        return {
            "create_values": {},
            "email": candidate.address.email,
            "name": candidate.name or candidate.address.email,
            "partner_id": candidate.ref or False,
        }

    def _recipient_choices_of(self, partners, decision: Decision) -> list[dict]:
        """Return one choice for each outsider among `partners`, at the address that this one card
        offers first; see `_recipient_check_post` for the shape.

        :param decision: as `_recipient_offered` returns it
        """
        user = self._recipient_acting_user()
        # Partners are looked up to address them; what the user may not view stays a number.
        partners_sudo = partners.sudo()
        partners_sudo -= partners_sudo.browse(self._recipient_employees(partners_sudo))
        readable = partners_sudo.with_user(user)._filtered_access("read") if user else partners_sudo
        choices = []
        for partner in partners_sudo:
            offered = [c.address.email for c in decision.candidates if c.ref == partner.id]
            known = parse_addresses(partner.email) if partner.id in readable.ids else ()
            emails = [*offered, *(address.email for address in known)]
            choices.append({"email": emails[0] if emails else "", "partner_id": partner.id})
        return choices

    # === PICKER === #

    def _recipient_picker(self) -> dict | Literal[False]:
        """Return what the picker shows for this one card, False when it is not under the policy.

        It is {mode, error (a sentence), hidden (kinds), candidates ([{email, name, label, role,
            partner_id, selected, blacklisted, bounced, last_written (a datetime)}]), fields (on
            which the candidates depend), offers (see `_recipient_offers`), owners (on whom the user
            may put an address), card ({model, id})}
        """
        mode = self._recipient_modes().get(self.id) if len(self) == 1 else None
        if not mode:
            return False
        decision = self._recipient_offered()[self.id]
        marks = self._recipient_marks(decision.by_key)
        written = self.env["mail.recipient.log"]._last_written(self)
        error = decision.error and self._recipient_sentence(Refusal(decision.error))
        return {
            "mode": mode,
            "offers": self._recipient_offers(decision, mode),
            "owners": self._recipient_shown_owners(decision),
            "card": {"model": self._name, "id": self.id},
            "error": error,
            "hidden": list(decision.hidden),
            "candidates": [
                {
                    "email": candidate.address.email,
                    "name": candidate.name,
                    "label": candidate.address.label,
                    "role": candidate.role,
                    "partner_id": candidate.ref or False,
                    "selected": candidate.address.key == decision.selected,
                    "last_written": written.get(candidate.address.key, False),
                    **marks[candidate.address.key],
                }
                for candidate in decision.candidates
            ],
            "fields": [
                name
                for name in (*self._recipient_link_fields(), self._mail_get_primary_email_field())
                if name
            ],
        }

    def _thread_to_store(self, store, fields, *, request_list=None):
        result = super()._thread_to_store(store, fields, request_list=request_list)
        policed = self.env["res.company"]._recipient_modes()
        if policed and "suggestedRecipients" in (request_list or []):
            for thread in self:
                picker = thread._recipient_picker()
                values = {"recipientPolicy": picker}
                if picker:
                    values["suggestedRecipients"] = []
                store.add(thread, values, as_thread=True)
        return result
