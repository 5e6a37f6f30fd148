"""What of a delivered company may still be given back, judged without the database."""

import re
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import Message
from typing import Literal, cast

from .suppression import normalise_email

#: The part of a delivery that is the company itself.
COMPANY = "company"

_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")

Refusal = Literal["", "unpaid", "late", "done"]


def contact_subject(position: int) -> str:
    """Name the part of a delivery that is one of its contacts, counted from 0."""
    return f"contact:{position}"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was paid for one company with its contacts.

    :ivar int credits: whole credits captured for all of it
    :ivar int contact_price: credits of each contact among them
    :ivar int contact_count: contacts that were delivered
    :ivar datetime delivered_at: naive UTC
    :ivar frozenset refunded: subjects that were given back already
    """

    credits: int
    contact_price: int
    contact_count: int
    delivered_at: datetime
    refunded: frozenset[str] = frozenset()

    @property
    def prices(self) -> dict[str, int]:
        """Credits of each subject: the company, then its contacts."""
        contacts = {
            contact_subject(position): self.contact_price for position in range(self.contact_count)
        }
        return {COMPANY: self.credits - sum(contacts.values())} | contacts

    def refundable(self, now: datetime, days: int) -> dict[str, int]:
        """Credits of each subject that can be given back now.

        :param days: length of the window, from the delivery
        """
        if now > self.delivered_at + timedelta(days=days):
            return {}
        return {
            subject: price
            for subject, price in self.prices.items()
            if price > 0 and subject not in self.refunded
        }

    def refusal(self, subject: str, now: datetime, days: int) -> Refusal:
        """Say why a subject cannot be given back, or "" if it can."""
        if subject in self.refundable(now, days):
            return ""
        if subject in self.refunded:
            return "done"
        return "late" if self.prices.get(subject, 0) > 0 else "unpaid"


def hard_bounces(message: Message) -> set[str]:
    """Return the addresses of which a delivery report says that they refuse for good.

    :param message: an e-mail that Odoo took for a bounce
    :return: normalised addresses of recipients that failed with a permanent status, class 5
        (RFC 3463, section 3.1; RFC 3464, section 2.3). Delays and full mailboxes of class 4 are no
        reason to give back.
    """
    addresses = set()
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        # Its payload is a list of header blocks: one for the message, one for each recipient.
        for block in cast("list[Message]", part.get_payload()):
            action = str(block.get("Action") or "").strip().lower()
            status = str(block.get("Status") or "").strip()
            if action == "failed" and status.startswith("5."):
                addresses |= {
                    # "rfc822; somebody@example.com": the type of the address goes before it.
                    normalise_email(_unescaped(str(block.get(name) or "").rpartition(";")[2]))
                    for name in ("Final-Recipient", "Original-Recipient")
                }
    return addresses - {""}


def _unescaped(address: str) -> str:
    r"""Return an address that a report in ASCII spells "b\x{FC}cher" (RFC 6533, section 3)."""

    def char(match: re.Match[str]) -> str:
        code = int(match[1], 16)
        return chr(code) if code <= sys.maxunicode else match[0]

    return _ESCAPED.sub(char, address)
