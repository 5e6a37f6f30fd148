from odoo import fields, models

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

    def _recipient_party(self, extra: Addresses, readable: bool) -> Party:
        return Party(
            kind=policy.COMPANY if self.is_company else policy.CONTACT,
            ref=self.id,
            name=display_name(self.name) if readable else "",
            addresses=self._recipient_addresses(extra),
            readable=readable,
        )
