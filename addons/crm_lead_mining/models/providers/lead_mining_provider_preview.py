import logging
import time
from dataclasses import replace

from odoo import api, models
from odoo.tools.lru import LRU
from odoo.tools.misc import get_lang

from ...company.contacts import choose_contacts
from ...company.lead_values import employees_text
from ...company.masking import mask_email, mask_name, mask_phone
from ...company.matching import reached_by
from ...company.types import REACH, Company, CompanyQuery
from ...providers.base import COUNT_LIMIT

_logger = logging.getLogger(__name__)

#: How long a preview may take and how long it is remembered, in seconds.
PREVIEW_TIMEOUT = 2
PREVIEW_TTL = 60
SAMPLE_SIZE = 5

_previews = LRU(512)


class LeadMiningProvider(models.Model):
    """What is shown of providers' matches before anything is paid."""

    _inherit = "lead.mining.provider"  # pylint: disable=consider-merging-classes-inherited

    def _preview(self, query: CompanyQuery, seconds: float = PREVIEW_TIMEOUT) -> dict:
        """Count the matches and take a masked sample, where that is free.

        :param seconds: for all of it
        :return: {"count": int | None, "living": int | None, "contacts": int | None,
            "sample": [...]}, remembered for PREVIEW_TTL seconds; `living` only where the count
            tells no exact number
        """
        self.ensure_one()
        # Companies have datasets of their own, so what one sees is not another's answer.
        key = (self.env.cr.dbname, self.id, self.env.company.id, self.env.lang, query)
        stored_at, preview = _previews.get(key, (0.0, None))
        if preview is None or time.monotonic() - stored_at > PREVIEW_TTL:
            preview = self._ask_preview(query, seconds)
            if preview["count"] is not None or preview["living"] is not None:
                _previews[key] = (time.monotonic(), preview)
        return preview

    def _ask_preview(self, query: CompanyQuery, seconds: float) -> dict:
        unknown = {"count": None, "living": None, "contacts": None, "sample": []}
        adapter_class = self._adapter_class()
        if not adapter_class or not adapter_class.count_is_free or seconds <= 0:
            # The user has not agreed to pay, or to wait, yet.
            return unknown
        try:
            with self.env.cr.savepoint():
                # An equal part of the time for each question.
                adapter = self._build_adapter().within(seconds / (3 if query.with_contacts else 2))
                sample = self._screened(adapter.search(query, None, SAMPLE_SIZE).companies, query)
                count = adapter.count(query)
                is_exact = count is not None and count <= COUNT_LIMIT
                return {
                    "count": count,
                    "living": None if is_exact else adapter.count_living(query),
                    "contacts": adapter.count_contacts(query) if query.with_contacts else None,
                    "sample": self._shown(sample),
                }
        except Exception as error:  # whatever it is: the request itself will tell
            _logger.info("Provider %s: no preview (%s)", self.code, error)
            return unknown

    @api.model
    def _screened(self, companies, query: CompanyQuery) -> list[Company]:
        """Return what could be delivered of a sample: nobody who never becomes a lead."""
        screened = self.env["lead.mining.suppression"]._screen(companies, self.env.company)
        return [
            replace(item.company, contacts=choose_contacts(item.company.contacts, query))
            for item in screened
            if not (item.kind or item.company.status)
        ]

    @api.model
    def _shown(self, companies: list[Company]) -> list[dict]:
        """Return what may be shown of companies that are not paid, in the user's language."""
        industries = self.env["lead.mining.industry"]._names()
        # As `formatLang`, which looks for the language at each number.
        lang = self.env["res.lang"].browse(get_lang(self.env).id)
        return [
            _masked(company)
            | {
                "employees": employees_text(
                    company, lambda number: lang.format("%.0f", number, grouping=True)
                ),
                "industry": industries.get(next(iter(company.industries), ""), ""),
            }
            for company in companies
        ]

    def _previews_of(self, query: CompanyQuery) -> dict:
        """Return what the free ones among these providers know, in PREVIEW_TIMEOUT all together.

        :return: {"count": int | None, "living": int | None, "contacts": int | None,
            "at_least": bool, "sample": [...], "providers": [{"name", "count"}]}; the numbers are
            the least that there can be: two providers may know the same companies. `living` is
            told where a provider has an exact number beyond COUNT_LIMIT.
        """
        ends = time.monotonic() + PREVIEW_TIMEOUT
        counts, living, contacts, sample = {}, {}, {}, []
        for provider in self:
            preview = provider._preview(query, ends - time.monotonic())
            counts[provider] = preview["count"]
            living[provider] = preview["living"]
            contacts[provider] = preview["contacts"]
            sample += preview["sample"]
        known = {provider: count for provider, count in counts.items() if count is not None}
        exact = {provider: count for provider, count in living.items() if count is not None}
        known_or_exact = known | exact
        people = {provider: count for provider, count in contacts.items() if count is not None}
        return {
            "count": self._least_sum(known) if known else None,
            "living": self._least_sum(known_or_exact) if exact else None,
            "contacts": self._least_sum(people) if people else None,
            "at_least": bool(known_or_exact) and len(counts) > 1,
            "sample": sample[:SAMPLE_SIZE],
            "providers": [{"name": p.name, "count": count} for p, count in known_or_exact.items()]
            if len(counts) > 1
            else [],
        }

    @api.model
    def _least_sum(self, counts: dict) -> int:
        """Return how many companies or contacts these providers have, who have so many, at least.

        Those of different countries share none; of others, the largest number is certain.
        """
        national: dict[tuple, int] = {}
        worldwide = 0
        for provider, count in counts.items():
            if countries := provider._adapter_class().only_countries:
                national[countries] = max(count, national.get(countries, 0))
            else:
                worldwide = max(worldwide, count)
        return max(worldwide, sum(national.values()))


def _masked(company: Company) -> dict:
    """What may be shown of a company that is not paid."""
    return {
        "name": mask_name(company.name),
        "city": company.city,
        "country": company.country_code,
        "known": [name for name in REACH if name in reached_by(company)],
        "contacts": [
            {
                "name": mask_name(contact.name),
                "job_title": contact.job_title,
                "email": mask_email(contact.email),
                "phone": mask_phone(contact.phone),
            }
            for contact in company.contacts
        ],
    }
