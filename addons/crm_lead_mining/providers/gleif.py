"""The world: the legal entities that have an LEI, as the Global LEI Foundation publishes them.

https://documenter.getpostman.com/view/7679680/SVYrrxuU : free, without a key, CC0. It tells who a
company is (name, address, register and number) and nothing of its industry, size, domain or people.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ..company.identity import REGISTRY_ALIASES, normalise_lei, normalise_registry_id
from ..company.matching import misfits
from ..company.states import told_state
from ..company.status import Status, read_status, worst
from ..company.types import Company, CompanyQuery, Page, Provenance
from .answers import items, mapping, number, required_items, text, texts, year
from .base import COUNT_LIMIT, NetworkProvider, distinct
from .errors import ProviderAnswerInvalid
from .pace import Rate

PAGE_SIZE = 200
MAX_RESULTS = 10_000  # pages beyond are for its golden copy, which is imported as a file
#: Codes of "this entity is in no register" and "not known which".
_NO_REGISTER = frozenset({"RA888888", "RA999999"})
#: Which address of an entity is asked for. A company may have its seat by law elsewhere.
_LEGAL, _HEADQUARTERS = _PLACES = ("legalAddress", "headquartersAddress")


class Gleif(NetworkProvider):
    """Adapter of GLEIF's API.

    Asked for are active entities of the category GENERAL: companies, not funds or branches. Of
    countries first those with their seat there, then those with their headquarters only. States
    are sorted out here, so a page may hold fewer companies than asked.
    """

    code = "gleif"
    base_url = "https://api.gleif.org/api/v1"
    count_is_free = True
    enrich_is_free = True
    filters = frozenset({"states"})
    has_contacts = False
    rates = (Rate(60, 60),)
    licence = "CC0-1.0"

    def count(self, query: CompanyQuery) -> int | None:
        if query.exclude or query.not_called or query.states:
            return None
        total = _total(self._ask(query, 1, 1, _LEGAL))
        if total is None or total > COUNT_LIMIT or not query.countries:
            return None if total is None else min(total, COUNT_LIMIT + 1)
        others = _total(self._ask(query, 1, 1, _HEADQUARTERS))
        both = _total(self._ask(query, 1, 1, *_PLACES))
        if others is None or both is None:
            return None
        return min(total + others - both, COUNT_LIMIT + 1)

    def search(self, query: CompanyQuery, cursor: str | None = None, limit: int = 50) -> Page:
        page, size, place = (
            _read_cursor(cursor) if cursor else (1, max(1, min(limit, PAGE_SIZE)), _LEGAL)
        )
        answer = self._ask(query, page, size, place)
        found = required_items(answer, "data", self.code)
        if place == _HEADQUARTERS:
            found = [item for item in found if _country(item, _LEGAL) not in query.countries]
        edition = _edition(answer)
        told = (self._company(item, edition, place) for item in found)
        fitting = (one for one in told if one and "states" not in misfits(one, query))
        companies = distinct(fitting, query)
        if page * size < min(_total(answer) or 0, MAX_RESULTS) and _has_items(answer):
            return Page(companies, _write_cursor(page + 1, size, place))
        if place == _LEGAL and query.countries:
            return Page(companies, _write_cursor(1, size, _HEADQUARTERS))
        return Page(companies)

    def enrich(
        self, *, domain: str | None = None, registry_id: str | None = None
    ) -> Company | None:
        """Return the entity with this LEI ("LEI:…") or number in its register."""
        registry, _colon, given = (registry_id or "").partition(":")
        if registry.upper() == "LEI":
            return self._by_lei(normalise_lei(given))
        registry, given = normalise_registry_id(registry, given)
        if not given or (registry not in _REGISTERS and not registry.startswith("RA")):
            return None
        answer = self._client.get(
            "lei-records", {"filter[entity.registeredAs]": given, "page[size]": PAGE_SIZE}
        )
        edition = _edition(answer)
        companies = (self._company(i, edition) for i in required_items(answer, "data", self.code))
        sought = (registry, given)
        return next((c for c in companies if c and (c.registry, c.registry_id) == sought), None)

    def _by_lei(self, lei: str) -> Company | None:
        answer = lei and self._client.get(f"lei-records/{lei}", missing=(404,))
        found = self._company(mapping(mapping(answer).get("data")), _edition(answer))
        return found if found and found.lei == lei else None

    def _try_out(self) -> None:
        self._ask(CompanyQuery(), 1, 1, _LEGAL)

    def _ask(self, query: CompanyQuery, page: int, size: int, *places: str) -> Any:
        params = {
            "filter[entity.status]": "ACTIVE",
            "filter[entity.category]": "GENERAL",
            **{f"filter[entity.{one}.country]": ",".join(query.countries) for one in places},
            "page[size]": size,
            "page[number]": page,
        }
        return self._client.get(
            "lei-records", {key: value for key, value in params.items() if value}
        )

    # === ANSWERS === #

    def _company(
        self, item: Mapping[str, Any], edition: str, place: str = _LEGAL
    ) -> Company | None:
        """Return the company at one of its places, or None if it has no name or no valid LEI."""
        attributes = mapping(item.get("attributes"))
        entity = mapping(attributes.get("entity"))
        lei = normalise_lei(text(attributes.get("lei")) or text(item.get("id")))
        name = text(mapping(entity.get("legalName")).get("name"))
        if not (lei and name):
            return None
        registry, registry_id = _registered(entity)
        return Company(
            name=name,
            registry=registry,
            registry_id=registry_id,
            lei=lei,
            status=_status(attributes, entity),
            **_address(mapping(entity.get(place))),
            founded=year(entity.get("creationDate")),
            provenance=Provenance(
                provider=self.code,
                dataset="GLEIF",
                dataset_version=edition,
                licence=self.licence,
                url=f"https://search.gleif.org/#/record/{lei}",
                fetched_on=date.today(),
            ),
        )


#: Registers whose entities GLEIF names by their authority's code.
_REGISTERS = frozenset(REGISTRY_ALIASES.values())


def _status(attributes: Mapping[str, Any], entity: Mapping[str, Any]) -> Status:
    """Return the entity's status; one whose LEI was retired or is a duplicate has ceased too."""
    registration = mapping(attributes.get("registration"))
    told = (text(entity.get("status")), text(registration.get("status")))
    return worst(read_status(one) or "" for one in told)


