from collections.abc import Callable

from odoo import api, models

from ...company.types import Company, CompanyQuery
from ...providers.base import Provider
from ...providers.errors import ProviderNotSetUp
from ...tools.judgement import candidate

MAX_PAGES = 20


class LeadMiningProvider(models.Model):
    """Answers that somebody waits for: the first companies, from one provider, at once."""

    _inherit = "lead.mining.provider"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _first_companies(
        self,
        query: CompanyQuery,
        number: int,
        seconds: float,
        known_keys: Callable[[list[str]], set[str]],
    ) -> list[Company]:
        """Return the first companies that are new and complete, without who is never mined.

        The first provider in use that can apply the query is asked, for clients of Odoo's own
        lead mining.

        :param number: the most that are wanted
        :param seconds: how long each of the provider's answers may take
        :param known_keys: tells of identity keys those that the client has already
        :raise ProviderError: if there is no provider, or it does not answer
        """
        Suppression = self.env["lead.mining.suppression"]
        adapter = self._first_that_fits(query).within(seconds)
        found, seen, cursor = [], set(), None
        for _page in range(MAX_PAGES):
            page = adapter.search(query, cursor, number)
            items = [
                candidate(item.company, query.countries)
                for item in Suppression._screen(page.companies, self.env.company)
                if not item.kind
            ]
            known = known_keys([key for item in items for key in item.keys])
            for item in items:
                if item.flaw or (seen | known).intersection(item.keys) or len(found) == number:
                    continue
                seen.update(item.keys)
                found.append(item.company)
            cursor = page.next_cursor
            if not cursor or len(found) == number:
                break
        return found

    @api.model
    def _first_that_fits(self, query: CompanyQuery) -> Provider:
        """Return the adapter of the first provider in use that can apply a query.

        When none can, the first one that is searched decides what to make of it.

        :raise ProviderNotSetUp: if none is searched
        """
        providers = self.search([("active", "=", True)])
        searched = providers.filtered(lambda one: one.is_searched and one.is_ready)
        if not searched:
            raise ProviderNotSetUp()
        adapters = [provider._build_adapter() for provider in searched]
        return next((adapter for adapter in adapters if not adapter.unfit(query)), adapters[0])
