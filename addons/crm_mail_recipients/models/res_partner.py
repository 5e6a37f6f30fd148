from collections import defaultdict
from collections.abc import Iterable

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_common.tools.mailboxes import spellings_of_all

from ..tools import policy
from ..tools.address import Address, Addresses, display_name, parse_addresses
from ..tools.policy import Party


class ResPartner(models.Model):
    _inherit = "res.partner"
    _recipient_fields = ("parent_id", "child_ids")

    recipient_address_ids = fields.One2many(
        "mail.recipient.address",
        "partner_id",
        "Other E-mail Addresses",
        copy=True,
        groups="base.group_user",
    )
    is_recipient_policed = fields.Boolean(compute="_compute_is_recipient_policed")

    def _compute_is_recipient_policed(self):
        for partner in self:
            # The company decides, whether or not the user may see it.
            partner.is_recipient_policed = bool(partner.sudo().company_id._recipient_mode())

    def _recipient_kind(self):
        return policy.COMPANY if self.is_company else policy.CONTACT

    def _recipient_own_partner(self):
        return self

    def _recipient_linked_partners(self):
        """A contact has its company, a company its contacts (no delivery or invoice addresses)."""
        if not self.is_company:
            return self.parent_id.filtered("is_company")
        return self.child_ids.filtered(
            lambda child: child.type == "contact" and not child.is_company
        )

    def _recipient_own_addresses(self, extra):
        return self._recipient_addresses(extra)

    def _recipient_addresses(self, extra: Addresses) -> tuple[Address, ...]:
        """Return all addresses of this one partner; none of an archived one, as stock mails none.

        :param extra: see `mail.recipient.address._by_owner`
        """
        if not self.active:
            return ()
        addresses = parse_addresses(self.email) + extra.get(("res.partner", self.id), ())
        return tuple({address.key: address for address in reversed(addresses)}.values())[::-1]

    def _recipient_keys(self) -> dict[int, tuple[str, ...]]:
        """Return the keys of the addresses of each partner."""
        extra = self.env["mail.recipient.address"]._by_owner(self) if self else {}
        return {p.id: tuple(a.key for a in p._recipient_addresses(extra)) for p in self}

    @api.model
    def _recipient_by_key(self, keys: Iterable[str]) -> dict[str, models.BaseModel]:
        """Return who has each of `keys` among all addresses, oldest first; archived ones as
        `active_test` says.

        :param keys: canonical keys
        """
        keys = set(keys)
        rows_sudo = self.env["mail.recipient.address"].sudo()
        # Who may not be viewed is not found by the search below.
        rows_sudo = rows_sudo.search_fetch(
            [("email_key", "in", list(keys)), ("partner_id", "!=", False)],
            ["email_key", "partner_id"],
        )
        extra = defaultdict(set)
        for row in rows_sudo:
            extra[row.partner_id.id].add(row.email_key)
        domain = Domain.OR(Domain("email", "ilike", one) for one in spellings_of_all(keys))
        found = {}
        for partner in self.search(domain | Domain("id", "in", list(extra)), order="id"):
            own = {address.key for address in parse_addresses(partner.email)}
            for key in keys & (own | extra[partner.id]):
                found[key] = found.get(key, self.browse()) | partner
        return found

    @api.model
    def _recipient_sender(self, email: str, company=None):
        """Return the contact that writes from `email` as one of its further addresses.

        Colleagues are known by their own address alone: who may edit a contact speaks for no user.
        Nobody is known by an alias, as in stock.

        :param company: of the card, if any: contacts of other companies cannot be linked there
        """
        keys = [address.key for address in parse_addresses(email)[:1]]
        if not keys or not self.env["res.company"]._recipient_modes():
            return self.browse()
        found = self.browse().union(*self._recipient_by_key(keys).values())
        # Which addresses are aliases is for administrators to read.
        aliases_sudo = self.env["mail.alias.domain"].sudo()
        if not found or aliases_sudo._find_aliases(spellings_of_all(keys)):
            return self.browse()
        employees = self.env["mail.thread"]._recipient_employees(found)
        found = found.filtered(lambda p: p.is_recipient_policed and p.id not in employees)
        if company:
            found = found.filtered(lambda p: p.company_id <= company.parent_ids)
        # As in stock those of the card's company come first; of an unknown one, those of none.
        return found.sorted(lambda p: bool(p.company_id) != bool(company))[:1]

    def _recipient_leads(self):
        """Return the leads that have the address of one of these contacts as their own.

        They got it from the contact before the policy was switched on, or it was made of them.
        """
        if not self.env["res.company"]._recipient_modes():
            return self.env["crm.lead"]
        # Lost ones and those of others follow as well.
        leads_sudo = self.env["crm.lead"].sudo().with_context(active_test=False)
        domain = [("partner_id", "in", self.ids), ("email_from", "!=", False)]
        return leads_sudo.search(domain)._recipient_at_contact()

    def write(self, vals):
        leads = self._recipient_leads() if "email" in vals else None
        result = super().write(vals)
        if leads:
            leads._recipient_forget_contact()
        return result

    def _recipient_party(self, extra: Addresses, readable: bool) -> Party:
        return Party(
            kind=policy.COMPANY if self.is_company else policy.CONTACT,
            ref=self.id,
            name=display_name(self.name) if readable else "",
            addresses=self._recipient_addresses(extra),
            readable=readable,
        )
