from collections import defaultdict

from odoo import api, fields, models

from ..providers.identity import identity_keys, normalise_domain
from ..providers.types import Company, Contact
from ..tools.lead_values import employees_text, lead_values


class CrmLead(models.Model):
    _inherit = "crm.lead"

    # Not "lead_mining_request_id": that is stock crm_iap_mine's.
    mining_request_id = fields.Many2one(
        "lead.mining.request", index="btree_not_null", readonly=True
    )
    mining_contact_ids = fields.One2many(
        "lead.mining.contact", "lead_id", string="Mined Contacts", readonly=True
    )
    mining_result_ids = fields.One2many(
        "lead.mining.result",
        "lead_id",
        readonly=True,
        groups="crm_lead_mining.group_lead_mining_user",
    )
    mining_cost = fields.Integer(
        string="Cost in Credits",
        compute="_compute_mining_cost",
        store=True,
        compute_sudo=True,
        help="Credits paid for this lead and its contacts, less those that were given back.",
    )
    identity_domain = fields.Char(
        compute="_compute_identity_domain", store=True, index="btree_not_null"
    )

    company_employees = fields.Integer(string="Employees", aggregator="avg")
    company_employees_range = fields.Char(string="Size")
    company_industry_id = fields.Many2one(
        "lead.mining.industry", string="Industry", index="btree_not_null"
    )
    company_founded = fields.Integer(string="Founded", aggregator=None)
    company_revenue = fields.Char(string="Revenue")
    company_timezone = fields.Char(string="Time Zone")
    company_technology_ids = fields.Many2many("lead.mining.technology", string="Technologies")
    company_linkedin = fields.Char(string="LinkedIn")

    @api.depends("mining_result_ids.credits", "mining_result_ids.refunded")
    def _compute_mining_cost(self):
        for lead in self:
            lead.mining_cost = sum(
                result.credits - result.refunded for result in lead.mining_result_ids
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
        return super()._merge_get_fields() + [
            "mining_request_id",
            "company_employees",
            "company_employees_range",
            "company_industry_id",
            "company_founded",
            "company_revenue",
            "company_timezone",
            "company_linkedin",
        ]

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        merged_sudo = (self | opportunities).sudo()  # of leads merged by this user
        # What was there before a mined lead was known; it turns out now that they are one.
        later = merged_sudo.sorted("id")[1:]
        self.env["lead.mining.refund"]._report_duplicates(later.mining_result_ids)
        opportunities.sudo().mining_contact_ids.lead_id = self
        opportunities.sudo().mining_result_ids.lead_id = self
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
        values_list = [self._mined_values(request, company, records) for company in companies]
        # Who is assigned is told by mails of the queue: the work does not wait for a mail server.
        queued = self.with_context(mail_create_nolog=True, mail_notify_force_send=False)
        leads = queued.with_context(subscribe_mined_later=True).create(values_list)
        leads = leads.with_env(queued.env)
        leads._subscribe_mined(values_list)
        self.env["lead.mining.contact"].create(
            [
                {"lead_id": lead.id, "sequence": number, "position": number}
                | _contact_values(contact)
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

    @api.model
    def _mined_records(self, companies: list[Company]) -> dict:
        """Look up, once for the whole batch, the records that companies name by code."""
        countries = self.env["res.country"].search(
            [("code", "in", list({company.country_code for company in companies}))]
        )
        states = self.env["res.country.state"].search(
            [
                ("country_id", "in", countries.ids),
                ("code", "in", list({company.state_code for company in companies})),
            ]
        )
        industries = self.env["lead.mining.industry"].search(
            [("code", "in", list({code for c in companies for code in c.industries}))]
        )
        return {
            "countries": {country.code: country for country in countries},
            "states": {(state.country_id.code, state.code): state for state in states},
            "industries": {industry.code: industry for industry in industries},
            "technologies": self.env["lead.mining.technology"]._for_names(
                {name for company in companies for name in company.technologies}
            ),
        }

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
            "company_industry_id": industry and industry.id,
            "company_technology_ids": [
                fields.Command.set([records["technologies"][t] for t in set(company.technologies)])
            ],
            "mining_request_id": request.id,
            # Stock never enriches, and so never pays again, a lead that has one.
            "reveal_id": identity_keys(company)[0],
        }

    @api.model
    def _render_company_card(self, company: Company, records: dict):
        industries = [records["industries"].get(code) for code in company.industries]
        return self.env["ir.qweb"]._render(
            "crm_lead_mining.company_card",
            {
                "company": company,
                "employees": employees_text(company),
                "industries": [industry.name for industry in industries if industry],
            },
            minimal_qcontext=True,
        )


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
