"""What a page tells readers: addresses, contact data and numbers in links and text."""

from collections.abc import Iterator

from .addresses import Address, addresses_in
from .findings import Finding
from .identifiers import registry_in, vat_in
from .page import WebPage
from .phones import read_phones
from .printed_names import name_like_host, name_with_form, parts_of
from .socials import social_of
from .values import email_of, emails_in

#: The text beneath a link is looked at for numbers on these kinds of pages.
_RANK_OF_KIND = {"legal": 0, "contact": 1, "home": 2, "about": 3}
_MOST_ADDRESSES = 5  # of one page


def read_identifiers(page: WebPage, country: str) -> Iterator[Finding]:
    """Yield VAT number and register of the company.

    :param country: ISO code of where the company most likely is, for VAT numbers without prefix
    """
    place = _RANK_OF_KIND[page.kind]
    vat = vat_in(page.own_text, country)
    if vat:
        yield Finding("vat", vat, page.url, 30 + place)
    if registry := registry_in(page.own_text, country or vat[:2], vat):
        yield Finding("registry", registry, page.url, 30 + place)


def read_addresses(
    page: WebPage, country: str, host: str, names: frozenset[str]
) -> Iterator[Finding]:
    """Yield the addresses of a page, the first of which counts, and the names above them.

    :param country: ISO code of where the company most likely is, "" if nothing tells
    :param names: what the company is called elsewhere, in lower case
    """
    place = _RANK_OF_KIND[page.kind]
    found = addresses_in(page.own_blocks, country, page.language, names)
    for _turn, address in zip(range(_MOST_ADDRESSES), found, strict=False):
        yield Finding("address", address.fields(), page.url, 30 + place)
        if name := _name_above(address, host, names):
            yield Finding("name", name, page.url, 20 + place)


def _name_above(address: Address, host: str, names: frozenset[str]) -> str:
    """Return the name above an address: with its legal form, or what the title or host says."""
    if name := next(filter(None, map(name_with_form, address.above)), ""):
        return name
    parts = [part.strip(" ,") for line in address.above[:2] for part in parts_of(line)]
    parts = [part for part in parts if "@" not in part and len(part) <= 60]
    titled = (part for part in parts if part.casefold() in names)
    return next(titled, "") or name_like_host(parts, host)


def read_contact_data(page: WebPage, country: str) -> Iterator[Finding]:
    """Yield telephone numbers, e-mail addresses and profiles on social networks.

    What the page calls something else is told too, as a link may take it for a telephone number.

    :param country: ISO code, for telephone numbers without a country's prefix
    """
    place = _RANK_OF_KIND[page.kind]
    yield from _links(page, country, place)
    for email in emails_in(page.own_text)[:50]:
        yield Finding("emails", email, page.url, 40 + place)
    printed = read_phones(page.own_text, country)
    for phone in printed.phones[:5]:
        yield Finding("phone", phone, page.url, 40 + place)
    for number in printed.other:
        yield Finding("no_phone", number, page.url)


def _links(page: WebPage, country: str, place: int) -> Iterator[Finding]:
    for url, _text in page.links:
        if url.lower().startswith(("mailto:", "tel:")):
            if url not in page.own_links:
                continue
            if url[:4].lower() == "tel:":
                yield Finding("raw_phone", (url[4:], country), page.url, 20 + place)
            elif email := email_of(url):
                yield Finding("emails", email, page.url, 20 + place)
        elif social := social_of(url):
            yield Finding("socials", social, page.url, 20)
