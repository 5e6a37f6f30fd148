from collections import defaultdict

from odoo import api, models

from ..tools import policy
from ..tools.address import address_key
from ..tools.gate import Refusal, Scope, current_scope, reason_of_party


class MailThread(models.AbstractModel):
    """Whom a message that was written reaches, and who may follow."""

    _inherit = "mail.thread"  # pylint: disable=consider-merging-classes-inherited

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        asked = self._recipient_with_bcc(message, msg_vals)
        recipients = super()._notify_get_recipients(message, msg_vals=asked, **kwargs)
        if not recipients or len(self) != 1:
            return recipients
        scope = self._recipient_scope()
        mode = scope.mode if scope else self._recipient_modes().get(self.id)
        if not mode:
            return recipients
        outsiders = [r for r in recipients if not r["uid"] or r["ushare"]]
        if not outsiders:
            return recipients
        if not scope:
            user = self._recipient_acting_user()
            decisions = self._recipient_decisions(user, modes={self.id: mode})
            scope = Scope(self._name, self.id, decisions[self.id], mode)
        refused = self._recipient_left_out(message, msg_vals or {}, scope, outsiders)
        if scope.left_out is not None:
            scope.left_out.extend(refusal for _data, refusal in refused)
        else:
            ids = [data["id"] for data, _refusal in refused if data["id"]]
            self._recipient_log_dropped(scope.decision, ids)
        # By identity: of ten thousand followers each would be compared with each.
        dropped = {id(data) for data, _refusal in refused}
        return [data for data in recipients if id(data) not in dropped]

    def _recipient_scope(self):
        """Return what was checked of the message that is being posted on this one card, or None."""
        scope = current_scope(self.env)
        if scope and (scope.model, scope.res_id) == (self._name, self.id):
            return scope
        return None

    @api.model
    def _recipient_left_out(self, message, msg_vals, scope, outsiders):
        """Return those of `outsiders` (recipient data) whom this message must not reach, with the
        refusal of each."""
        message_sudo = message.sudo()
        chosen = self._recipient_copies_of(message, msg_vals).all_chosen
        message_type = msg_vals.get("message_type", message_sudo.message_type)
        # Whom a person or a rule names gets it, and no customer beside; what a customer writes to
        # others is told to those who follow.
        explicit = chosen and message_type != "email"
        # Those that an address was chosen for are judged by it, the others by all they have.
        ids = [r["id"] for r in outsiders if r["id"] and not chosen.get(str(r["id"]))]
        partners = self.env["res.partner"].sudo().browse(ids)
        keys = partners._recipient_keys()
        hidden = self._recipient_hidden(scope, partners)

        def reason_of(data):
            ref = data["id"]
            if explicit and ref and str(ref) not in chosen:
                return policy.E_NOT_CHOSEN
            own = [address_key(data["email_normalized"])]
            if ref:
                own = chosen.get(str(ref)) or keys[ref] or [None]
            reasons = [
                policy.judge(scope.decision, scope.mode, key, hidden_ref=ref in hidden)
                for key in own
            ]
            return "" if "" in reasons else reason_of_party(reasons[0], hidden=ref in hidden)

        return [
            (data, Refusal(reason, "" if data["id"] else data["email_normalized"], data["id"]))
            for data in outsiders
            if (reason := reason_of(data))
        ]

    @api.model
    def _recipient_hidden(self, scope, partners):
        """Return the ids of those of `partners` that the acting user may not view.

        Who is on the card and may be viewed is known; where only registered addresses may be
        written to, the others are left out anyway.
        """
        if scope.mode != policy.ANY or not partners:
            return set()
        user = self._recipient_acting_user()
        unknown = partners.filtered(lambda partner: partner.id not in scope.decision.keys_by_ref)
        if not user or not unknown:
            return set()
        return set((unknown - unknown.with_user(user)._filtered_access("read")).ids)

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        modes = self._recipient_modes() if partner_ids else {}
        if policy.REGISTERED not in modes.values():
            return super()._message_subscribe(partner_ids, subtype_ids, customer_ids)
        partners = self.env["res.partner"].sudo().browse(partner_ids)
        outsiders = set(partner_ids) - self._recipient_employees(partners)
        if not outsiders:
            return super()._message_subscribe(partner_ids, subtype_ids, customer_ids)
        # Whether the user may see a linked party is no matter: it is not told.
        decisions = self._recipient_decisions()
        records_by_kept = defaultdict(self.browse)
        for record in self:
            kept = tuple(partner_ids)
            if modes.get(record.id) == policy.REGISTERED:
                linked = decisions[record.id].keys_by_ref
                kept = tuple(pid for pid in kept if pid not in outsiders or pid in linked)
            records_by_kept[kept] |= record
        for kept, records in records_by_kept.items():
            if kept:
                super(MailThread, records)._message_subscribe(list(kept), subtype_ids, customer_ids)
        return True
