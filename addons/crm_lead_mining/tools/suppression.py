"""What is never mined: how it is written down, and which companies and contacts it hits."""

import hashlib
import hmac
import re
from collections.abc import Callable, Collection, Container, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import lru_cache, partial
from typing import Any, NamedTuple

import phonenumbers

from odoo.tools import email_normalize

from odoo.addons.crm_common.tools.domains import above
from odoo.addons.crm_common.tools.mailboxes import address_key, spellings

from ..company.alike import Place, is_record
from ..company.identity import identity_keys, normalise_domain, normalise_vat
from ..company.names import company_name_key as spelled_alike
from ..company.names import name_in_address, normalise_name
from ..company.types import Company, Contact

#: Kinds that people write into the list.
LISTED_KINDS = ("domain", "vat", "email", "phone", "name")
#: Kinds of which only a hash is kept. A person is a name at one company, see `Keys.person`.
HASHED_KINDS = ("email", "person")
KINDS = (*LISTED_KINDS, "person")
#: Odoo's own list of addresses that must not be written to; known in clear, never stored here.
BLACKLIST = "blacklist"
#: In place of a kind: that companies have ended, which is on no list.
ENDED = "ended"

_SHA256 = re.compile(r"[0-9a-f]{64}")
_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"'|]+@[^\s@<>()\[\]\\,;:\"'|/?#&]+")
#: What stands before an address in a link: "https://x.example/?to=".
_BEFORE_ADDRESS = re.compile(r"^.*[/?&=#!](?=[^@]*@)")
MAX_VALUE = 512
#: Values in which somebody may be named who is meant for none of them.
_COMPANY_TEXTS = tuple(one.name for one in fields(Company) if one.type is str)
_COMPANY_LISTS = tuple(
    one.name for one in fields(Company) if one.type == tuple[str, ...] and one.name != "emails"
)
_URLS = ("domain", "website", "logo_url")
_CONTACT_TEXTS = tuple(
    one.name for one in fields(Contact) if one.type is str and one.name != "email"
)
#: What a company that is listed is still known by, so that it can be told that it was left out.
_IDENTITY = (
    "name", "registry", "registry_id", "lei", "vat", "domain", "website", "country_code", "zip",
    "city", "record_key",
)  # fmt: skip


class Entry(NamedTuple):
    """One thing that is looked up in the list."""

    kind: str
    key: str


@lru_cache(4096)
def normalise_email(value: str) -> str:
    """Return the key of the mailbox, or "" if it isn't exactly one, with or without a name."""
    return address_key(email_normalize((value or "")[:MAX_VALUE]) or "") or ""


