from odoo import models

from ..tools import policy
from ..tools.address import parse_addresses


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _recipient_reply(self, message, decision, mode):
        """Return whom a reply from this one card is for: those who wrote and got `message`.

        The customers of the card are not proposed beside them, as they are in stock.

        :param message: the mail.message that is answered
        :param Decision decision: of the card for the acting user
        :param str mode: of the card
        :return: see `_message_get_suggested_recipients`; colleagues first, without who answers
        :rtype: list[dict]
        """
        # Who wrote and got a message is shown with it; what is proposed of it, is decided below.
        message_sudo = message.sudo()
        people_sudo = (message_sudo.author_id | message_sudo.partner_ids).filtered("active")
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
        written = parse_addresses(message_sudo.email_from)
        for partner in customers:
            keys = (message_sudo.recipient_map or {}).get(str(partner.id), [])
            if partner == message_sudo.author_id:
                keys = [address.key for address in written]
            offered = [c for c in decision.candidates if c.ref == partner.id]
            exact = [c for c in offered if c.address.key in keys]
            for candidate in exact or offered[:1]:
                found[candidate.address.key] = self._recipient_suggestion(candidate)
        for key, suggestion in self._recipient_reply_addresses(
            message_sudo, customers, decision, mode
        ).items():
            found.setdefault(key, suggestion)
        return list(found.values())

    def _recipient_reply_addresses(self, message, customers, decision, mode):
        """Return the suggestions for the addresses of `message`, and in any-address mode for its
        people who are not on the card, by key."""
        texts = [message.incoming_email_to, message.incoming_email_cc, message.outgoing_email_to]
        if not message.author_id:
            texts.append(message.email_from)
        addresses = [address for text in texts for address in parse_addresses(text)]
        found = {
            address.key: self._recipient_suggestion(decision.by_key[address.key])
            for address in addresses
            if address.key in decision.by_key
        }
        if mode != policy.ANY or decision.error:
            return found
        user = self._recipient_acting_user()
        readable = customers.with_user(user)._filtered_access("read") if user else customers
        strangers = {}
        for partner in readable.filtered(lambda p: p.id not in decision.keys_by_ref):
            for address in parse_addresses(partner.email)[:1]:
                strangers[address.key] = (address.email, partner.name, partner.id)
        for address in addresses:
            strangers.setdefault(address.key, (address.email, address.email, False))
        # Neither we ourselves nor colleagues are written to like a customer.
        ours = self.env["mail.alias.domain"].sudo()._find_aliases(list(strangers))
        ours = {*ours, *self._recipient_employee_keys(set(strangers))}
        for key, (email, name, partner_id) in strangers.items():
            if key not in ours:
                found.setdefault(
                    key,
                    {"create_values": {}, "email": email, "name": name, "partner_id": partner_id},
                )
        return found
