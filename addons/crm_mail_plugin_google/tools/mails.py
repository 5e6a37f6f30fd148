"""An e-mail as Gmail gives it: who is on it, and its text and files."""

import base64
import binascii
import codecs
import contextlib
import dataclasses
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any

from odoo.tools import formataddr, plaintext2html

from odoo.addons.crm_mail_plugin.tools import addresses, emails
from odoo.addons.crm_mail_plugin.tools.attachments import MAX_NAME, Files, LeftOut, ending_of
from odoo.addons.crm_mail_plugin.tools.params import (
    MAX_ATTACHMENTS,
    MAX_COMMENTS,
    MAX_LINE,
    MAX_PEOPLE,
    MAX_SUBJECT,
    MAX_TIMESTAMP,
    Attachment,
    encodable,
)

#: What is asked of an e-mail when it is opened.
HEADERS = ("From", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID", "Delivered-To")
#: Of a larger e-mail the text is taken, and its files are named; in bytes, as Gmail estimates it.
MAX_WHOLE = 40 * 1024 * 1024
_DEEPEST = 20
#: Charsets that e-mails name for one that has the same letters and more (WHATWG Encoding Standard).
_WIDER = {
    "euc_kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252",
    "iso8859-9": "cp1254", "shift_jis": "cp932",
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Person:
    """Somebody on an e-mail.

    :ivar name: "" when not told
    :ivar address: normalized
    """

    name: str
    address: str


@dataclasses.dataclass(frozen=True)
class Head:
    """What stands above an e-mail.

    :ivar subject: "" when it has none
    :ivar message_id: "" when it has none
    :ivar timestamp: milliseconds since 1970, None when unknown
    :ivar size: bytes, as Gmail estimates them
    :ivar senders: of From, else of Reply-To
    :ivar answers: of Reply-To
    :ivar recipients: of To
    :ivar copies: of Cc
    :ivar delivered: addresses that it was delivered to
    """

    subject: str = ""
    message_id: str = ""
    timestamp: int | None = None
    size: int = 0
    senders: tuple[Person, ...] = ()
    answers: tuple[Person, ...] = ()
    recipients: tuple[Person, ...] = ()
    copies: tuple[Person, ...] = ()
    delivered: frozenset[str] = frozenset()

    @property
    def people(self) -> list[Person]:
        """All of them once, the sender first.

        A form sends for all who fill it in, and a list or a group for all who write to it. Those
        are whom an answer goes to.
        """
        others = (*self.recipients, *self.copies)
        reached = {person.address for person in others}
        is_for_all = any(
            one.address in reached or addresses.is_unread(one.address) for one in self.senders
        )
        found: dict[str, Person] = {}
        for person in (*(self.answers if is_for_all else ()), *self.senders, *others):
            found.setdefault(person.address, person)
        return list(found.values())

    @property
    def sent(self) -> dict[str, Any]:
        """What is known of the e-mail, as `crm_mail_plugin`'s `read_email` takes it."""
        return {
            "subject": self.subject,
            "email_from": _line(self.senders[:1]),
            "email_to": _line(self.recipients),
            "email_cc": _line(self.copies),
            "timestamp": self.timestamp,
            "message_id": self.message_id,
        }


def read_head(answer: dict[str, Any]) -> Head:
    """Read the headers of Gmail's answer."""
    payload = answer.get("payload")
    headers = payload.get("headers") if isinstance(payload, dict) else None
    pairs = [
        (str(one.get("name", "")), str(one.get("value", "")))
        for one in (headers if isinstance(headers, list) else [])
        if isinstance(one, dict)
    ]
    head = _head(pairs)
    moment = head.timestamp
    if moment is None:
        moment = _moment(answer.get("internalDate"))
    return dataclasses.replace(head, timestamp=moment, size=_number(answer.get("sizeEstimate")))


def read_raw(answer: dict[str, Any], head: Head) -> emails.Email:
    """Return the whole e-mail of Gmail's answer in the format ``raw``; its parts may be broken.

    One that is too deep to be read is a file.

    :param head: what is known of it
    """
    raw = _decode(answer.get("raw"))
    content = _Content()
    try:
        content.take(message_from_bytes(raw), 0)
    except RecursionError:
        content = _Content()
        content.keep(f"{head.subject or 'message'}.eml", raw)
    return content.email(head)


def read_large(answer: dict[str, Any], head: Head) -> emails.Email:
    """Return the text of Gmail's answer in the format ``full``, with its files as left out."""
    content = _Content()
    content.take_described(answer.get("payload"), 0)
    return content.email(head)


class _Content:
    """Text and files of an e-mail while they are read."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._files = Files()
        self._nameless: list[Attachment] = []

    def email(self, head: Head) -> emails.Email:
        sent = head.sent
        # An invitation is a way to say the same without a name, and a file with one.
        named = {_lines(one.content) for one in self._files.kept if one not in self._nameless}
        doubles = [one for one in self._nameless if _lines(one.content) in named]
        return emails.Email(
            html=emails.as_html("<br>".join(self._texts)),
            subject=sent["subject"],
            sender=sent["email_from"],
            recipients=sent["email_to"],
            copies=sent["email_cc"],
            timestamp=sent["timestamp"],
            message_id=sent["message_id"],
            attachments=tuple(one for one in self._files.kept if one not in doubles),
            left_out=tuple(self._files.left_out),
        )

    @property
    def _is_full(self) -> bool:
        return len(self._files.kept) + len(self._files.left_out) >= MAX_ATTACHMENTS

    def keep(self, name: str, content: bytes, cid: str = "") -> None:
        """Keep a file, or note it as left out; of thousands the last are not even told."""
        if self._is_full:
            return
        told = _file_name(name)
        is_kept = self._files.take(told or "attachment" + ending_of(content), content, cid)
        if is_kept and not told and not cid:
            self._nameless.append(self._files.kept[-1])

    def take(self, part: Message, depth: int) -> None:
        kind = part.get_content_type()
        if kind == "message/rfc822" or depth > _DEEPEST:
            held = part.get_payload()
            first = held[0] if isinstance(held, list) and held else part
            inner = first if isinstance(first, Message) else part
            name = _name(part) or f"{_decoded(str(inner.get('Subject') or 'message'))}.eml"
            self.keep(name, _bytes(inner))
            return
        if part.is_multipart():
            held = part.get_payload()
            children = [one for one in held if isinstance(one, Message)]
            if kind == "multipart/alternative":
                children = list(_alternative(children))
            for child in children:
                self.take(child, depth + 1)
            return
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        name = _name(part)
        is_text = kind in ("text/html", "text/plain") and part.get_content_disposition() in (
            None,
            "inline",
        )
        if is_text and not name:
            text = _text(content, _charset(part))
            self._texts.append(text if kind == "text/html" else str(plaintext2html(text)))
            return
        cid = _clean(str(part.get("Content-ID") or "")).strip("<> ")
        self.keep(name, content, cid)

    def take_described(self, part: Any, depth: int) -> None:
        """Read a part as Gmail describes it."""
        if not isinstance(part, dict) or depth > _DEEPEST:
            return
        children = part.get("parts")
        kind, name = str(part.get("mimeType", "")), str(part.get("filename") or "")
        if isinstance(children, list) and not name:
            if kind == "multipart/alternative":
                texts = [one for one in children if str(one.get("mimeType")) == "text/html"]
                children = texts[-1:] or children
            for child in children:
                self.take_described(child, depth + 1)
            return
        body = part.get("body") if isinstance(part.get("body"), dict) else {}
        data = body.get("data") if isinstance(body, dict) else None
        if data and not name and kind in ("text/html", "text/plain"):
            text = _text(_decode(data), "")
            self._texts.append(text if kind == "text/html" else str(plaintext2html(text)))
        elif not self._is_full:
            self._files.left_out.append(LeftOut(_file_name(name) or "attachment", "size"))


def _alternative(children: list) -> Iterator[Message]:
    """Yield the best of several ways to say the same, and what is a file among them."""

    def has(child: Message, kind: str) -> bool:
        return any(one.get_content_type() == kind for one in child.walk())

    best = [one for one in children if has(one, "text/html")]
    best = best or [one for one in children if has(one, "text/plain")] or children
    for child in children:
        if child is best[-1] or not (has(child, "text/html") or has(child, "text/plain")):
            yield child


def _head(pairs: list[tuple[str, str]]) -> Head:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name.lower(), []).append(" ".join(value.split()))

    def people(*names: str) -> tuple[Person, ...]:
        for name in names:
            if persons := _people(found.get(name, [])):
                return persons
        return ()

    try:
        moment = parsedate_to_datetime(found.get("date", [""])[0]).timestamp() * 1000
    except (ValueError, TypeError, OverflowError, OSError):
        moment = None
    subject = _decoded(found.get("subject", [""])[0])
    return Head(
        subject=_clean(subject, MAX_SUBJECT),
        message_id=emails.message_id(_clean(found.get("message-id", [""])[0], MAX_LINE)),
        timestamp=_moment(moment),
        senders=people("from", "reply-to"),
        answers=people("reply-to"),
        recipients=people("to"),
        copies=people("cc"),
        delivered=frozenset(person.address for person in people("delivered-to")),
    )


def _people(lines: list[str]) -> tuple[Person, ...]:
    if not lines:
        return ()
    text = ", ".join(lines)[:MAX_PEOPLE]
    if text.count("(") > MAX_COMMENTS:
        text = text.replace("(", " ")
    return tuple(
        Person(_clean(_decoded(name)), address)
        for name, told in addresses.each_of([text])
        if (address := addresses.normalize(_clean(told)))
    )


def _line(people: tuple[Person, ...]) -> str:
    return ", ".join(formataddr((person.name, person.address)) for person in people)


def _decoded(text: str) -> str:
    """Return a header's text in which words are encoded (RFC 2047)."""
    if text.isascii() and "=?" not in text:
        return text
    try:
        words = [_word(*word) for word in decode_header(text)]
        return str(make_header(words))
    except (ValueError, LookupError, MessageError):
        return text


def _word(content: str | bytes, charset: str | None) -> tuple[str, str | None]:
    """Return words of one charset as text; the charset may be told wrongly, as in texts."""
    if isinstance(content, str):
        return content, charset
    if charset is None:
        return content.decode("raw-unicode-escape"), None  # How they are returned.
    # A language may follow (RFC 2231).
    return _text(content, charset.partition("*")[0]), "utf-8"


def _name(part: Message) -> str:
    try:
        return _decoded(part.get_filename() or "")
    except (ValueError, LookupError, TypeError):
        return ""


def _bytes(part: Message) -> bytes:
    try:
        return part.as_bytes()
    except (ValueError, LookupError, TypeError, AttributeError):
        return part.as_string().encode("utf-8", "replace")


def _charset(part: Message) -> str:
    try:
        return part.get_content_charset() or ""
    except (ValueError, LookupError, TypeError):
        return ""


def _text(content: bytes, charset: str) -> str:
    """Return text of a charset; one that is not told, not known or plainly wrong is guessed."""
    with contextlib.suppress(LookupError, ValueError):
        name = codecs.lookup(charset or "utf-8").name
        if name not in ("ascii", "utf-8"):
            return encodable(content.decode(_WIDER.get(name, name), "replace"))
    text = content.decode("utf-8", "replace")
    is_other = "\ufffd" in text and text.replace("\ufffd", "").isascii()
    return content.decode("cp1252", "replace") if is_other else text


def _decode(value: Any) -> bytes:
    """Decode base64url, b"" for what is none."""
    text = value if isinstance(value, str) else ""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def _lines(content: bytes) -> bytes:
    """Return a content whose lines end in one way: each part has its own."""
    return content.replace(b"\r\n", b"\n").strip()


def _file_name(text: str) -> str:
    """Return a file's name that is no path, "" for none."""
    return _clean(text).replace("/", "_").replace("\\", "_")


def _clean(text: str, longest: int = MAX_NAME) -> str:
    """Return one line that a database can hold; a long one keeps its end, as a file's name does."""
    line = encodable(text)
    if not line.isprintable():
        line = "".join(c if c.isprintable() else " " for c in line)
    line = " ".join(line.split())
    return line[-longest:] if longest == MAX_NAME else line[:longest]


def _number(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _moment(value: Any) -> int | None:
    try:
        moment = int(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if 0 <= moment <= MAX_TIMESTAMP else None
