from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import email_normalize

from odoo.addons.crm_common.tools.alone import together_or_alone
from odoo.addons.crm_common.tools.mailboxes import address_key, spellings_of_all

from ...company.roles import ROLES, SENIORITIES
from ...company.types import Company, Contact, Provenance
from ...tools.privacy import notice_due
from ...tools.refunds import contact_subject
from ...tools.suppression import ENDED

#: Contacts that are erased in one transaction.
BATCH_SIZE = 100


class LeadMiningContact(models.Model):
    """A person of a mined company, kept on its lead."""

    _name = "lead.mining.contact"
    _description = "Mined Contact"
    _inherit = ["lead.mining.provenance.mixin", "iap.company.mixin"]
    _order = "lead_id, sequence, id"

    _moving_fields = ("lead_id",)

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="lead_id.company_id")
    controller_id = fields.Many2one(
        "res.company", compute="_compute_controller_id", help="Who is responsible for the data."
    )
    sequence = fields.Integer()
    name = fields.Char(required=True)
    job_title = fields.Char()
    role = fields.Selection(list(ROLES.items()))
    seniority = fields.Selection(list(SENIORITIES.items()))
    email = fields.Char()
    email_normalized = fields.Char(
        compute="_compute_email_normalized", store=True, index="btree_not_null"
    )
    phone = fields.Char()
    partner_id = fields.Many2one(
        "res.partner", string="Contact", readonly=True, index="btree_not_null"
    )

    # What Article 14 GDPR asks for.
    collected_on = fields.Date(default=fields.Date.context_today, readonly=True)
    first_contact_on = fields.Date(
        readonly=True, help="The first e-mail that was sent to this person from the lead."
    )
    notice_state = fields.Selection(
        [("to_send", "To Send"), ("sent", "Sent"), ("exempt", "Exempt")],
        string="Notice",
        default="to_send",
        required=True,
        readonly=True,
        index=True,
    )
    notice_due = fields.Date(
        compute="_compute_notice_due",
        store=True,
        help="A month after the data were collected, or the first contact if that is earlier.",
    )
    notice_exemption = fields.Selection(
        [
            ("informed", "The person has the information already (Art. 14(5)(a))"),
            ("effort", "Impossible, or a disproportionate effort (Art. 14(5)(b))"),
            ("law", "Collection or disclosure is laid down by law (Art. 14(5)(c))"),
            ("secrecy", "Professional secrecy (Art. 14(5)(d))"),
        ],
        string="Exempt Because",
        readonly=True,
    )
    notice_exemption_details = fields.Char(string="Details of the Exemption", readonly=True)
    notice_ids = fields.One2many("lead.mining.notice", "contact_id", string="Sent Notices")

    _exemption_reason = models.Constraint(
        "CHECK(notice_state <> 'exempt' OR notice_exemption IS NOT NULL)",
        "Explain why no notice is needed.",
    )

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
        [("refundable", "Paid"), ("refunded", "Refunded")], compute="_compute_refund_state"
    )

    # === COMPUTE METHODS === #

    @api.depends("lead_id.company_id")
    @api.depends_context("company")
    def _compute_controller_id(self):
        for contact in self:
            # Sudo: who has a lead need not see the request that it came from.
            request_sudo = contact.lead_id.sudo().mining_request_id
            contact.controller_id = (
                contact.lead_id.company_id or request_sudo.company_id or self.env.company
            )

    @api.depends("email")
    def _compute_email_normalized(self):
        for contact in self:
            contact.email_normalized = email_normalize(contact.email or "", strict=False)

    @api.depends("collected_on", "first_contact_on")
    def _compute_notice_due(self):
        for contact in self:
            contact.notice_due = contact.collected_on and notice_due(
                contact.collected_on, contact.first_contact_on or None
            )

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

    # === MINING === #

    @api.model
    def _mined_values(
        self, lead, sequence: int, contact: Contact, source: Provenance | None
    ) -> dict:
        """Return the values of a contact that was just delivered with its lead.

        :param source: where the person, or else the company, comes from
        """
        owner = lead.company_id or self.env.company
        phone = contact.phone and lead._phone_format(
            number=contact.phone, country=lead.country_id, force_format="INTERNATIONAL"
        )
        return {
            "lead_id": lead.id,
            "sequence": sequence,
            "position": sequence,
            "name": contact.name,
            "job_title": contact.job_title,
            "role": contact.role in ROLES and contact.role,
            "seniority": contact.seniority in SENIORITIES and contact.seniority,
            "email": contact.email,
            "phone": phone or contact.phone,
        } | self._provenance_values(source, owner, owner.lead_mining_keep_contacts)

    # === ADDRESS BOOK === #

    def action_create_partner(self):
        """Make contacts of the address book of those that are none yet.

        One that is there already, archived ones included, is linked instead; the company's own
        contact is made where it is missing. Who has objected meanwhile is left out, and told.
        """
        new = self.filtered(lambda contact: not contact.partner_id)
        kept_away = new._kept_away()
        new -= kept_away
        new._link_known_partners()
        missing = new.filtered(lambda contact: not contact.partner_id)
        parents = missing.lead_id._mined_company_partners()
        first = missing._first_of_each_address()
        partners = self.env["res.partner"].create(
            [contact._partner_values(parents[contact.lead_id]) for contact in first]
        )
        for contact, partner in zip(first, partners, strict=True):
            contact.partner_id = partner
        (missing - first)._link_known_partners()
        new.lead_id._take_first_mined_partner()
        return kept_away._left_out_notification()

    def _left_out_notification(self):
        """Return what tells that these persons were left out, False if there are none."""
        if not self:
            return False
        names = ", ".join(self.mapped("name"))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._("Left out, as they must not be contacted: %s.", names),
            },
        }

    def _first_of_each_address(self):
        """Return the contacts without those whose address another one before them has."""
        first = {address_key(one.email_normalized) or one.id: one for one in reversed(self)}
        return self.filtered(lambda contact: contact in first.values())

    def _link_known_partners(self):
        emails = self._stored_addresses(self.mapped("email_normalized"))
        if not emails:
            return
        known = (
            self.env["res.partner"]
            .with_context(active_test=False)
            .search(
                Domain("email_normalized", "in", emails) & Domain("is_company", "=", False),
                order="active desc, id",
            )
        )
        keys = {partner: address_key(partner.email_normalized) for partner in known}
        for contact in self.filtered("email_normalized"):
            companies = (self.env["res.company"], contact.lead_id.company_id)
            contact.partner_id = known.filtered(
                lambda partner, contact=contact, companies=companies: (
                    keys[partner] == address_key(contact.email_normalized)
                    and partner.company_id in companies
                )
            )[:1]

    def _partner_values(self, parent) -> dict:
        return {
            "name": self.name,
            "function": self.job_title,
            "email": self.email,
            "phone": self.phone,
            "parent_id": parent.id,
            "company_id": self.company_id.id,
            "user_id": self.lead_id.user_id.id,
            "mined": True,
        }

    # === SUPPRESSION === #

    def action_never_mine(self):
        """Never mine these persons again, neither here nor elsewhere."""
        Suppression = self.env["lead.mining.suppression"]
        return Suppression._never_mine(
            self._tombstones(),
            self.lead_id.company_id[:1],
            self.env._("Added from a mined contact"),
        )

    def _kept_away(self):
        """Return those who were mined and have objected since, or must not be mined by now."""
        Suppression = self.env["lead.mining.suppression"]
        keys, companies = Suppression._keys(), self.lead_id._identity_keys()
        found = self.browse()
        for owner, contacts in self.grouped("company_id").items():
            contacts_of_protected = contacts._of_protected(companies, owner)
            found += contacts_of_protected
            contacts -= contacts_of_protected
            entries = {
                contact: keys.of_contact(
                    Contact(contact.name, email=contact.email or "", phone=contact.phone or ""),
                    Company("", country_code=contact.lead_id.country_id.code or ""),
                )
                | keys.tombstones(contact.email or "", contact.name, companies[contact.lead_id])
                for contact in contacts
            }
            listed = Suppression._listed(set().union(*entries.values()), owner)
            found += contacts.browse(
                contact.id for contact in contacts if not listed.isdisjoint(entries[contact])
            )
        return found

    def _of_protected(self, companies: dict, owner):
        """Return those of companies that may not be sent advertising by now.

        :param companies: lead -> its identity keys
        :param owner: the company that they belong to
        """
        leads, Suppression = self.lead_id, self.env["lead.mining.suppression"]
        if ENDED not in Suppression._told_kinds():
            return self.browse()
        kinds = Suppression._ended(
            # Without that of the name, which identifies nobody there.
            [[key for key in companies[lead] if not key.startswith("name:")] for lead in leads],
            owner,
        )
        protected = {
            lead for lead, kind in zip(leads, kinds, strict=True) if kind.startswith("protected")
        }
        return self.filtered(lambda contact: contact.lead_id in protected)

    def _tombstones(self) -> set:
        """Return the entries that keep these persons from being mined again."""
        keys = self.env["lead.mining.suppression"]._keys()
        companies = self.lead_id._identity_keys()
        return {
            entry
            for contact in self
            for entry in keys.tombstones(
                contact.email or "", contact.name, companies[contact.lead_id]
            )
        }

    # === RETENTION === #

    @api.model
    def _cron_erase_expired(self):
        """Erase those whose time is over and with whom nobody ever had to do.

        One that cannot be erased keeps no other one.
        """
        cron, expired = self.env["ir.cron"], self._expired()
        cron._commit_progress(remaining=len(expired))
        while expired:
            batch = expired[:BATCH_SIZE]
            together_or_alone(batch, lambda contacts: contacts._erase_expired())
            if not cron._commit_progress(len(batch)):
                return
            expired = expired[BATCH_SIZE:]

    @api.model
    def _expired(self):
        companies = self.env["res.company"].search([("lead_mining_erase_expired", "=", True)])
        contacts = self.search(
            [
                ("keep_until", "<", fields.Date.context_today(self)),
                ("partner_id", "=", False),
                ("first_contact_on", "=", False),
            ]
        )
        return contacts.filtered(lambda contact: contact.controller_id in companies)

    # === REFUNDS === #

    def action_report_bad_data(self):
        """Ask what is wrong with the contact."""
        self.ensure_one()
        return self.env["lead.mining.refund"]._ask_what_is_wrong(default_contact_id=self.id)

    @api.model
    def _known_emails(self, emails) -> set[str]:
        """Return the keys of the mailboxes that a contact of the address book has, anywhere."""
        return set(map(address_key, self._partners_of(emails).mapped("email_normalized")))

    def _link_address_book(self) -> None:
        """Link the people who are in the address book already, as far as the user may see them."""
        by_email = self.grouped(lambda contact: address_key(contact.email))
        partners_sudo = self._partners_of(by_email)
        for partner in partners_sudo.with_user(self.env.user)._filtered_access("read"):
            by_email[address_key(partner.email_normalized)].partner_id = partner

    @api.model
    def _partners_of(self, emails):
        # Sudo: who is known to another company is not sold again either.
        Partner = self.env["res.partner"].sudo().with_context(active_test=False)
        return Partner.search([("email_normalized", "in", self._stored_addresses(emails))])

    @api.model
    def _stored_addresses(self, emails) -> list[str]:
        """Return the ways in which Odoo may have stored these mailboxes."""
        return spellings_of_all(filter(None, map(address_key, emails)))

    def _delivered_email(self) -> str:
        """Return the key of the mailbox that the provider sent, "" for none; needs sudo."""
        delivered = self.result_id._delivered_contact(self.position)
        return address_key(delivered.get("email")) or ""
