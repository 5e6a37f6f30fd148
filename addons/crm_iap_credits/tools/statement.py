"""What a statement of a credit account says, and its workbook: plain data, without a database."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from io import BytesIO
from itertools import accumulate

import xlsxwriter
from pytz.tzinfo import BaseTzInfo

from .kinds import MOVEMENTS

# A cell's text is text: a reason that begins with "=" must not be calculated.
WORKBOOK = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
DAY = timedelta(days=1)
WIDTHS = (18, 14, 40, 30, 24, 12, 12, 14, 14)
MAX_SHEET_NAME = 31
#: Decimals of money.
DIGITS = range(2, 7)


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of a statement.

    :ivar date: naive, in the reader's time zone.
    :ivar kind: one of :data:`MOVEMENTS`.
    :ivar reason: why, for people.
    :ivar document: name of what it is about, may be empty.
    :ivar user: name of who moved the credits.
    :ivar credits: signed change of what the account has.
    :ivar worth: signed change of what that is worth, in each of the statement's currencies.
    """

    date: datetime
    kind: str
    reason: str
    document: str
    user: str
    credits: int
    worth: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """What an account had, what it got and lost in a period, and what it has at its end.

    :ivar opening: credits before the period, held ones among them.
    :ivar movements: of the period, in order.
    :ivar held: credits of the closing balance that are set aside.
    :ivar currencies: codes of those in which credits of the account were paid for.
    :ivar opening_worth: what the opening balance was worth, in each of them.
    """

    opening: int
    movements: tuple[Movement, ...]
    held: int
    currencies: tuple[str, ...] = ()
    opening_worth: tuple[Decimal, ...] = ()

    @property
    def balances(self) -> list[int]:
        """Credits after each movement."""
        changes = (movement.credits for movement in self.movements)
        return list(accumulate(changes, initial=self.opening))[1:]

    @property
    def closing(self) -> int:
        """Credits at the end of the period, held ones among them."""
        return self.opening + sum(movement.credits for movement in self.movements)

    @property
    def closing_worth(self) -> tuple[Decimal, ...]:
        """What the closing balance is worth, in each currency: what is deferred at that date."""
        worths = [self.opening_worth, *(movement.worth for movement in self.movements)]
        return _sum_each(worths)

    @property
    def available(self) -> int:
        """Credits of the closing balance that can be spent."""
        return self.closing - self.held

    @property
    def totals(self) -> dict[str, int]:
        """Sum of each kind that occurs, in the order of :data:`MOVEMENTS`."""
        sums: dict[str, list[int]] = {kind: [] for kind in MOVEMENTS}
        for movement in self.movements:
            sums[movement.kind].append(movement.credits)
        return {kind: sum(credits) for kind, credits in sums.items() if credits}

    @property
    def worths(self) -> dict[str, tuple[Decimal, ...]]:
        """Worth of each of the :attr:`totals`, in each currency."""
        return {
            kind: _sum_each(one.worth for one in self.movements if one.kind == kind)
            for kind in self.totals
        }


def _sum_each(rows: Iterable[tuple[Decimal, ...]]) -> tuple[Decimal, ...]:
    return tuple(sum(column, Decimal(0)) for column in zip(*rows, strict=True))


def period_bounds(first: date, last: date, zone: BaseTzInfo) -> tuple[datetime, datetime]:
    """Give the first moment of a period of days and the first one after it.

    The ends of the calendar, which have no day before or after, are moved inwards by a day or two.

    :param zone: of `pytz`
    :return: two naive UTC moments
    """
    first = max(first, date.min + DAY)
    last = min(last, date.max - 2 * DAY)
    since, until = (
        zone.localize(datetime.combine(day, time.min)).astimezone(timezone.utc).replace(tzinfo=None)
        for day in (first, last + DAY)
    )
    return since, until


def _digits(amount: Decimal) -> int:
    """Return how many decimals an amount is shown with: dinars have three."""
    exponent = amount.normalize().as_tuple().exponent
    return min(max(-exponent, DIGITS[0]), DIGITS[-1]) if isinstance(exponent, int) else DIGITS[0]


def write_workbook(
    title: str,
    heading: Iterable[tuple[str, str]],
    summary: Iterable[Iterable[object]],
    columns: Iterable[str],
    rows: Collection[Iterable[object]],
    costs: Sequence[Iterable[object]] = (),
    costs_title: str = "Cost",
) -> bytes:
    """Write a statement as a workbook.

    :param title: of the sheet's first line.
    :param heading: label and text of each line below it.
    :param summary: label, credits and their worth of each line of the sum.
    :param columns: labels of the table's columns.
    :param rows: cells of the table: a naive ``datetime``, texts, numbers and amounts of money.
    :param costs: what was paid for the credits, on a sheet of its own: labels, then cells.
    :param costs_title: of that sheet.
    :return: an XLSX file.
    """
    output = BytesIO()
    with xlsxwriter.Workbook(output, WORKBOOK) as workbook:
        bold = workbook.add_format({"bold": True})
        credits = workbook.add_format({"num_format": "#,##0"})
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        money = {
            digits: workbook.add_format({"num_format": f"#,##0.{'0' * digits}"})
            for digits in DIGITS
        }
        formats = {datetime: moment, int: credits}
        lines: list[Iterable[object]]
        lines = [(title,), *heading, (), *summary, (), columns, *rows]
        sheets: list[tuple[str | None, Sequence[Iterable[object]], set[int]]]
        sheets = [(None, lines, {0, len(lines) - len(rows) - 1})]
        if costs:
            sheets.append((costs_title[:MAX_SHEET_NAME], list(costs), {0}))
        for name, table, labelled in sheets:
            sheet = workbook.add_worksheet(name)
            for column, width in enumerate(WIDTHS):
                sheet.set_column(column, column, width)
            for number, cells in enumerate(table):
                for column, cell in enumerate(cells):
                    style = bold if number in labelled else formats.get(type(cell))
                    if isinstance(cell, Decimal):
                        style = money[_digits(cell)]
                    # A text stays one: "{=1}" is written as a formula in spite of the options.
                    write = sheet.write_string if isinstance(cell, str) else sheet.write
                    write(number, column, cell, style)
    return output.getvalue()
