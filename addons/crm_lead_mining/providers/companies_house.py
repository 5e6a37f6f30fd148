"""United Kingdom: the public register of Companies House.

https://developer-specs.company-information.service.gov.uk/ : free with a key, 600 questions in
five minutes. It knows no size, domains, telephones or e-mail addresses.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from ..company import uk_sic
from ..company.classifications import UK_SIC, Column
from ..company.contacts import choose_contacts
from ..company.countries import country_code
from ..company.identity import normalise_registry_id
from ..company.industries import read
from ..company.persons import officer_name
from ..company.roles import role_of, seniority_of
from ..company.status import read_status, worst
from ..company.types import Company, CompanyQuery, Contact, Page, Provenance
from .answers import items, mapping, number, required_items, text, texts, year
from .base import COUNT_LIMIT, NetworkProvider, distinct
from .errors import ProviderAnswerInvalid
from .pace import Rate

REGISTRY = "GB-COH"
COUNTRY = "GB"
SIC_COLUMN = Column(UK_SIC, digits=5)
PAGE_SIZE = 500  # the API would give 5,000; nobody needs so many at once
MAX_RESULTS = 10_000  # no answer goes beyond: what has more is asked by date of incorporation
FIRST_DAY = date(1700, 1, 1)
MAX_OFFICERS = 50
#: Ranges of dates that are tried until one has less than MAX_RESULTS.
MAX_TRIES = 12
_FILLING = 0.7
_CUT_OFF = 0.1

#: Where the advanced search and the profile tell whether a company is alive.
_STATUS = ("company_status", "company_status_detail")
#: Registered here, but companies of another country.
_FOREIGN_TYPES = frozenset({"oversea-company", "registered-overseas-entity", "uk-establishment"})
#: company_type -> what Companies House calls it, where that is not the same in words
#: (github.com/companieshouse/api-enumerations, constants.yml).
LEGAL_FORMS = {
    "eeig": "European Economic Interest Grouping (EEIG)",
    "eeig-establishment": "European Economic Interest Grouping Establishment (EEIG)",
    "european-public-limited-liability-company-se": "European public limited liability company"
    " (SE)",
    "icvc-securities": "Investment company with variable capital",
    "icvc-umbrella": "Investment company with variable capital",
    "icvc-warrant": "Investment company with variable capital",
    "llp": "Limited liability partnership",
    "ltd": "Private limited company",
    "northern-ireland": "Northern Ireland company",
    "northern-ireland-other": "Credit union (Northern Ireland)",
    "other": "Other company type",
    "plc": "Public limited company",
    "private-limited-guarant-nsc": "Private limited by guarantee without share capital",
    "private-limited-guarant-nsc-limited-exemption": "Private Limited Company by guarantee without"
    " share capital, use of 'Limited' exemption",
    "private-limited-shares-section-30-exemption": "Private Limited Company, use of 'Limited'"
    " exemption",
    "private-unlimited": "Private unlimited company",
    "private-unlimited-nsc": "Private unlimited company without share capital",
    "registered-society-non-jurisdictional": "Registered society",
    "royal-charter": "Royal charter company",
    "scottish-partnership": "Scottish qualifying partnership",
    "ukeig": "United Kingdom Economic Interest Grouping",
    "united-kingdom-societas": "United Kingdom Societas",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Companies incorporated on these days, from the `start`-th on."""

    first: date
    last: date
    start: int = 0

    @property
    def before(self) -> "Span | None":
        """Return all that is older."""
        is_first = self.first <= FIRST_DAY
        return None if is_first else Span(FIRST_DAY, self.first - timedelta(days=1))

    def narrowed(self, hits: int) -> "Span":
        """Return the newest part of it, supposed that the companies lie evenly: newer ones don't,
        so the part is tried again until it is small enough."""
        days = (self.last - self.first).days
        # A number that is just the limit is cut off there.
        part = _FILLING * MAX_RESULTS / hits if hits > MAX_RESULTS else _CUT_OFF
        fewer = min(int(days * part), days - 1)
        return Span(self.last - timedelta(days=max(fewer, 0)), self.last)

    @property
    def is_one_day(self) -> bool:
        return self.first >= self.last


