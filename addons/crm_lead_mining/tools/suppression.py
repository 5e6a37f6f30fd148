"""What is never mined: how it is written down, and which companies and contacts it hits."""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import phonenumbers

from odoo.tools import email_normalize

from ..providers.identity import identity_keys, normalise_domain, normalise_vat
from ..providers.types import Company, Contact

#: Kinds that people write into the list.
LISTED_KINDS = ("domain", "vat", "email", "phone", "name")
#: Kinds of which only a hash is kept. A person is a name at one company, see `Keys.person`.
HASHED_KINDS = ("email", "person")
KINDS = (*LISTED_KINDS, "person")
#: Odoo's own list of addresses that must not be written to; known in clear, never stored here.
BLACKLIST = "blacklist"

_SHA256 = re.compile(r"[0-9a-f]{64}")
MAX_VALUE = 512


class Entry(NamedTuple):
    """One thing that is looked up in the list."""

    kind: str
    key: str


def normalise_email(value: str) -> str:
    """Return the address as `mail.blacklist` keeps it, or "" if it isn't exactly one."""
    return email_normalize((value or "")[:MAX_VALUE]) or ""


def normalise_phone(value: str, country_code: str = "") -> str:
    """Return the number in E.164, or "" if it cannot be one.

    :param country_code: ISO code of the country whose numbers are written without a prefix
    """
    try:
        number = phonenumbers.parse((value or "")[:64], country_code or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normalise_name(value: str) -> str:
    """Return a whole name in lower-case words, without accents and punctuation.

    "Müller & Söhne, S.r.l." -> "muller sohne srl".
    """
    text = unicodedata.normalize("NFKD", (value or "")[:MAX_VALUE]).casefold()
    # Once more: folding may give characters that have a simpler form ("ŉ", "ͅ").
    text = unicodedata.normalize("NFKD", text)
    text = "".join(char for char in text if not unicodedata.combining(char) and char not in ".'’")
    return " ".join("".join(char if char.isalnum() else " " for char in text).split())


def person_words(name: str) -> str:
    """Return the words of a person's name in one order: "ROSSI Mario" is "Mario Rossi"."""
    return " ".join(sorted(normalise_name(name).split()))


@dataclass(frozen=True, slots=True)
class Keys:
    """Makes the entries that are looked up.

    E-mail addresses and persons are kept as HMAC-SHA256 with a secret of this database, so that
    the list cannot be turned back into addresses by trying them. Of an address the SHA-256 of its
    normalised form is what is hashed: lists of such sums, as they are exchanged between companies,
    can be imported too.
    """

    secret: bytes

    def entry(self, kind: str, value: str, country_code: str = "") -> Entry | None:
        """Return the entry that somebody writes as `value`, or None if it isn't one.

        :param kind: one of LISTED_KINDS
        """
        reader = getattr(self, f"_read_{kind}")
        key = reader((value or "").strip(), country_code)
        return Entry(kind, key) if key else None

    def email(self, address: str) -> Entry | None:
        return self.entry("email", address)

    def person(self, name: str, company_key: str) -> Entry | None:
        """Return a person at one company: namesakes elsewhere are others.

        :param company_key: an identity key of the company, or `company_name_key`
        """
        words = person_words(name)
        return Entry("person", self._hash(f"{words}\n{company_key}")) if words else None

    def of_company(self, company: Company) -> frozenset[Entry]:
        """Return the entries that keep the company from being delivered."""
        country = company.country_code
        return frozenset(
            filter(
                None,
                (
                    *_domain_entries(company.domain or company.website),
                    self.entry("vat", company.vat, country),
                    self.entry("phone", company.phone, country),
                    self.entry("name", company.name),
                ),
            )
        )

    def of_email(self, address: str) -> frozenset[Entry]:
        """Return the entries that keep an address from being delivered."""
        email = normalise_email(address)
        if not email:
            return frozenset()
        return frozenset(
            (self.email(email), Entry(BLACKLIST, email), *_domain_entries(email.rpartition("@")[2]))
        )

    def of_contact(self, contact: Contact, company: Company) -> frozenset[Entry]:
        """Return the entries that keep the person from being delivered with the company."""
        entries = (
            self.entry("phone", contact.phone, company.country_code),
            self.entry("name", contact.name),
            *(self.person(contact.name, key) for key in company_keys(company)),
        )
        return self.of_email(contact.email) | frozenset(filter(None, entries))

    def tombstones(self, email: str, name: str, keys: Iterable[str]) -> frozenset[Entry]:
        """Return the entries that are left of an erased person."""
        entries = (self.email(email), *(self.person(name, key) for key in keys))
        return frozenset(filter(None, entries))

    def _hash(self, text: str) -> str:
        return hmac.new(self.secret, text.encode(), hashlib.sha256).hexdigest()

    def _read_domain(self, value: str, _country: str) -> str:
        return normalise_domain(value)

    def _read_vat(self, value: str, country: str) -> str:
        return normalise_vat(value, country)

    def _read_email(self, value: str, _country: str) -> str:
        digest = value.lower()
        if not _SHA256.fullmatch(digest):
            email = normalise_email(value)
            digest = email and hashlib.sha256(email.encode()).hexdigest()
        return digest and self._hash(digest)

    def _read_phone(self, value: str, country: str) -> str:
        return normalise_phone(value, country)

    def _read_name(self, value: str, _country: str) -> str:
        return normalise_name(value)


def company_name_key(name: str) -> str:
    """Return what stands for a company by its name, beside its identity keys."""
    return f"name:{normalise_name(name)}"


def company_keys(company: Company) -> tuple[str, ...]:
    """Return everything by which a company is recognised where a person is looked for."""
    return (*identity_keys(company), company_name_key(company.name))


@dataclass(frozen=True, slots=True)
class Screened:
    """A company without what may not be delivered.

    :ivar kind: why the company itself may not be delivered, "" if it may
    """

    company: Company
    kind: str = ""


def screen(
    companies: Iterable[Company],
    keys: Keys,
    look_up: Callable[[frozenset[Entry]], Container[Entry]],
) -> list[Screened]:
    """Take out of companies what is on the list.

    :param look_up: tells which of the given entries are listed; called once for all
    """
    subjects = [(company, *_entries(company, keys)) for company in companies]
    asked = frozenset().union(
        *(part for _c, own, emails, contacts in subjects for part in (own, *emails, *contacts))
    )
    listed = look_up(asked) if asked else frozenset()
    return [_screened(*subject, listed) for subject in subjects]


def _entries(company: Company, keys: Keys):
    return (
        keys.of_company(company),
        [keys.of_email(email) for email in company.emails],
        [keys.of_contact(contact, company) for contact in company.contacts],
    )


def _screened(company: Company, own, emails, contacts, listed) -> Screened:
    kind = next((entry.kind for entry in sorted(own) if entry in listed), "")
    kept_emails = _unlisted(company.emails, emails, listed)
    kept_contacts = _unlisted(company.contacts, contacts, listed)
    return Screened(replace(company, emails=kept_emails, contacts=kept_contacts), kind)


def _unlisted(items: tuple, entries: list[frozenset[Entry]], listed) -> tuple:
    return tuple(
        item
        for item, own in zip(items, entries, strict=True)
        if not any(entry in listed for entry in own)
    )


def _domain_entries(value: str) -> list[Entry]:
    """Return the domain and those above it: a listed domain covers its subdomains."""
    domain = normalise_domain(value)
    labels = domain.split(".") if domain else []
    return [Entry("domain", ".".join(labels[start:])) for start in range(len(labels) - 1)]
