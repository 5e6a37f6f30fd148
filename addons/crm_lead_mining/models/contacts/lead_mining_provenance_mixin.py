from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ...company.types import Provenance

#: Article 6(1) GDPR, points (a) to (f).
LEGAL_BASES = [
    ("consent", "Consent (Art. 6(1)(a) GDPR)"),
    ("contract", "Contract (Art. 6(1)(b) GDPR)"),
    ("legal_obligation", "Legal obligation (Art. 6(1)(c) GDPR)"),
    ("vital_interests", "Vital interests (Art. 6(1)(d) GDPR)"),
    ("public_interest", "Public interest (Art. 6(1)(e) GDPR)"),
    ("legitimate_interest", "Legitimate interest (Art. 6(1)(f) GDPR)"),
]


class LeadMiningProvenanceMixin(models.AbstractModel):
    """Where data come from, why they may be kept, and until when."""

    _name = "lead.mining.provenance.mixin"
    _description = "Provenance of Mined Data"

    provider = fields.Char(string="Provider Code", readonly=True)
    provider_name = fields.Char(string="Provider", compute="_compute_provider_name")
    dataset = fields.Char(readonly=True)
    dataset_version = fields.Char(string="Edition", readonly=True)
    licence = fields.Char(readonly=True)
    source_url = fields.Char(string="URL", readonly=True)
    fetched_on = fields.Date(
        readonly=True, help="When the provider read it, or when the dataset was imported."
    )
    legal_basis = fields.Selection(LEGAL_BASES)
    keep_until = fields.Date(index=True)
    source = fields.Char(
        compute="_compute_source",
        store=True,
        help="Dataset, or provider, and address that the data came from.",
    )

    @api.depends("provider", "dataset", "source_url")
    def _compute_source(self):
        for record in self:
            parts = (record.dataset or record.provider_name, record.source_url)
            record.source = " · ".join(filter(None, parts))

    @api.depends("provider")
    def _compute_provider_name(self):
        names = self.env["lead.mining.provider"]._names_of(set(self.mapped("provider")))
        for record in self:
            record.provider_name = names.get(record.provider, record.provider)

    @api.model
    def _provenance_values(self, source: Provenance | None, company, months: int) -> dict:
        """Return the fields of this mixin.

        :param company: the `res.company` that is responsible for the data
        :param months: how long they are kept, 0 for ever
        """
        today = fields.Date.context_today(self)
        source = source or Provenance("")
        return {
            "provider": source.provider,
            "dataset": source.dataset,
            "dataset_version": source.dataset_version,
            "licence": source.licence,
            "source_url": source.url,
            "fetched_on": source.fetched_on or today,
            "legal_basis": company.lead_mining_legal_basis,
            "keep_until": months > 0 and today + relativedelta(months=months),
        }
