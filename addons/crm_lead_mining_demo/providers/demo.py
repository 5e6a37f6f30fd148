"""Invented companies: the least that a provider is made of."""

from dataclasses import replace

from odoo.addons.crm_lead_mining.company.contacts import choose_contacts
from odoo.addons.crm_lead_mining.company.identity import normalise_domain
from odoo.addons.crm_lead_mining.company.matching import misfits
from odoo.addons.crm_lead_mining.company.types import Company, CompanyQuery, Page, Provenance
from odoo.addons.crm_lead_mining.providers.base import FILTERS, Provider, distinct
from odoo.addons.crm_lead_mining.providers.errors import ProviderAnswerInvalid

from .companies import COMPANIES


class DemoProvider(Provider):
    """Adapter of a list that is always the same."""

    code = "demo"
    count_is_free = True
    enrich_is_free = True
    filters = frozenset(FILTERS)
    licence = "LGPL-3"

    def count(self, query: CompanyQuery) -> int:
        return len(self._found(query))

    def search(self, query: CompanyQuery, cursor: str | None = None, limit: int = 50) -> Page:
        start = _read_cursor(cursor) if cursor else 0
        found = self._found(query)
        end = start + limit
        page = (
            replace(one, contacts=choose_contacts(one.contacts, query)) for one in found[start:end]
        )
        return Page(tuple(page), str(end) if end < len(found) else None, len(found))

    def enrich(
        self, *, domain: str | None = None, registry_id: str | None = None
    ) -> Company | None:
        host = normalise_domain(domain or "")
        found = (one for one in COMPANIES if one.domain == host)
        return next(map(self._company, found), None)

    def _found(self, query: CompanyQuery) -> tuple[Company, ...]:
        known = map(self._company, COMPANIES)
        return distinct((one for one in known if not misfits(one, query)), query)

    def _company(self, company: Company) -> Company:
        source = Provenance(self.code, dataset="Invented companies", licence=self.licence)
        return replace(company, provenance=source)


def _read_cursor(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit()):
        raise ProviderAnswerInvalid(f"cursor {cursor!r}", provider=DemoProvider.code)
    return int(cursor)
