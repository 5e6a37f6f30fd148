from odoo import fields, models

from ..tools.contact_keys import email_key


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
    source = fields.Char(help="Provider, dataset and address that the data came from.")

    def action_create_partner(self):
        """Make contacts of the address book of those that are none yet."""
        new = self.filtered(lambda contact: not contact.partner_id)
        partners = self.env["res.partner"].create([contact._partner_values() for contact in new])
        for contact, partner in zip(new, partners, strict=True):
            contact.partner_id = partner

    def _link_known_partners(self) -> set[str]:
        """Link the people whose e-mail address a contact of the address book has already.

        Only to contacts that the user may see; known are those of the whole database.

        :return: the e-mail addresses that are known
        """
        by_email = self.grouped(lambda contact: email_key(contact.email))
        by_email.pop("", None)
        # Sudo: who is known to another company is not sold again either.
        partners_sudo = (
            self.env["res.partner"].sudo().search([("email_normalized", "in", list(by_email))])
        )
        user = self.env.user
        for partner in partners_sudo.with_user(user)._filtered_access("read"):
            by_email[partner.email_normalized].partner_id = partner
        return set(partners_sudo.mapped("email_normalized"))

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
