"""What a request costs, and which requests are allowed at all."""

from dataclasses import dataclass

#: A request's name for "the number was not given within limits".
MIN_LEADS = 1


@dataclass(frozen=True, slots=True)
class Prices:
    """Whole credits per delivered company and per delivered contact."""

    company: int
    contact: int

    def of(self, companies: int, contacts: int = 0) -> int:
        """Return the credits that so many delivered companies and contacts cost."""
        return companies * self.company + contacts * self.contact


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one request may ask for."""

    leads: int
    contacts: int


def highest_price(prices: Prices, leads: int, contacts_per_company: int = 0) -> int:
    """Return the most that a request can cost: every company with all its contacts."""
    return prices.of(leads, leads * contacts_per_company)
