from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.crm_common.tools.mailboxes import address_key

from ...company.identity import identity_keys
from ...company.languages import language_of
from ...company.lead_values import lead_values
from ...company.types import Company
from ...tools.settings import Settings
from ...tools.suppression import company_name_key
from ..contacts.lead_mining_contact_notice import NOTICE_ACTIVITY

#: What a company is known by in registers.
_NUMBERS = ("company_vat", "company_register", "company_registry_id")


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "company.profile.mixin", "company.identity.mixin"]

    company_vat = fields.Char(string="VAT Number", help="VAT number of the company.")
    company_register = fields.Char(
        string="Register", help="Where the company is entered, as org-id.guide names it."
    )
    company_registry_id = fields.Char(
        string="Registration Number", help="Number of the company in its register."
    )
    # Not "lead_mining_request_id": that is stock crm_iap_mine's.
    mining_request_id = fields.Many2one(
        "lead.mining.request", index="btree_not_null", readonly=True
    )
    mining_contact_ids = fields.One2many(
        "lead.mining.contact", "lead_id", string="Mined Contacts", readonly=True
    )
    mining_provenance_ids = fields.One2many(
        "lead.mining.provenance", "lead_id", string="Provenance", readonly=True
    )
    mining_notices_to_send = fields.Integer(compute="_compute_mining_notices_to_send")
    mining_result_ids = fields.One2many(
        "lead.mining.result",
        "lead_id",
        readonly=True,
        groups="crm_lead_mining.group_lead_mining_user",
    )
    mining_cost = fields.Integer(
        string="Cost in Credits",
        compute="_compute_mining_cost",
        inverse="_inverse_mining_cost",
        store=True,
        readonly=True,
        compute_sudo=True,
        help="Credits spent on this lead and its contacts, less refunds.",
    )

    _identity_unread_idx = models.Index("(id) WHERE identity_domain IS NULL")

    @api.depends("mining_result_ids.credits", "mining_result_ids.refunded")
    def _compute_mining_cost(self):
        for lead in self:
            lead.mining_cost = sum(
                result.credits - result.refunded for result in lead.mining_result_ids
            )

    def _inverse_mining_cost(self):
        """Refuse to be told: a stored field could be written, whatever it is computed from."""
        raise AccessError(self.env._("What was paid for a lead cannot be changed."))

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

    def _merge_get_fields_specific(self):
        return super()._merge_get_fields_specific() | {
            "company_technology_ids": lambda fname, leads: leads.mapped(fname),
        }

    def _merge_get_fields(self):
        names = self._company_profile_fields() - {"company_technology_ids"}
        return [*super()._merge_get_fields(), "mining_request_id", *_NUMBERS, *sorted(names)]

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        values = super()._prepare_customer_values(partner_name, is_company, parent_id)
        # What is known of a company is kept on the company, and on the person when there is none.
        if is_company or not (parent_id or self.partner_name):
            values |= self._company_profile_values()
        if is_company:
            values |= {
                "vat": self._accepted_vat(),
                "company_registry": self.company_registry_id,
                "industry_id": self.company_industry_id.industry_id.id,
            }
        return values

    def _accepted_vat(self) -> str:
        """Return the VAT number, "" where Odoo would refuse it and so the customer."""
        Partner, vat = self.env["res.partner"], self.company_vat or ""
        if not hasattr(Partner, "_run_vat_checks"):  # of account
            return vat
        return Partner._run_vat_checks(self.country_id, vat, validation="setnull")[0]

    def _create_customer(self, with_parent=None):
        partner = super()._create_customer(with_parent)
        # Sudo: mined contacts of a lead that the user makes a customer of.
        contacts_sudo = self.sudo().mining_contact_ids.filtered(lambda one: not one.partner_id)
        of_lead = contacts_sudo.filtered(lambda one: one.name == self.contact_name)[:1]
        if of_lead and not partner.is_company:
            of_lead.partner_id = partner
            # What is erased with a mined contact.
            partner.sudo().mined = True
        return partner

    def _handle_partner_assignment(self, force_partner_id=False, create_missing=True, **options):
        result = super()._handle_partner_assignment(force_partner_id, create_missing, **options)
        Contact = self.env["lead.mining.contact"]
        customers = self.filtered("partner_id")
        may_create = self.env["res.partner"].has_access("create") and Contact.has_access("write")
        if customers and may_create:
            Contact.search([("lead_id", "in", customers.ids)]).action_create_partner()
        return result

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        merged_sudo = (self | opportunities).sudo()  # of leads merged by this user
        # What was there before a mined lead was known; it turns out now that they are one.
        later = merged_sudo.sorted("id")[1:]
        self.env["lead.mining.refund"]._report_duplicates(later.mining_result_ids)
        gone_sudo = opportunities.sudo()
        gone_sudo.mining_contact_ids.lead_id = self
        gone_sudo.mining_provenance_ids.lead_id = self
        gone_sudo.mining_result_ids.lead_id = self
        return result

    def action_open_lead_mining(self):
        """Open the request's form over the pipeline."""
        self.env["lead.mining.request"]._check_is_on()
        self.env["lead.mining.request"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Generate Leads"),
            "res_model": "lead.mining.request",
            "views": [(self.env.ref("crm_lead_mining.lead_mining_request_view_dialog").id, "form")],
            "target": "new",
            "context": {"default_from_dialog": True},
        }

    def action_create_mined_partners(self):
        """Make contacts of the address book of all mined contacts."""
        return self.mining_contact_ids.action_create_partner()

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
            for entry in Suppression._company_entries(
                lead._place(), lead.partner_name or lead.name, *keys[lead]
            )
        }
        return Suppression._never_mine(
            entries, self.company_id[:1], self.env._("Added from a lead")
        )

    # === MINING === #

    @api.model
    def _create_mined(self, request, companies: list[Company]):
        """Make one lead of each company, with its contacts and a note that tells about it.

        :param request: the request that paid for them
        :return: the leads, in the order of the companies
        """
        records = self._mined_records(companies) | {
            # Stock looks it up again for each lead.
            "stage": self._stage_find(request.team_id.id, domain=[("fold", "=", False)]),
        }
        values_list = [self._mined_values(request, company, records) for company in companies]
        queued = self.with_context(
            mail_create_nolog=True,
            # Mails are the queue's: the work does not wait for a mail server.
            mail_notify_force_send=False,
            # Who is assigned is told of all leads at the request's end.
            mail_auto_subscribe_no_notify=not Settings.of(self.env).tell_each,
        )
        leads = queued.with_context(subscribe_mined_later=True).create(values_list)
        leads = leads.with_env(queued.env)
        leads._subscribe_mined(values_list)
        Contact = self.env["lead.mining.contact"]
        Contact.create(
            [
                Contact._mined_values(
                    lead, number, contact, contact.provenance or company.provenance
                )
                for lead, company in zip(leads, companies, strict=True)
                for number, contact in enumerate(company.contacts)
            ]
        )
        self.env["lead.mining.provenance"]._record(leads, companies)
        leads._message_log_batch(
            {
                lead.id: self._render_company_card(company, records)
                for lead, company in zip(leads, companies, strict=True)
            }
        )
        if request.company_id.lead_mining_create_partners:
            leads.mining_contact_ids.action_create_partner()
        return leads

    def _message_auto_subscribe(self, updated_values, followers_existing_policy="skip"):
        if self.env.context.get("subscribe_mined_later"):
            return True
        return super()._message_auto_subscribe(updated_values, followers_existing_policy)

    def _subscribe_mined(self, values_list: list[dict]) -> None:
        """Subscribe who follows the team or is assigned: stock asks the database for each lead.

        :param values_list: what each of these leads was created with
        """
        relation = self.env["mail.message.subtype"]._get_auto_subscription_subtypes(self._name)[-1]
        names = sorted({"user_id"}.union(*relation.values()))
        alike = defaultdict(self.browse)
        for lead, values in zip(self, values_list, strict=True):
            alike[tuple(values.get(name) for name in names)] |= lead
        for people, leads in alike.items():
            leads._message_auto_subscribe(
                dict(zip(names, people, strict=True)), followers_existing_policy="update"
            )

    def _add_mined_contacts(self, contacts, source) -> None:
        """Keep more people on a lead that exists.

        :param source: where they come from, those excepted that say it themselves
        """
        self.ensure_one()
        start = len(self.sudo().mining_contact_ids)  # of a lead that the user may change
        Contact = self.env["lead.mining.contact"]
        Contact.create(
            [
                Contact._mined_values(self, start + number, contact, contact.provenance or source)
                | {"position": number}
                for number, contact in enumerate(contacts)
            ]
        )

    @api.model
    def _mined_values(self, request, company: Company, records: dict) -> dict:
        values = lead_values(company)
        country = records["countries"].get(company.country_code, self.env["res.country"])
        state = records["states"].get((company.country_code, company.state_code))
        industry = next(filter(None, map(records["industries"].get, company.industries)), None)
        if phone := values.get("phone"):
            values["phone"] = (
                self._phone_format(number=phone, country=country, force_format="INTERNATIONAL")
                or phone
            )
        return values | {
            "type": request.lead_type,
            "team_id": request.team_id.id,
            "stage_id": records["stage"].id,
            "user_id": request.user_id.id,
            "company_id": request.company_id.id,
            "tag_ids": [fields.Command.set(request.tag_ids.ids)],
            "campaign_id": request.campaign_id.id,
            "country_id": country.id,
            "state_id": state and state.id,
            "lang_id": records["languages"].get(language_of(company, list(records["languages"]))),
            "company_industry_id": industry and industry.id,
            "company_technology_ids": [
                fields.Command.set([records["technologies"][t] for t in set(company.technologies)])
            ],
            "mining_request_id": request.id,
            # Stock never enriches, and so never pays again, a lead that has one.
            "reveal_id": identity_keys(company)[0],
        }

    # === IDENTITY === #

    def _identity_keys(self) -> dict:
        """Return everything by which the company of each lead is recognised.

        :return: {lead: tuple of keys}, the name's key last
        """
        # Sudo: identities are read by administrators only; these are of leads that the user has.
        rows_sudo = self.env["lead.mining.identity"].sudo().search([("lead_id", "in", self.ids)])
        reserved = rows_sudo.grouped("lead_id")
        domains = dict(zip(self, self._identity_domains(), strict=True))
        return {
            lead: tuple(
                dict.fromkeys(
                    key
                    for key in (
                        lead.reveal_id,
                        *(reserved[lead].mapped("key") if lead in reserved else ()),
                        domains[lead] and f"domain:{domains[lead]}",
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
        key = address_key(self.email_normalized)
        if key and key in map(address_key, contacts.mapped("email_normalized")):
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
        responsible = (
            self.user_id or self.team_id.user_id or self.sudo().mining_request_id.create_uid
        )
        return {
            "activity_type_id": self.env.ref(NOTICE_ACTIVITY).id,
            "automated": True,
            "date_deadline": deadline,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "user_id": (responsible or self.env.user).id,
        }
