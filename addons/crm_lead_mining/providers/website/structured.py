"""What a page tells machines: schema.org (JSON-LD, microdata, RDFa) and Open Graph.

Types and properties are those of https://schema.org/Organization, the others of https://ogp.me.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from extruct import OpenGraphExtractor
from stdnum import lei as stdnum_lei
from stdnum.exceptions import ValidationError

from ...company.cells import read_year
from ...company.countries import country_code
from ...company.sizes import read_employees
from ...company.states import told_state
from .addresses import addresses_in
from .findings import Finding
from .markup import items
from .organisation_types import ORGANISATIONS
from .others import Block
from .page import WebPage, clean, same_site
from .printed_names import is_generic
from .socials import social_of
from .values import country_of_host, email_of, parsed_phone, parsed_vat

_NODES = 500  # objects of JSON-LD and microdata that are looked at
_DEPTH = 6

# Where a page that isn't an organisation itself names the one behind it.
_BEHIND = ("publisher", "mainEntity", "about", "author", "copyrightHolder", "provider", "creator")

_PREFIX = re.compile(r"^(?:https?://(?:www\.)?schema\.org/|schema:)", re.IGNORECASE)


def read_structured(page: WebPage, host: str) -> Iterator[Finding]:
    """Yield what the page tells machines about the company whose website is `host`."""
    for item in _organisations(page, host):
        yield from _organisation(page, item, host)
    yield from _open_graph(page)


# === ITEMS === #


def _organisations(page: WebPage, host: str) -> Iterator[Mapping]:
    nodes = list(_nodes(items(page)))
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    for item in nodes:
        if _is_organisation(item) and _is_theirs(item, host):
            yield _resolved(item, by_id)


def _nodes(items: list, depth: int = 0) -> Iterator[Mapping]:
    """Yield the objects that may be the company: of the top, of graphs, and behind pages."""
    for count, item in enumerate(items):
        if count >= _NODES or depth > _DEPTH:
            return
        if not isinstance(item, dict):
            continue
        node = {_PREFIX.sub("", str(name)): value for name, value in item.items()}
        yield node
        yield from _nodes(_listed(node.get("@graph")), depth + 1)
        if not _is_organisation(node):
            behind = [part for name in _BEHIND for part in _listed(node.get(name))]
            yield from _nodes(behind, depth + 1)


def _is_organisation(node: Mapping) -> bool:
    types = {_PREFIX.sub("", str(name)) for name in _listed(node.get("@type"))}
    return not ORGANISATIONS.isdisjoint(types)


def _is_theirs(node: Mapping, host: str) -> bool:
    """Tell whether an organisation is the site's own, not a client, partner or agency."""
    url = _text(node.get("url"))
    return not url.startswith("http") or same_site(url, host)


def _resolved(item: Mapping, by_id: Mapping[str, Mapping]) -> Mapping:
    """Replace references ({"@id": …}) among the item's properties by what they stand for."""

    def target(value: object) -> object:
        if isinstance(value, dict) and set(value) == {"@id"}:
            return by_id.get(str(value["@id"]), {})
        return value

    return {
        name: [target(part) for part in value] if isinstance(value, list) else target(value)
        for name, value in item.items()
    }


# === ORGANISATION === #

_NAME, _LEGAL_NAME = 10, 12
_SCHEMA = 10


def _organisation(page: WebPage, item: Mapping, host: str) -> Iterator[Finding]:
    def found(field: str, value: object, rank: int = _SCHEMA) -> Iterator[Finding]:
        if value:
            yield Finding(field, value, page.url, rank)

    address = _address(item, page.language)
    country = address.get("country_code", "")
    yield from found("name", _text(item.get("name")), _NAME)
    yield from found("name", _text(item.get("legalName")), _LEGAL_NAME)
    yield from found("description", _text(item.get("description"), 2000))
    yield from found("address", address)
    yield from found("vat", _vat(item, country or country_of_host(host)))
    yield from found("lei", _lei(_text(item.get("leiCode"))))
    yield from found("founded", _year(_text(item.get("foundingDate"))))
    yield from found("size", _employees(item.get("numberOfEmployees")))
    yield from found("logo_url", page.absolute(_image_url(item.get("logo"))))
    for phone in _contact_values(item, "telephone"):
        yield from found("raw_phone", (phone, country))
    for fax in _contact_values(item, "faxNumber"):
        yield from found("no_phone", parsed_phone(fax, country))
    for email in map(email_of, _contact_values(item, "email")):
        yield from found("emails", email)
    for url in _listed(item.get("sameAs"))[:50]:
        yield from found("socials", social_of(_text(url, 2000)))


