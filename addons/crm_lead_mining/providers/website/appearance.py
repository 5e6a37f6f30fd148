"""How a website presents itself: its name, languages and logo."""

import re
from collections.abc import Iterator

from .findings import NAMED, Finding
from .page import WebPage, clean
from .printed_names import is_generic, name_like_host, name_near_host, names_in

_LANGUAGE = re.compile(r"^[a-z]{2,3}(?![a-z])", re.IGNORECASE)
_TITLE_PARTS = re.compile(r"\s+[|\-–—·•»:]+\s+|:\s+")

#: Where a logo may be, best first, after schema.org and Open Graph.
_ICONS = (
    (40, '//link[contains(concat(" ",@rel," ")," apple-touch-icon")]'),
    (50, '//link[contains(concat(" ",@rel," ")," icon ")]'),
)


def read_appearance(page: WebPage, host: str) -> Iterator[Finding]:
    yield from _languages(page)
    yield from _names(page, host)
    if page.kind == "home":
        yield from _icons(page)


def _names(page: WebPage, host: str) -> Iterator[Finding]:
    """Yield what in the page's text, title, headings and logo is the company's name by its host."""
    for name in list(names_in(page.own_text, host))[:5]:
        yield Finding("name", name, page.url, NAMED - 12)
    parts = [part for text in _titles(page) for part in _TITLE_PARTS.split(text)]
    later = page.kind != "home"
    if name := name_like_host(parts, host):
        yield Finding("name", name, page.url, NAMED + 10 + later)
    elif name := name_near_host(parts, host):
        yield Finding("name", name, page.url, NAMED + 15 + later)


def titles_of(page: WebPage) -> set[str]:
    """Return what a page's title and its logo say, each part in lower case."""
    texts = [page.title, *_logos(page)]
    parts = (part.strip().casefold() for text in texts for part in _TITLE_PARTS.split(text))
    return {part for part in parts if part and not is_generic(part)}


def _titles(page: WebPage) -> list[str]:
    headings = page.tree.xpath("//h1 | //h2 | //h3 | //h4 | //strong | //b")[:100]
    texts = (clean(heading.text_content(), 120) for heading in headings)
    return [page.title, *_logos(page), *texts]


def _logos(page: WebPage) -> list[str]:
    return page.attributes("//img[contains(@class,'logo') or contains(@src,'logo')]/@alt", 5)


def _languages(page: WebPage) -> Iterator[Finding]:
    tags = page.attributes("/html/@lang", 1) + page.attributes(
        '//link[@rel="alternate"]/@hreflang', 50
    )
    for tag in tags:
        if match := _LANGUAGE.match(tag):
            yield Finding("languages", match[0].lower(), page.url)


def _icons(page: WebPage) -> Iterator[Finding]:
    for rank, xpath in _ICONS:
        icons = [icon for icon in page.tree.xpath(xpath)[:20] if page.absolute(icon.get("href"))]
        if icons:
            largest = max(icons, key=lambda icon: _size(icon.get("sizes") or ""))
            yield Finding("logo_url", page.absolute(largest.get("href")), page.url, rank)


def _size(sizes: str) -> int:
    match = re.match(r"(\d{1,4})x", sizes)
    return int(match[1]) if match else 0
