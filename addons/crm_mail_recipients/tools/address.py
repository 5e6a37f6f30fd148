"""E-mail addresses as they stand in fields, read into mailboxes."""

from dataclasses import dataclass
from typing import Any

from odoo.addons.crm_common.tools.mailboxes import address_key, mailbox_parts


@dataclass(frozen=True)
class Address:
    """One mailbox: `email` as somebody wrote it, `key` as it is compared and mailed."""

    email: str
    key: str
    label: str = ""


#: The further addresses of contacts and leads, by (model, id).
Addresses = dict[tuple[str, int], tuple[Address, ...]]


def parse_addresses(text: Any, label: str = "") -> tuple[Address, ...]:
    """Read a text that may hold several addresses, see `mailbox_parts`.

    What is not one plain address is left out: it cannot be mailed.
    """
    found: dict[str, Address] = {}
    for email in mailbox_parts(text):
        key = address_key(email)
        if key and key not in found:
            found[key] = Address(email, key, label)
    return tuple(found.values())


def unreadable_parts(text: Any) -> tuple[str, ...]:
    """Return what of a recipient text was meant as an address and is none; all of it, where it
    holds no address at all.
    """
    parts = list(mailbox_parts(text))
    if not any(map(address_key, parts)):
        text = text.strip(" \t\r\n,;") if isinstance(text, str) else ""
        return (text,) if text else ()
    # A piece without an at sign belongs to a name: `Corp, Inc. <info@corp.org>`.
    return tuple(part for part in parts if "@" in part and not address_key(part))


def display_name(name: str | None) -> str:
    """Return a name that is fit for a To line: never one that looks like an address."""
    name = " ".join((name or "").split())
    return "" if any(char in name for char in "@＠﹫<>") else name
