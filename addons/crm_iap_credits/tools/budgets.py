"""Rules of budgets that need no database."""

from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Literal

from odoo.addons.crm_common.tools.zones import zone_of

Level = Literal["within", "warning", "exceeded"]


@dataclass(frozen=True, slots=True)
class Budget:
    """A limit of what may be spent, with what was.

    :ivar id: of the ``iap.credit.budget``
    :ivar scope: whose spending counts: ``company``, ``team`` or ``user``
    :ivar period: ``request`` or ``month``
    :ivar soft_limit: credits from which on a warning is due, 0 for none
    :ivar hard_limit: credits that are never exceeded, 0 for no such limit
    :ivar spent: credits spent or held in the period, less those given back
    """

    id: int
    scope: str
    period: str
    soft_limit: int
    hard_limit: int
    spent: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a budget says about spending ``wanted`` more credits.

    :ivar limit: the limit that is passed, 0 if none is.
    """

    budget: Budget
    wanted: int
    level: Level
    limit: int

    @property
    def total(self) -> int:
        """Credits that would be spent."""
        return self.budget.spent + self.wanted


def judge(budget: Budget, wanted: int) -> Verdict:
    """Compare what would be spent with the limits; to spend exactly a limit is within it.

    :param budget: with what was spent of it
    :param wanted: credits to be spent
    """
    total = budget.spent + wanted
    if budget.hard_limit and total > budget.hard_limit:
        return Verdict(budget, wanted, "exceeded", budget.hard_limit)
    if budget.soft_limit and total > budget.soft_limit:
        return Verdict(budget, wanted, "warning", budget.soft_limit)
    return Verdict(budget, wanted, "within", 0)


def month_bounds(now: datetime, zone: str | None) -> tuple[datetime, datetime]:
    """Tell when the calendar month of a place began, and when the next one does.

    :param now: naive UTC
    :param zone: name of a time zone; UTC stands in for one that is unknown or empty
    :return: two naive UTC moments
    """
    return bounds_of_month(month_of(now, zone), zone)


def month_of(now: datetime, zone: str | None) -> date:
    """Return the first day of the calendar month that it is at a place; see `month_bounds`."""
    return now.replace(tzinfo=timezone.utc).astimezone(zone_of(zone)).date().replace(day=1)


def bounds_of_month(day: date, zone: str | None) -> tuple[datetime, datetime]:
    """Tell when the calendar month of a day begins at a place, and when the next one does.

    :return: two naive UTC moments
    """
    place = zone_of(zone)
    months = day.year * 12 + day.month - 1
    since, until = (
        datetime(number // 12, number % 12 + 1, 1, tzinfo=place).astimezone(timezone.utc)
        for number in (months, months + 1)
    )
    return since.replace(tzinfo=None), until.replace(tzinfo=None)
