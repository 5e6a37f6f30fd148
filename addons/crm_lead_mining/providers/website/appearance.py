"""How a website presents itself: its name, languages and logo."""

import re
from collections.abc import Iterator

from .findings import NAMED, Finding
from .page import WebPage

_LANGUAGE = re.compile(r"^[a-z]{2,3}(?![a-z])", re.IGNORECASE)
_TITLE_PARTS = re.compile(r"\s+[|\-–—·•»:]+\s+|:\s+")

#: Where a logo may be, best first, after schema.org and Open Graph.
_ICONS = (
    (40, '//link[contains(concat(" ",@rel," ")," apple-touch-icon")]'),
    (50, '//link[contains(concat(" ",@rel," ")," icon ")]'),
)


def read_appearance(page: WebPage, host: str) -> Iterator[Finding]:
    yield from _languages(page)
    if page.kind == "home":
        yield from _icons(page)
        if name := name_in_title(page.title, host):
            yield Finding("name", name, page.url, NAMED + 10)
        yield Finding("name", host.partition(".")[0].capitalize(), page.url, NAMED + 20)


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


def name_in_title(title: str, host: str) -> str:
    """Return the part of "Welcome - Acme Widgets | Home" that the domain resembles, or ""."""
    label = re.sub(r"[^a-z0-9]", "", host.partition(".")[0])
    for part in _TITLE_PARTS.split(title):
        letters = re.sub(r"[^a-z0-9]", "", part.casefold())
        initials = "".join(word[:1] for word in part.casefold().split())
        if letters and (label in letters or letters in label or label == initials):
            return part.strip()[:120]
    return ""
