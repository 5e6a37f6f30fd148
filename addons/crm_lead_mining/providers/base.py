"""The surface that every provider has."""

from __future__ import annotations

from abc import ABC, abstractmethod

from .types import Company, CompanyQuery, Page, Probe

#: `count` may stop here: a larger number means "more than COUNT_LIMIT".
COUNT_LIMIT = 10_000


class Provider(ABC):
    """A source of companies.

    Adapters take and return plain data and raise only `errors.ProviderError`.

    :cvar code: stable code, the key of the registry.
    :cvar count_is_free: whether `count` and a first `search` page cost nothing at the provider;
        when not, they must not be called before the user has agreed to pay.
    :cvar enrich_is_free: whether `enrich` costs nothing at the provider; only then it is asked for
        what another provider has left empty.
    """

    code: str
    count_is_free: bool = False
    enrich_is_free: bool = False

    def within(self, seconds: float) -> Provider:
        """Return the same provider, each of whose answers comes in this time or not at all.

        For questions that somebody waits for; a background job has more patience.
        """
        return self

    @abstractmethod
    def count(self, query: CompanyQuery) -> int | None:
        """Return how many companies match, or None when that cannot be told at once.

        Exact up to `COUNT_LIMIT`; a larger number means "more than that".
        """

    @abstractmethod
    def search(self, query: CompanyQuery, cursor: str | None = None, limit: int = 50) -> Page:
        """Return the matches after `cursor`, at most `limit`, in a stable order.

        The companies are distinct inside a page, and none has an identity in `query.exclude`.
        A page may hold fewer than `limit` companies, or none, and still not be the last.

        :raise ProviderAnswerInvalid: if `cursor` isn't one of this provider's
        """

    @abstractmethod
    def enrich(
        self, *, domain: str | None = None, registry_id: str | None = None
    ) -> Company | None:
        """Return the company with this domain or registry id ("GB-COH:01234567"), or None."""

    def probe(self) -> Probe:
        """Tell whether the provider answers; never raises."""
        return Probe(ok=True)
