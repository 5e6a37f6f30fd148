"""A web page as text and tree, whatever its bytes are."""

import re
import unicodedata
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin, urlsplit

import html_text
import lxml.html
from lxml import etree
from w3lib.encoding import html_to_unicode

from ..public_hosts import is_public_url
from .others import Block, without_others
from .visit import Answer

#: Text that is looked at for telephone numbers and the like, in characters.
TEXT_LIMIT = 60_000

#: Attributes of one tag, and more than any page needs.
ATTRIBUTE_LIMIT = 300

_OPENING = re.compile(r"<!--.*?(?:-->|\Z)|<[a-z][^\s/>]*", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(
    r"""[\s/]*[^\s/>][^\s/>=]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"'][^\s>]*|))?"""
)

# Characters that XML does not know.
_UNMOVABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_UNSEEN = ("Cc", "Cf", "Co", "Cs")  # control, invisible, private, lone surrogates
#: Characters of ours around the links in a text and before its headings: `clean` drops them.
_LINK_START, _LINK_END, _HEADING = "\ue000", "\ue001", "\ue002"
_LINK = re.compile(f"{_LINK_START}(.*?){_LINK_END}")
_CLOUDFLARE = re.compile(
    r"(?:/cdn-cgi/l/email-protection#)?((?:[0-9a-f]{2}){7,255})", re.IGNORECASE
)
_SPACES = re.compile(r"\s+")


def clean(value: object, limit: int = 255) -> str:
    """Return text in one line that any database and header takes; "" if `value` isn't text.

    NFC, without control characters and lone surrogates, cut to `limit` characters.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value)[: limit * 4]
    text = "".join(
        char for char in text if char.isspace() or unicodedata.category(char) not in _UNSEEN
    )
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()[:limit].strip()


@dataclass(frozen=True)
class WebPage:
    """A page that was read.

    :ivar kind: "home", or why it was read: "legal", "contact", "about"
    """

    answer: Answer
    tree: lxml.html.HtmlElement
    kind: str = "home"

    @classmethod
    def parsed(cls, answer: Answer, kind: str = "home") -> "WebPage | None":
        """Parse an answer; None when it holds no document at all."""
        source = decoded(answer.body, answer.headers.get("content-type"))
        # An older libxml2 takes a NUL for the end of all.
        source = without_crowded_tags(source).replace("\x00", "")
        parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
        try:
            # As bytes: text with an XML declaration is refused.
            tree = lxml.html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
        except (etree.LxmlError, ValueError):
            return None
        _drop_unmovable(tree)
        _show_emails(tree)
        return cls(answer, tree, kind)

    @property
    def url(self) -> str:
        return self.answer.url

    @cached_property
    def base_url(self) -> str:
        """What relative links start from."""
        href = self._first("//base/@href")
        return self._joined(self.url, href) or self.url

    @cached_property
    def text(self) -> str:
        """What a reader sees, a line per block, at most TEXT_LIMIT characters."""
        return "\n".join(line for block in self.blocks for line in block.lines if line)

    @cached_property
    def own_text(self) -> str:
        """`text` without what is said of others: who hosts or made the site, authorities."""
        return "\n".join(line for block in self.own_blocks for line in block.lines if line)

    @cached_property
    def own_links(self) -> frozenset[str]:
        """The mailto: and tel: links in `own_text`."""
        found = (link for block in self.own_blocks for line in block.links for link in line)
        return frozenset(href for _place, href in found)

    @cached_property
    def own_blocks(self) -> tuple[Block, ...]:
        return tuple(without_others(self.blocks))

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The paragraphs, each with its lines and the mailto: and tel: links in it."""
        tree = deepcopy(self.tree)
        for title in tree.xpath("//head/title"):
            title.text = ""
        for link in tree.xpath("//a[@href]")[:2000]:
            href = clean(link.get("href"), 500)
            if href.lower().startswith(("mailto:", "tel:")):
                link.tail = f"{_LINK_START}{href}{_LINK_END}{link.tail or ''}"
        for heading in tree.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")[:300]:
            heading.text = f"{_HEADING}{heading.text or ''}"
        text = html_text.extract_text(tree, guess_punct_space=False)[:TEXT_LIMIT]
        return tuple(filter(None, map(_block, re.split(r"\n\s*\n", text))))

    @cached_property
    def language(self) -> str:
        """ISO 639-1 code of the page's language, or ""."""
        return next(iter(self.attributes("/html/@lang", 1)), "")[:2].lower()

    @cached_property
    def title(self) -> str:
        return clean(self._first("//head/title/text() | //title/text()"))

    def meta(self, name: str) -> str:
        """Return the content of the first meta element with this name or property."""
        return clean(self._first("//meta[@name=$key or @property=$key]/@content", key=name), 2000)

    @cached_property
    def links(self) -> tuple[tuple[str, str], ...]:
        """(absolute URL or mailto:/tel: link, text) of the page's links, in its order."""
        return tuple(self._links())

    def _links(self) -> Iterator[tuple[str, str]]:
        for element in self.tree.xpath("//a[@href] | //area[@href]")[:2000]:
            href = clean(element.get("href"), 2000)
            text = clean(element.text_content()) or clean(
                element.get("title") or element.get("aria-label")
            )
            if href.lower().startswith(("mailto:", "tel:")):
                yield href, text
            elif url := self.absolute(href):
                yield url, text

    def absolute(self, href: object) -> str:
        """Return the absolute URL of what the page names, "" unless it is a public web address."""
        href = clean(href, 2000)
        url = self._joined(self.base_url, href) if href else ""
        return url if is_public_url(url) else ""

    def attributes(self, xpath: str, limit: int = 500) -> list[str]:
        """Return the attributes that an XPath finds, as clean text."""
        return [clean(value, 2000) for value in self.tree.xpath(xpath)[:limit]]

    def _first(self, xpath: str, **variables: str) -> str:
        return next(iter(self.tree.xpath(xpath, **variables)), "")

    @staticmethod
    def _joined(base: str, href: str) -> str:
        try:
            return urljoin(base, href.strip())
        except ValueError:
            return ""


def decoded(body: bytes, content_type: str | None) -> str:
    """Return the text of a page: byte-order mark, HTTP header, meta element, UTF-8, in this order.

    Pages that say UTF-8 and are not were mostly written in Windows-1252.
    """
    try:
        encoding, text = html_to_unicode(content_type, body)
    except (LookupError, ValueError):  # codecs that don't give text
        encoding, text = "utf-8", body.decode("utf-8", "replace")
    if "\ufffd" in text and encoding.lower().replace("-", "") == "utf8":
        # A body that was cut at its limit ends inside a character at most.
        broken = text[:-1].count("\ufffd")
        return body.decode("windows-1252", "replace") if broken else text
    return text


def without_crowded_tags(source: str) -> str:
    """Leave out tags with absurdly many attributes.

    libxml2 takes time by the square of their number: minutes for one tag of a megabyte.
    """
    pieces, kept_from, position = [], 0, 0
    while opening := _OPENING.search(source, position):
        position, attributes = opening.end(), 0
        while not opening[0].startswith("<!") and (attribute := _ATTRIBUTE.match(source, position)):
            position, attributes = attribute.end(), attributes + 1
        if attributes > ATTRIBUTE_LIMIT:
            pieces.append(source[kept_from : opening.start()])
            kept_from = position
    return "".join((*pieces, source[kept_from:]))


def _block(text: str) -> Block | None:
    lines, links = [], []
    for line in text.splitlines():
        parts = _LINK.split(line)  # texts and, between them, links
        # Invisible characters are dropped, spaces in a line are one space.
        cleaned = clean("".join(parts[::2]), 1000)
        found = [
            (len(clean("".join(parts[:place:2]), 1000)), clean(parts[place], 500))
            for place in range(1, min(len(parts), 100), 2)
        ]
        if cleaned or found:
            lines.append(cleaned)
            links.append(tuple(found))
    is_heading = text.lstrip().startswith(_HEADING)
    return Block(tuple(lines), tuple(links), is_heading) if lines else None


def _show_emails(tree: lxml.html.HtmlElement) -> None:
    """Write the addresses that Cloudflare's script would: the page's owner shows them to all."""
    for element in tree.xpath("//*[@data-cfemail] | //a[contains(@href,'/email-protection#')]")[
        :99
    ]:
        code = element.get("data-cfemail") or element.get("href") or ""
        address = _cloudflare_email(code)
        if not address:
            continue
        if element.get("data-cfemail"):
            for child in element:
                element.remove(child)
            element.text = address
        if element.tag == "a":
            element.set("href", f"mailto:{address}")


def _cloudflare_email(code: str) -> str:
    """Return the address in Cloudflare's code: a key, then each byte of the address with it."""
    match = _CLOUDFLARE.search(code)
    key, *letters = bytes.fromhex(match[1]) if match else b"\0"
    return clean(bytes(letter ^ key for letter in letters).decode("utf-8", "replace"))


def _drop_unmovable(tree: lxml.html.HtmlElement) -> None:
    """Remove the characters that lxml reads (even as "&#31;") but refuses to write elsewhere."""
    for element in tree.iter():
        if element.text and _UNMOVABLE.search(element.text):
            element.text = _UNMOVABLE.sub("", element.text)
        if element.tail and _UNMOVABLE.search(element.tail):
            element.tail = _UNMOVABLE.sub("", element.tail)


def same_site(url: str, host: str) -> bool:
    """Tell whether a URL lies on `host`, below it or above it ("www", a language, a shop)."""
    other = (urlsplit(url).hostname or "").removeprefix("www.")
    host = host.removeprefix("www.")
    return other == host or other.endswith(f".{host}") or host.endswith(f".{other}")
