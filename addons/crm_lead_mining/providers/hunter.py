"""The world: Hunter's companies by their domains, and the people behind their e-mail addresses.

https://hunter.io/api-documentation/v2 : paid, with a key. An e-mail address that is found costs a
credit there, and each comes with the pages where it was read. 403 means too often, 429 used up.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ..company import bands
from ..company.contacts import choose_contacts
from ..company.countries import country_code
from ..company.identity import normalise_domain
from ..company.industries import from_name
from ..company.roles import role_of, seniority_of
from ..company.states import told_state
from ..company.types import Company, CompanyQuery, Contact, Page, Provenance
from ..company.us_codes import from_naics
from .answers import (
    emails,
    employees,
    items,
    mapping,
    number,
    required_items,
    text,
    texts,
    web_url,
    year,
)
from .base import COUNT_LIMIT, NetworkProvider, distinct
from .errors import ProviderAnswerInvalid
from .pace import Rate

PAGE_SIZE = 100
MAX_OFFSET = 10_000
#: Asked not to be processed (451): as if there were nobody.
_MISSING = (404, 451)
#: States of verified addresses that nobody should be written to at.
_DEAD = frozenset({"invalid", "disposable"})

#: Our roles -> Hunter's departments.
_DEPARTMENTS = {
    "ceo": "executive", "founder": "executive", "owner": "executive", "president": "executive",
    "communications": "communication", "public_relations": "communication",
    "consulting": "management", "customer_service": "support", "education": "education",
    "engineering": "it", "information_technology": "it", "research": "it", "product": "it",
    "finance": "finance", "health_professional": "health", "human_resources": "hr",
    "recruiting": "hr", "legal": "legal", "marketing": "marketing", "operations": "operations",
    "sale": "sales",
}  # fmt: skip
#: Hunter's departments -> the role of a person whose position tells none.
_ROLES = {
    "it": "information_technology", "finance": "finance", "sales": "sale", "legal": "legal",
    "support": "customer_service", "hr": "human_resources", "marketing": "marketing",
    "communication": "communications", "education": "education", "operations": "operations",
    "health": "health_professional",
}  # fmt: skip
#: Our seniorities -> Hunter's.
_SENIORITIES = {"executive": "executive", "director": "executive,senior", "manager": "senior"}


class Hunter(NetworkProvider):
    """Adapter of Discover, Domain Search and Company Enrichment.

    Its industries have no published relation to NACE, and it knows states of the US only: queries
    with other ones are unfit. People are told as the contacts of companies that are wanted.
    """

    code = "hunter"
    base_url = "https://api.hunter.io/v2"
    # Discover costs no credits; people and enrichment do.
    count_is_free = True
    filters = frozenset({"states", "size"})
    contacts_apart = True
    needs_key = True
    # Those of Discover, the strictest.
    rates = (Rate(5, 1), Rate(50, 60))
    licence = "Hunter's terms of service"

    @classmethod
    def _credentials(cls, key: str) -> dict:
        return {"headers": {"X-API-KEY": key}, "secrets": (key,), "meanings": {403: 429, 429: 402}}

    @classmethod
    def unfit(cls, query: CompanyQuery) -> tuple[str, ...]:
        unfit = super().unfit(query)
        foreign = any(country != "US" for country, _state in query.states)
        return (*unfit, "states") if foreign else unfit

    def count(self, query: CompanyQuery) -> int | None:
        if query.exclude or query.not_called:
            return None
        if bands.is_sized(query) and not bands.inside(query, bands.LINKEDIN):
            return 0
        answer = self._client.post("discover", _discover(query) | {"limit": 1})
        total = number(mapping(mapping(answer).get("meta")).get("results"))
        return None if total is None or total < 0 else min(total, COUNT_LIMIT + 1)

    def search(self, query: CompanyQuery, cursor: str | None = None, limit: int = 50) -> Page:
        offset, size = _read_cursor(cursor) if cursor else (0, max(1, min(limit, PAGE_SIZE)))
        if bands.is_sized(query) and not bands.inside(query, bands.LINKEDIN):
            return Page()
        answer = self._client.post("discover", _discover(query) | {"limit": size, "offset": offset})
        found = required_items(answer, "data", self.code)
        seen = offset + size
        total = number(mapping(mapping(answer).get("meta")).get("results")) or 0
        more = found and seen < min(total, MAX_OFFSET)
        companies = (self._found(item, query) for item in found)
        return Page(distinct(companies, query), f"{seen}/{size}" if more else None)

    def enrich(
        self, *, domain: str | None = None, registry_id: str | None = None
    ) -> Company | None:
        host = normalise_domain(domain or "")
        if not host:
            return None
        answer = self._client.get(
            "companies/find", {"domain": host, "clearbit_format": "true"}, missing=_MISSING
        )
        # Clearbit's format has no envelope.
        found = mapping(answer).get("data") or answer
        return self._company(mapping(found), host)

    def contacts_of(self, company: Company, query: CompanyQuery) -> tuple[Contact, ...]:
        host = normalise_domain(company.domain or company.website)
        if not host or not query.with_contacts or query.contacts_per_company <= 0:
            return ()
        params = {"domain": host, "type": "personal", "limit": query.contacts_per_company}
        answer = self._client.get("domain-search", params | _people(query), missing=_MISSING)
        data = mapping(mapping(answer).get("data"))
        return choose_contacts(self._contacts(items(data.get("emails"))), query)

    def _try_out(self) -> int | None:
        answer = self._client.get("account")
        meters = mapping(mapping(mapping(answer).get("data")).get("requests"))
        meter = mapping(meters.get("credits") or meters.get("searches"))
        available, used = number(meter.get("available")), number(meter.get("used"))
        return None if available is None else max(0, available - (used or 0))

    # === ANSWERS === #

    def _found(self, item: Mapping[str, Any], query: CompanyQuery) -> Company | None:
        """Return a company of Discover, which tells little of it."""
        host = normalise_domain(text(item.get("domain")))
        if not host:
            return None
        # It isn't told where a company is, but when one country was asked for it is there.
        only = query.countries[0] if len(query.countries) == 1 else ""
        country = text(item.get("country")).upper()
        return Company(
            name=text(item.get("organization")) or host,
            domain=host,
            website=f"https://{host}",
            country_code=country if len(country) == 2 else only,
            industries=_industries(item.get("industry")),
            **employees(item.get("headcount")),
            provenance=self._provenance(f"https://hunter.io/companies/{host}"),
        )

    def _company(self, data: Mapping[str, Any], host: str) -> Company | None:
        """Return the company of an answer in Clearbit's format, or None if it has no name."""
        name = text(data.get("name")) or text(data.get("legalName"))
        if not name:
            return None
        place, site = mapping(data.get("geo")), mapping(data.get("site"))
        category, metrics = mapping(data.get("category")), mapping(data.get("metrics"))
        country = country_code(text(place.get("countryCode")) or text(place.get("country")))
        street = (text(place.get(part)) for part in ("streetNumber", "streetName"))
        return Company(
            name=name,
            domain=host,
            website=f"https://{host}",
            street=" ".join(filter(None, street)),
            city=text(place.get("city")),
            zip=text(place.get("postalCode")),
            state_code=told_state(country, text(place.get("stateCode")))
            or told_state(country, text(place.get("state"))),
            country_code=country,
            phone=next(iter(texts(site.get("phoneNumbers")) or texts(data.get("phone"))), ""),
            emails=emails(site.get("emailAddresses")),
            **employees(metrics.get("employees"), metrics.get("employeesRange")),
            industries=_industries(
                category.get("naicsCode"), category.get("industry"), category.get("sector")
            ),
            founded=year(data.get("foundedYear")),
            revenue=text(metrics.get("estimatedAnnualRevenue")),
            description=text(data.get("description"), 4096),
            logo_url=web_url(data.get("logo")),
            technologies=texts(data.get("tech")),
            timezone=text(data.get("timeZone"), 64),
            socials=_socials(data),
            provenance=self._provenance(f"https://hunter.io/companies/{host}"),
        )

    def _contacts(self, found: list[Mapping[str, Any]]) -> Iterator[Contact]:
        for item in found:
            address = next(iter(emails(item.get("value"))), "")
            status = text(mapping(item.get("verification")).get("status"))
            names = (text(item.get("first_name")), text(item.get("last_name")))
            name = " ".join(filter(None, names))
            if not address or not name or status in _DEAD:
                continue
            title, department = text(item.get("position")), text(item.get("department"))
            senior = text(item.get("seniority"))
            yield Contact(
                name=name,
                job_title=title,
                role=role_of(title) or _ROLES.get(department, ""),
                seniority=seniority_of(title) or ("executive" if senior == "executive" else ""),
                email=address,
                phone=text(item.get("phone_number"), 64),
                email_status=status if status in ("valid", "accept_all") else "",
                provenance=self._provenance(_source(item)),
            )

    def _provenance(self, url: str) -> Provenance:
        return Provenance(
            provider=self.code, dataset="Hunter", licence=self.licence, url=url,
            fetched_on=date.today(),
        )  # fmt: skip


