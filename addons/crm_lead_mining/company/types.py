"""What providers take and give: plain, frozen data in neutral terms, without the ORM."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from .status import Status

#: By what a company can be reached: what a query may ask to be known.
REACH = ("email", "phone", "website")

ContactFilter = Literal["", "role", "seniority"]
Order = Literal["complete", "shuffled"]


@dataclass(frozen=True, slots=True)
class CompanyQuery:
    """What a user looks for.

    An empty tuple means "any". `states` narrows only the countries that it names: Belgium plus
    (US, CA) finds all of Belgium and California. A company matches a size range when its number of
    employees, or the whole of its band, lies inside; one whose size is unknown never does. It
    matches `technologies` when it uses any of them.
    Contacts never exclude a company: a company without a fitting contact comes without contacts.
    The order of the answers is a wish: a provider that has its own keeps it.
    """

    countries: tuple[str, ...] = ()  # ISO 3166-1 alpha-2, upper case
    states: tuple[tuple[str, str], ...] = ()  # (country, state); see states.py
    industries: tuple[str, ...] = ()  # NACE Rev. 2: section "A".."U" or two-digit division
    size_min: int | None = None  # employees, inclusive
    size_max: int | None = None  # employees, inclusive
    technologies: tuple[str, ...] = ()  # as their makers write them; in any case
    reach: tuple[str, ...] = ()  # of REACH, each of which must be known
    places: tuple[str, ...] = ()  # any of these towns, or beginnings of postal codes
    words: tuple[str, ...] = ()  # each in the name or the description
    founded_min: int | None = None  # year, inclusive
    founded_max: int | None = None  # year, inclusive
    legal_form: str = ""  # a part of it, in any case
    revenue_from: str = ""  # a key of classes.REVENUES: of this class, or of a higher one
    dataset: str = ""  # a part of the name of the dataset that it is from, in any case
    no_subsidiaries: bool = False  # none whose parent, or parent's parent, is a customer
    with_contacts: bool = False
    contacts_per_company: int = 0
    contact_filter: ContactFilter = ""
    preferred_role: str = ""  # a key of roles.ROLES
    other_roles: tuple[str, ...] = ()
    seniority: str = ""  # a key of roles.SENIORITIES
    exclude: frozenset[str] = frozenset()  # identity keys (see identity.py) not wanted
    not_called: tuple[str, ...] = ()  # names, or numbers of registers, not wanted; in lower case
    include_known: bool = False  # also what this database was delivered before
    order: Order = "complete"  # of whom most is known first, or all mixed; always the same mix


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a value comes from, as GDPR art. 14(2)(f) and the sources' licences ask to tell."""

    provider: str
    dataset: str = ""
    dataset_version: str = ""
    licence: str = ""
    url: str = ""
    fetched_on: date | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    job_title: str = ""
    role: str = ""  # a key of roles.ROLES, empty when unknown
    seniority: str = ""  # a key of roles.SENIORITIES, empty when unknown
    email: str = ""
    phone: str = ""
    provenance: Provenance | None = None
    email_status: str = ""  # "valid" or "accept_all" where the provider has verified the address


@dataclass(frozen=True, slots=True)
class Company:
    """One company as a provider knows it; only the name is certain, empty means unknown."""

    name: str
    registry: str = ""  # register's code, as org-id.guide writes it: "GB-COH"
    registry_id: str = ""
    lei: str = ""  # ISO 17442
    status: Status = ""  # one of status.STATUSES: such a company never becomes a lead
    vat: str = ""  # with its country prefix
    legal_form: str = ""  # in the register's own words
    part_of: str = ""  # name of the group's ultimate parent
    domain: str = ""  # host name without "www."
    website: str = ""
    street: str = ""
    street2: str = ""
    city: str = ""
    zip: str = ""
    state_code: str = ""  # without the country; see states.py
    country_code: str = ""  # ISO 3166-1 alpha-2, upper case
    phone: str = ""
    emails: tuple[str, ...] = ()
    employees_min: int | None = None  # the band's ends; both equal `employees` when it is known
    employees_max: int | None = None
    employees: int | None = None
    industries: tuple[str, ...] = ()  # NACE Rev. 2 sections or divisions, the main activity first
    founded: int | None = None  # year
    revenue: str = ""  # text with its currency, as published
    description: str = ""
    logo_url: str = ""
    technologies: tuple[str, ...] = ()
    timezone: str = ""  # IANA name
    socials: dict[str, str] = field(default_factory=dict)  # network -> URL
    contacts: tuple[Contact, ...] = ()
    provenance: Provenance | None = None
    languages: tuple[str, ...] = ()  # ISO 639 codes of the website, its main language first
    # Field -> URL where its value was read, for providers that read several pages. Of fields with
    # several values each one is told apart: "emails:info@example.com", "socials:linkedin".
    sources: dict[str, str] = field(default_factory=dict)
    # What tells this record from others at its provider where nothing identifies the company, see
    # alike.py: it is delivered once, and never recognised anywhere else.
    record_key: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a search.

    :ivar next_cursor: opaque text for the next page, None after the last one. It may be stored and
        used by another process later.
    :ivar total: number of matches when the answer told it for free, else None.
    """

    companies: tuple[Company, ...] = ()
    next_cursor: str | None = None
    total: int | None = None