def _contact_values(item: Mapping, name: str) -> list[str]:
    """The property of the item itself, then of its contact points, but for those of persons."""
    points = [point for point in _listed(item.get("contactPoint")) if isinstance(point, dict)]
    values = [value for node in (item, *points[:10]) for value in _listed(node.get(name))]
    return [text for text in map(_text, values[:20]) if text]


def _address(item: Mapping, language: str) -> dict[str, str]:
    """Return the fields of the first postal address; {} unless a place is named."""
    places = [part for part in _listed(item.get("location")) if isinstance(part, dict)]
    for node in (item, *places):
        for value in _listed(node.get("address")):
            if isinstance(value, dict):
                address = _postal_address(value)
            else:
                address = _printed(_text(value), language)
            if address.get("city") or address.get("zip"):
                return address
    return {}


def _postal_address(value: Mapping) -> dict[str, str]:
    country = country_code(_text(value.get("addressCountry")))
    city, _comma, region = _text(value.get("addressLocality"), 128).partition(", ")
    region = _text(value.get("addressRegion"), 64) or region
    zip_code = _text(value.get("postalCode"), 16)
    return {
        "street": _text(value.get("streetAddress")),
        "street2": _text(value.get("extendedAddress")),
        "city": city,
        "zip": zip_code,
        "state_code": told_state(country, region, zip_code),
        "country_code": country,
    }


def _printed(text: str, language: str) -> dict[str, str]:
    """Return the fields of an address that is one text."""
    block = Block((text,), ((),))
    return next((address.fields() for address in addresses_in([block], "", language)), {})


def _vat(item: Mapping, country: str) -> str:
    return next(
        filter(None, (parsed_vat(_text(item.get(name)), country) for name in ("vatID", "taxID"))),
        "",
    )


def _lei(value: str) -> str:
    try:
        return stdnum_lei.validate(value)
    except ValidationError:
        return ""


def _year(value: str) -> int | None:
    year = read_year(value)
    return year if year and year <= date.today().year else None


def _employees(value: object) -> dict[str, int | None]:
    """Return employees or the ends of their band, of a number, a text or a QuantitativeValue."""
    for part in _listed(value)[:1]:
        if isinstance(part, dict) and part.get("value") is None:
            text = f"{_text(part.get('minValue'))}-{_text(part.get('maxValue'))}"
        else:
            text = _text(part.get("value") if isinstance(part, dict) else part)
        least, most, exact = read_employees(text) or (None, None, None)
        return {"employees_min": least, "employees_max": most, "employees": exact}
    return {}


def _image_url(value: object) -> str:
    for part in _listed(value):
        if isinstance(part, dict):
            part = part.get("contentUrl") or part.get("url") or part.get("@id")
        if url := _text(part, 2000):
            return url
    return ""


# === OPEN GRAPH AND META === #


def _open_graph(page: WebPage) -> Iterator[Finding]:
    properties = _open_graph_properties(page)
    description = properties.get("og:description") or page.meta("description")
    image = properties.get("og:image:secure_url") or properties.get("og:image") or ""
    candidates = (
        ("name", _site_name(properties.get("og:site_name") or page.meta("application-name")), 30),
        ("description", clean(description, 2000), 30 if page.kind == "home" else 60),
        ("logo_url", page.absolute(image) if page.kind == "home" else "", 30),
    )
    for field, value, rank in candidates:
        if value:
            yield Finding(field, value, page.url, rank)


def _site_name(name: str) -> str:
    return "" if is_generic(name) else name


def _open_graph_properties(page: WebPage) -> dict[str, str]:
    """Return the first value of each property."""
    properties: dict[str, str] = {}
    for found in OpenGraphExtractor().extract_items(page.tree):
        for name, value in found["properties"]:
            properties.setdefault(name, clean(value, 2000))
    return properties


# === VALUES === #


def _listed(value: object) -> list:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: object, limit: int = 255) -> str:
    """Return the first text of a value: text, number, object with a value or name, or a list."""
    for part in _listed(value)[:10]:
        if isinstance(part, dict):
            part = part.get("@value") or part.get("name") or part.get("@id")
        if text := clean(part, limit):
            return text
    return ""
