from odoo import fields, models

from ..providers.identity import identity_keys
from ..tools import company_json

OUTCOMES = [
    ("created", "Delivered"),
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
    contact_count = fields.Integer(string="Contacts", readonly=True)
    credits = fields.Integer(readonly=True)

    def action_open_lead(self):
        self.ensure_one()
        return self.lead_id.get_formview_action()

    def action_never_mine(self):
        """Never mine these companies again, whether they were delivered or not."""
        Suppression = self.env["lead.mining.suppression"]
        entries = {
            entry
            for result in self
            for entry in Suppression._company_entries(result.name, *result._identity_keys())
        }
        return Suppression._never_mine(
            entries, self.company_id[:1], self.env._("Decided on a result")
        )

    def _identity_keys(self) -> list[str]:
        self.ensure_one()
        keys = identity_keys(company_json.from_json(self.data)) if self.data else ()
        return [*keys, self.identity_key]