def addresses_in(text: str) -> frozenset[str]:
    """Return the keys of the mailboxes that a text names."""
    found = [one.strip(".") for one in _ADDRESS.findall(text)] if "@" in text else []
    found += [_BEFORE_ADDRESS.sub("", one) for one in found]
    return frozenset(filter(None, map(address_key, found)))


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

    :ivar only: kinds that are looked up, None for all: an import of millions need not hash names
        when the list has none
    """

    secret: bytes
    only: frozenset[str] | None = None

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
        return self._asked(
            ("domain", lambda: _domain_entries(company.domain or company.website)),
            ("vat", lambda: [self.entry("vat", company.vat, country)]),
            ("phone", lambda: [self.entry("phone", company.phone, country)]),
            ("name", lambda: [self.entry("name", company.name), *_places(company)]),
            ("person", lambda: self._of_namesake(company)),
        )

    def _of_namesake(self, company: Company) -> list[Entry | None]:
        """Return the person whom a company is that nothing identifies: a trader's own name."""
        if not is_record(company.record_key):
            return []
        return [self.person(company.name, one) for one in Place.of_company(company).asked()]

    def of_email(self, address: str) -> frozenset[Entry]:
        """Return the entries that keep an address from being delivered."""
        email = normalise_email(address)
        if not email:
            return frozenset()
        written = spellings(email)
        return self._asked(
            ("email", lambda: [self._email_entry(one) for one in written]),
            (BLACKLIST, lambda: [Entry(BLACKLIST, one) for one in written]),
            ("domain", lambda: _domain_entries(email.rpartition("@")[2])),
        )

    def of_company_email(self, address: str, company: Company) -> frozenset[Entry]:
        """Return the entries that keep an address of the company from being delivered.

        One that spells a person's name ("anna.rossi@…") is that person's.
        """
        name = name_in_address(normalise_email(address))
        persons = self._asked(
            ("person", lambda: [self.person(name, key) for key in company_keys(company)])
        )
        return self.of_email(address) | persons

    def of_contact(self, contact: Contact, company: Company) -> frozenset[Entry]:
        """Return the entries that keep the person from being delivered with the company."""
        own = self._asked(
            ("phone", lambda: [self.entry("phone", contact.phone, company.country_code)]),
            ("name", lambda: [self.entry("name", contact.name)]),
            ("person", lambda: [self.person(contact.name, key) for key in company_keys(company)]),
        )
        return self.of_company_email(contact.email, company) | own

    def tombstones(self, email: str, name: str, keys: Iterable[str]) -> frozenset[Entry]:
        """Return the entries that are left of an erased person."""
        entries = (self.email(email), *(self.person(name, key) for key in keys))
        return frozenset(filter(None, entries))

    def _asked(self, *kinds: tuple[str, Callable[[], Iterable[Entry | None]]]) -> frozenset[Entry]:
        """Return the entries of those kinds that are looked up."""
        return frozenset(
            entry
            for kind, entries in kinds
            if self.only is None or kind in self.only
            for entry in entries()
            if entry
        )

    def _email_entry(self, address: str) -> Entry:
        return Entry("email", self._hash(hashlib.sha256(address.encode()).hexdigest()))

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
    return f"name:{spelled_alike(name)}"


def company_keys(company: Company) -> tuple[str, ...]:
    """Return everything by which a company is recognised where a person is looked for."""
    return (*identity_keys(company), company_name_key(company.name))


@dataclass(frozen=True, slots=True)
class Screened:
    """A company without what may not come in.

    :ivar company: only what it is recognised by, if it is listed itself
    :ivar kind: why the company itself may not come in, "" if it may: the kind of an entry of the
        list, or a status with who tells it
    :ivar withheld: whether anything was taken out
    :ivar addresses: keys of the mailboxes that may stand in no text of it
    """

    company: Company
    kind: str = ""
    withheld: bool = False
    addresses: frozenset[str] = frozenset()


def screen(
    companies: Iterable[Company],
    keys: Keys,
    look_up: Callable[[frozenset[Entry]], Container[Entry]],
) -> list[Screened]:
    """Take out of companies what is on the list: the gate that all data pass on their way in.

    :param look_up: tells which of the given entries are listed; called once for all
    """
    subjects = [(company, _Subject.of(company, keys)) for company in companies]
    asked = frozenset().union(*(subject.entries for _company, subject in subjects))
    listed = look_up(asked) if asked else frozenset()
    return [subject.screened(company, listed) for company, subject in subjects]


def refused(company: Company, kind: str) -> Screened:
    """Return a company that may not come in.

    :param kind: why
    """
    names = (*_IDENTITY, "phone") if kind == "phone" else _IDENTITY
    kept = Company(**{name: getattr(company, name) for name in names})
    return Screened(kept, kind, withheld=True)