class CompaniesHouse(NetworkProvider):
    """Adapter of the advanced search, the company profile and the list of officers.

    A company has up to four industries, and is found by any of them. Only active companies of the
    United Kingdom are told.
    """

    code = "companies_house"
    base_url = "https://api.company-information.service.gov.uk"
    count_is_free = True
    enrich_is_free = True
    only_countries = (COUNTRY,)
    filters = frozenset({"industries"})
    contacts_apart = True
    needs_key = True
    rates = (Rate(600, 300),)
    licence = "OGL-UK-3.0"

    @classmethod
    def _credentials(cls, key: str) -> dict:
        return {"auth": (key, "")}

    def count(self, query: CompanyQuery) -> int | None:
        if not _may_match(query):
            return 0
        if query.exclude or query.not_called:
            return None
        hits, _items = self._ask(query, None, 1)
        return COUNT_LIMIT + 1 if hits >= MAX_RESULTS else hits

    def search(self, query: CompanyQuery, cursor: str | None = None, limit: int = 50) -> Page:
        asked = _read_cursor(cursor) if cursor else (_whole(), max(1, min(limit, PAGE_SIZE)))
        span, size = asked
        if not _may_match(query):
            return Page()
        span, hits, found = self._ask_span(query, span, size, is_first=not cursor)
        companies = distinct(map(self._company, found), query)
        after = _after(span, size, hits, bool(found), is_first=not cursor)
        return Page(companies, _write_cursor(after, size) if after else None)

    def enrich(
        self, *, domain: str | None = None, registry_id: str | None = None
    ) -> Company | None:
        number_ = _number(registry_id)
        profile = number_ and self._client.get(f"company/{number_}", missing=(404,))
        return self._company(mapping(profile)) if profile else None

    def contacts_of(self, company: Company, query: CompanyQuery) -> tuple[Contact, ...]:
        number_ = _number(f"{company.registry}:{company.registry_id}")
        if not number_:
            return ()
        params = {"items_per_page": MAX_OFFICERS}
        answer = self._client.get(f"company/{number_}/officers", params, missing=(404,))
        provenance = _provenance(number_, "/officers")
        officers = items(mapping(answer).get("items"))
        return choose_contacts(_persons(officers, provenance), query)

    def _try_out(self) -> None:
        self._ask(CompanyQuery(), None, 1)

    # === QUESTIONS === #

    def _ask_span(
        self, query: CompanyQuery, span: Span, size: int, is_first: bool
    ) -> tuple[Span, int, list[Mapping[str, Any]]]:
        """Ask for a span, or for as much of it as can be read to its end.

        The very first page is taken as it is: it is all that most requests need.
        """
        for _try in range(MAX_TRIES):
            hits, found = self._ask(query, span, size)
            if is_first or span.start or span.is_one_day or hits < MAX_RESULTS:
                break
            span = span.narrowed(hits)
        return span, hits, found

    def _ask(
        self, query: CompanyQuery, span: Span | None, size: int
    ) -> tuple[int, list[Mapping[str, Any]]]:
        params = {
            "company_status": "active",
            "sic_codes": ",".join(uk_sic.codes_of(query.industries)),
            "incorporated_from": span and span.first.isoformat(),
            "incorporated_to": span and span.last.isoformat(),
            "size": size,
            "start_index": span and span.start,
        }
        answer = self._client.get(
            "advanced-search/companies",
            {name: value for name, value in params.items() if value},
            missing=(404,),  # no company found
        )
        if answer is None:
            return 0, []
        return number(mapping(answer).get("hits")) or 0, required_items(answer, "items", self.code)

    # === ANSWERS === #

    def _company(self, item: Mapping[str, Any]) -> Company | None:
        """Return the company, or None if it has no name, no number, or is no company of here."""
        registry, number_ = normalise_registry_id(REGISTRY, text(item.get("company_number")))
        name = text(item.get("company_name"))
        # The advanced search and the company profile name the same things differently.
        type_ = text(item.get("company_type")) or text(item.get("type"))
        address = mapping(item.get("registered_office_address"))
        country = text(address.get("country"))
        if (
            not (name and number_)
            or type_ in _FOREIGN_TYPES
            or (country and country_code(country) != COUNTRY)
        ):
            return None
        codes = (
            division
            for code in texts(item.get("sic_codes"))
            for division in read(code, COUNTRY, SIC_COLUMN)
        )
        return Company(
            name=name,
            registry=registry,
            registry_id=number_,
            status=worst(read_status(text(item.get(name))) or "" for name in _STATUS),
            legal_form=LEGAL_FORMS.get(type_) or type_.replace("-", " ").capitalize(),
            street=_street(address),
            street2=text(address.get("address_line_2")),
            city=text(address.get("locality")),
            zip=text(address.get("postal_code")),
            country_code=COUNTRY,
            industries=tuple(dict.fromkeys(codes)),
            founded=year(item.get("date_of_creation")),
            provenance=_provenance(number_),
        )


