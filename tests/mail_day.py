"""Twelve e-mails of one day, each as it is sent, and as Outlook and a published add-in have it.

Addresses and Message-IDs are of a domain of their own for each way into Odoo: the same e-mail comes
by each of them as one that no other has brought.
"""

import base64
import dataclasses
import hashlib
import html
import re
from datetime import datetime, timedelta, timezone
from email.header import Header
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime, formataddr

OWN = ("Sally Seller", "sally@ours.example")
COLLEAGUE = ("Bob Builder", "bob@ours.example")
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
INVITATION = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
INNER = b"Subject: Inner\nFrom: x@y.test\nDate: Mon, 24 Nov 2025 09:00:00 +0000\n\nInner words\n"
#: What Google estimates the largest e-mail at, of which the test carries no such file.
LARGE = 61 * 1024 * 1024
_START = datetime(2025, 11, 24, 9, tzinfo=timezone.utc)


@dataclasses.dataclass(frozen=True)
class File:
    """A file of an e-mail.

    :ivar cid: by which the text shows it, "" for none
    :ivar size: bytes that it is told to have, None for the truth
    """

    name: str
    content: bytes
    kind: str = "application/octet-stream"
    cid: str = ""
    size: int | None = None

    @property
    def sent(self) -> str:
        """How add-ins hand it over: an attached e-mail as its text, others in base64."""
        is_email = self.kind == "message/rfc822"
        return self.content.decode() if is_email else base64.b64encode(self.content).decode()


