"""Which tests are likely to find a fault, by the names that they share with its place."""

from __future__ import annotations

import ast
import collections
import dataclasses
import functools
import math
import re
from collections.abc import Iterator
from pathlib import Path

from tools.mutation.places import first_line, statements

# What compares that which is declared with tables of all addons: rights, fields and views.
TABLES = "addons/crm_common/tests/test_access.py"
SCREENS = "addons/crm_common/tests/test_screens.py"
CONDITIONS = "addons/crm_common/tests/test_conditions.py"
# Of all addons, so that none of them has its words.
OF_ALL = (TABLES, SCREENS, CONDITIONS, "addons/crm_common/tests/test_settings_kept.py")
# So many tests are asked about a fault, and so many more of what these have not found.
TESTS, MORE = 60, 400
# What the rest of its module tells of a test, beside what it says itself.
AROUND = 0.4
# What each further test of a class counts for: another class tells more than the twentieth of one.
FURTHER = 0.97
_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]{2,}")
_OWN = re.compile(r"""_name = ["']([a-z.]+)["']""")
_MODEL = re.compile(r"""_(?:name|inherit) = \[?["']([a-z.]+)["']""")
# What tests of views and of rights are called, or do.
_HINTS = {
    ".xml": ("screens", "views", "Screen", "Search", "get_view", "Form"),
    ".csv": ("test_access", "access", "has_access", "AccessError"),
}
# Of Odoo, what needs no ORM imports rooms of its kind alone.
_ROOMS = "company|files|importer|providers|registers|tools"
_NEEDS_ORM = re.compile(rf"^(?:from|import) odoo\b(?!\.addons\.\w+\.(?:{_ROOMS})\b)", re.M)


def is_plain(source: str) -> bool:
    """Say whether a module needs no ORM, so that plain tests may find its faults."""
    return not _NEEDS_ORM.search(source)


@dataclasses.dataclass(frozen=True)
class Unit:
    """A test, or a class that has all its tests from others.

    :ivar name: as pytest has it
    :ivar path: of its module
    :ivar words: that it has itself
    """

    name: str
    path: str
    words: set[str]


def _units(path: str, text: str) -> Iterator[Unit]:
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            yield _unit(f"{path}::{node.name}", path, text, node)
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            tests = [
                one
                for one in node.body
                if isinstance(one, ast.FunctionDef) and one.name.startswith("test")
            ]
            for test in tests:
                yield _unit(f"{path}::{node.name}::{test.name}", path, text, test)
            if not tests:
                yield _unit(f"{path}::{node.name}", path, text, node)


def _unit(name: str, path: str, text: str, node: ast.stmt) -> Unit:
    lines = text.splitlines()[first_line(node) - 1 : node.end_lineno]
    return Unit(name, path, {word for line in lines for word in _WORD.findall(line)})