@dataclass(frozen=True, slots=True)
class _Subject:
    """The entries of each part of a company."""

    own: frozenset[Entry]
    emails: tuple[frozenset[Entry], ...]
    contacts: tuple[frozenset[Entry], ...]
    # Addresses within texts: any value may name one, whatever it is meant for.
    mentioned: dict[str, frozenset[Entry]]

    @classmethod
    def of(cls, company: Company, keys: Keys) -> "_Subject":
        return cls(
            keys.of_company(company),
            tuple(keys.of_company_email(email, company) for email in company.emails),
            tuple(keys.of_contact(contact, company) for contact in company.contacts),
            {one: keys.of_company_email(one, company) for one in named_in(company)},
        )

    @property
    def entries(self) -> frozenset[Entry]:
        return self.own.union(*self.emails, *self.contacts, *self.mentioned.values())

    def screened(self, company: Company, listed: Container[Entry]) -> Screened:
        kind = next((entry.kind for entry in sorted(self.own) if entry in listed), "")
        if kind:
            return refused(company, kind)
        contacts = _unlisted(company.contacts, self.contacts, listed)
        gone = [contact for contact in company.contacts if contact not in contacts]
        # An address of somebody who is left out is theirs wherever it stands.
        addresses = {normalise_email(contact.email) for contact in gone} - {""}
        addresses |= {
            address for address, own in self.mentioned.items() if any(e in listed for e in own)
        }
        emails = tuple(
            email
            for email in _unlisted(company.emails, self.emails, listed)
            if addresses_in(email).isdisjoint(addresses)
        )
        addresses |= {normalise_email(email) for email in company.emails if email not in emails}
        if not gone and not addresses and emails == company.emails:
            return Screened(company)
        names = [contact.name for contact in gone]
        values = scrubbed(company, addresses) | {
            "emails": emails,
            "contacts": tuple(_scrubbed_contact(contact, addresses) for contact in contacts),
            "description": without_texts(company.description, addresses, names),
            "sources": {
                name: url
                for name, url in company.sources.items()
                if addresses_in(name.partition(":")[2]).isdisjoint(addresses)
            },
        }
        clean = replace(company, **values)
        return Screened(clean, withheld=True, addresses=frozenset(addresses))


def named_in(company: Company) -> frozenset[str]:
    """Return the keys of the mailboxes that the texts of a company and its persons name."""
    return addresses_in("\n".join(_texts_of(company)))


def _texts_of(company: Company) -> Iterator[str]:
    """Yield the values of a company and of its persons that may name somebody."""
    yield from company.sources
    yield from company.socials.values()
    yield from (one for one in company.emails if not normalise_email(one))
    for name in _COMPANY_TEXTS:
        yield getattr(company, name)
    for name in _COMPANY_LISTS:
        yield from getattr(company, name)
    for contact in company.contacts:
        for name in _CONTACT_TEXTS:
            yield getattr(contact, name)


def scrubbed(company: Company, addresses: Collection[str]) -> dict[str, Any]:
    """Return the values of a company, but for its persons, without these mailboxes."""
    clean = partial(without_texts, addresses=addresses)
    values = {name: getattr(company, name) for name in _COMPANY_TEXTS}
    texts = {name: clean(text) for name, text in values.items()}
    # A part of a URL leads nowhere.
    urls = {name: values[name] if texts[name] == values[name] else "" for name in _URLS}
    lists = {name: tuple(map(clean, getattr(company, name))) for name in _COMPANY_LISTS}
    socials = {network: url for network, url in company.socials.items() if clean(url) == url}
    return {**texts, **urls, **lists, "socials": socials}


def _scrubbed_contact(contact: Contact, addresses: Collection[str]) -> Contact:
    texts: dict[str, Any] = {
        name: without_texts(getattr(contact, name), addresses) for name in _CONTACT_TEXTS
    }
    return replace(contact, **texts)


def without_texts(text: str, addresses: Collection[str], names: Iterable[str] = ()) -> str:
    """Return a text without these mailboxes, in any spelling, and without these names."""
    if "@" in text:
        text = _ADDRESS.sub(
            lambda match: "…" if not addresses_in(match[0]).isdisjoint(addresses) else match[0],
            text,
        )
    for name in filter(None, (name.strip() for name in names)):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "…", text, flags=re.IGNORECASE)
    return text


def _unlisted(
    items: tuple, entries: tuple[frozenset[Entry], ...], listed: Container[Entry]
) -> tuple:
    return tuple(
        item
        for item, own in zip(items, entries, strict=True)
        if not any(entry in listed for entry in own)
    )


def place_entries(place: Place) -> list[Entry]:
    """Return the entries that keep the companies of one name at one place away."""
    return [Entry("name", key) for key in place.listed()]


def _places(company: Company) -> list[Entry]:
    return [Entry("name", key) for key in Place.of_company(company).asked()]


def _domain_entries(value: str) -> list[Entry]:
    """Return the domain and those above it: a listed domain covers its subdomains."""
    return [Entry("domain", domain) for domain in above(normalise_domain(value))]
