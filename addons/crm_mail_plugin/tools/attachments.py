"""The files of an e-mail: what of them can be kept, and what was left out.

An e-mail is never refused for one of its files.
"""

import base64
import binascii
import dataclasses
import re
from typing import Any

from odoo.tools.mimetypes import guess_mimetype

from .params import Attachment, encodable

#: The limit of both add-ins for all files of an e-mail, pictures in its text included; in bytes.
MAX_BYTES = 40 * 1024 * 1024
MAX_FILES = 250
MAX_NAME = 255
#: How the name ends of a file that came without one.
_ENDINGS = {
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "image/avif": ".avif",
    "image/bmp": ".bmp",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/tiff": ".tif",
    "image/webp": ".webp",
}
#: How such a name ends when the file is text, by what the text begins with.
_TEXTS = (
    (re.compile(r"BEGIN:VCALENDAR"), ".ics"),
    (re.compile(r"BEGIN:VCARD"), ".vcf"),
    (re.compile(r"-----BEGIN PGP SIGNATURE"), ".asc"),
    (re.compile(r"-----BEGIN PGP "), ".pgp"),
    # Headers of an e-mail, of which one always comes.
    (re.compile(r"(?:[!-9;-~]+:.*\n(?:[ \t].*\n)*){2}"), ".eml"),
)
_EMAIL_HEADER = re.compile(r"^(?:from|date|received|mime-version|message-id):", re.I | re.M)
_LINK = re.compile(r"https?://[^\s\"'<>\x00-\x1f]+", re.I)
MAX_LINK = 2048
#: How much of a text tells its kind.
_HEAD = 4096


@dataclasses.dataclass(frozen=True)
class LeftOut:
    """A file that an e-mail has and its message has not.

    :ivar name: file name
    :ivar reason: ``size`` or ``count``, when there are too much or too many; ``unread``, when it
        did not come or cannot be read; ``link``, when it is elsewhere
    :ivar url: where it is, for a ``link``
    """

    name: str
    reason: str
    url: str = ""


class Files:
    """What is kept of an e-mail's files, one after the other as far as they fit."""

    def __init__(self) -> None:
        self.kept: list[Attachment] = []
        self.left_out: list[LeftOut] = []
        self._bytes = 0

    def take(self, name: str, content: bytes, cid: str = "") -> bool:
        """Keep a file, or note it as left out.

        :return: whether it is kept
        """
        reason = ""
        if len(self.kept) >= MAX_FILES:
            reason = "count"
        elif self._bytes + len(content) > MAX_BYTES:
            reason = "size"
        if reason:
            self.left_out.append(LeftOut(name, reason))
            return False
        self._bytes += len(content)
        self.kept.append(Attachment(name, content, cid))
        return True

    def take_sent(self, name: Any, encoded: Any, cid: Any = "", size: int = 0) -> None:
        """Keep a file as an add-in sends it.

        :param name: file name, nothing where it has none
        :param encoded: base64; the text itself of an attached e-mail or appointment; the address
            of a file in the cloud; nothing where it could not be had
        :param cid: its Content-ID, nothing when unknown
        :param size: its bytes as the add-in knows them, 0 when unknown; they tell why nothing came
        """
        text = "".join(encoded.split()) if isinstance(encoded, str) else ""
        told = _name(name)
        if not text and encoded != "":
            reason = "size" if self._bytes + size > MAX_BYTES else "unread"
            self.left_out.append(LeftOut(told or "attachment", reason))
        elif len(text) * 3 // 4 > MAX_BYTES:
            self.left_out.append(LeftOut(told or "attachment", "size"))
        elif len(text) <= MAX_LINK and _LINK.fullmatch(encoded.strip()):
            self.left_out.append(LeftOut(told or "attachment", "link", encoded.strip()))
        else:
            self._take_encoded(told, encoded, text, cid)

    def _take_encoded(self, name: str, encoded: str, text: str, cid: Any) -> None:
        ending = _text_ending(encoded)
        try:
            content = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            if not ending:
                self.left_out.append(LeftOut(name or "attachment", "unread"))
                return
            content = encoded.encode("utf-8", "replace")
            if name and not name.lower().endswith(ending):
                name = f"{name}{ending}"
        else:
            ending = ""
        if not name:
            name = "attachment" + (ending or ending_of(content))
        self.take(name[-MAX_NAME:], content, _clean(cid).strip("<> "))


def read_files(sent: Any) -> Files:
    """Return what is kept of the files that an add-in sends, see `params.attachments`."""
    files = Files()
    for item in sent or ():
        files.take_sent(*item)
    return files


def ending_of(content: bytes, told: str = "") -> str:
    """Return how the name of a file with this content ends: ".pdf", "" when unknown.

    :param told: its kind as an add-in names it, "jpeg"; the content knows better
    """
    kind = guess_mimetype(content) if content else ""
    if kind in _ENDINGS:
        return _ENDINGS[kind]
    told = _ENDINGS.get(f"image/{told.lower().replace('jpg', 'jpeg')}", "")
    return told or _text_ending(content[:_HEAD].decode("utf-8", "replace"))


def _text_ending(text: str) -> str:
    """Return how the name of a file ends that is this text, "" when its kind is unknown."""
    head = text[:_HEAD].lstrip("\ufeff \t\r\n").replace("\r\n", "\n")
    for pattern, ending in _TEXTS:
        if pattern.match(head) and (ending != ".eml" or _EMAIL_HEADER.search(head)):
            return ending
    return ""


def _clean(value: Any) -> str:
    """Return a text without what a database cannot hold, "" for what is none."""
    if not isinstance(value, str):
        return ""
    return encodable(value.replace("\x00", ""))


def _name(value: Any) -> str:
    """Return a file's name that is no path, "" for none; a long one keeps its ending."""
    return _clean(value).replace("/", "_").replace("\\", "_").strip()[-MAX_NAME:]
