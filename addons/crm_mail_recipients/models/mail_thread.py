from odoo import SUPERUSER_ID, api, models

from ..tools import policy
from ..tools.address import Address, Addresses
from ..tools.gate import AUTOMATED_CONTEXT, AUTOMATED_TYPES, AUTOMATION, Automation, from_context
from ..tools.guard import guarded, guarded_if_tried_again
from ..tools.policy import Card, Decision


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    # Fields that link the contacts and companies of a document that is under the policy in code;
    # other models are put under it by a line of `mail.recipient.model`.
    _recipient_fields = ()

    # === DECLARATION: WHAT IS ON A CARD === #

    @api.model
    def _recipient_link_fields(self) -> tuple[str, ...]:
        """Return the names of the fields that link the parties; empty: not under the policy."""
        configured = self.env["mail.recipient.model"]._fields_by_model().get(self._name, ())
        return tuple(dict.fromkeys(self._recipient_fields + configured))

    def _recipient_kind(self) -> str:
        """Return the kind of this one card, see `tools.policy`."""
        return policy.DEAL

    def _recipient_linked_partners(self):
        """Return the contacts and companies linked directly to this one card."""
        names = self._recipient_link_fields()
        return self.env["res.partner"].union(*(self[name] for name in names))

    def _recipient_own_partner(self):
        """Return the partner that this one card is."""
        return self.env["res.partner"]

    def _recipient_own_addresses(self, extra: Addresses) -> tuple[Address, ...]:
        """Return the addresses on this one card itself.

        :param extra: see `mail.recipient.address._by_owner`
        """
        return ()

    # === THE POLICY ON RECORDS === #

    def _recipient_modes(self) -> dict[int, str]:
        """Return the mode of each record under the policy, and nothing of the others."""
        modes = self.env["res.company"]._recipient_modes()
        if not modes or not any(self._ids) or not self._recipient_link_fields():
            return {}
        # The company of a record decides, whether or not the user may see that company.
        companies = self.sudo()._mail_get_companies()
        found = {res_id: company._recipient_mode() for res_id, company in companies.items()}
        return {res_id: mode for res_id, mode in found.items() if mode}

    def _recipient_cards(self, user=None) -> dict[int, Card]:
        """Return the records as the policy sees them, in a number of queries that is constant.

        :param user: the res.users whose rights count; None for the system, which sees everything
        """
        # Rights are asked for below, as `user`: what is hidden has to be known to be hidden.
        records = self.sudo()
        linked = {record.id: record._recipient_linked_partners() for record in records}
        own = {record.id: record._recipient_own_partner() for record in records}
        partners = records.env["res.partner"].union(*linked.values(), *own.values())
        # Every message reads its author and the company that it is sent for: fetched along.
        companies = records._mail_get_companies(default=records.env.company).values()
        # sudo: whoever reads a card need not read its company; these are ids alone.
        others_sudo = [company.sudo().partner_id for company in companies]
        others = self.env.user.partner_id.union(*others_sudo)
        partners = partners.with_prefetch([*partners.ids, *others.ids])
        leads = records if self._name == "crm.lead" else None
        extra = self.env["mail.recipient.address"]._by_owner(partners, leads)
        editable, readable = set(self.ids), set(partners.ids)
        if user:
            theirs = self if user == self.env.user and not self.env.su else self.with_user(user)
            editable = set(theirs._filtered_access("write").ids)
            readable = set(partners.with_env(theirs.env)._filtered_access("read").ids)
        return {
            record.id: Card(
                kind=record._recipient_kind(),
                own=record._recipient_own_addresses(extra),
                parties=tuple(
                    partner._recipient_party(extra, partner.id in readable)
                    for partner in linked[record.id]
                ),
                can_edit=record.id in editable,
                own_ref=own[record.id].id or None,
                own_name=own[record.id].name or "",
            )
            for record in records
        }

    def _recipient_decisions(
        self,
        user=None,
        last_used: dict[int, tuple[str, ...]] | None = None,
        modes: dict[int, str] | None = None,
        is_tried_again: bool = False,
    ) -> dict[int, Decision]:
        """Return the policy's decision for each record under the policy.

        A record that cannot be judged offers nobody, and spoils no other one.

        :param user: see `_recipient_cards`
        :param last_used: see `policy.decide`, by record
        :param modes: see `_recipient_modes`, where they are known
        :param is_tried_again: see `guarded_if_tried_again`
        """
        modes = self._recipient_modes() if modes is None else modes
        if not modes:
            return {}
        records, cards = self.browse(modes), None
        guard = guarded_if_tried_again if is_tried_again else guarded
        with guard(self.env, f"judging {records}"):
            cards = records._recipient_cards(user)
        if cards is None and len(records) == 1:
            return {records.id: Decision(error=policy.E_FAILED)}
        if cards is None:
            alone = [record._recipient_decisions(user, last_used) for record in records]
            return {res_id: decision for found in alone for res_id, decision in found.items()}
        last_used = last_used or {}
        return {
            res_id: policy.decide(card, modes[res_id], last_used.get(res_id, ()))
            for res_id, card in cards.items()
        }

    # === WHO ACTS === #

    @api.model
    def _recipient_acting_user(self):
        """Return the employee whose rights count, or None for the system and for customers.

        `sudo` keeps the user: it is no exemption.
        """
        user = self.env.user
        if user.id == SUPERUSER_ID or not user._is_internal():
            return None
        return user

    @api.model
    def _recipient_is_interactive(self, message_type: str) -> bool:
        """Whether a person is waiting for an answer. It decides how to say no, never whether."""
        return bool(
            self._recipient_acting_user()
            and message_type not in AUTOMATED_TYPES
            and not from_context(self.env, AUTOMATION, Automation)
        )

    @api.model
    def _recipient_automation_context(self) -> dict:
        """Return the context of code that acts on a rule: empty while the policy is off."""
        modes = self.env["res.company"]._recipient_modes()
        return AUTOMATED_CONTEXT if modes else {}