def _may_match(query: CompanyQuery) -> bool:
    """Whether the register can have any such company."""
    if query.countries and COUNTRY not in query.countries:
        return False
    return not query.industries or bool(uk_sic.codes_of(query.industries))


def _whole() -> Span:
    return Span(FIRST_DAY, date.today())


def _after(span: Span, size: int, hits: int, found: bool, is_first: bool) -> Span | None:
    """Return what to ask next, None after the last page."""
    if hits and not found:
        return None  # the number of hits lies
    if is_first and hits >= MAX_RESULTS:
        return _whole()  # from now on by date; the few of this first page will be known then
    if span.start + size < min(hits, MAX_RESULTS):
        return replace(span, start=span.start + size)
    return span.before


def _number(registry_id: str | None) -> str:
    """Return the company number of a registry id of this register, or ""."""
    registry, _colon, number_ = (registry_id or "").partition(":")
    registry, number_ = normalise_registry_id(registry, number_)
    is_ours = registry == REGISTRY and number_.isascii() and len(number_) == 8
    return number_ if is_ours else ""


def _provenance(number_: str, page: str = "") -> Provenance:
    host = "https://find-and-update.company-information.service.gov.uk"
    return Provenance(
        provider=CompaniesHouse.code,
        dataset="Companies House",
        licence=CompaniesHouse.licence,
        url=f"{host}/company/{number_}{page}",
        fetched_on=date.today(),
    )


def _street(address: Mapping[str, Any]) -> str:
    parts = ("care_of", "premises", "address_line_1")
    return " ".join(filter(None, (text(address.get(part)) for part in parts)))


def _persons(officers: list[Mapping[str, Any]], provenance: Provenance) -> Iterator[Contact]:
    """The persons in office; what the register knows of their birth and nation is left out."""
    seen = set()
    for officer in officers:
        role = text(officer.get("officer_role"))
        name = officer_name(text(officer.get("name")))
        if officer.get("resigned_on") or "corporate" in role or not name or name in seen:
            continue
        seen.add(name)
        label = role.replace("-", " ").capitalize()
        occupation = text(officer.get("occupation"), 100)
        is_said = occupation.casefold() in ("", "none", "director", "company director")
        yield Contact(
            name=name,
            job_title=label if is_said else f"{label}, {occupation}",
            role=role_of(occupation),
            seniority=seniority_of(label),
            provenance=provenance,
        )


def _write_cursor(span: Span, size: int) -> str:
    return f"{span.first}/{span.last}/{span.start}/{size}"


def _read_cursor(cursor: str) -> tuple[Span, int]:
    try:
        first, last, start, size = cursor.split("/")
        span = Span(date.fromisoformat(first), date.fromisoformat(last), int(start))
        if span.first <= span.last and 0 <= span.start < MAX_RESULTS and 0 < int(size) <= PAGE_SIZE:
            return span, int(size)
        flaw = None
    except ValueError as error:
        flaw = error
    raise ProviderAnswerInvalid(f"cursor {cursor!r}", provider=CompaniesHouse.code) from flaw
