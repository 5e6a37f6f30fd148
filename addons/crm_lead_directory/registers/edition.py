"""Which edition of a register a file by hand is, and whether it has all or only what changed."""

import csv
import io
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import IO

from odoo.addons.crm_lead_mining.files.errors import FileError
from odoo.addons.crm_lead_mining.files.source import file_errors

MAX_VARIABLES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How a zip of what has changed since the edition before is told from a whole one.

    It has two members in place of each: with the numbers whose rows are deleted, and with the rows
    that are added. Of a number that is in neither nothing has changed.

    :ivar meta: the member of either zip that tells which it is, a variable and its value a row
    :ivar kind: (variable, its value in a zip of changes)
    :ivar number: variable that counts the editions, one by one
    :ivar day: variable with the edition's day, written dd-mm-yyyy
    :ivar deleted: what the name of a member is followed by, before its ending
    :ivar inserted: the same of the rows that are added
    """

    meta: str
    kind: tuple[str, str]
    number: str
    day: str
    deleted: str = "_delete"
    inserted: str = "_insert"

    def names(self, member: str) -> tuple[str, str]:
        """Return the names of the two members that stand for one."""
        stem, ending = os.path.splitext(member)
        return f"{stem}{self.deleted}{ending}", f"{stem}{self.inserted}{ending}"


@dataclass(frozen=True, slots=True)
class Edition:
    """What a file tells of itself.

    :ivar number: 0 where it does not tell
    :ivar day: as ISO 8601 writes it, "" where it does not tell
    :ivar is_changes: whether it has only what has changed since the edition before
    """

    number: int = 0
    day: str = ""
    is_changes: bool = False


def edition_of(changes: Changes, path: str | os.PathLike[str], member: str) -> Edition:
    """Return which edition a zip is.

    :param member: the one that has a row a company, in a whole zip
    :raise FileError: "truncated", "damaged", or "changes_missing" of a zip of changes that does not
        tell its number
    """
    if not zipfile.is_zipfile(path):
        return Edition()
    with opened(path) as members:
        told = {key.casefold(): value for key, value in _variables(changes.meta, members)}
        number, day = told.get(changes.number.casefold(), ""), told.get(changes.day.casefold(), "")
        variable, value = changes.kind
        is_changes = told.get(variable.casefold(), "").casefold() == value.casefold()
        # Which has been renamed, or lacks what tells about it, is read for a whole one by nobody.
        if member not in members and any(one in members for one in changes.names(member)):
            is_changes = True
        if is_changes and not number.isdecimal():
            raise FileError("changes_missing", changes.meta)
        return Edition(int(number) if number.isdecimal() else 0, _iso(day), is_changes)


@contextmanager
def opened(path: str | os.PathLike[str]) -> Iterator["Members"]:
    """Open a zip.

    :raise FileError: "truncated" or "damaged"
    """
    with file_errors(), zipfile.ZipFile(path) as archive:
        yield Members(archive)


class Members:
    """The members of a zip by their names, without their folders and regardless of case."""

    def __init__(self, archive: zipfile.ZipFile):
        self._archive = archive
        self._infos = {
            os.path.basename(one.filename).casefold(): one
            for one in archive.infolist()
            if not one.is_dir()
        }

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._infos

    def open(self, name: str) -> IO[bytes]:
        """Return the bytes of one.

        :raise FileError: "changes_missing"
        """
        if name not in self:
            raise FileError("changes_missing", name)
        return self._archive.open(self._infos[name.casefold()])

    def rows(self, name: str, encoding: str) -> Iterator[list[str]]:
        """Yield the rows of one, the header first.

        :raise FileError: as `open`
        """
        with self.open(name) as stream:
            yield from csv.reader(io.TextIOWrapper(stream, encoding, errors="replace", newline=""))

    def check(self) -> None:
        """Read all by their check sums.

        :raise FileError: "damaged"
        """
        if broken := self._archive.testzip():
            raise FileError("damaged", broken)


def _variables(name: str, members: Members) -> Iterator[tuple[str, str]]:
    if name in members:
        for row in islice(members.rows(name, "utf-8-sig"), MAX_VARIABLES):
            if len(row) == 2:
                yield row[0].strip(), row[1].strip()


def _iso(day: str) -> str:
    try:
        return datetime.strptime(day, "%d-%m-%Y").date().isoformat()
    except ValueError:
        return ""
