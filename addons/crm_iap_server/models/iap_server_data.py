import base64
import logging
import time

from odoo import api, models

from odoo.addons.crm_lead_enrichment.models.lead_enrichment_client import PATIENCE
from odoo.addons.crm_lead_enrichment.tools.enrichment import (
    Subject,
    registry_id_of_vat,
    subject_of,
)
from odoo.addons.crm_lead_mining.company.identity import identity_keys
from odoo.addons.crm_lead_mining.company.types import Company
from odoo.addons.crm_lead_mining.tools import stock_answers
from odoo.addons.crm_lead_mining.tools.stock_query import company_query

from ..exceptions import NoCredits, Refused
from ..tools import shapes, wire
from ..tools.identities import known_among, public_id
from ..tools.questions import MiningQuestion

_logger = logging.getLogger(__name__)

#: Seconds that a provider may take for one answer of a search.
SEARCH_PATIENCE = 20
#: Seconds after which no further domain of a batch is asked about: clients' workers end after 120.
BATCH_PATIENCE = 60


class IapServerData(models.AbstractModel):
    """What clients get, in the shapes that they read. All are called in sudo, with the client's
    company as the current one."""

    _name = "iap.server.data"
    _description = "Data for Client Databases"

    # === MINING === #

    @api.model
    def _mine(self, client, question: MiningQuestion) -> list[Company]:
        """Return the companies that a client's lead mining gets.

        :raise NoCredits, Refused: as `iap.server.desk` does
        """
        if question.ignored:
            _logger.info("Client %s: unknown industries %s", client.id, question.ignored)
        if question.hopeless:
            self.env["iap.server.desk"]._check_served(client)
            return []
        query = company_query(question.query, tuple(question.known))
        return self.env["iap.server.desk"]._answer(
            client,
            "mining",
            question.key,
            question.number,
            lambda: self.env["lead.mining.provider"]._first_companies(
                query,
                question.number,
                SEARCH_PATIENCE,
                lambda keys: known_among(keys, question.known),
            ),
        )

    @api.model
    def _mined(self, companies: list[Company]) -> list[dict]:
        """Return them as `search_by_criteria` answers them."""
        industries = self._industry_names(companies)
        rows = [
            stock_answers.mining_answer(one, industry) | {"duns": _public(one)}
            for one, industry in zip(companies, industries, strict=True)
        ]
        return shapes.MINED.fit_all(rows, "duns")

    @api.model
    def _mined_as_of_old(self, companies: list[Company]) -> list[dict]:
        """Return them as `lead_mining_request` answers them."""
        industries = self._industry_names(companies)
        rows = [
            wire.old_mining_answer(one, _public(one), industry)
            for one, industry in zip(companies, industries, strict=True)
        ]
        return shapes.OLD_MINED.fit_all(rows)

    def _industry_names(self, companies: list[Company]) -> list[str]:
        names = self.env["lead.mining.industry"]._names()
        return [next((names[c] for c in one.industries if c in names), "") for one in companies]

    # === ENRICHMENT === #

    @api.model
    def _enrich(self, client, domains: dict[str, str]) -> dict[str, dict | bool]:
        """Return {key of the client: company, or False}.

        Keys of which nothing can be said yet are left out, so that they are asked again.

        :param domains: {key: domain}, "" for what is none
        :raise NoCredits, Refused: if it comes before anything was answered
        """
        self.env["iap.server.desk"]._check_served(client)
        until = time.monotonic() + BATCH_PATIENCE
        told: dict[str, dict | bool] = {}
        for domain in dict.fromkeys(domains.values()):
            if told and time.monotonic() > until:
                break
            try:
                company, _logo = self._told(client, subject_of([domain]), "enrichment")
            except (NoCredits, Refused):
                if not told:
                    raise
                break
            told[domain] = self._enriched(company, domain) if company else False
        return {key: told[domain] for key, domain in domains.items() if domain in told}

    def _enriched(self, company: Company, domain: str) -> dict | bool:
        [industry] = self._industry_names([company])
        answer = stock_answers.enrichment_answer(company, industry)
        answer |= {"domain": domain, "clearbit_id": _public(company)}
        return shapes.ENRICHED.fit(answer) or False

    @api.model
    def _told(self, client, subject: Subject, kind: str, known: Company | None = None):
        """Return what is known of a company, and its logo: paid once, kept apart from others'.

        :param known: what is known of it already, of which only gaps are filled
        :return: (None, None) if nobody knows it, or it is kept away
        """
        if not subject.key:
            return None, None
        Provider = self.env["lead.mining.provider"]

        def ask() -> list[Company]:
            found = Provider._enrich(subject, PATIENCE, known)
            if found.problems and not found.company:
                raise Refused(
                    self.env._("The data source did not answer. Nothing was charged: try again.")
                )
            return [found.company] if found.company else []

        # One company is one answer, by whichever service it is asked for.
        companies = self.env["iap.server.desk"]._answer(client, kind, subject.key, 1, ask)
        if not companies:
            return None, None
        logo = Provider._fetch_logo(companies[0].logo_url) if kind == "autocomplete" else None
        return companies[0], logo

    # === AUTOCOMPLETE === #

    @api.model
    def _suggest(self, action: str, query: str, country_code: str) -> list[dict]:
        """Return companies to choose from; they are free.

        :param action: "name", or whatever number identifies a company
        """
        Autocomplete = self.env["iap.autocomplete.api"]
        asked = {"query": query, "query_country_code": country_code}
        search = (
            Autocomplete._local_search_by_name
            if action == "name"
            else Autocomplete._local_search_by_vat
        )
        rows = search(asked).get("data") or []
        return shapes.SUGGESTION.fit_all(
            [row for row in rows if public_id(row.get("duns") or "") == row.get("duns")], "duns"
        )

    @api.model
    def _complete(self, client, subject: Subject, known: Company | None = None) -> dict | None:
        """Return what fills a contact, None if nobody knows the company."""
        company, logo = self._told(client, subject, "autocomplete", known)
        if not company:
            return None
        image = base64.b64encode(logo).decode() if logo else ""
        key = subject.identity or _public(company)
        answer = stock_answers.autocomplete_answer(company, key, image)
        return shapes.COMPLETED.fit(answer | wire.identifiers_of(company, key))

    @api.model
    def _subject_of_id(self, identity: str) -> tuple[Subject, Company | None]:
        """Return whom a client means by an identity that it was given, or a number it has.

        What names a row of ours alone was given to nobody.
        """
        if public_id(identity) != identity:
            return Subject(), None
        directory = self.env["lead.directory.dataset"]._directory_provider()
        for key in wire.keys_of_number(identity):
            if known := directory.find(key):
                registry_id = known.registry_id and f"{known.registry}:{known.registry_id}"
                return Subject(known.domain, registry_id, key), known
        kind, _colon, value = identity.partition(":")
        match kind:
            case "domain":
                return subject_of([value]), None
            case "reg" if ":" in value:
                return Subject(registry_id=value), None
            case "vat":
                return Subject(registry_id=registry_id_of_vat(value)), None
        return Subject(), None


def _public(company: Company) -> str:
    keys = identity_keys(company)
    return public_id(keys[0]) if keys else ""
