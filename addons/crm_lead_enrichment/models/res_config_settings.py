from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .lead_enrichment import CACHE_DAYS, RETRY_DAYS

GROUP = "crm_lead_enrichment.group_lead_enrichment_user"
#: Numbers -> their parameters, see `crm_lead_mining`.
NUMBERS = {
    "lead_enrichment_price": "crm_lead_enrichment.price",
    "lead_enrichment_cache_days": "crm_lead_enrichment.cache_days",
    "lead_enrichment_retry_days": "crm_lead_enrichment.retry_days",
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
        default="manual",
        config_parameter="crm_lead_enrichment.mode",
    )
    lead_enrichment_price = fields.Integer(string="Credits per enriched record")
    lead_enrichment_cache_days = fields.Integer(
        string="Days an answer is used again",
        help="So long an answer that was paid is used for other records with the same domain, "
        "free of charge. 0: each record is asked for, and paid.",
    )
    lead_enrichment_retry_days = fields.Integer(
        string="Days until asked again",
        help="So long nobody is asked again about a domain that nothing was found about.",
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
        Enrichment, Worker = self.env["lead.enrichment"], self.env["lead.enrichment.worker"]
        return super().get_values() | {
            "lead_enrichment": self._is_lead_enrichment_on(),
            "lead_enrichment_price": Enrichment._price(),
            "lead_enrichment_cache_days": Enrichment._setting("cache_days", CACHE_DAYS),
            "lead_enrichment_retry_days": Enrichment._setting("retry_days", RETRY_DAYS),
            "lead_enrichment_lanes": Worker._lane_count(),
        }

    @api.model
    def _lead_mining_numbers(self):
        return super()._lead_mining_numbers() | NUMBERS

    def set_values(self):
        result = super().set_values()
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
