"""The world: companies of People Data Labs, by country, industry and size.

https://docs.peopledatalabs.com/docs/reference-company-search-api : paid, with a key, a credit for
each company of an answer; nothing found (404) is free, used up is 402. It knows no e-mail addresses
or telephones of companies, and its people are a product of their own that is not asked here.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from ..company import bands, country_names
from ..company.countries import country_code
from ..company.identity import normalise_domain
from ..company.industries import from_name
from ..company.linkedin_industries import names_of
from ..company.states import state_code
from ..company.types import Company, CompanyQuery, Page, Provenance
from .answers import employees, mapping, number, required_items, text, web_url, year
from .base import NetworkProvider, distinct
from .errors import ProviderAnswerInvalid
from .pace import Rate

PAGE_SIZE = 100
REGISTRY = "PDL"
QUOTA_HEADER = "x-totallimit-remaining"
#: There is no match. It is answered as an error, but nothing is wrong, and nothing is paid.
_MISSING = (404,)


class PeopleDataLabs(NetworkProvider):
    """Adapter of Company Search and Company Enrichment.

    Regions are known by name only: queries with states are unfit.
    """

    code = "people_data_labs"
    base_url = "https://api.peopledatalabs.com/v5"
    filters = frozenset({"industries", "size"})
    has_contacts = False
    needs_key = True
    rates = (Rate(10, 60),)
    licence = "People Data Labs' terms"

    @classmethod
    def _credentials(cls, key: str) -> dict:
        return {"headers": {"X-Api-Key": key}, "secrets": (key,)}

    def count(self, query: CompanyQuery) -> None:
        """Return None: each question may be charged."""

    def search(self, query: CompanyQuery, cursor: str | None = None, limit: int = 50) -> Page:
        seen, token = _read_cursor(cursor) if cursor else (0, "")
        statement = _statement(query)
        if not statement:
            return Page()
        body = {"sql": statement, "size": max(1, min(limit, PAGE_SIZE))}
        answer = self._client.post(
            "company/search", body | ({"scroll_token": token} if token else {}), missing=_MISSING
        )
        if answer is None:
            return Page()
        found = required_items(answer, "data", self.code)
        seen += len(found)
        token = text(answer.get("scroll_token"), 2048)
        total = number(answer.get("total"))
        more = found and token and (total is None or seen < total)
        companies = distinct(map(self._company, found), query)
        return Page(companies, f"{seen}/{token}" if more else None, total)

    def enrich(
        self, *, domain: str | None = None, registry_id: str | None = None
    ) -> Company | None:
        registry, _colon, number_ = (registry_id or "").partition(":")
        host = normalise_domain(domain or "")
        params = {"pdl_id": number_} if registry == REGISTRY and number_ else {"website": host}
        if not any(params.values()):
            return None
        answer = self._client.get("company/enrich", params, missing=_MISSING)
        return self._company(mapping(answer))

    def _try_out(self) -> int | None:
        headers: dict[str, str] = {}

        def hear(heard: Mapping[str, str]) -> None:
            headers.update({name.lower(): value for name, value in heard.items()})

        # Without a company to look for this costs nothing, whatever the status says of that.
        replace(self._client, heard=hear).head("company/enrich", missing=(400, 404))
        return number(headers.get(QUOTA_HEADER))

    def _company(self, item: Mapping[str, Any]) -> Company | None:
        """Return the company, or None if it has no name."""
        name = text(item.get("display_name")) or text(item.get("name")).title()
        if not name:
            return None
        host = normalise_domain(text(item.get("website")))
        id_ = text(item.get("id"), 64)
        return Company(
            name=name,
            registry=REGISTRY if id_ else "",
            registry_id=id_,
            domain=host,
            website=f"https://{host}" if host else "",
            **_address(mapping(item.get("location"))),
            **employees(item.get("employee_count"), item.get("size")),
            industries=tuple(filter(None, [from_name(text(item.get("industry")))])),
            founded=year(item.get("founded")),
            description=text(item.get("summary"), 4096),
            socials=_socials(item),
            provenance=Provenance(
                provider=self.code,
                dataset="People Data Labs",
                licence=self.licence,
                url="https://www.peopledatalabs.com/company-data",
                fetched_on=date.today(),
            ),
        )


def _statement(query: CompanyQuery) -> str:
    """Return the query in PDL's SQL, or "" if no company can match.

    Only names from closed lists are written into it, never what somebody has typed.
    """
    known = country_names.names()
    terms = []
    if query.countries:
        countries = [known[code] for code in query.countries if code in known]
        terms.append(("location.country", countries))
    if query.industries:
        terms.append(("industry", list(names_of(query.industries))))
    if bands.is_sized(query):
        terms.append(("size", bands.inside(query, bands.LINKEDIN)))
    if not all(values for _column, values in terms):
        return ""
    # A search must have a condition.
    conditions = [f"{column} IN ({_quoted(values)})" for column, values in terms]
    return f"SELECT * FROM company WHERE {' AND '.join(conditions) or 'name IS NOT NULL'}"


def _quoted(values: list[str]) -> str:
    return ", ".join("'{}'".format(value.replace("'", "''")) for value in values)


def _address(location: Mapping[str, Any]) -> dict[str, Any]:
    country = country_code(text(location.get("country")))
    return {
        "street": text(location.get("street_address")).title(),
        "street2": text(location.get("address_line_2")).title(),
        "city": text(location.get("locality")).title(),
        "zip": text(location.get("postal_code")).upper(),
        "state_code": state_code(country, text(location.get("region"))),
        "country_code": country,
    }


def _socials(item: Mapping[str, Any]) -> dict[str, str]:
    urls = {name: web_url(item.get(f"{name}_url")) for name in ("linkedin", "facebook", "twitter")}
    return {network: url for network, url in urls.items() if url}


def _read_cursor(cursor: str) -> tuple[int, str]:
    seen, _slash, token = cursor.partition("/")
    if not seen.isdigit() or not token:
        raise ProviderAnswerInvalid(f"cursor {cursor!r}", provider=PeopleDataLabs.code)
    return int(seen), token
