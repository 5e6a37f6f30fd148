"""Which tests run a line of code or read data: measured once, then only where files changed."""

from __future__ import annotations

import ast
import collections
import dataclasses
import json
import re
import sqlite3
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable
from pathlib import Path

from tools.mutation.places import first_line, statements

# Of the tests that run a line so many seconds, as they were measured, are asked: a survivor of
# these is one that all the others would have to find by chance.
SECONDS = 300.0
# Where Odoo reads what our data files made: by file of base, the functions, or all of them.
READERS: dict[str, dict[str, tuple[str, ...]]] = {
    ".xml": {
        "ir_ui_view.py": ("get_views", "get_view"),
        "ir_ui_menu.py": (),
        "ir_qweb.py": ("_render",),
    },
    ".csv": {"ir_model.py": ("check",)},
}
BASE_MODELS = "odoo/addons/base/models"


@dataclasses.dataclass
class LineTests:
    """Tests by the lines that they run.

    :ivar by_line: {file: {line: names of tests}}; files as `addons/…`, names as pytest's
    :ivar seconds: {name: how long it takes}; only of tests that pass
    :ivar files: {file: fingerprint} of the addons when it was measured
    """

    by_line: dict[str, dict[int, set[str]]]
    seconds: dict[str, float]
    files: dict[str, str] = dataclasses.field(default_factory=dict)

    # === WHICH ARE ASKED === #

    def of(self, path: str, line: int, read: Callable[[str], str]) -> list[str]:
        """Return the names of the tests that can find a fault, those likely to find it first.

        :param read: gives the text of a file `addons/…`
        """
        hints: set[str] = set()
        if path.endswith(".py"):
            names, hints = self._of_python(path, line, read)
        else:
            names = set(self.by_line.get(path[path.rfind(".") :], {}).get(0, ()))
        return self._ordered(names, path.split("/")[1], hints, read)

    def affected(self, now: dict[str, str]) -> set[str] | None:
        """Return the names of known tests that ran, or lie in, a file that is another now.

        None when none is known: then all tests have to be measured.
        """
        if not self.files:
            return None
        changed = {path for path, mark in self.files.items() if now.get(path) != mark}
        running: set[str] = set()
        for path in changed:
            running = running.union(*self.by_line.get(path, {}).values())
        return running | {name for name in self.seconds if name.partition("::")[0] in changed}

    def _of_python(
        self, path: str, line: int, read: Callable[[str], str]
    ) -> tuple[set[str], set[str]]:
        """Return the tests of a line, and the names that it gives a value to."""
        lines = self.by_line.get(path, {})
        around = statements(ast.parse(read(path)), line)
        inner = around[-1] if around else None
        if inner is None:
            return lines.get(line, set()), set()
        span = range(first_line(inner), (inner.end_lineno or line) + 1)
        names = lines.get(line) or set().union(*(lines.get(one, ()) for one in span))
        if names or any(isinstance(one, ast.FunctionDef) for one in around):
            return names, set()
        # What runs while it is imported is used by whoever runs the file, or imports it.
        names = set().union(*lines.values())
        stem = Path(path).stem
        if not names:
            imports = re.compile(rf"^\s*(from|import)\b.*\b{stem}\b", re.M)
            for other in self.by_line:
                if other.startswith("addons/") and imports.search(_text(other, read)):
                    names = names.union(*self.by_line[other].values())
        targets = {
            one.id
            for one in ast.walk(inner)
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
        }
        return names, targets

    def _ordered(
        self, names: Iterable[str], addon: str, hints: set[str], read: Callable[[str], str]
    ) -> list[str]:
        """Return tests, class by class, until they take too long together.

        First those that name what has the fault, then those of its addon, the quick ones first.
        """
        classes = collections.defaultdict(list)
        for name in names:
            if name in self.seconds:
                classes[name.rpartition("::")[0]].append(name)
        mention = re.compile("|".join(rf"\b{hint}\b" for hint in sorted(hints)) or "(?!)")
        speaking = {
            file: bool(mention.search(_text(file, read)))
            for file in {name.partition("::")[0] for name in classes}
        }

        def rank(name: str) -> tuple[bool, bool, float]:
            file = name.partition("::")[0]
            cost = sum(self.seconds[one] for one in classes[name]) / len(classes[name])
            return not speaking[file], file.split("/")[1] != addon, cost

        chosen, left = [], SECONDS
        for group in sorted(classes, key=rank):
            for name in sorted(classes[group], key=lambda one: self.seconds[one]):
                if left > 0:
                    chosen.append(name)
                    left -= self.seconds[name]
        return chosen

    # === KEEPING === #

    def merged(self, newer: LineTests, files: dict[str, str]) -> LineTests:
        """Return this map with what was measured anew."""
        gone = self.affected(files) or set()
        kept = {
            path: {line: names - gone for line, names in lines.items()}
            for path, lines in self.by_line.items()
            if files.get(path, "") == self.files.get(path, "")
        }
        for path, lines in newer.by_line.items():
            for line, names in lines.items():
                kept.setdefault(path, {}).setdefault(line, set()).update(names)
        seconds = {name: time for name, time in self.seconds.items() if name not in gone}
        return LineTests(kept, {**seconds, **newer.seconds}, files)

    def save(self, path: Path) -> None:
        known = (names for lines in self.by_line.values() for names in lines.values())
        names = sorted(set().union(*known))
        number = {name: place for place, name in enumerate(names)}
        by_line = {
            file: {line: sorted(number[name] for name in of) for line, of in lines.items()}
            for file, lines in self.by_line.items()
        }
        stored = {"names": names, "by_line": by_line, "seconds": self.seconds, "files": self.files}
        path.write_text(json.dumps(stored), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> LineTests:
        stored = json.loads(path.read_text(encoding="utf-8"))
        names = stored["names"]
        by_line = {
            file: {int(line): {names[one] for one in of} for line, of in lines.items()}
            for file, lines in stored["by_line"].items()
        }
        return cls(by_line, stored["seconds"], stored["files"])


def read(coverage: Path, report: Path) -> LineTests:
    """Return the map that coverage's data (with contexts) and pytest's JUnit report tell.

    What runs while a class is set up counts for all its tests. Tests that fail without a fault
    are left out: they would find all of them.
    """
    seconds: dict[str, float] = {}
    failed = set()
    for case in ElementTree.parse(report).iter("testcase"):
        name = _name(case.get("classname", ""), case.get("name", ""))
        seconds[name] = seconds.get(name, 0.0) + float(case.get("time", 0))
        if {"failure", "error", "skipped"} & {child.tag for child in case}:
            failed.add(name)
    with sqlite3.connect(coverage) as database:
        rows = database.execute(
            """
            SELECT file.path, context.context, line_bits.numbits
              FROM line_bits
              JOIN file ON file.id = line_bits.file_id
              JOIN context ON context.id = line_bits.context_id
             WHERE context.context <> ''
            """
        ).fetchall()
    known = {context.partition("|")[0] for _path, context, _bits in rows} - failed
    of_class = collections.defaultdict(set)
    for name in known:
        of_class[name.rpartition("::")[0]].add(name)
    by_line: dict[str, dict[int, set[str]]] = {}
    reading = _reading_lines({path for path, _context, _bits in rows})
    for path, context, bits in rows:
        name, _bar, phase = context.partition("|")
        names = {name} & known if phase == "run" else of_class[name.rpartition("::")[0]]
        numbers = _lines(bits)
        if path in reading:
            for ending, wanted in reading[path].items():
                if not wanted.isdisjoint(numbers):
                    by_line.setdefault(ending, {}).setdefault(0, set()).update(names)
        elif BASE_MODELS not in path:
            lines = by_line.setdefault("addons/" + path.rpartition("/addons/")[2], {})
            for line in numbers:
                lines.setdefault(line, set()).update(names)
    return LineTests(by_line, {name: seconds.get(name, 1.0) for name in known})


def _reading_lines(paths: Iterable[str]) -> dict[str, dict[str, set[int]]]:
    """Return {file of base: {ending of data files: lines that read their records}}."""
    found: dict[str, dict[str, set[int]]] = {}
    for path in paths:
        for ending, readers in READERS.items():
            if BASE_MODELS in path and Path(path).name in readers:
                wanted = readers[Path(path).name]
                lines: set[int] = set()
                for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8"))):
                    if isinstance(node, ast.FunctionDef) and (not wanted or node.name in wanted):
                        lines.update(range(node.body[0].lineno, (node.end_lineno or 0) + 1))
                found.setdefault(path, {})[ending] = lines
    return found


def _lines(bits: bytes) -> list[int]:
    """Return the numbers whose bits are set, as coverage stores lines."""
    return [
        place * 8 + bit for place, byte in enumerate(bits) for bit in range(8) if byte & (1 << bit)
    ]


def _text(path: str, read: Callable[[str], str]) -> str:
    try:
        return read(path)
    except FileNotFoundError:
        return ""


def _name(classname: str, name: str) -> str:
    """Return pytest's name of a test from the two parts of it in a JUnit report."""
    module, _dot, case = classname.rpartition(".")
    if not case.startswith("Test"):
        module, case = classname, ""
    return "::".join(filter(None, (module.replace(".", "/") + ".py", case, name)))
