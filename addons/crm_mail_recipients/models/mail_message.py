import itertools
from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.address import parse_addresses
from ..tools.copies import Copies
from ..tools.gate import current_scope
from .told_fields import NotifiedPartners, ToldNotifications

_FOR_THE_CHECKS = ("recipient_map", "recipient_copies")
# Whoever got a message is found in these.
_TELLING = "notified_partner_ids"
_TOLD_TO_FEW = frozenset((*_FOR_THE_CHECKS, _TELLING))


class MailMessage(models.Model):
    _inherit = "mail.message"

    # {str(partner id): [key, ...]}: of a partner's several addresses the ones that were chosen.
    # Set where somebody was chosen for the message, colleagues included: nobody else gets it.
    recipient_map = fields.Json(copy=False)
    # {'cc': [key, ...], 'bcc': {str(partner id) or '0': [key, ...]}}, see `tools.copies`. Who is in
    # Bcc is in no other field of a message, which other recipients and customers may read.
    recipient_copies = fields.Json(copy=False)
    # A message is found by those of its notifications that one may read.
    notification_ids = ToldNotifications(bypass_search_access=False)
    notified_partner_ids = NotifiedPartners()

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        # What was not given is known to be empty: asked for with each message, it costs no query.
        for name in _FOR_THE_CHECKS:
            self._fields[name]._insert_cache(messages, itertools.repeat(None))
        return messages

    @api.model
    def _has_field_access(self, field, operation):
        """What was chosen of whom is for the checks alone: it may tell of a hidden party.

        A customer is told of no other recipient, who may have got the message in Bcc; a colleague
        of those whose notifications may be read, see `_recipient_untold`.
        """
        # Asked of every field of every message: the others cost no more than looking here.
        if field.name not in _TOLD_TO_FEW or self.env.su:
            return super()._has_field_access(field, operation)
        if field.name in _FOR_THE_CHECKS:
            return operation == "write" and bool(current_scope(self.env))
        if self.env["res.company"]._recipient_modes() and not self.env.user._is_internal():
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Find nobody by a notification that the user may not read, nor through another model."""
        if not self.env.su:
            domain = Domain(domain)
            # Every message searches; a domain that is written anew is looked through anew as well.
            if any(_TELLING in condition.field_expr for condition in domain.iter_conditions()):
                domain = domain.map_conditions(self._recipient_by_notification)
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _recipient_by_notification(self, condition):
        field, _dot, rest = condition.field_expr.partition(".")
        if field != _TELLING:
            return condition
        path = ".".join(filter(None, ("notification_ids.res_partner_id", rest)))
        return Domain(path, condition.operator, condition.value)

    def _recipient_untold(self):
        """Return the notifications, as the system, of who got this one message in Bcc and of whom
        the user may not be told."""
        # The rules of notifications decide, of all that there are.
        message_sudo = self.sudo()
        all_sudo = message_sudo.notification_ids.browse()
        if not self.env.su and message_sudo.recipient_copies:
            all_sudo = message_sudo.notification_ids
        return all_sudo - all_sudo.sudo(False)._filtered_access("read").sudo()

    def _recipient_copies(self) -> Copies:
        """Return who stands in which line of this one message; none: of a mail without one."""
        return Copies.of(self.recipient_copies, self.recipient_map)

    def _recipient_in_cc(self) -> set[str]:
        """Return the keys that stood in Cc of this one message, of ours or incoming, and in no
        other line."""
        openly = (self.email_from, self.incoming_email_to)
        in_cc = {address.key for address in parse_addresses(self.incoming_email_cc)}
        in_cc -= {address.key for text in openly for address in parse_addresses(text)}
        return {*self._recipient_copies().cc, *in_cc}

    @api.model
    def _recipient_map_merge(self, merged, into):
        """Let what was chosen of the partners `merged` be chosen of the partner `into`.

        Only messages that still have something to send matter.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id
                  FROM mail_message
                 WHERE (recipient_map ?| %(refs)s OR recipient_copies->'bcc' ?| %(refs)s)
                   AND (id IN (SELECT mail_message_id FROM mail_mail WHERE state <> 'sent')
                        OR id IN (SELECT mail_message_id FROM mail_message_schedule))
                """,
                refs=[str(partner_id) for partner_id in merged.ids],
            )
        )
        # Whoever merges contacts need not be allowed to read what was written to them.
        for message_sudo in self.sudo().browse(row_id for [row_id] in rows):
            chosen = message_sudo.recipient_map or {}
            message_sudo.recipient_map = _merged(chosen, merged.ids, into.id) or False
            copies = message_sudo._recipient_copies()
            bcc = _merged(copies.bcc, merged.ids, into.id)
            message_sudo.recipient_copies = replace(copies, bcc=bcc).stored


def _merged(keys_by_ref, merged: list[int], into: int) -> dict[str, list[str]]:
    """Return keys by the text of an id, with those of `merged` among those of `into`."""
    found = {ref: list(keys) for ref, keys in keys_by_ref.items()}
    refs = [ref for ref in map(str, merged) if ref in found]
    if refs:
        moved = [key for ref in refs for key in found.pop(ref)]
        found[str(into)] = list(dict.fromkeys([*found.get(str(into), ()), *moved]))
    return found