def _discover(query: CompanyQuery) -> dict[str, Any]:
    """Return the body of a question to Discover."""
    narrowed = {country for country, _state in query.states}
    places = [{"country": country} for country in query.countries if country not in narrowed]
    places += [{"country": country, "state": state} for country, state in query.states]
    body: dict[str, Any] = {}
    if places:
        body["headquarters_location"] = {"include": places}
    if bands.is_sized(query):
        body["headcount"] = bands.inside(query, bands.LINKEDIN)
    return body


def _people(query: CompanyQuery) -> dict[str, str]:
    """Return the parameters that let Hunter find, and charge, only people who are wanted."""
    if query.contact_filter == "seniority" and query.seniority in _SENIORITIES:
        return {"seniority": _SENIORITIES[query.seniority]}
    roles = [role for role in (query.preferred_role, *query.other_roles) if role]
    departments = {_DEPARTMENTS.get(role, "") for role in roles}
    if query.contact_filter != "role" or not departments or "" in departments:
        return {}
    return {"department": ",".join(sorted(departments))}


def _source(item: Mapping[str, Any]) -> str:
    """Return a page where the address was read, one where it still stands before others."""
    sources = items(item.get("sources"))
    sources.sort(key=lambda source: source.get("still_on_page") is not True)
    return next(filter(None, (web_url(source.get("uri")) for source in sources)), "")


def _industries(*values: Any) -> tuple[str, ...]:
    codes = (from_naics(v) if v.isdigit() else from_name(v) for v in map(text, values) if v)
    return tuple(filter(None, codes))[:1]


_NETWORKS = {
    "linkedin": "https://www.linkedin.com/",
    "facebook": "https://www.facebook.com/",
    "twitter": "https://x.com/",
    "instagram": "https://www.instagram.com/",
}


def _socials(data: Mapping[str, Any]) -> dict[str, str]:
    handles = {network: text(mapping(data.get(network)).get("handle")) for network in _NETWORKS}
    return {network: _NETWORKS[network] + handle for network, handle in handles.items() if handle}


def _read_cursor(cursor: str) -> tuple[int, int]:
    offset, _slash, size = cursor.partition("/")
    if not (offset.isdigit() and size.isdigit() and 1 <= int(size) <= PAGE_SIZE):
        raise ProviderAnswerInvalid(f"cursor {cursor!r}", provider=Hunter.code)
    return int(offset), int(size)