@dataclasses.dataclass(frozen=True)
class Mail:
    """One e-mail.

    :ivar message_id: in angle brackets
    :ivar sent: when
    :ivar text: HTML; lines of one that is plain are joined by <br>
    :ivar customer: who is to be found or made, where that is not who wrote it
    :ivar form: what is special about its form, see `raw`
    """

    message_id: str
    sent: datetime
    subject: str
    sender: tuple[str, str]
    text: str
    to: tuple[tuple[str, str], ...] = (OWN,)
    cc: tuple[tuple[str, str], ...] = ()
    files: tuple[File, ...] = ()
    charset: str = "utf-8"
    customer: tuple[str, str] | None = None
    form: str = "html"

    @property
    def whom(self) -> tuple[str, str]:
        return self.customer or self.sender

    @property
    def shown(self) -> tuple[str, str]:
        """Whose card opens with it."""
        return self.sender if self.is_forwarded else self.whom

    @property
    def is_forwarded(self) -> bool:
        """Whether a colleague has sent it on: the customer is one whom it quotes."""
        return self.sender == COLLEAGUE

    @property
    def is_large(self) -> bool:
        return any(file.size for file in self.files)

    @property
    def plain(self) -> str:
        """Its text without markup."""
        return html.unescape(re.sub(r"<[^>]+>", "", self.text.replace("<br>", "\n")))

    # === HOW IT COMES === #

    def raw(self) -> bytes:
        """Return it as it is sent (RFC 5322)."""
        content = EmailMessage()
        getattr(self, f"_{self.form}")(content)
        lines = {
            "From": formataddr(self.sender, self.charset),
            "To": ", ".join(formataddr(one, self.charset) for one in self.to),
            "Cc": ", ".join(formataddr(one, self.charset) for one in self.cc),
            "Subject": Header(self.subject, self.charset).encode(),
            "Date": format_datetime(self.sent),
            "Message-ID": self.message_id,
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
        return head.encode() + content.as_bytes(policy=SMTP)

    def _plain(self, mail):
        mail.set_content(self.plain, charset=self.charset)

    def _html(self, mail):
        mail.set_content(self.text, subtype="html", charset=self.charset)
        for file in self.files:
            if file.cid:
                kind = file.kind.partition("/")
                mail.add_related(file.content, kind[0], kind[2], cid=f"<{file.cid}>",
                                 filename=file.name, disposition="inline")  # fmt: skip
        self._attach(mail)

    def _attach(self, mail):
        for file in self.files:
            if not file.cid:
                kind = file.kind.partition("/")
                mail.add_attachment(file.content, kind[0], kind[2], filename=file.name or None)

    def _both(self, mail):
        self._plain(mail)
        mail.add_alternative(self.text, subtype="html", charset=self.charset)
        self._attach(mail)

    def _invitation(self, mail):
        self._plain(mail)
        mail.add_alternative(self.text, subtype="html")
        mail.add_alternative(INVITATION, subtype="calendar", params={"method": "REQUEST"})
        self._attach(mail)

    def _holder(self, mail):
        """It holds another e-mail."""
        self._plain(mail)
        inner = MIMEPart()
        inner.set_content(INNER.decode())
        mail.make_mixed()
        inner.replace_header("Content-Type", "message/rfc822")
        mail.attach(inner)

    def _parted(self, mail, kind, parts):
        """It consists of parts of RFC 3156, which the library does not write."""
        mail["Content-Type"] = f'multipart/{kind}; boundary="BORDER"'
        mail.set_payload(
            "".join(f"--BORDER\nContent-Type: {head}\n\n{text}\n" for head, text in parts)
            + "--BORDER--\n"
        )

    def _encrypted(self, mail):
        version, content = (file.content.decode() for file in self.files)
        self._parted(
            mail,
            'encrypted; protocol="application/pgp-encrypted"',
            [
                ("application/pgp-encrypted", version),
                ('application/octet-stream; name="encrypted.asc"', content),
            ],
        )

    def _signed(self, mail):
        [signature] = self.files
        self._parted(
            mail,
            'signed; protocol="application/pgp-signature"; micalg=pgp-sha256',
            [
                ("text/html; charset=utf-8", self.text),
                ('application/pgp-signature; name="signature.asc"', signature.content.decode()),
            ],
        )

    def item(self) -> dict:
        """Return it as `openMail` of Outlook's stub takes it."""
        return {
            "internetMessageId": self.message_id,
            "subject": self.subject,
            "sent": self.timestamp,
            "from": self.sender,
            "to": self.to,
            "cc": self.cc,
            "html": self.text,
            "files": [
                {
                    "name": file.name,
                    "size": file.size or len(file.content),
                    "isInline": bool(file.cid),
                    "contentId": file.cid,
                    "content": file.sent,
                }
                for file in self.files
            ],
        }

    def routes(self) -> dict:
        """Return it as the published add-ins send it: pictures stand in its text as data, and of
        too many bytes no file comes."""
        text = self.plain if self.form == "plain" else self.text
        for file in self.files:
            if file.cid:
                text = text.replace(f"cid:{file.cid}", f"data:image/png;base64,{file.sent}")
        files = [file for file in self.files if not file.cid and not self.is_large]
        return {
            "body": text,
            "subject": self.subject,
            "email_from": _line(self.sender),
            "email_to": _line(*self.to),
            "email_cc": _line(*self.cc) or False,
            "timestamp": self.timestamp,
            "attachments": [[file.name or False, file.sent] for file in files],
        }

    @property
    def timestamp(self) -> int:
        return int(self.sent.timestamp() * 1000)

    # === WHAT IS TO BECOME OF IT === #

    @property
    def kept(self) -> list[str]:
        """Digests of what is to be kept of its files."""
        return sorted(hashlib.sha1(one.content).hexdigest() for one in self.files if not one.size)


def _line(*people: tuple[str, str]) -> str:
    """Return people as add-ins name them, without the words of RFC 2047."""
    return ", ".join(f'"{name}" <{address}>' if name else address for name, address in people)


PDF = File("Angebot für März.pdf", b"%PDF-1.4 offer", "application/pdf")


def day(place: str) -> list[Mail]:
    """Return the e-mails of the day.

    :param place: domain of whoever writes to us
    """

    def at(name: str) -> str:
        return f"{name}@{place}"

    def mail(name: str, *told, **more) -> Mail:
        times.append(_START + timedelta(minutes=len(times)))
        return Mail(f"<{name}@{place}>", times[-1], *told, **more)

    times: list[datetime] = []
    ann = ("Ann Acme", at("ann"))
    return [
        mail("umlaut", "Grüße & Kündigung <Acme>", ("Müller, Jörg", at("joerg")),
             "Sehr geehrte Damen,<br>1 &lt; 2 €<br>Grüße", form="plain"),
        mail("latin", "Réponse à l'été", ("Zoé Élan", at("zoe")), "<p>Ça va, <b>très</b> bien.</p>",
             charset="iso-8859-1"),
        mail("japan", "見積もりのお願い", ("山田太郎", at("yamada")), "お世話になります。<br>山田",
             charset="iso-2022-jp", form="plain"),
        mail("crowd", "Minutes", ann, "<p>To all</p>",
             to=(OWN, *((f"Doe, P{number}", at(f"p{number}")) for number in range(30))),
             cc=(("", at("archive")), COLLEAGUE)),
        mail("forwarded", "WG: Anfrage", COLLEAGUE,
             f"<p>Kannst du das nehmen?</p><p>Von: Kim Kunde &lt;{at('kim')}&gt;<br>"
             "Betreff: Anfrage<br><br>Bitte ein Angebot.</p>", customer=("Kim Kunde", at("kim"))),
        mail("written", "Our offer", OWN, "<p>Please find our offer.</p>",
             to=(("Lea Lind", at("lea")),), files=(PDF,), customer=("Lea Lind", at("lea"))),
        mail("invitation", "Invitation: Demo", ("Max Meier", at("max")), "<p>Demo on Monday</p>",
             files=(File("invite.ics", INVITATION.encode(), "application/ics"),),
             form="invitation"),
        mail("secret", "...", ("Pia Privat", at("pia")), "",
             files=(File("", b"Version: 1\r\n", "application/pgp-encrypted"),
                    File("encrypted.asc", b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQ\r\n")),
             form="encrypted"),
        mail("signed", "Signed", ("Sid Sign", at("sid")), "<p>Signed words</p>",
             files=(File("signature.asc", b"-----BEGIN PGP SIGNATURE-----\r\n\r\niQ\r\n"),),
             form="signed"),
        mail("pictures", "Photo", ann, '<p>Look: <img src="cid:photo@x" alt="photo"> and more</p>',
             files=(File("IMG_0001.PNG", PICTURE, "image/png", "photo@x"), PDF)),
        mail("holder", "Fwd: as attached", ann, "See the attached one", form="holder",
             files=(File("Inner", INNER, "message/rfc822"),)),
        mail("large", "Film", ("Flo Film", at("flo")), "<p>The film is attached.</p>",
             files=(File("film.mp4", b"\x00film", "video/mp4", size=45 * 1024 * 1024),),
             form="both"),
    ]  # fmt: skip
