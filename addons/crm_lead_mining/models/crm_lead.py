from odoo import api, fields, models

from ..providers.identity import identity_keys, normalise_domain
from ..providers.types import Company, Contact
from ..tools.lead_values import lead_values


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "company.profile.mixin"]

    # Not "lead_mining_request_id": that is stock crm_iap_mine's.
    mining_request_id = fields.Many2one(
        "lead.mining.request", index="btree_not_null", readonly=True
    )
    mining_contact_ids = fields.One2many(
        "lead.mining.contact", "lead_id", string="Mined Contacts", readonly=True
    )
    identity_domain = fields.Char(
        compute="_compute_identity_domain", store=True, index="btree_not_null"
    )

    @api.depends("website", "email_domain_criterion")
    def _compute_identity_domain(self):
        for lead in self:
            criterion = lead.email_domain_criterion or ""
            lead.identity_domain = (
                normalise_domain(lead.website or "")
                # Of a free mail provider the criterion is the whole address.
                or (criterion.startswith("@") and normalise_domain(criterion[1:]))
                or False
            )

    def _merge_get_fields_specific(self):
        return super()._merge_get_fields_specific() | {
            "company_technology_ids": lambda fname, leads: leads.mapped(fname),
        }

    def _merge_get_fields(self):
        names = self._company_profile_fields() - {"company_technology_ids"}
        return super()._merge_get_fields() + ["mining_request_id", *sorted(names)]

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        values = super()._prepare_customer_values(partner_name, is_company, parent_id)
        # What is known of a company is kept on the company, and on the person when there is none.
        if is_company or not (parent_id or self.partner_name):
            values |= self._company_profile_values()
        return values

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        contacts_sudo = opportunities.sudo().mining_contact_ids  # of leads merged by this user
        contacts_sudo.lead_id = self
        return result

    def action_open_lead_mining(self):
        """Open the request's form over the pipeline."""
        self.env["lead.mining.request"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Generate Leads"),
            "res_model": "lead.mining.request",
            "views": [(self.env.ref("crm_lead_mining.lead_mining_request_view_dialog").id, "form")],
            "target": "new",
        }

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
        # Who is assigned is told by mails of the queue: the work does not wait for a mail server.
        leads = self.with_context(mail_create_nolog=True, mail_notify_force_send=False).create(
            [self._mined_values(request, company, records) for company in companies]
        )
        self.env["lead.mining.contact"].create(
            [
                {"lead_id": lead.id, "sequence": number} | _contact_values(contact)
                for lead, company in zip(leads, companies, strict=True)
                for number, contact in enumerate(company.contacts)
            ]
        )
        leads._message_log_batch(
            {
                lead.id: self._render_company_card(company, records)
                for lead, company in zip(leads, companies, strict=True)
            }
        )
        return leads

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
            "country_id": country.id,
            "state_id": state and state.id,
            "company_industry_id": industry and industry.id,
            "company_technology_ids": [
                fields.Command.set([records["technologies"][t] for t in set(company.technologies)])
            ],
            "mining_request_id": request.id,
            # Stock never enriches, and so never pays again, a lead that has one.
            "reveal_id": identity_keys(company)[0],
        }


def _contact_values(contact: Contact) -> dict:
    source = contact.provenance
    where = source and " · ".join(filter(None, (source.provider, source.dataset, source.url)))
    return {
        "name": contact.name,
        "job_title": contact.job_title,
        "email": contact.email,
        "phone": contact.phone,
        "source": where,
    }
