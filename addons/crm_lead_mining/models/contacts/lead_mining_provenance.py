from dataclasses import replace

from odoo import api, fields, models

from odoo.addons.crm_common.tools.mailboxes import address_key

from ...company.types import Company, Provenance
from ...tools.suppression import addresses_in


class LeadMiningProvenance(models.Model):
    """Where a lead's company comes from; one row for all, and one for each value read elsewhere."""

    _name = "lead.mining.provenance"
    _description = "Provenance of a Mined Company"
    _inherit = ["lead.mining.provenance.mixin", "person.data.mixin"]
    _order = "lead_id, id"
    _log_access = False
    _rec_name = "source"

    _person_columns = ("part", "source_url")

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="lead_id.company_id")
    part = fields.Char(readonly=True, help="Which part of the company; empty for all of it.")

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

    # === PRIVACY === #

    def _person_erase(self, traces):
        for email in traces.emails:
            self.exists()._forget_address(email)
        return super(LeadMiningProvenance, self.exists())._person_erase(traces)

    def _forget_address(self, email: str) -> None:
        """Delete where an address was read."""
        key = address_key(email)
        self.filtered(lambda line: key in addresses_in(line.part or "")).unlink()


def _parts(company: Company) -> list[tuple[str, Provenance]]:
    """Return (part of the company, where it comes from); "" is the whole."""
    whole = company.provenance or Provenance("")
    return [("", whole)] + [
        (part, replace(whole, url=url)) for part, url in sorted(company.sources.items())
    ]
