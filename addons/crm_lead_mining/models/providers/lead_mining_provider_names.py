from collections.abc import Iterable

from odoo import api, models

from ...company.types import Provenance


class LeadMiningProvider(models.Model):
    """What providers are called, for those who read what they have told."""

    _inherit = "lead.mining.provider"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _names_of(self, codes: Iterable[str]) -> dict[str, str]:
        """Return the names of providers by their codes, whether they are in use or not."""
        # Sudo: a name that is told to whoever sees what the provider has told.
        found_sudo = self.sudo().with_context(active_test=False)
        return {
            provider.code: provider.name
            for provider in found_sudo.search_fetch([("code", "in", list(codes))], ["code", "name"])
        }

    @api.model
    def _origin_of(self, provenance: Provenance | None) -> str:
        """Return in words where something comes from: its dataset, else its provider."""
        if not provenance:
            return ""
        code = provenance.provider
        return provenance.dataset or self._names_of([code]).get(code, code)
