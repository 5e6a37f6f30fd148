"""The surface that every provider has."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Set
from dataclasses import dataclass, field

from ..company.bands import is_sized
from ..company.contacts import choose_contacts
from ..company.identity import identity_keys
from ..company.matching import is_unwanted
from ..company.status import Status
from ..company.types import Company, CompanyQuery, Contact, Page
from .errors import ProviderError
from .http import HttpClient
from .pace import UNPACED, Pace, Rate

#: `count` may stop here: a larger number means "more than COUNT_LIMIT".
COUNT_LIMIT = 2_000

#: What a query may be narrowed by, beside its countries: the names of its fields, and its size.
FILTERS = (
    "states", "places", "industries", "size", "technologies", "reach", "words", "founded",
    "legal_form", "revenue_from", "dataset", "no_subsidiaries",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Probe:
    """Outcome of "test connection".

    :ivar error: why it is not
    :ivar quota_left: requests or credits left at the provider, None when it doesn't say.
    """

    ok: bool
    message: str = ""
    quota_left: int | None = None
    error: ProviderError | None = None


class Provider(ABC):
    """A source of companies.

    Adapters take and return plain data and raise only `errors.ProviderError`. What they know of
    themselves is told by class attributes, so that nobody has to ask in vain, or to pay for it.

    :cvar code: stable code, the key of the registry.
    :cvar count_is_free: whether `count` and a first `search` page cost nothing at the provider;
        when not, they must not be called before the user has agreed to pay.
    :cvar enrich_is_free: the same of `enrich` and `contacts_of`; only then it is asked for what
        another provider has left empty.
    :cvar searches: whether it can be searched at all, not only asked about one company.
    :cvar only_countries: the only countries that it knows, empty for the world.
    :cvar filters: which of FILTERS it can apply; see `unfit`.
    :cvar has_contacts: whether it knows people.
    :cvar contacts_apart: whether `search` returns companies without them, so that they are asked
        for by `contacts_of`, and paid, only of companies that are wanted.
    :cvar own_hosts: whether each company is asked at a host of its own: what fails there tells
        nothing of other companies.
    :cvar needs_key: whether it must be given a key.
    :cvar rates: how often it may be asked.
    :cvar licence: under which its data come, in a word.
    """

    code: str
    count_is_free: bool = False
    enrich_is_free: bool = False
    searches: bool = True
    only_countries: tuple[str, ...] = ()
    filters: Set[str] = frozenset()
    has_contacts: bool = True
    contacts_apart: bool = False
    own_hosts: bool = False
    needs_key: bool = False
    rates: tuple[Rate, ...] = ()
    licence: str = ""

    def within(self, seconds: float) -> Provider:
        """Return the same provider, each of whose answers comes in this time or not at all.

        For questions that somebody waits for; a background job has more patience.
        """
        return self

    @classmethod
    def unfit(cls, query: CompanyQuery) -> tuple[str, ...]:
        """Return what of a query this provider cannot apply: "countries" and names of FILTERS.

        Such a query must not be asked: its answer would hold companies that nobody looks for.
        """
        unfit = [name for name in FILTERS if name not in cls.filters and cls._narrows(query, name)]
        if cls.only_countries and query.countries:
            foreign = set(query.countries).isdisjoint(cls.only_countries)
            unfit[:0] = ["countries"] * foreign
        return tuple(unfit)

    @classmethod
    def _narrows(cls, query: CompanyQuery, name: str) -> bool:
        """Tell whether a query asks this provider for a filter."""
        match name:
            case "states":
                return bool(cls._narrowed_states(query))
            case "size":
                return is_sized(query)
            case "founded":
                return (query.founded_min, query.founded_max) != (None, None)
            case _:
                return bool(getattr(query, name))

    @classmethod
    def _narrowed_states(cls, query: CompanyQuery) -> list[str]:
        """Return the states of countries that this provider knows."""
        countries = cls.only_countries
        return [state for country, state in query.states if not countries or country in countries]

    @abstractmethod
    def count(self, query: CompanyQuery) -> int | None:
        """Return how many companies match, or None when that cannot be told at once.

        Exact up to `COUNT_LIMIT`; a larger number means "more than that".
        """

    def count_living(self, query: CompanyQuery) -> int | None:
        """Return exactly how many companies match that do business, however many they are.

        Also those that are known or suppressed, or that another source tells to have ended. None
        when that cannot be told at once; asked only where it costs nothing.
        """
        return None

    def count_contacts(self, query: CompanyQuery) -> int | None:
        """Return how many contacts of the matches fit, or None when that cannot be told at once.

        Exact up to `COUNT_LIMIT`, as `count`; asked only where that costs nothing.
        """
        return None if self.has_contacts else 0

    def count_known(self, query: CompanyQuery) -> tuple[int, dict[str, int]]:
        """Return of how many of the first matches each of `types.REACH`, and "contacts", is known.

        :return: how many were looked at, and the numbers; 0 and none when that is not known
        """
        return 0, {}

    def count_roles(self, query: CompanyQuery) -> dict[str, int]:
        """Return how many contacts the first matches have in each role, the commonest first."""
        return {}

    def count_industries(self, query: CompanyQuery) -> dict[str, int]:
        """Return how many companies of its countries are in each division, the commonest first."""
        return {}

    @abstractmethod
    def search(self, query: CompanyQuery, cursor: str | None = None, limit: int = 50) -> Page:
        """Return the matches after `cursor`, at most `limit`, in a stable order.

        The companies are distinct inside a page, and none is one that the query excludes.
        A page may hold fewer than `limit` companies, or none, and still not be the last.

        :raise ProviderAnswerInvalid: if `cursor` isn't one of this provider's
        """

    @abstractmethod
    def enrich(
        self, *, domain: str | None = None, registry_id: str | None = None
    ) -> Company | None:
        """Return the company with this domain or registry id ("GB-COH:01234567"), or None."""

    def status_of(self, *, domain: str | None = None, registry_id: str | None = None) -> Status:
        """Return the status for which `enrich` tells nothing of a company, "" if there is none."""
        return ""

    def contacts_of(self, company: Company, query: CompanyQuery) -> tuple[Contact, ...]:
        """Return the people of a company that a query asks for, at most as many as it wants."""
        if not self.has_contacts:
            return ()
        found = self.enrich(**handle_of(company))
        return choose_contacts(found.contacts, query) if found else ()

    def probe(self) -> Probe:
        """Tell whether the provider answers; never raises."""
        return Probe(ok=True)


def handle_of(company: Company) -> dict[str, str]:
    """Return by what `enrich` finds a company: its registry id, else its domain."""
    if company.registry and company.registry_id:
        return {"registry_id": f"{company.registry}:{company.registry_id}"}
    return {"domain": company.domain or company.website}


def distinct(companies: Iterable[Company | None], query: CompanyQuery) -> tuple[Company, ...]:
    """Return the companies that have an identity, each once, and none that the query excludes.

    Who has ceased, is insolvent or protected is none.
    """
    chosen: dict[str, Company] = {}
    for company in companies:
        keys = identity_keys(company) if company else ()
        if company and keys and not company.status and not is_unwanted(company, query):
            chosen.setdefault(keys[0], company)
    return tuple(chosen.values())


@dataclass(frozen=True, slots=True)
class Access:
    """By what a provider on the network is reached.

    :ivar key: what the provider knows the customer by
    :ivar base_url: instead of the provider's own address, for its sandbox and for tests
    :ivar closed: whether it must not be reached, as from a copy of a database
    """

    key: str = field(default="", repr=False)
    base_url: str = ""
    pace: Pace = UNPACED
    closed: bool = False


class NetworkProvider(Provider):
    """A provider that is asked by HTTP.

    :cvar base_url: its address
    """

    base_url: str
    rates: tuple[Rate, ...] = (Rate(10, 1),)  # where the provider publishes none

    def __init__(self, client: HttpClient | None = None):
        self._client = client or self.client(Access())

    @classmethod
    def connect(cls, access: Access) -> NetworkProvider:
        """Return the adapter that asks with this access."""
        return cls(cls.client(access))

    @classmethod
    def client(cls, access: Access) -> HttpClient:
        return HttpClient(
            cls.code,
            (access.base_url or cls.base_url).rstrip("/"),
            closed=access.closed,
            pace=access.pace,
            **cls._credentials(access.key),
        )

    @classmethod
    def _credentials(cls, key: str) -> dict:
        """Return how the client shows the key: parameters of HttpClient."""
        return {}

    def within(self, seconds: float) -> NetworkProvider:
        return self._with(self._client.within(seconds))

    def _with(self, client: HttpClient) -> NetworkProvider:
        return type(self)(client)

    def probe(self) -> Probe:
        try:
            return Probe(ok=True, quota_left=self._try_out())
        except ProviderError as error:
            return Probe(ok=False, message=str(error), error=error)

    @abstractmethod
    def _try_out(self) -> int | None:
        """Ask what costs least.

        :return: what is left of the customer's quota, None when the provider doesn't say
        """
