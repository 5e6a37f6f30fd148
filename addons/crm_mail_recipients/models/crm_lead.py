from odoo import Command, api, fields, models
from odoo.fields import Domain
from odoo.tools import escape_psql

from ..tools import policy
from ..tools.address import parse_addresses


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "mail.recipient.mixin"]
    _recipient_fields = ("partner_id", "recipient_company_id")

    recipient_address_ids = fields.One2many(
        "mail.recipient.address",
        "lead_id",
        "Other E-mail Addresses",
        copy=True,
        groups="base.group_user",
    )

    recipient_email = fields.Char(
        "E-mail of the Card or Its Contact",
        compute="_compute_recipient_email",
        search="_search_recipient_email",
    )
    recipient_search = fields.Char(
        "E-mailed To", compute="_compute_recipient_search", search="_search_recipient_search"
    )

    @api.depends("email_from", "partner_id.email", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_recipient_email(self):
        """The card's own address or, of a contact that the user may view, that one's first."""
        readable = self.partner_id._filtered_access("read")
        keys = readable._recipient_keys()
        for lead in self:
            known = keys.get(lead.partner_id.id) if lead.is_recipient_policed else None
            lead.recipient_email = lead.email_from or (known[0] if known else False)

    @api.model
    def _search_recipient_email(self, operator, value):
        """Find cards by their own addresses and by those of their contacts and companies, as far as
        the user may view them; while the policy is off by the own one alone."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        if not self.env["res.company"]._recipient_modes():
            return Domain("email_from", operator, value)
        if operator == "in" and False in value:
            named = self._recipient_email_domain("in", [one for one in value if one])
            return named | ~self._recipient_email_domain("!=", False)
        return self._recipient_email_domain(operator, value)

    @api.model
    def _recipient_email_domain(self, operator, value):
        """Return which cards have such an address, or a contact or company that has it."""
        own = Domain("email_from", operator, value)
        further = Domain("recipient_address_ids", "any", Domain("email", operator, value))
        party = Domain("email", operator, value) | further
        links = (Domain(name, "any", party) for name in self._recipient_fields)
        return own | further | Domain.OR(links)

    def _compute_recipient_search(self):
        """The field is there to be searched."""
        self.recipient_search = False

    @api.model
    def _search_recipient_search(self, operator, value):
        """Find cards from which an address was written to; which of them is up to access rules.

        A card is not found by the address of a contact that the user may not view, nor by a
        pattern.
        """
        if operator not in ("=", "ilike", "in"):
            return NotImplemented
        if operator == "ilike":
            value = escape_psql(value or "")
        domain = Domain(
            [
                ("res_model", "=", self._name),
                ("verdict", "=", "sent"),
                ("email_key", operator, value),
            ]
        )
        # The log itself is read by few; here it only narrows down cards that the user may view.
        log_sudo = self.env["mail.recipient.log"].sudo()
        refs = [ref for [ref] in log_sudo._read_group(domain, ["partner_id"]) if ref]
        partners = self.env["res.partner"].browse(refs).exists()
        hidden = partners - partners._filtered_access("read")
        sent = log_sudo._search(domain & Domain("partner_id", "not in", hidden.ids))
        return [("id", "in", sent.subselect("res_id"))]

    def _recipient_kind(self):
        return policy.LEAD if self.type == "lead" else policy.DEAL

    def _recipient_own_addresses(self, extra):
        addresses = parse_addresses(self.email_from) + extra.get(("crm.lead", self.id), ())
        return tuple({address.key: address for address in reversed(addresses)}.values())[::-1]

    def _get_partner_email_update(self, force_void=True):
        """While the policy is on, a lead's own address and its contact's are two addresses."""
        # The company decides, whether or not the user may see it.
        if self.sudo().company_id._recipient_mode():
            return False
        return super()._get_partner_email_update(force_void=force_void)

    def write(self, vals):
        moved = self.browse()
        if "partner_id" in vals and "email_from" not in vals:
            moved = self._recipient_at_contact()
        result = super().write(vals)
        moved.filtered("partner_id")._recipient_forget_contact()
        return result

    def _recipient_at_contact(self):
        """Return those under the policy whose own address is their contact's."""
        return self.filtered(
            lambda lead: lead.is_recipient_policed and lead._recipient_is_contacts()
        )

    def _recipient_is_contacts(self) -> bool:
        """Tell whether the contact of this one lead has its own address in the e-mail field."""
        own = {address.key for address in parse_addresses(self.email_from)}
        # What is compared is told to nobody.
        contact = parse_addresses(self.sudo().partner_id.email)
        return bool(own) and own <= {address.key for address in contact}

    def _recipient_forget_contact(self):
        """Take the address that was the contact's away where the contact does not have it any more.

        What came from a contact is no address of the lead's own: it would be preselected when the
        contact has moved, and reach somebody else when it is another contact. The new one is not
        handed on, as Odoo does while the policy is off: who sees the lead may not view the contact.
        """
        self.filtered(lambda lead: not lead._recipient_is_contacts()).email_from = False

    def _get_lead_duplicates(self, partner=None, email=None, include_lost=False):
        """Extend `crm`: a lead without an address of its own is found again by its contact.

        Without the policy it has its contact's address, by which `crm` looks for it.
        """
        if len(self) == 1 and not partner and not email:
            # The company decides, whether or not the user may see it.
            partner = self.sudo().company_id._recipient_mode() and self.partner_id
        return super()._get_lead_duplicates(partner, email, include_lost=include_lost)

    def _find_matching_partner(self):
        """Extend `crm`: a contact is found by its further addresses as well."""
        partner = super()._find_matching_partner()
        return partner or partner._recipient_sender(self.email_from, self.sudo().company_id)

    def _create_customer(self, with_parent=None):
        """Extend `crm`: who is made of a lead can be written to at all its addresses."""
        known = self.partner_id | (with_parent or self.partner_id)
        customer = super()._create_customer(with_parent)
        # The company decides, whether or not the user may see it.
        if customer not in known and self.sudo().company_id._recipient_mode():
            extra = self.env["mail.recipient.address"]._by_owner(known.browse(), self)
            # Just made, it has no other address than its own.
            keys = {address.key for address in customer._recipient_addresses({})}
            customer.recipient_address_ids = [
                Command.create({"email": address.email, "label": address.label or False})
                for address in self._recipient_own_addresses(extra)
                if address.key not in keys
            ]
        return customer

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), "recipient_company_id"]

    def _merge_dependences(self, opportunities):
        """Keep every address of the leads that are merged into this one."""
        result = super()._merge_dependences(opportunities)
        # The company decides, whether or not the user may see it.
        policed = self.sudo().company_id._recipient_mode()
        emails = (self | opportunities).mapped("email_from")
        self.env["mail.recipient.address"]._merge_into(
            self, opportunities, next(filter(None, emails), ""), emails if policed else ()
        )
        return result
