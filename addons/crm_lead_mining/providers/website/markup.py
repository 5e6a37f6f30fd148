"""The objects of schema.org in a page: JSON-LD, microdata and RDFa, in the shape of JSON-LD."""

import json
import re
from collections.abc import Iterator
from typing import Any

from extruct import JsonLdExtractor, MicrodataExtractor
from lxml import etree

from .page import WebPage

_MICRODATA_NODES = 3_000  # more than this, or nested deeper, takes the extractor minutes
_MICRODATA_DEPTH = 12
_JSON_CHARACTERS = 256 * 1024  # of one script
_OBJECTS = 50  # of one script, one behind the other

_JSON_SCRIPTS = "//script[contains(translate(@type,'LDJSON','ldjson'),'ld+json')]"
#: What templates write in front of objects: comments of HTML and JavaScript, CDATA.
_WRAPPING = re.compile(
    r"(?:\s|\ufeff|<!--(?:[^{\[]*?-->)?|(?://\s*|/\*\s*)?<!\[CDATA\[(?:\s*\*/)?|;)*"
)
_BETWEEN = re.compile(r"[\s;,\ufeff]*")
_VOCABULARY = re.compile(r"^https?://(?:www\.)?schema\.org/?", re.IGNORECASE)


def items(page: WebPage) -> list[object]:
    """Return what the page tells machines; nothing in it has been checked."""
    return [*_json_ld(page), *_microdata(page)]


# === JSON-LD === #


def _json_ld(page: WebPage) -> Iterator[object]:
    for script in page.tree.xpath(_JSON_SCRIPTS)[:20]:
        if len(script.text or "") <= _JSON_CHARACTERS:
            for value in _decoded(script.text or "") or _repaired(script):
                yield from value if isinstance(value, list) else [value]


def _decoded(text: str) -> list[object]:
    """Return the objects of a text, also several in a row, up to where it cannot be read."""
    decoder = json.JSONDecoder(strict=False)
    found: list[object] = []
    position = _WRAPPING.match(text).end()  # type: ignore[union-attr]  # it matches nothing too
    while position < len(text) and len(found) < _OBJECTS:
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        found.append(value)
        position = _BETWEEN.match(text, position).end()  # type: ignore[union-attr]
    return found


def _repaired(script: Any) -> list[object]:
    """Return the objects of a script with JavaScript's comments, or commas before a bracket."""
    script.set("type", "application/ld+json")
    try:
        return JsonLdExtractor().extract_items(script)
    except (ValueError, TypeError, IndexError, RecursionError):
        return []  # One broken script says nothing about the others.


# === MICRODATA AND RDFA === #


def _microdata(page: WebPage) -> Iterator[object]:
    _rdfa_as_microdata(page.tree)
    if not _is_readable_microdata(page.tree):
        return
    try:
        found = MicrodataExtractor().extract_items(page.tree, page.base_url)
    except (ValueError, TypeError, RecursionError, etree.LxmlError):
        return
    yield from map(_from_microdata, found)


def _rdfa_as_microdata(tree: Any) -> None:
    """Give RDFa Lite of schema.org the attributes of microdata, which says the same with others."""
    is_used = False
    for element in tree.xpath("//*[@typeof][not(@itemscope)]")[:_MICRODATA_NODES]:
        vocabulary = next(iter(element.xpath("ancestor-or-self::*[@vocab][1]/@vocab")), "")
        kind = element.get("typeof").strip()
        if _VOCABULARY.match(vocabulary) or kind.startswith("schema:"):
            element.set("itemscope", "")
            element.set("itemtype", f"https://schema.org/{kind.removeprefix('schema:')}")
            is_used = True
    properties = "//*[@property][not(@itemprop)][ancestor::*[@itemscope]]"
    for element in tree.xpath(properties)[:_MICRODATA_NODES] if is_used else ():
        name = element.get("property").removeprefix("schema:")
        if ":" not in name:
            element.set("itemprop", name)


def _is_readable_microdata(tree: Any) -> bool:
    nodes = tree.xpath("//*[@itemscope or @itemprop]")
    if len(nodes) > _MICRODATA_NODES or tree.xpath("//*[string-length(@itemref) > 200]"):
        return False
    depth = "count(ancestor::*[@itemscope or @itemprop])"
    return not tree.xpath(f"//*[@itemscope or @itemprop][{depth} > {_MICRODATA_DEPTH}]")


def _from_microdata(item: object) -> object:
    """Bring an item of the extractor into the shape of JSON-LD."""
    if isinstance(item, list):
        return [_from_microdata(part) for part in item]
    if not isinstance(item, dict):
        return item
    properties = {
        name: _from_microdata(value) for name, value in item.get("properties", {}).items()
    }
    return {**properties, "@type": item.get("type"), "@id": item.get("id")}
