"""An e-mail as an add-in hands it over: its pictures, its identity, its subject."""

import base64
import binascii
import dataclasses
import functools
import hashlib
import re

from .params import Attachment

#: The most characters of text and markup, without pictures, that are taken in.
MAX_MARKUP = 2 * 1024 * 1024
_DATA_IMAGE = re.compile(
    r"(?<=[\"'])data:image/(png|jpeg|jpg|gif|webp|bmp);base64,([A-Za-z0-9+/=\s]+)(?=[\"'])"
)
# Some add-ins hand over plain text, in which <https://example.org> and 3 < 4 are words.
_TAG = re.compile(r"<(?:/?[a-z]+[0-9]?(?::[a-z]+)?(?=[\s/>])|[!?])[^<>]*>", re.I)
# Where a tag shows a picture from or leads to.
_TARGET = re.compile(
    r"""\b(?:src|srcset|background|href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))"""
    r"""|\burl\(([^)]*)\)""",
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
    """

    html: str = ""
    subject: str = ""
    sender: str = ""
    recipients: str = ""
    copies: str = ""
    timestamp: int | None = None
    message_id: str = ""
    attachments: tuple[Attachment, ...] = ()

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
        return f"sha256:{digest.hexdigest()}"

    def with_pictures_attached(self) -> "Email":
        """Return the e-mail with the pictures that its text carries as data as attachments."""
        pictures: list[Attachment] = []

        def attach(match: re.Match) -> str:
            try:
                content = base64.b64decode("".join(match[2].split()), validate=True)
            except (binascii.Error, ValueError):
                return "#"
            cid = hashlib.sha256(content).hexdigest()[:24] + "@inline"
            if all(picture.cid != cid for picture in pictures):
                extension = match[1].replace("jpeg", "jpg")
                name = f"image{len(pictures) + 1:03}.{extension}"
                pictures.append(Attachment(name, content, cid))
            return f"cid:{cid}"

        html = _DATA_IMAGE.sub(attach, self.html)
        return dataclasses.replace(self, html=html, attachments=(*self.attachments, *pictures))


def _words(html: str) -> str:
    """Return the text of `html` without its markup, which mail programs rewrite as they like."""
    return " ".join(_TAG.sub(" ", html).split())


def _targets(html: str) -> list[str]:
    """Return where the pictures in `html` come from and its links lead to, in their order."""
    return ["".join(found) for tag in _TAG.findall(html) for found in _TARGET.findall(tag)]


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
