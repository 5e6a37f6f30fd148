"""An e-mail as an add-in hands it over: its pictures, its identity, its subject."""

import base64
import binascii
import dataclasses
import functools
import hashlib
import re

from odoo.tools import html2plaintext, plaintext2html

from .attachments import Files, LeftOut, ending_of
from .params import Attachment

#: The most characters of text and markup, without pictures, that are taken in as such.
MAX_MARKUP = 2 * 1024 * 1024
#: How many characters are shown of a text that is longer.
MAX_WORDS = 100_000
# Add-ins name a picture's kind after the end of its file's name: "image/JPG", "image/undefined".
_DATA_IMAGE = re.compile(
    r"(?<=[\"'])data:image/(?!svg)([^;,\"']*)(?:;[^\s,;\"']+)*?;base64,([A-Za-z0-9+/=\s]+)(?=[\"'])",
    re.I,
)
_DATA = re.compile(r"(?<=[\"'])data:[^\"']*(?=[\"'])", re.I)
# Some add-ins hand over plain text, in which <https://example.org> and 3 < 4 are words.
_TAG = re.compile(r"<(?:/?[a-z]+[0-9]?(?::[a-z]+)?(?=[\s/>])|[!?])[^<>]*>", re.I)
# What tells markup from plain text.
_KNOWN_TAG = (
    r"(?:a|abbr|b|big|blockquote|body|br|caption|center|cite|code|col|colgroup|dd|del|div|dl|dt|em|"
    r"font|footer|h[1-6]|head|header|hr|html|i|img|ins|label|li|link|main|meta|ol|p|pre|q|s|section|"
    r"small|span|strike|strong|style|sub|sup|table|tbody|td|tfoot|th|thead|title|tr|tt|u|ul|o:p)"
    r"(?=[\s/>])|!doctype|!--"
)
_MARKUP = re.compile(rf"<(?:/?(?:{_KNOWN_TAG}))", re.I)
# Of a subject whatever else stands in angle brackets is a word.
_NO_TAG = re.compile(
    r"<(?!/?(?:a|b|big|br|code|div|em|font|h[1-6]|i|p|s|small|span|strong|sub|sup|u)(?=[\s/>]))",
    re.I,
)
# What no document may hold, as it is or by its number: a vertical tab, as Word writes line breaks.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CONTROL_NUMBER = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01]|6553[45])(?!\d)"
    r"|x0*(?:[0-8bcef]|1[\da-f]|fff[ef]|d[89a-f][\da-f]{2})(?![\da-f]));?",
    re.I,
)
# Where a tag shows a picture from or leads to.
_TARGET = re.compile(
    r"""\b(?:src|srcset|background|href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))"""
    r"""|\burl\(([^()]*)""",
    re.I,
)
# Reply and forward marks of the usual mail programs, in the languages that they know.
_REPLY = (
    "re|r|aw|sv|svar|vs|antw|rif|res|odp|ynt|vá|atb|bls|απ|σχετ|отв"
    "|رد|השב|תגובה|回复|答复|回覆|返信|회신|답장"
)
_FORWARD = (
    "fw|fwd|i|wg|tr|trs|rv|enc|vb|vl|pd|ilt|yml|továbbítás|πρθ|пересл"
    "|إعادة توجيه|הועבר|转发|轉寄|転送|전달"
)
_MARK = re.compile(rf"^(?:(?:{_REPLY}|{_FORWARD}) ?(?:\[\d+\])? ?[:：] ?)+", re.IGNORECASE)
_REPLY_MARK = re.compile(rf"^(?:{_REPLY}) ?(?:\[\d+\])? ?[:：]", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[^\s<>@]+@[^\s<>@]+>")


@dataclasses.dataclass(frozen=True)
class Email:
    """What is known of an e-mail.

    :ivar html: its text
    :ivar subject: "" when unknown
    :ivar sender: e-mail address as sent, with or without a name, "" when unknown
    :ivar recipients: the same, comma-separated
    :ivar copies: the same
    :ivar timestamp: when it was sent, in milliseconds since 1970, None when unknown
    :ivar message_id: its Message-ID, "" when unknown
    :ivar attachments: its files, pictures in the text included
    :ivar left_out: its files that cannot be kept
    """

    html: str = ""
    subject: str = ""
    sender: str = ""
    recipients: str = ""
    copies: str = ""
    timestamp: int | None = None
    message_id: str = ""
    attachments: tuple[Attachment, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def is_identified(self) -> bool:
        """Whether another e-mail of the same `key` is this one, whenever it comes.

        Without Message-ID and time, equal content may be sent again: "OK, thanks!".
        """
        return bool(self.message_id) or self.timestamp is not None

    @functools.cached_property
    def key(self) -> str:
        """What makes it the same e-mail: its Message-ID, else its content.

        Pictures and links count: an e-mail may differ from another one in nothing else.
        """
        if self.message_id:
            return self.message_id
        digest = hashlib.sha256()
        html = self.with_pictures_attached().html
        parts = (self.subject, self.sender, str(self.timestamp), _words(html), *_targets(html))
        for part in parts:
            digest.update(part.encode() + b"\x00")
        for file in sorted(self.attachments, key=lambda file: (file.name, file.content)):
            digest.update(file.name.encode() + b"\x00")
            digest.update(hashlib.sha256(file.content).digest())
        for name in sorted(file.name for file in self.left_out):
            digest.update(name.encode() + b"\x00")
        return f"sha256:{digest.hexdigest()}"

    def with_pictures_attached(self) -> "Email":
        """Return the e-mail with the pictures that its text carries as data as attachments.

        What is no picture, and what would be too much, is left out.
        """
        return self._with_pictures_attached

    @functools.cached_property
    def _with_pictures_attached(self) -> "Email":
        files, known = Files(), dict[str, str]()
        for file in self.attachments:
            files.take(file.name, file.content, file.cid)

        def attach(match: re.Match) -> str:
            try:
                content = base64.b64decode("".join(match[2].split()), validate=True)
            except (binascii.Error, ValueError):
                content = b""
            cid = hashlib.sha256(content).hexdigest()[:24] + "@inline"
            if cid not in known:
                known[cid] = f"image{len(known) + 1:03}{ending_of(content, match[1])}"
                if content:
                    files.take(known[cid], content, cid)
                else:
                    files.left_out.append(LeftOut(known[cid], "unread"))
            return f"cid:{cid}"

        html = _DATA_IMAGE.sub(attach, self.html)
        return dataclasses.replace(
            self,
            html=html,
            attachments=tuple(files.kept),
            left_out=(*self.left_out, *files.left_out),
        )

    def shortened(self) -> "Email":
        """Return the e-mail with a text of a size that a record's page can show.

        Of a longer one the words are there as far as they fit, and the whole text is a file.
        """
        if len(self.html) <= MAX_MARKUP:
            return self
        html = _DATA.sub("#", self.html)
        if len(html) <= MAX_MARKUP:
            return dataclasses.replace(self, html=html)
        whole = Attachment("message.html", self.html.encode("utf-8", "replace"))
        words = plaintext2html(_words(html)[:MAX_WORDS] + " […]")
        return dataclasses.replace(self, html=str(words), attachments=(*self.attachments, whole))


def _words(html: str) -> str:
    """Return the text of `html` without its markup, which mail programs rewrite as they like."""
    return " ".join(_TAG.sub(" ", html).split())


def _targets(html: str) -> list[str]:
    """Return where the pictures in `html` come from and its links lead to, in their order."""
    return ["".join(found) for tag in _TAG.findall(html) for found in _TARGET.findall(tag)]


def as_html(text: str) -> str:
    """Return an e-mail's text as HTML; some add-ins hand over plain text, which keeps its lines.

    Characters that a document cannot hold become spaces.
    """
    text = _without_controls(text)
    return text if _MARKUP.search(text) or not text.strip() else str(plaintext2html(text))


def _without_controls(text: str) -> str:
    return _CONTROL_NUMBER.sub(" ", _CONTROL.sub(" ", text))


def plain_subject(subject: str) -> str:
    """Return a subject in one line of plain text; "<Acme>" is a word of it, "<b>" is not."""
    subject = _without_controls(subject)
    # Without a paragraph around it, Odoo fails on markup without words.
    return " ".join(html2plaintext(f"<p>{_NO_TAG.sub('&lt;', subject)}</p>").split())


def message_id(text: str) -> str:
    """Return the Message-ID in a text, "" when there is none."""
    found = _MESSAGE_ID.search(text if "<" in text else f"<{text.strip()}>")
    return found[0] if found else ""


def is_reply(subject: str) -> bool:
    """Say whether a subject begins with a mark of reply; one of forwarding begins a new matter."""
    return bool(_REPLY_MARK.match(" ".join(subject.split())))


def bare_subject(subject: str) -> str:
    """Return a subject without its marks of reply and forward, lower case."""
    return _MARK.sub("", " ".join(subject.split())).lower()
