from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize

from ..tools.contact_keys import email_key
from ..tools.refunds import contact_subject


class LeadMiningContact(models.Model):
    """A person of a mined company, kept on its lead."""

    _name = "lead.mining.contact"
    _description = "Mined Contact"
    _order = "lead_id, sequence, id"

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="lead_id.company_id")
    sequence = fields.Integer()
    name = fields.Char(required=True)
    job_title = fields.Char()
    email = fields.Char()
    phone = fields.Char()
    partner_id = fields.Many2one(
        "res.partner", string="Contact", readonly=True, index="btree_not_null"
    )
    email_normalized = fields.Char(
        compute="_compute_email_normalized", store=True, index="btree_not_null"
    )
    source = fields.Char(help="Provider, dataset and address that the data came from.")

    # What was paid for: written by the worker alone.
    result_id = fields.Many2one(
        "lead.mining.result",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_system",
    )
    position = fields.Integer(readonly=True, copy=False, groups="base.group_system")
    refund_state = fields.Selection(
        [("refundable", "Paid"), ("refunded", "Given Back")], compute="_compute_refund_state"
    )

    # === COMPUTE METHODS === #

    @api.depends("email")
    def _compute_email_normalized(self):
        for contact in self:
            contact.email_normalized = email_normalize(contact.email)

    def _compute_refund_state(self):
        # Sudo: what was paid for a contact is told to who sees the contact.
        for contact, contact_sudo in zip(self, self.sudo(), strict=True):
            result = contact_sudo.result_id
            subject = contact_subject(contact_sudo.position)
            if result and subject in result._refundable():
                contact.refund_state = "refundable"
            elif subject in result.refund_ids.mapped("subject"):
                contact.refund_state = "refunded"
            else:
                contact.refund_state = False

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_paid_fields({name for vals in vals_list for name in vals})
        return super().create(vals_list)

    def write(self, vals):
        self._check_paid_fields(vals.keys())
        return super().write(vals)

    def _check_paid_fields(self, names):
        """Refuse to let users say themselves what was paid for a contact."""
        if not self.env.su and not {"result_id", "position"}.isdisjoint(names):
            raise AccessError(self.env._("What was paid for a contact cannot be changed."))

    # === ACTIONS === #

    def action_report_bad_data(self):
        """Ask what is wrong with the contact."""
        self.ensure_one()
        return self.env["lead.mining.bad.data"]._open({"default_contact_id": self.id})

    def action_create_partner(self):
        """Make contacts of the address book of those that are none yet."""
        new = self.filtered(lambda contact: not contact.partner_id)
        partners = self.env["res.partner"].create([contact._partner_values() for contact in new])
        for contact, partner in zip(new, partners, strict=True):
            contact.partner_id = partner

    @api.model
    def _known_emails(self, emails) -> set[str]:
        """Return which e-mail addresses a contact of the address book has, in any company."""
        return set(self._partners_of(emails).mapped("email_normalized"))

    def _link_address_book(self) -> None:
        """Link the people who are in the address book already, as far as the user may see them."""
        by_email = self.grouped(lambda contact: email_key(contact.email))
        partners_sudo = self._partners_of(by_email)
        for partner in partners_sudo.with_user(self.env.user)._filtered_access("read"):
            by_email[partner.email_normalized].partner_id = partner

    @api.model
    def _partners_of(self, emails):
        keys = {email_key(email) for email in emails} - {""}
        # Sudo: who is known to another company is not sold again either.
        Partner = self.env["res.partner"].sudo().with_context(active_test=False)
        return Partner.search([("email_normalized", "in", list(keys))])

    def _partner_values(self) -> dict:
        company = self.lead_id.partner_id.commercial_partner_id
        return {
            "name": self.name,
            "function": self.job_title,
            "email": self.email,
            "phone": self.phone,
            "parent_id": company.id if company.is_company else False,
            "company_id": self.company_id.id,
            "user_id": self.lead_id.user_id.id,
        }

    def _delivered_email(self) -> str:
        """Return the normalized address that the provider sent; needs sudo."""
        delivered = self.result_id._delivered_contact(self.position)
        return email_normalize(delivered.get("email")) or ""
