"""Arithmetic of credit packs: plain functions, without the ORM."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

#: Prices above are mistakes of typing.
MAX_PRICE = 1_000_000_000_000
MAX_RATE_DIGITS = 6


class Offer(NamedTuple):
    """What decides which of several packs is the best value.

    :ivar price: of the pack, in major units of its currency
    :ivar currency: anything that tells currencies apart
    """

    credits: int
    price: float
    currency: object


def best_value(offers: Sequence[Offer]) -> int | None:
    """Return the index of the offer whose credits are really cheaper than all others'.

    None if there is nothing to compare with, if two are equally cheap, or if prices are in several
    currencies.
    """
    if len(offers) < 2 or len({offer.currency for offer in offers}) > 1:
        return None
    rates = [Decimal(str(offer.price)) / offer.credits for offer in offers]
    cheapest = min(rates)
    return rates.index(cheapest) if rates.count(cheapest) == 1 else None


def rate_digits(rate: float, least: int) -> int:
    """Return how many decimals a price per credit is written with.

    As few as show it truly, to half a thousandth: a credit may cost less than the smallest coin.

    :param least: decimals of the currency
    """
    most = max(MAX_RATE_DIGITS, least)
    truly = (n for n in range(least, most) if abs(round(rate, n) - rate) <= rate / 2000)
    return next(truly, most)


def credits_of(refunded: float, price: float, credits: int) -> int:
    """Return how many of a pack's credits a refunded part of its price is worth.

    :param refunded: money given back so far, from 0 to `price`; more counts as all of it
    """
    part = min(max(Decimal(str(refunded)) / Decimal(str(price)), Decimal(0)), Decimal(1))
    return int((part * credits).to_integral_value(ROUND_HALF_UP))
