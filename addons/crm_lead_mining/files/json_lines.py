"""Lines of JSON objects as lines of CSV."""

import csv
import json
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, TextIO

from .errors import FileError

MAX_LINE = 1 << 20  # bytes of one object
#: Objects whose keys are the columns.
KEYED_OBJECTS = 1000
MAX_KEYS = 1000

_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*\"")


def are_json_lines(beginning: bytes) -> bool:
    """Whether a file begins as one of objects, an array of them included."""
    return bool(_BEGINNING.match(beginning))


def write_json_lines(stream: Any, text: TextIO, most_rows: int | None) -> None:
    """Write a header of the keys of the first objects, and a line for each object.

    Keys of objects within objects are joined by dots, values of lists by "; ".

    :raise FileError: "damaged" for what is no object in a line of its own
    """
    objects = islice(_objects(stream), most_rows)
    first = list(islice(objects, KEYED_OBJECTS))
    keys = list(dict.fromkeys(chain.from_iterable(first)))
    if not keys:
        raise FileError("empty")
    if len(keys) > MAX_KEYS:
        raise FileError("too_large", str(len(keys)))
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(keys)
    for one in chain(first, objects):
        writer.writerow([one.get(key, "") for key in keys])


def _objects(stream: Any) -> Iterator[dict[str, str]]:
    number = 0
    while line := stream.readline(MAX_LINE):
        number += 1
        line = line.strip().removeprefix(b"\xef\xbb\xbf")
        if line.startswith(b"[") and number == 1:
            line = line[1:].strip()
        line = line.rstrip(b"]").rstrip() if line.endswith((b"}]", b"} ]")) else line
        line = line.rstrip(b",").strip()
        if not line or line == b"]":
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise FileError("damaged", f"{number}: {error}"[:200]) from error
        if not isinstance(value, dict):
            raise FileError("damaged", str(number))
        yield dict(_flat(value))


def _flat(value: dict[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for key, one in value.items():
        name = f"{prefix}{key}"
        if isinstance(one, dict) and depth < 3:
            yield from _flat(one, f"{name}.", depth + 1)
        elif isinstance(one, list):
            yield name, "; ".join(_text(item) for item in one if not isinstance(item, (dict, list)))
        else:
            yield name, _text(one)


def _text(value: Any) -> str:
    if value is None or isinstance(value, dict):
        return ""
    return " ".join(value.split()) if isinstance(value, str) else str(value)
