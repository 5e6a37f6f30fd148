from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.crm_lead_mining.models.mining.lead_mining_criteria import MAX_SIZE
from odoo.addons.crm_lead_mining.tools.settings import Settings

#: Code of the provider that Odoo's own requests were made with.
PROVIDER = "odoo_iap"


class LeadMiningRequest(models.Model):
    _inherit = "lead.mining.request"

    iap_request_id = fields.Many2one(
        "crm.iap.lead.mining.request",
        string="Request of Odoo's Lead Mining",
        readonly=True,
        copy=False,
        ondelete="set null",
    )

    _iap_request_uniq = models.UniqueIndex(
        "(iap_request_id) WHERE iap_request_id IS NOT NULL",
        "This request of Odoo's lead mining has already been taken over.",
    )

    @api.model
    def _iap_requests_left(self):
        """Return the past requests of Odoo's own lead mining that nobody has taken over."""
        # Sudo: they are everybody's; the caller must be an administrator of Sales to take them.
        taken = self.sudo().search([("iap_request_id", "!=", False)]).iap_request_id
        # Lost leads are theirs as well.
        Past = self.env["crm.iap.lead.mining.request"].sudo().with_context(active_test=False)
        return Past.search([("state", "=", "done"), ("id", "not in", taken.ids)], order="id")

    @api.model
    def _take_over_iap_requests(self):
        """Make requests of the past ones of Odoo's lead mining, which stay as they are.

        Their leads are linked, and their identities reserved, so that none is bought again.

        :return: the new requests; none when all were taken over already
        """
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only administrators of Sales can take requests over."))
        past = self._iap_requests_left()
        Request = self.sudo()
        requests = Request.create([Request._values_of_iap(request) for request in past])
        requests._take_over_leads()
        requests._finish_as_iap()
        requests._message_log_batch({request.id: request._take_over_note() for request in requests})
        return requests.with_env(self.env)

    def _values_of_iap(self, past) -> dict:
        limits = Settings.of(self.env).limits
        roles = self._roles_of_iap(past)
        states = past.state_ids.filtered(lambda state: state.country_id in past.country_ids)
        smallest, largest = sorted((past.company_size_min, past.company_size_max))
        company = past.lead_ids.company_id[:1] or past.team_id.company_id or self.env.company
        return {
            "name": self.env._("%s (Odoo)", past.name),
            "iap_request_id": past.id,
            "company_id": company.id,
            "provider_id": self._provider_of_iap().id,
            "target": "contacts" if past.search_type == "people" else "companies",
            "lead_number": min(max(past.lead_number, len(past.lead_ids), 1), limits.leads),
            "country_ids": [fields.Command.set(past.country_ids.ids)],
            "state_ids": [fields.Command.set(states.ids)],
            "filter_on_size": past.filter_on_size,
            "size_min": min(max(smallest, 0), MAX_SIZE),
            "size_max": min(max(largest, 0), MAX_SIZE),
            "contact_number": min(max(past.contact_number, 1), limits.contacts),
            "contact_filter": past.contact_filter_type,
            "preferred_role_id": roles.get(past.preferred_role_id.reveal_id),
            "role_ids": [
                fields.Command.set(
                    [roles[code] for code in past.role_ids.mapped("reveal_id") if code in roles]
                )
            ],
            "seniority": self._seniority_of_iap(past),
            "lead_type": past.lead_type,
            "user_id": past.user_id.id,
            "team_id": past.team_id.filtered(
                lambda team: team.company_id in (company, company.browse())
            ).id,
            "tag_ids": [fields.Command.set(past.tag_ids.ids)],
        }

    @api.model
    def _provider_of_iap(self):
        Provider = self.env["lead.mining.provider"].with_context(active_test=False)
        # Archived: it was asked in the past, and may be switched on by an administrator.
        return Provider.search([("code", "=", PROVIDER)], limit=1) or Provider.create(
            {"name": "Odoo", "code": PROVIDER, "active": False}
        )

    @api.model
    def _roles_of_iap(self, past) -> dict[str, int]:
        """Return {Odoo's code: our role}: both lists are the same, one in other capitals."""
        codes = (past.preferred_role_id | past.role_ids).mapped("reveal_id")
        roles = self.env["lead.mining.role"].search([("code", "in", [c.lower() for c in codes])])
        by_code = {role.code: role.id for role in roles}
        return {code: by_code[code.lower()] for code in codes if code.lower() in by_code}

    @api.model
    def _seniority_of_iap(self, past) -> str | bool:
        known = {code for code, _label in self._selection_seniority()}
        code = past.seniority_id.reveal_id
        return code if code in known else False

    def _finish_as_iap(self) -> None:
        """They are done, and belong to who made them, when they and their leads were made."""
        for request in self:
            past = request.iap_request_id
            request.run_id.write(
                {
                    "state": "done",
                    "created_count": len(request.result_ids),
                    "queued_at": past.create_date,
                    "started_at": past.create_date,
                    "finished_at": past.write_date,
                }
            )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE lead_mining_request AS request
                   SET create_uid = past.create_uid, create_date = past.create_date
                  FROM crm_iap_lead_mining_request AS past
                 WHERE past.id = request.iap_request_id AND request.id = ANY(%s)
                """,
                self.ids,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE lead_mining_result AS result
                   SET create_date = lead.create_date
                  FROM crm_lead AS lead
                 WHERE lead.id = result.lead_id AND result.request_id = ANY(%s)
                """,
                self.ids,
            )
        )
        self.env.invalidate_all(flush=False)

    def _take_over_leads(self) -> None:
        """Link the leads, lost and archived ones too, list them as results, reserve them."""
        by_past = {request.iap_request_id: request for request in self}
        leads = self.env["crm.lead"].with_context(active_test=False).search(
            [("lead_mining_request_id", "in", self.iap_request_id.ids),
             ("mining_request_id", "=", False)], order="id"
        )  # fmt: skip
        for past, taken in leads.grouped("lead_mining_request_id").items():
            taken.mining_request_id = by_past[past]
        Identity = self.env["lead.mining.identity"]
        self.env["lead.mining.result"].create(
            [
                {
                    "request_id": lead.mining_request_id.id,
                    "name": lead.partner_name or lead.name,
                    "outcome": "created",
                    "identity_key": next(iter(Identity._keys_of_lead(lead)), False),
                    "lead_id": lead.id,
                }
                for lead in leads
            ]
        )
        Identity._reserve_leads(leads)

    def _take_over_note(self) -> str:
        past = self.iap_request_id
        note = self.env._("Taken over from Odoo's lead mining, which does not record what it cost.")
        industries = ", ".join(past.industry_ids.mapped("name"))
        if industries:
            note += " " + self.env._("Industries in Odoo's own terms: %s.", industries)
        return note
