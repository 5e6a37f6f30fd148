"""The objects of a large JSON array as rows of cells, one in memory at a time."""

import codecs
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from odoo.addons.crm_lead_mining.files.csv_table import Mark
from odoo.addons.crm_lead_mining.files.dialect import Dialect, is_web_page
from odoo.addons.crm_lead_mining.files.errors import FileError, RowError
from odoo.addons.crm_lead_mining.files.source import Source, Uncloseable, file_errors

CHUNK = 1 << 20  # bytes that are read at once
MAX_OBJECT = 1 << 23  # characters of one object
CHECKED_OBJECTS = 100  # in which a column's first key has to be found

_BETWEEN = re.compile(r"[\s,]+")
_STEP = re.compile(r"([^.\[\]]+)((?:\[[^\[\]=]+=[^\[\]]*\])*)(?:\.|$)")
_CONDITION = re.compile(r"\[([^=]+)=([^\]]*)\]")


class JsonRows:
    """An open file of objects, plain, as gz or in a zip, with the surface of `CompaniesFile`.

    :param path: where the file is
    :param columns: paths of the cells, as `recipe.Column` describes them; those that no object of
        the first ones begins with are no columns of the file
    :ivar header: those of them that the file has
    :raise FileError: if the file as a whole cannot be read
    """

    dialect = Dialect("utf-8", "")

    def __init__(self, path: str | os.PathLike[str], columns: Sequence[str], member: str = ""):
        self._source = Source(path, member=member, as_is=True)
        self.size = self._source.size
        self._number = 0
        try:
            first = list(islice(self._objects(), CHECKED_OBJECTS))
            if not first:
                raise FileError("empty")
            keys = {key for one in first for key in one}
            self.header = [one for one in columns if _steps(one)[0][0] in keys]
        except BaseException:  # whatever stops it, an open file is not left behind
            self.close()
            raise
        self._cells = [cell_of(column) for column in self.header]
        self._number = 0

    def close(self) -> None:
        self._source.close()

    @property
    def position(self) -> int:
        """Bytes of the file that were read, of `size`."""
        return self._source.position

    def mark(self) -> Mark:
        """Return where the next object begins."""
        return Mark(self.size, 0, self._number, 0)

    def go_to(self, mark: Mark) -> bool:
        """Read on from a mark of the file; what is before it is read again and left out.

        :return: whether it is this file's mark; otherwise nothing happens
        """
        if mark.size != self.size:
            return False
        self._number = mark.line
        return True

    def rows(self) -> Iterator[tuple[int, list[str] | RowError]]:
        """Yield (number of the object, cells).

        :raise FileError: "truncated" or "damaged", after the objects that could be read
        """
        cells = self._cells
        for value in self._objects():
            yield self._number, [cell(value) for cell in cells]

    def _objects(self) -> Iterator[dict[str, Any]]:
        """Yield the objects that were not read yet."""
        for number, value in enumerate(
            islice(self._values(), self._number, None), self._number + 1
        ):
            self._number = number
            yield value

    def _values(self) -> Iterator[dict[str, Any]]:
        with file_errors():
            stream = io.BufferedReader(Uncloseable(self._source.begin()), CHUNK)
            decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
            chunk = stream.read(CHUNK)
            if not chunk.strip():
                raise FileError("empty")
            if is_web_page(chunk):
                raise FileError("web_page")
            text = decode(chunk).lstrip()
            is_array = text.startswith("[")
            place = int(is_array)
            read = json.JSONDecoder().raw_decode
            while True:
                between = _BETWEEN.match(text, place)
                place = between.end() if between else place
                if text.startswith("]", place):
                    return
                try:
                    value, place = read(text, place)
                except (ValueError, RecursionError) as error:
                    if len(text) - place > MAX_OBJECT or text[place : place + 1] not in ("{", ""):
                        raise FileError("damaged", f"{self._number + 1}: {error}"[:200]) from error
                    chunk = stream.read(CHUNK)
                    if not chunk and (is_array or place < len(text)):
                        raise FileError("truncated") from None
                    if not chunk:
                        return
                    text, place = text[place:] + decode(chunk), 0
                else:
                    if not isinstance(value, dict):
                        raise FileError("damaged", str(self._number + 1))
                    yield value


def cell_of(path: str) -> Callable[[Any], str]:
    """Return what gives the text at a path in an object.

    "addresses[type=1].postOffices[languageCode=1].city": of lists the first element whose keys have
    these values, "" stands for what is not there.
    """
    steps = _steps(path)

    def of(value: Any) -> str:
        for key, conditions in steps:
            value = value.get(key) if isinstance(value, dict) else None
            if isinstance(value, list):
                value = next((one for one in value if _fits(one, conditions)), None)
            if value is None:
                return ""
        return _text(value)

    return of


def _steps(path: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the keys of a path, each with the conditions for the elements of a list."""
    return [
        (match[1], [(one[1], one[2]) for one in _CONDITION.finditer(match[2])])
        for match in _STEP.finditer(path)
    ]


def _fits(value: Any, conditions: Sequence[tuple[str, str]]) -> bool:
    if not conditions:
        return True
    return isinstance(value, dict) and all(
        _text(value.get(key)) == wanted for key, wanted in conditions
    )


def _text(value: Any) -> str:
    if isinstance(value, str):
        # A lone surrogate, which JSON can spell, is no character that can be stored.
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
