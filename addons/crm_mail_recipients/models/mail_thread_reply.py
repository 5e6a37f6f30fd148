from odoo import api, models

from ..tools import policy
from ..tools.address import parse_addresses
from ..tools.policy import Decision


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"  # pylint: disable=consider-merging-classes-inherited

    def _recipient_reply(self, message, decision: Decision, mode: str) -> list[dict]:
        """Return whom a reply from this one card is for: those who wrote and got `message`.

        Colleagues come first, without who answers. The customers of the card are not proposed
        beside them, as they are in stock. See `_message_get_suggested_recipients` for the shape.

        :param message: the mail.message that is answered
        :param decision: of the card for the acting user
        """
        # Who wrote and got a message is shown with it; what is proposed of it, is decided below.
        message_sudo = message.sudo()
        people_sudo = (message_sudo.author_id | message_sudo.partner_ids).filtered("active")
        named = self._recipient_named_addresses(message_sudo)
        refs = self._recipient_employee_refs({address.key for address in named})
        people_sudo |= people_sudo.browse(refs.values())
        employees = self._recipient_employees(people_sudo)
        colleagues = people_sudo.filtered(lambda partner: partner.id in employees)
        customers = people_sudo - colleagues
        found = {
            partner.id: {
                "create_values": {},
                "email": partner.email_normalized,
                "name": partner.name,
                "partner_id": partner.id,
            }
            for partner in colleagues - self.env.user.partner_id
        }
        strangers = customers.browse()
        for partner in customers:
            candidates = self._recipient_reply_candidates(message_sudo, partner, named, decision)
            found |= {c.address.key: self._recipient_suggestion(c) for c in candidates}
            if not candidates:
                strangers |= partner
        for key, suggestion in self._recipient_reply_addresses(
            named, strangers, decision, mode
        ).items():
            found.setdefault(key, suggestion)
        return list(found.values())

    @api.model
    def _recipient_reply_candidates(self, message, partner, named, decision):
        """Return the candidates that are `partner` of `message`: at the addresses that were used,
        otherwise at the first one offered.

        :param named: the addresses on `message` itself
        """
        used = (message.recipient_map or {}).get(str(partner.id), [])
        if not used:
            offered = [decision.by_key.get(address.key) for address in named]
            used = [one.address.key for one in offered if one and one.ref == partner.id]
        if partner == message.author_id:
            used = [address.key for address in parse_addresses(message.email_from)]
        own = [address.key for address in parse_addresses(partner.email)]
        return (
            [decision.by_key[key] for key in used if key in decision.by_key]
            or [c for c in decision.candidates if c.ref == partner.id][:1]
            or [decision.by_key[key] for key in own if key in decision.by_key][:1]
        )

    @api.model
    def _recipient_named_addresses(self, message):
        """Return the addresses that stand on `message` itself, and not with one of its people."""
        texts = [message.incoming_email_to, message.incoming_email_cc, message.outgoing_email_to]
        if not message.author_id:
            texts.append(message.email_from)
        return [address for text in texts for address in parse_addresses(text)]

    def _recipient_reply_addresses(self, addresses, strangers, decision, mode):
        """Return the suggestions for the `addresses` of a message and, where any address may be
        written to, for its people who are not on the card, by key."""
        found = {
            address.key: self._recipient_suggestion(decision.by_key[address.key])
            for address in addresses
            if address.key in decision.by_key
        }
        if mode != policy.ANY or decision.error:
            return found
        user = self._recipient_acting_user()
        readable = strangers.with_user(user)._filtered_access("read") if user else strangers
        others = {}
        for partner in readable:
            for address in parse_addresses(partner.email)[:1]:
                others[address.key] = (address.email, partner.name, partner.id)
        for address in addresses:
            others.setdefault(address.key, (address.email, address.email, False))
        left_out = self._recipient_ours(others)
        # Whom one may not view is not written to by another name.
        left_out.update(*(strangers - readable)._recipient_keys().values())
        if decision.hidden:
            left_out.update(self._recipient_decisions()[self.id].by_key)
        for key, (email, name, partner_id) in others.items():
            if key not in left_out:
                found.setdefault(
                    key,
                    {"create_values": {}, "email": email, "name": name, "partner_id": partner_id},
                )
        return found
