from odoo import fields, models

from ..tools import company_json, results_table
from ..tools.results_table import ResultRow

OUTCOMES = [
    ("created", "Delivered"),
    ("updated", "Updated"),
    ("linked", "Linked"),
    ("duplicate", "Already Known"),
    ("skipped", "Skipped"),
    ("invalid", "Unusable"),
    ("failed", "Not Saved"),
]


class LeadMiningResult(models.Model):
    _name = "lead.mining.result"
    _description = "Lead Mining Result"
    _order = "request_id desc, id"

    request_id = fields.Many2one(
        "lead.mining.request", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True, index=True)
    name = fields.Char(readonly=True)
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True)
    reason = fields.Char(readonly=True)
    identity_key = fields.Char(string="Identity", readonly=True, index="btree_not_null")
    data = fields.Json(readonly=True, help="The company as the provider described it.")
    lead_id = fields.Many2one(
        "crm.lead", readonly=True, index="btree_not_null", ondelete="set null"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Known Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    contact_count = fields.Integer(string="Contacts", readonly=True)
    credits = fields.Integer(readonly=True)

    def action_open_lead(self):
        self.ensure_one()
        return (self.lead_id or self.partner_id).get_formview_action()

    # === FILES === #

    def _to_file(self, file_format: str) -> bytes:
        """Return the results as a file; of companies that were not paid only what became of them.

        :param file_format: "csv" or "xlsx"
        """
        rows = self._to_rows()
        contacts = results_table.most_contacts(rows)
        header = self._header(contacts)
        table = [results_table.cells(row, contacts) for row in rows]
        if file_format == "csv":
            return results_table.to_csv(header, table)
        return results_table.to_xlsx(self.request_id.name, header, table)

    def _to_rows(self) -> list[ResultRow]:
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        readable = set(self.lead_id._filtered_access("read").ids)
        return [
            ResultRow(
                name=result.name or "",
                outcome=outcomes[result.outcome],
                reason=result.reason or "",
                credits=result.credits,
                lead=result.lead_id.name if result.lead_id.id in readable else "",
                company=company_json.from_json(result.data) if result.data else None,
            )
            for result in self
        ]

    def _header(self, contacts: int) -> list[str]:
        _ = self.env._
        company = {
            "registry": _("Register"),
            "registry_id": _("Registration Number"),
            "lei": _("LEI"),
            "vat": _("VAT Number"),
            "domain": _("Domain"),
            "website": _("Website"),
            "street": _("Street"),
            "street2": _("Street 2"),
            "city": _("City"),
            "zip": _("ZIP"),
            "state_code": _("State"),
            "country_code": _("Country"),
            "phone": _("Phone"),
            "emails": _("E-mails"),
            "employees": _("Employees"),
            "industries": _("Industries"),
            "founded": _("Founded"),
            "revenue": _("Revenue"),
            "technologies": _("Technologies"),
            "timezone": _("Time Zone"),
            "linkedin": _("LinkedIn"),
            "description": _("Description"),
        }
        person = {
            "name": _("Contact %s"),
            "job_title": _("Job Title %s"),
            "email": _("E-mail %s"),
            "phone": _("Phone %s"),
        }
        source = {
            "provider": _("Provider"),
            "dataset": _("Dataset"),
            "dataset_version": _("Edition"),
            "licence": _("Licence"),
            "url": _("Source URL"),
            "fetched_on": _("Fetched On"),
        }
        return [
            _("Company"),
            *(company[column] for column in results_table.COMPANY_COLUMNS),
            *(
                person[column] % number
                for number in range(1, contacts + 1)
                for column in results_table.CONTACT_COLUMNS
            ),
            _("Outcome"),
            _("Reason"),
            _("Credits"),
            _("Lead"),
            *(source[column] for column in results_table.PROVENANCE_COLUMNS),
        ]
