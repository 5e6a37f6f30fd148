"""What a statement of a credit account says, and its workbook: plain data, without a database."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import accumulate

import xlsxwriter

from .kinds import MOVEMENTS

# A cell's text is text: a reason that begins with "=" must not be calculated.
WORKBOOK = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
WIDTHS = (18, 14, 40, 30, 24, 12, 12)


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of a statement.

    :ivar date: naive, in the reader's time zone.
    :ivar kind: one of :data:`MOVEMENTS`.
    :ivar reason: why, for people.
    :ivar document: name of what it is about, may be empty.
    :ivar user: name of who moved the credits.
    :ivar credits: signed change of what the account has.
    """

    date: datetime
    kind: str
    reason: str
    document: str
    user: str
    credits: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What an account had, what it got and lost in a period, and what it has at its end.

    :ivar opening: credits before the period, held ones among them.
    :ivar movements: of the period, in order.
    :ivar held: credits of the closing balance that are set aside.
    """

    opening: int
    movements: tuple[Movement, ...]
    held: int

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


def write_workbook(
    title: str,
    heading: Iterable[tuple[str, str]],
    summary: Iterable[tuple[str, int]],
    columns: Iterable[str],
    rows: Collection[Iterable[object]],
) -> bytes:
    """Write a statement as a workbook of one sheet.

    :param title: of the sheet's first line.
    :param heading: label and text of each line below it.
    :param summary: label and credits of each line of the sum.
    :param columns: labels of the table's columns.
    :param rows: cells of the table: a naive ``datetime``, texts and numbers.
    :return: an XLSX file.
    """
    output = BytesIO()
    with xlsxwriter.Workbook(output, WORKBOOK) as workbook:
        bold = workbook.add_format({"bold": True})
        credits = workbook.add_format({"num_format": "#,##0"})
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        formats = {datetime: moment, int: credits}
        sheet = workbook.add_worksheet()
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        lines: list[Iterable[object]]
        lines = [(title,), *heading, (), *summary, (), columns, *rows]
        labelled = {0, len(lines) - len(rows) - 1}
        for number, cells in enumerate(lines):
            for column, cell in enumerate(cells):
                style = bold if number in labelled else formats.get(type(cell))
                # A text stays one: "{=1}" is written as a formula in spite of the options.
                write = sheet.write_string if isinstance(cell, str) else sheet.write
                write(number, column, cell, style)
    return output.getvalue()
