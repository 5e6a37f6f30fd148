from odoo import api, fields, models

from ..providers.types import Company
from ..tools.suppression import company_name_key
from .lead_mining_contact import NOTICE_ACTIVITY


class CrmLead(models.Model):
    """What a lead knows of the people of its company: provenance, notices, address book."""

    _inherit = "crm.lead"

    mining_provenance_ids = fields.One2many(
        "lead.mining.provenance", "lead_id", string="Provenance", readonly=True
    )
    mining_notices_to_send = fields.Integer(compute="_compute_mining_notices_to_send")

    @api.depends("mining_contact_ids.notice_state")
    def _compute_mining_notices_to_send(self):
        counts = dict(
            self.env["lead.mining.contact"]._read_group(
                [("lead_id", "in", self.ids), ("notice_state", "=", "to_send")],
                ["lead_id"],
                ["__count"],
            )
        )
        for lead in self:
            lead.mining_notices_to_send = counts.get(lead, 0)

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        provenance_sudo = opportunities.sudo().mining_provenance_ids  # as the contacts
        provenance_sudo.lead_id = self
        return result

    @api.model
    def _create_mined(self, request, companies: list[Company]):
        leads = super()._create_mined(request, companies)
        self.env["lead.mining.provenance"]._record(leads, companies)
        if request.company_id.lead_mining_create_partners:
            leads.mining_contact_ids.action_create_partner()
        return leads

    # === ACTIONS === #

    def action_create_mined_partners(self):
        """Make contacts of the address book of all mined contacts."""
        self.mining_contact_ids.action_create_partner()

    def action_send_mining_notices(self):
        """Send the notices that are still to be sent."""
        return self.mining_contact_ids.filtered(
            lambda contact: contact.notice_state == "to_send"
        ).action_send_notice()

    def action_never_mine(self):
        """Never mine the companies of these leads again."""
        Suppression = self.env["lead.mining.suppression"]
        keys = self._identity_keys()
        entries = {
            entry
            for lead in self
            for entry in Suppression._company_entries(lead.partner_name or lead.name, *keys[lead])
        }
        return Suppression._never_mine(
            entries, self.company_id[:1], self.env._("Decided on a lead")
        )

    # === IDENTITY === #

    def _identity_keys(self) -> dict:
        """Return everything by which the company of each lead is recognised.

        :return: {lead: tuple of keys}, the name's key last
        """
        # Sudo: identities are read by administrators only; these are of leads that the user has.
        rows_sudo = self.env["lead.mining.identity"].sudo().search([("lead_id", "in", self.ids)])
        reserved = rows_sudo.grouped("lead_id")
        return {
            lead: tuple(
                dict.fromkeys(
                    key
                    for key in (
                        lead.reveal_id,
                        *(reserved[lead].mapped("key") if lead in reserved else ()),
                        lead.identity_domain and f"domain:{lead.identity_domain}",
                        company_name_key(lead.partner_name or lead.name),
                    )
                    if key
                )
            )
            for lead in self
        }

    # === ADDRESS BOOK === #

    def _mined_company_partners(self) -> dict:
        """Return the company's contact of each lead, made where there is none.

        :return: {lead: a `res.partner`}
        """
        partners = {}
        for lead in self:
            company = lead.partner_id.commercial_partner_id
            partners[lead] = company if company.is_company else company.browse()
        missing = self.filtered(lambda lead: not partners[lead])
        created = self.env["res.partner"].create(
            [lead._mined_company_partner_values() for lead in missing]
        )
        return partners | dict(zip(missing, created, strict=True))

    def _mined_company_partner_values(self) -> dict:
        values = self._prepare_customer_values(self.partner_name or self.name, is_company=True)
        contacts = self.mining_contact_ids
        if self.email_normalized in contacts.mapped("email_normalized"):
            values["email"] = False  # a person's, not the company's
        if self.phone in contacts.mapped("phone"):
            values["phone"] = False
        return values | {"function": False, "company_id": self.company_id.id}

    def _take_first_mined_partner(self) -> None:
        """Let leads without a customer have the contact who fills their fields."""
        for lead in self.filtered(lambda lead: not lead.partner_id):
            lead.partner_id = lead.mining_contact_ids[:1].partner_id

    # === NOTICE === #

    def _close_notice_activities(self) -> None:
        """Remove the reminders of leads with nobody left who must be told."""
        self.filtered(lambda lead: not lead.mining_notices_to_send).activity_unlink(
            [NOTICE_ACTIVITY]
        )

    def _notice_activity_values(self, deadline) -> dict:
        self.ensure_one()
        responsible = self.user_id or self.team_id.user_id or self.sudo().mining_request_id.create_uid
        return {
            "activity_type_id": self.env.ref(NOTICE_ACTIVITY).id,
            "automated": True,
            "date_deadline": deadline,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "user_id": (responsible or self.env.user).id,
        }
