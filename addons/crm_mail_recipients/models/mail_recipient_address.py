from collections import defaultdict
from collections.abc import Iterable

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.address import Address, Addresses, address_key, parse_addresses


class MailRecipientAddress(models.Model):
    """One more address of a lead, contact or company, beside the one in its e-mail field."""

    _name = "mail.recipient.address"
    _description = "E-mail Address"
    _order = "sequence, id"
    _rec_name = "email"

    partner_id = fields.Many2one("res.partner", "Contact", ondelete="cascade", index=True)
    lead_id = fields.Many2one("crm.lead", ondelete="cascade", index=True)
    email = fields.Char("Address", required=True)
    email_key = fields.Char(compute="_compute_email_key", store=True, index=True)
    label = fields.Char(help="What the address is for, for instance Work or Invoices.")
    sequence = fields.Integer(default=10)
    # Of the address in the e-mail field Odoo counts it on the contact or lead.
    has_bounced = fields.Boolean(compute="_compute_has_bounced", store=True)

    _one_owner = models.Constraint(
        "CHECK ((partner_id IS NULL) <> (lead_id IS NULL))",
        "An address belongs to one contact, company or lead.",
    )
    _partner_unique = models.UniqueIndex(
        "(partner_id, email_key) WHERE partner_id IS NOT NULL",
        "This address is already on the contact.",
    )
    _lead_unique = models.UniqueIndex(
        "(lead_id, email_key) WHERE lead_id IS NOT NULL",
        "This address is already on the lead.",
    )

    @api.depends("email")
    def _compute_email_key(self):
        for address in self:
            address.email_key = address_key(address.email)

    @api.depends("email_key")
    def _compute_has_bounced(self):
        """Of another address nothing is known; the gateway sets it."""
        self.has_bounced = False

    @api.constrains("email")
    def _check_email(self):
        for address in self:
            if not address_key(address.email):
                raise ValidationError(
                    self.env._("%s is not a single, plain e-mail address.", address.email)
                )

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Only addresses of contacts and leads that the user may view."""
        if not self.env.su and not bypass_access:
            owners = [
                Domain(name, "any", [])
                for name in ("partner_id", "lead_id")
                if self.env[self._fields[name].comodel_name].has_access("read")
            ]
            domain = Domain(domain) & Domain.OR(owners)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        """An address is viewed and edited by whoever may view or edit its contact or lead."""
        result = super()._check_access(operation)
        if self.env.su:
            return result
        needed = "read" if operation == "read" else "write"
        # Read here to find the owners, whose own rights then decide.
        rows_sudo = self.sudo()
        allowed = set()
        for name in ("partner_id", "lead_id"):
            owners = rows_sudo[name].sudo(False)._filtered_access(needed)
            allowed |= {row.id for row in rows_sudo if row[name] in owners}
        forbidden = self.filtered(lambda row: row.id not in allowed)
        if not forbidden:
            return result
        refused = result[0] | forbidden if result else forbidden
        return refused, lambda: self.env["ir.rule"]._make_access_error(operation, refused)

    @api.model
    def _by_owner(self, partners, leads=None) -> Addresses:
        """Return the extra addresses of all `partners` and `leads` in one query."""
        self.flush_model(["partner_id", "lead_id", "email", "email_key", "label", "sequence"])
        # Asked for at every message. The caller decides what of it the user may see: the gate
        # needs all of it.
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, lead_id, email, email_key, label
                  FROM mail_recipient_address
                 WHERE partner_id = ANY(%s) OR lead_id = ANY(%s)
              ORDER BY sequence, id
                """,
                partners.ids,
                leads.ids if leads else [],
            )
        )
        found = defaultdict(tuple)
        for partner_id, lead_id, email, key, label in rows:
            owner = ("res.partner", partner_id) if partner_id else ("crm.lead", lead_id)
            found[owner] += (Address(email, key, label or ""),)
        return found

    @api.model
    def _merge_into(self, survivor, merged, email: str, texts: Iterable[str] = ()) -> None:
        """Give `survivor` the addresses of those that are merged into it, each of them once.

        :param survivor: a contact or a lead
        :param merged: the others, of the same model, before they are deleted
        :param email: what the e-mail field of `survivor` is going to hold
        :param texts: what e-mail fields held, to be kept as other addresses
        """
        name = "lead_id" if survivor._name == "crm.lead" else "partner_id"
        place = {record_id: place for place, record_id in enumerate((survivor | merged).ids)}
        # Who merges need not have access to all of it: what hangs on a record goes with it.
        rows_sudo = self.sudo().search([(name, "in", list(place))])
        known = {address.key for address in parse_addresses(email)}
        kept = {}
        for row in rows_sudo.sorted(lambda row: place[row[name].id]):
            if row.email_key not in known and kept.setdefault(row.email_key, row) != row:
                kept[row.email_key].label = kept[row.email_key].label or row.label
        (rows_sudo - rows_sudo.browse().union(*kept.values())).unlink()
        for sequence, row in enumerate(kept.values(), 10):
            row.write({name: survivor.id, "sequence": sequence})
        others = {a.key: a for text in texts for a in parse_addresses(text)}
        rows_sudo.create(
            [
                {name: survivor.id, "email": address.email, "sequence": 10 + len(kept)}
                for key, address in others.items()
                if key not in known and key not in kept
            ]
        )
