from dataclasses import replace

from odoo import api, fields, models

from ...company.types import Company, Provenance


class LeadMiningProvenance(models.Model):
    """Where a lead's company comes from; one row for all, and one for each value read elsewhere."""

    _name = "lead.mining.provenance"
    _description = "Provenance of a Mined Company"
    _inherit = ["lead.mining.provenance.mixin"]
    _order = "lead_id, id"
    _log_access = False
    _rec_name = "source"

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="lead_id.company_id")
    part = fields.Char(readonly=True, help="What of the company; empty for all of it.")

    @api.model
    def _record(self, leads, companies: list[Company]):
        """Keep where the companies of these leads come from.

        :param companies: in the order of the leads
        """
        return self.create(
            [
                {"lead_id": lead.id, "part": part}
                | self._provenance_values(source, owner, owner.lead_mining_keep_companies)
                for lead, company in zip(leads, companies, strict=True)
                for owner in lead.company_id or self.env.company
                for part, source in _parts(company)
            ]
        )


def _parts(company: Company) -> list[tuple[str, Provenance]]:
    """Return (part of the company, where it comes from); "" is the whole."""
    whole = company.provenance or Provenance("")
    return [("", whole)] + [
        (part, replace(whole, url=url)) for part, url in sorted(company.sources.items())
    ]