def _registered(entity: Mapping[str, Any]) -> tuple[str, str]:
    authority = text(mapping(entity.get("registeredAt")).get("id"))
    if authority in _NO_REGISTER:
        return "", ""
    return normalise_registry_id(authority, text(entity.get("registeredAs")))


def _address(address: Mapping[str, Any]) -> dict[str, Any]:
    """Return `Company`'s fields of an address; its region is written as ISO 3166-2 does."""
    country = text(address.get("country")).upper()
    lines = texts(address.get("addressLines"))
    return {
        "street": " ".join(lines[:1]),
        "street2": ", ".join(lines[1:])[:512],
        "city": text(address.get("city")),
        "zip": text(address.get("postalCode")),
        "state_code": told_state(
            country, text(address.get("region")), text(address.get("postalCode"))
        ),
        "country_code": country if len(country) == 2 else "",
    }


def _total(answer: Any) -> int | None:
    return number(mapping(mapping(mapping(answer).get("meta")).get("pagination")).get("total"))


def _edition(answer: Any) -> str:
    meta = mapping(mapping(answer).get("meta"))
    return text(mapping(meta.get("goldenCopy")).get("publishDate"), 32)


def _country(item: Mapping[str, Any], place: str) -> str:
    entity = mapping(mapping(item.get("attributes")).get("entity"))
    return text(mapping(entity.get(place)).get("country")).upper()


def _has_items(answer: Any) -> bool:
    return bool(items(mapping(answer).get("data")))


def _write_cursor(page: int, size: int, place: str) -> str:
    return f"{page}/{size}" + ("" if place == _LEGAL else f"/{place}")


def _read_cursor(cursor: str) -> tuple[int, int, str]:
    page, _slash, rest = cursor.partition("/")
    size, _slash, place = rest.partition("/")
    is_ours = page.isdigit() and size.isdigit() and place in ("", _HEADQUARTERS)
    if not (is_ours and 1 <= int(size) <= PAGE_SIZE):
        raise ProviderAnswerInvalid(f"cursor {cursor!r}", provider=Gleif.code)
    return int(page), int(size), place or _LEGAL
