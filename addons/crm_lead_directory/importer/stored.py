"""Companies that a dataset has already, looked up thousands at a time."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import compress
from operator import itemgetter
from typing import NamedTuple

from odoo.tools import SQL


class Known(NamedTuple):
    """A company that the dataset has.

    :ivar is_gone: whether an earlier edition had it no more
    """

    id: int
    name: str
    status: str | None
    is_gone: bool


class Written:
    """The companies that earlier batches of the same file have written.

    One byte for each that was there before: a set of them would take gigabytes.

    :param newest: the highest id before the file
    :param newest_ended: the same of what is kept of those that have ended
    """

    def __init__(self, newest: int, newest_ended: int = 0):
        self.newest = newest
        self.newest_ended = newest_ended
        self._are_written = bytearray(newest + 1)

    def add(self, ids: Iterable[int]) -> None:
        newest, are_written = self.newest, self._are_written
        for one in ids:
            if one <= newest:
                are_written[one] = 1

    def __contains__(self, one: int) -> bool:
        return one > self.newest or bool(self._are_written[one])

    def those_of(self, ids: Sequence[int]) -> list[int]:
        """Return those of the companies that were written."""
        if len(ids) > 1 and max(ids) <= self.newest:
            # Without a call for each: most rows of an edition are those of the last one.
            return list(compress(ids, itemgetter(*ids)(self._are_written)))
        return [one for one in ids if one in self]


@contextmanager
def by_index(cr) -> Iterator[None]:
    """Have companies looked up by the indexes, one by one, however many there are.

    Of what a batch asks for the planner knows little, and of a table that grows by the minute less
    still: it would read all that the dataset has beside a few.
    """
    # What the planner is forbidden it believes to be dear: compiling would take a second each time.
    cr.execute("SET LOCAL enable_seqscan = off; SET LOCAL jit = off")
    yield
    cr.execute("SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL jit TO DEFAULT")


def known_companies(cr, dataset_id: int, identities: Collection[str]) -> dict[str, Known]:
    """Return those that the dataset has by their identities."""
    if not identities:
        return {}
    with by_index(cr):
        cr.execute(
            SQL(
                """
                SELECT known.* FROM unnest(string_to_array(%s, E'\\n')) AS asked(identity)
            CROSS JOIN LATERAL (
                    SELECT identity, id, name, status, vanished_on IS NOT NULL
                      FROM lead_directory_company AS company
                     WHERE company.dataset_id = %s AND company.identity = asked.identity
                    OFFSET 0) AS known
                """,
                # No identity has a line break, and one text is read faster than an array of many.
                "\n".join(identities),
                dataset_id,
            )
        )
        return {identity: Known(*values) for identity, *values in cr.fetchall()}


def ids_of(cr, dataset_id: int, identities: Iterable[str]) -> list[int]:
    """Return the companies of these identities that the dataset has."""
    return [one.id for one in known_companies(cr, dataset_id, list(identities)).values()]


def newest_company(cr) -> int:
    cr.execute("SELECT coalesce(max(id), 0) FROM lead_directory_company")
    return cr.fetchone()[0]


def companies_after(cr, dataset_id: int, newest: int) -> dict[str, int]:
    """Return identity -> company of those that were written last.

    They lie side by side: looking each up by its identity would take as long as writing them.
    """
    with by_index(cr):
        cr.execute(
            SQL(
                """
                SELECT identity, id FROM (
                    SELECT * FROM lead_directory_company WHERE id > %s OFFSET 0) AS company
                 WHERE dataset_id = %s
                """,
                newest,
                dataset_id,
            )
        )
        return dict(cr.fetchall())
