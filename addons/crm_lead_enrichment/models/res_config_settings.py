from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.settings import Settings
from .lead_enrichment import GROUP

#: Setting -> its field.
FIELDS = {
    "price": "lead_enrichment_price",
    "cache_days": "lead_enrichment_cache_days",
    "retry_days": "lead_enrichment_retry_days",
    "mode": "lead_enrichment_mode",
}


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lead_enrichment = fields.Boolean()
    lead_enrichment_mode = fields.Selection(
        [
            ("manual", "Enrich leads on demand only"),
            ("automatic", "Enrich all new leads automatically"),
        ],
        string="When leads are enriched",
    )
    lead_enrichment_price = fields.Integer(string="Credits per enriched record")
    lead_enrichment_cache_days = fields.Integer(
        string="Days to reuse an answer",
        help="How long a paid answer is reused, free of charge, for other records with the same "
        "domain. 0: each record is looked up and paid for.",
    )
    lead_enrichment_retry_days = fields.Integer(
        string="Days before asking again",
        help="How long no provider is asked again about a domain for which nothing was found.",
    )
    lead_enrichment_lanes = fields.Integer(string="Enrichments at a time")

    @api.constrains(
        "lead_enrichment_price", "lead_enrichment_cache_days", "lead_enrichment_retry_days"
    )
    def _check_lead_enrichment_numbers(self):
        for settings in self:
            numbers = (
                settings.lead_enrichment_price,
                settings.lead_enrichment_cache_days,
                settings.lead_enrichment_retry_days,
            )
            if min(numbers) < 0:
                raise ValidationError(self.env._("Prices and days cannot be negative."))

    @api.model
    def get_values(self):
        settings = Settings.of(self.env)
        return super().get_values() | {
            "lead_enrichment": self._is_lead_enrichment_on(),
            **{field: getattr(settings, name) for name, field in FIELDS.items()},
            "lead_enrichment_lanes": self.env["lead.enrichment.worker"]._lane_count(),
        }

    def set_values(self):
        result = super().set_values()
        # Sudo: saving settings is checked by the form's own rights.
        chosen = {name: self[field] for name, field in FIELDS.items()}
        Settings.store(self.env(su=True), chosen)
        if self.lead_enrichment != self._is_lead_enrichment_on():
            command = fields.Command.link if self.lead_enrichment else fields.Command.unlink
            group = self.env.ref(GROUP).sudo()
            # Sudo: who may save settings need not be allowed to write groups.
            self.env.ref("sales_team.group_sale_salesman").sudo().implied_ids = [command(group.id)]
        if self.lead_enrichment:
            self.env["lead.enrichment.worker"]._set_lanes(self.lead_enrichment_lanes)
        return result

    @api.model
    def _is_lead_enrichment_on(self) -> bool:
        """Tell whether salespeople may enrich."""
        salespeople_sudo = self.env.ref("sales_team.group_sale_salesman").sudo()
        return self.env.ref(GROUP).sudo() in salespeople_sudo.implied_ids
