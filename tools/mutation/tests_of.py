"""Which tests run a line of code: measured once for a state of the addons."""

from __future__ import annotations

import collections
import dataclasses
import json
import sqlite3
import xml.etree.ElementTree as ElementTree
from pathlib import Path


@dataclasses.dataclass(frozen=True)
class LineTests:
    """Tests by the lines that they run.

    :ivar by_line: {file: {line: names of tests}}; files as `addons/…`, names as pytest's
    :ivar seconds: {name: how long it takes}
    """

    by_line: dict[str, dict[int, list[str]]]
    seconds: dict[str, float]

    def of(self, path: str, line: int) -> list[str]:
        """Return the names of the tests that run a line, the quick ones first."""
        names = self.by_line.get(path, {}).get(line, [])
        return sorted(names, key=lambda name: self.seconds.get(name, 0.0))

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(dataclasses.asdict(self)), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> LineTests:
        stored = json.loads(path.read_text(encoding="utf-8"))
        by_line = {
            file: {int(line): names for line, names in lines.items()}
            for file, lines in stored["by_line"].items()
        }
        return cls(by_line, stored["seconds"])


def read(coverage: Path, report: Path) -> LineTests:
    """Return the map that coverage's data (with contexts) and pytest's JUnit report tell.

    What runs while a class is set up counts for all its tests.
    """
    # Of the tests' environment; the launcher itself has the standard library only.
    from coverage.numbits import numbits_to_nums

    seconds = {
        _name(case.get("classname", ""), case.get("name", "")): float(case.get("time", 0))
        for case in ElementTree.parse(report).iter("testcase")
    }
    of_class = collections.defaultdict(list)
    for name in seconds:
        of_class[name.rpartition("::")[0]].append(name)
    by_line: dict[str, dict[int, list[str]]] = {}
    with sqlite3.connect(coverage) as database:
        rows = database.execute(
            """
            SELECT file.path, context.context, line_bits.numbits
              FROM line_bits
              JOIN file ON file.id = line_bits.file_id
              JOIN context ON context.id = line_bits.context_id
             WHERE context.context <> ''
            """
        )
        for path, context, numbits in rows:
            name, _bar, phase = context.partition("|")
            names = [name] if phase == "run" else of_class[name.rpartition("::")[0]] or [name]
            lines = by_line.setdefault(_relative(path), {})
            for line in numbits_to_nums(numbits):
                lines.setdefault(line, []).extend(names)
    unique = {
        path: {line: sorted(set(names)) for line, names in lines.items()}
        for path, lines in by_line.items()
    }
    return LineTests(unique, seconds)


def _relative(path: str) -> str:
    return "addons/" + path.rpartition("/addons/")[2]


def _name(classname: str, name: str) -> str:
    """Return pytest's name of a test from the two parts of it in a JUnit report."""
    module, _dot, case = classname.rpartition(".")
    if not case.startswith("Test"):
        module, case = classname, ""
    return "::".join(filter(None, (module.replace(".", "/") + ".py", case, name)))
