"""Rows that the last edition of a register had just so: they are recognised, not converted anew.

Editions are in one order, whatever comes and goes, so that a row is looked for near the place where
the last one was found. One that is not found there is converted as any other; where a company has
two rows all at once, the one that it had before tells its values.
"""

import array
import struct
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice

from odoo.addons.crm_lead_mining.files.errors import FileError, RowError

from .converted import Converted

#: Parts that are looked into, after the one in which the last row was found.
_AHEAD = 2
_PIECE = 1000  # rows that are looked at together
Row = tuple[int, Sequence[str] | RowError]


@dataclass(slots=True)
class Split:
    """Which rows of a batch were recognised.

    :ivar ids: the companies of those
    :ivar marks: their marks, in the order of `ids`
    :ivar marks_of: line -> mark of the others
    """

    ids: list[int] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    marks_of: dict[int, int] = field(default_factory=dict)


class LastEdition:
    """The rows of an edition and their companies, on disk whatever their number is.

    A row's mark is a number of 64 bits: of a million million pairs of rows one has the same.

    :param salt: what the meaning of a row depends on beside its cells
    """

    def __init__(self, salt: str):
        self._salt = blake2b(salt.encode(), digest_size=16).digest()
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # closed by `close`
        self._sizes: list[int] = []
        self._starts: list[int] = []
        self._window: dict[int, dict[int, int]] = {}
        self._center = 0

    def close(self) -> None:
        self._file.close()

    def add(self, marks: Sequence[int], ids: Sequence[int]) -> None:
        """Add a part of the edition, in the order of its rows.

        :raise FileError: "disk_full" where there is no room for it
        """
        if not ids:
            return
        try:
            self._starts.append(self._file.tell())
            array.array("q", marks).tofile(self._file)
            array.array("i", ids).tofile(self._file)
            self._file.flush()
        except OSError as error:
            raise FileError("disk_full", str(error)) from error
        self._sizes.append(len(ids))

    def go_to(self, companies: int) -> None:
        """Look for the next row behind so many companies of the edition."""
        self._center = 0
        while self._center < len(self._sizes) - 1 and companies >= self._sizes[self._center]:
            companies -= self._sizes[self._center]
            self._center += 1

    def unknown(self, rows: Iterable[Row], split: Split) -> Iterator[Row]:
        """Yield the rows that have to be converted, and tell in `split` what becomes of each."""
        rows, parts = iter(rows), self._parts()
        while piece := list(islice(rows, _PIECE)):
            for (line, cells), mark in zip(piece, self._marks(piece), strict=True):
                if isinstance(cells, RowError):
                    yield line, cells
                    continue
                for place, part in parts:
                    # A second row just so is another row of the company.
                    if company_id := part.pop(mark, None):
                        split.ids.append(company_id)
                        split.marks.append(mark)
                        if place != self._center:
                            self._center = place
                            parts = self._parts()
                        break
                else:
                    split.marks_of[line] = mark
                    yield line, cells

    def _marks(self, rows: Sequence[Row]) -> Sequence[int]:
        """Return the mark of each row; that of one that cannot be read says nothing."""
        key, join = self._salt, "\x1f".join
        digests = [
            blake2b(join(cells).encode("utf-8", "surrogatepass"), digest_size=8, key=key).digest()
            if not isinstance(cells, RowError)
            else bytes(8)
            for _line, cells in rows
        ]
        return struct.unpack(f"<{len(digests)}q", b"".join(digests))

    def _parts(self) -> list[tuple[int, dict[int, int]]]:
        """Return the parts near the last row, the likeliest first."""
        near = range(max(0, self._center - 1), min(len(self._sizes), self._center + _AHEAD + 1))
        known = self._window
        self._window = {
            place: known[place] if place in known else self._read(place) for place in near
        }
        return sorted(self._window.items(), key=lambda part: abs(part[0] - self._center))

    def _read(self, place: int) -> dict[int, int]:
        size = self._sizes[place]
        marks, ids = array.array("q"), array.array("i")
        self._file.seek(self._starts[place])
        marks.fromfile(self._file, size)
        ids.fromfile(self._file, size)
        return dict(zip(marks, ids, strict=True))


def recognisable(converted: Converted, marks_of: dict[int, int]) -> dict[str, int]:
    """Return identity -> mark of the rows that are known again when they come just so.

    None with a problem, which is told each time, without a mark, with a contact, or whose company
    has two rows.
    """
    identities = [identity for identity, _values in converted.companies]
    known = dict(zip(identities, map(marks_of.get, converted.lines), strict=True))
    unsure: set[str] = set()
    if len(known) < len(identities):
        unsure.update(one for one, number in Counter(identities).items() if number > 1)
    problems = {problem.line for problem in converted.problems}
    if not problems.isdisjoint(converted.lines) or any(converted.contacts):
        rows = zip(identities, converted.contacts, converted.lines, strict=True)
        unsure.update(identity for identity, contact, line in rows if contact or line in problems)
    return {
        identity: mark
        for identity, mark in known.items()
        if mark is not None and identity not in unsure
    }
