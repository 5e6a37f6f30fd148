from dataclasses import replace

from odoo import api, models

from odoo.addons.crm_lead_mining.company.gaps import completed, with_sources
from odoo.addons.crm_lead_mining.company.status import Status, refusal_kind
from odoo.addons.crm_lead_mining.company.types import Company
from odoo.addons.crm_lead_mining.providers.base import Provider
from odoo.addons.crm_lead_mining.providers.errors import NeedsBrowser, ProviderError
from odoo.addons.crm_lead_mining.providers.public_hosts import is_public_url
from odoo.addons.crm_lead_mining.providers.website import WebsiteProvider

from ..tools.enrichment import Found, Subject, registry_id_of_vat


class LeadMiningProvider(models.Model):
    _inherit = "lead.mining.provider"

    @api.model
    def _is_asked(self):
        return super()._is_asked() or self.env["lead.enrichment"]._is_on()

    @api.model
    def _enrich(
        self,
        subject: Subject,
        seconds: float | None = None,
        known: Company | None = None,
        *,
        website_only: bool = False,
    ) -> Found:
        """Ask the providers in their order about one company.

        The first that knows it counts; the free ones after it fill what it has left empty. Nothing
        must be locked by this transaction, as providers may take their time. Who is never mined is
        not asked about, and what they tell about such persons goes no further; nor what they tell
        of a company that has ceased, is insolvent or protected from advertising.

        :param seconds: how long each of them may take at most
        :param known: what is known already, of which only gaps are filled
        :param website_only: whether only the company's own website is asked
        """
        found = Found(company=known)
        if self._refuse(found, [subject.as_company()]):
            return found
        providers = self._own_website() if website_only else self.search([("active", "=", True)])
        for provider in providers:
            try:
                with self.env.cr.savepoint(flush=False):
                    provider._add_to(found, subject, seconds)
            except NeedsBrowser as error:
                found.notes += (provider._error_sentence(error),)
            except ProviderError as error:
                found.problems += (provider._error_sentence(error),)
                if error.retryable:
                    wait = getattr(error, "retry_after", None) or 0.0
                    found.retry_after = max(found.retry_after or 0.0, wait)
            if self._refuse(found):
                break
        return found

    @api.model
    def _own_website(self):
        """Return the provider that asks a company's own website, empty if it is not in use."""
        return self.search([("code", "=", WebsiteProvider.code), ("active", "=", True)], limit=1)

    def _refuse(self, found: Found, companies=()) -> bool:
        """Take out of what was found who is never mined.

        :param companies: what is known beside it
        :return: whether the company itself is, or has a status, so that nobody else may be asked
        """
        Suppression = self.env["lead.mining.suppression"]
        companies = [*companies, *filter(None, [found.company])]
        screened = Suppression._screen(companies, self.env.company)
        found.refused = found.refused or next((item.kind for item in screened if item.kind), "")
        if found.company and not found.refused and (status := found.company.status):
            found.refused = refusal_kind(status, found.company.country_code)
        if found.company:
            found.company = None if found.refused else screened[-1].company
        return bool(found.refused)

    def _add_to(self, found: Found, subject: Subject, seconds: float | None) -> None:
        adapter = self._build_adapter()
        adapter = adapter.within(seconds) if seconds else adapter
        if found.company and not adapter.enrich_is_free:
            return
        subject = _better_known(subject, found.company)
        company = _answer(adapter, subject)
        if not company:
            found.refused = _status(adapter, subject)
            return
        if not found.company:
            found.company = with_sources(company)
        else:
            filled = completed(found.company, company)
            if filled == found.company:
                return
            found.company = filled
        found.provider_ids += (self.id,)

    @api.model
    def _fetch_logo(self, url: str) -> bytes | None:
        """Return the image at a URL of a public host, if websites may be visited at all."""
        website = self._own_website()
        return website._build_adapter().logo(url) if website and is_public_url(url) else None


def _better_known(subject: Subject, company: Company | None) -> Subject:
    """Return the subject with what an earlier provider has told of its identity."""
    if not company:
        return subject
    registry_id = company.registry_id and f"{company.registry}:{company.registry_id}"
    return replace(
        subject,
        domain=subject.domain or company.domain,
        registry_id=subject.registry_id
        or registry_id
        or registry_id_of_vat(company.vat, company.country_code),
    )


def _answer(adapter: Provider, subject: Subject) -> Company | None:
    """Ask by the strongest identity first."""
    company = None
    if subject.registry_id:
        company = adapter.enrich(registry_id=subject.registry_id)
    if not company and subject.domain:
        company = adapter.enrich(domain=subject.domain)
    return company


def _status(adapter: Provider, subject: Subject) -> Status:
    """Return the status for which the provider tells nothing of the company."""
    status: Status = ""
    if subject.registry_id:
        status = adapter.status_of(registry_id=subject.registry_id)
    if not status and subject.domain:
        status = adapter.status_of(domain=subject.domain)
    return status