@dataclasses.dataclass(frozen=True)
class Suite:
    """The test modules of some addons.

    :ivar texts: {path, as `addons/…`: its text}
    :ivar sources: the same of the modules that they test
    """

    texts: dict[str, str]
    sources: dict[str, str] = dataclasses.field(default_factory=dict)

    @classmethod
    @functools.cache
    def below(cls, tree: Path) -> Suite:
        texts, sources = {}, {}
        for path in sorted(tree.glob("addons/*/**/*.py")):
            name, text = str(path.relative_to(tree)), path.read_text(encoding="utf-8")
            if "/tests/" not in name:
                sources[name] = text
            elif path.name.startswith("test_"):
                texts[name] = text
        return cls(texts, sources)

    def likely(self, path: str, line: int, source: str) -> tuple[list[str], ...]:
        """Return tests to ask, those to ask after them, and all others of the addon: by class.

        :param path: of the file with the fault
        :param source: its text, without the fault
        """
        weights = self._weights(path, line, source)
        addon = path.split("/")[1]
        models = set(_OWN.findall(source))
        told = {
            name: 2.0 * sum(f'"{model}"' in self.texts[name] for model in models)
            + AROUND * sum(weights[word] for word in words & weights.keys())
            for name, words in self.words.items()
        }

        def rank(unit: Unit) -> float:
            near = 4.0 if unit.path.split("/")[1] == addon else 1.0
            own = sum(weights[word] for word in unit.words & weights.keys())
            return near * (told[unit.path] + own)

        ranks: dict[str, float] = {}
        seen: collections.Counter[str] = collections.Counter()
        for unit in sorted(self.units, key=rank, reverse=True):
            suite = unit.name.rpartition("::")[0]
            ranks[unit.name] = rank(unit) * FURTHER ** seen[suite]
            seen[suite] += 1
        best = sorted((name for name in ranks if ranks[name]), key=lambda name: -ranks[name])
        tables = (CONDITIONS, SCREENS) if path.endswith(".xml") else (TABLES,)
        if self.texts.keys() >= {*tables} and _is_declared(path, line, source):
            best = [*tables, *(name for name in best if not name.startswith(tables))]
        asked = {*best[: TESTS + MORE]}
        others = [
            unit.name
            for unit in self.units
            if unit.path.split("/")[1] == addon or unit.path in OF_ALL
            if asked.isdisjoint((unit.name, unit.path))
        ]
        return tuple(map(_by_class, (best[:TESTS], best[TESTS : TESTS + MORE], others)))

    @functools.cached_property
    def words(self) -> dict[str, set[str]]:
        """The words of each test module, its path included."""
        return {
            name: {*_WORD.findall(name), *Path(name).stem.split("_"), *_WORD.findall(text)}
            for name, text in self.texts.items()
        }

    @functools.cached_property
    def units(self) -> list[Unit]:
        return [unit for name, text in self.texts.items() for unit in _units(name, text)]

    def _weights(self, path: str, line: int, source: str) -> dict[str, float]:
        """Return what each word at the fault's place is worth: rare ones tell more."""
        ending = path[path.rfind(".") :]
        given: dict[str, float] = collections.defaultdict(float)
        for word in _WORD.findall(source.splitlines()[line - 1]):
            given[word] += 1
        given[Path(path).stem] += 3
        given["test_" + Path(path).stem] += 5
        for word in Path(path).stem.split("_"):
            given[word] += 0.7
        around = statements(ast.parse(source), line) if ending == ".py" else []
        for word in _names(around) if around else _record(source, line):
            given[word] += 4
        for word, worth in self._callers(path, around).items():
            given[word] += worth
        for model in _MODEL.findall(source):
            for word in model.split("."):
                given[word] += 0.2
        for word in _HINTS.get(ending, ()):
            given[word] += 3
        counts: collections.Counter[str] = collections.Counter()
        for words in self.words.values():
            counts.update(words)
        total = len(self.texts)
        rarity = {word: max(0.0, math.log(total / (1 + counts[word]))) for word in given}
        return {word: worth * rarity[word] for word, worth in given.items()}

    def _callers(self, path: str, around: list[ast.stmt]) -> dict[str, float]:
        """Return words that tell tests of who calls the function in which a fault lies."""
        functions = [one.name for one in around if isinstance(one, ast.FunctionDef)]
        if not functions:
            return {}
        call = re.compile(rf"\b{functions[0]}\(")
        found = set()
        for other, text in self.sources.items():
            if call.search(text) and other != path:
                found |= {Path(other).stem, "test_" + Path(other).stem}
            for number, row in enumerate(text.splitlines(), 1):
                if call.search(row):
                    found |= _names(statements(ast.parse(text), number)) - {*functions}
        # Who is called by many is of none of them.
        return dict.fromkeys(found, 6.0 / math.sqrt(len(found) or 1))


def _by_class(tests: list[str]) -> list[str]:
    """Return tests with those of a class, which is set up once for all of them, together."""
    classes: dict[str, list[str]] = {}
    for name in tests:
        classes.setdefault(name.rpartition("::")[0], []).append(name)
    return [name for names in classes.values() for name in names]


def _names(around: list[ast.stmt]) -> set[str]:
    """Return the names of the classes and functions that a line is in."""
    return {one.name for one in around if isinstance(one, (ast.FunctionDef, ast.ClassDef))}


def _record(source: str, line: int) -> list[str]:
    """Return the last id or model that is named before a line of a data file."""
    before = "".join(source.splitlines(keepends=True)[:line])
    found = re.findall(r'id="([\w.]+)"|model="([\w.]+)"', before)
    return [word for word in (found or [()])[-1] if word]


def _is_declared(path: str, line: int, source: str) -> bool:
    """Say whether a line declares rights, a field, or how a method is reached: no code of one."""
    if path.endswith((".csv", ".xml")):
        return True
    if not path.endswith(".py") or is_plain(source):
        return False
    around = statements(ast.parse(source), line)
    return isinstance(next(iter(around), None), ast.ClassDef) and not any(
        isinstance(one, ast.FunctionDef) and line >= one.body[0].lineno for one in around
    )
