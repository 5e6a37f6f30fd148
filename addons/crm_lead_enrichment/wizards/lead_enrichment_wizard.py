from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_lead_mining.models.mining.lead_mining_request_price import SERVICE

#: Groups of fields that the user may let overwrite; see `tools.enrichment.GROUPS`.
CHOICES = ("name", "address", "reach", "profile", "logo")
MODELS = ("crm.lead", "res.partner")


class LeadEnrichmentWizard(models.TransientModel):
    """What is enriched, what may be overwritten, and what it costs at most."""

    _name = "lead.enrichment.wizard"
    _description = "Enrich"

    res_model = fields.Char(required=True, readonly=True)
    res_ids = fields.Json(required=True, readonly=True)
    fill = fields.Selection(
        [("empty", "Fill empty fields only"), ("overwrite", "Also overwrite these:")],
        required=True,
        default="empty",
    )
    overwrite_name = fields.Boolean(string="Company name")
    overwrite_address = fields.Boolean(string="Address")
    overwrite_reach = fields.Boolean(string="Phone, e-mail and website")
    overwrite_profile = fields.Boolean(string="Company profile", default=True)
    overwrite_logo = fields.Boolean(string="Logo")

    able_count = fields.Integer(compute="_compute_outlook")
    skipped = fields.Char(compute="_compute_outlook")
    price = fields.Integer(compute="_compute_outlook")
    balance = fields.Integer(compute="_compute_outlook")
    buy_url = fields.Char(compute="_compute_outlook")

    @api.model
    def default_get(self, fields):
        self.env["lead.enrichment"]._check_may_enrich()
        model = self.env.context.get("active_model")
        ids = self.env.context.get("active_ids") or []
        if model not in MODELS or not ids:
            raise UserError(self.env._("Choose the leads or contacts to be enriched."))
        return super().default_get(fields) | {"res_model": model, "res_ids": list(ids)}

    @api.depends("res_model", "res_ids")
    def _compute_outlook(self):
        for wizard in self:
            chosen = wizard._records()
            records = chosen._enrichment_target()
            obstacles = records._enrichment_obstacles(records._enrichment_subjects())
            wizard.able_count = len(records) - len(obstacles)
            wizard.skipped = records._skipped_sentence(
                Counter(obstacles.values()), len(chosen) - len(records)
            )
            paid = records - records._enrichment_bought()
            wizard._set_cost(paid.filtered(lambda one, out=obstacles: one.id not in out))

    def _set_cost(self, records):
        """Set what the enrichment of these records costs, and what those who pay for it have."""
        Enrichment = self.env["lead.enrichment"]
        counts = Counter(record._enrichment_payer() for record in records)
        prices = {payer: count * Enrichment._price() for payer, count in counts.items()}
        # Sudo: who spends credits may know how many there are.
        balances = {
            payer: self.env["iap.account"]._get_local(SERVICE, company=payer).credits_available
            for payer in prices or [self.env.company]
        }
        short = [payer for payer, price in prices.items() if balances[payer] < price]
        self.price, self.balance = sum(prices.values()), sum(balances.values())
        self.buy_url = Enrichment.with_company(short[0])._credits_url() if short else False

    def _records(self):
        if self.res_model not in MODELS:
            raise UserError(self.env._("Only leads and contacts can be enriched."))
        ids = [res_id for res_id in self.res_ids or () if isinstance(res_id, int)]
        return self.env[self.res_model].browse(ids).exists()

    def action_enrich(self):
        """Queue the enrichment, and tell what happens."""
        self.ensure_one()
        return self._records()._enrich(self._groups())

    def _groups(self) -> set[str]:
        if self.fill == "empty":
            return set()
        return {name for name in CHOICES if self[f"overwrite_{name}"]}
