"""Which test modules are likely to find a fault, by the names that they share with its place."""

from __future__ import annotations

import ast
import collections
import dataclasses
import math
import re
from pathlib import Path

from tools.mutation.places import statements

# Compares what models, fields and rights are declared to be with tables of all addons.
TABLES = "addons/crm_common/tests/test_access.py"
# So many tests are asked about a fault; what these miss, others would find by chance.
TESTS = 60
_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]{2,}")
_OWN = re.compile(r"""_name = ["']([a-z.]+)["']""")
_MODEL = re.compile(r"""_(?:name|inherit) = \[?["']([a-z.]+)["']""")
# What tests of views and of rights are called, or do.
_HINTS = {
    ".xml": ("screens", "views", "Screen", "Search", "get_view", "Form"),
    ".csv": ("test_access", "access", "has_access", "AccessError"),
    "fields": ("FILLED", "Screen"),
}
_PLAIN = re.compile(r"^(?:from|import) odoo\b(?!\.addons\.\w+\.tools)", re.M)


def is_plain(source: str) -> bool:
    """Say whether a module needs no ORM, so that plain tests may find its faults."""
    return not _PLAIN.search(source)


@dataclasses.dataclass(frozen=True)
class Suite:
    """The test modules of some addons.

    :ivar texts: {path, as `addons/…`: its text}
    """

    texts: dict[str, str]

    @classmethod
    def below(cls, tree: Path) -> Suite:
        found = sorted(tree.glob("addons/*/tests/**/test_*.py"))
        return cls({str(p.relative_to(tree)): p.read_text(encoding="utf-8") for p in found})

    def likely(self, path: str, line: int, source: str) -> list[str]:
        """Return test modules, the likely ones first, until they have many tests together.

        :param path: of the file with the fault
        :param source: its text, without the fault
        """
        weights = self._weights(path, line, source)
        addon = path.split("/")[1]
        models = set(_OWN.findall(source))

        def rank(name: str) -> float:
            words = set(_WORD.findall(name)) | self._words(name)
            near = 4.0 if name.split("/")[1] == addon else 1.0
            said = sum(f'"{model}"' in self.texts[name] for model in models)
            return near * (6.0 * said + sum(weights[word] for word in words & weights.keys()))

        chosen, count = [], 0
        tables = [TABLES] if TABLES in self.texts and _is_declared(path, line, source) else []
        for name in [*tables, *sorted(self.texts, key=rank, reverse=True)]:
            if count >= TESTS or not rank(name) and name not in tables:
                break
            if name in chosen:
                continue
            chosen.append(name)
            count += len(re.findall(r"^\s*def test_", self.texts[name], re.M))
        return chosen

    def _words(self, name: str) -> set[str]:
        return set(_WORD.findall(self.texts[name]))

    def _weights(self, path: str, line: int, source: str) -> dict[str, float]:
        """Return what each word at the fault's place is worth: rare ones tell more."""
        ending = path[path.rfind(".") :]
        counts: collections.Counter[str] = collections.Counter()
        for name in self.texts:
            counts.update(self._words(name))
        given: dict[str, float] = collections.defaultdict(float)
        for word in _WORD.findall(source.splitlines()[line - 1]):
            given[word] += 1
        given[Path(path).stem] += 3
        given["test_" + Path(path).stem] += 5
        around: list[ast.stmt] = []
        if ending == ".py":
            around = statements(ast.parse(source), line)
            for statement in around:
                if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
                    given[statement.name] += 4
        else:
            record = re.findall(r'id="([\w.]+)"|model="([\w.]+)"', source[: _offset(source, line)])
            for word in (record or [("",)])[-1]:
                given[word] += 3
        if ending == ".py" and not any(isinstance(one, ast.FunctionDef) for one in around):
            # What a field is like stands in tables of its addon.
            for word in _HINTS["fields"]:
                given[word] += 5
        for model in _MODEL.findall(source):
            for word in model.split("."):
                given[word] += 0.2
        for word in _HINTS.get(ending, ()):
            given[word] += 3
        total = len(self.texts)
        rarity = {word: max(0.0, math.log(total / (1 + counts[word]))) for word in given}
        return {word: worth * rarity[word] for word, worth in given.items()}


def _is_declared(path: str, line: int, source: str) -> bool:
    """Say whether a line declares rights, a field, or how a method is reached: no code of one."""
    if path.endswith(".csv"):
        return True
    if not path.endswith(".py") or is_plain(source):
        return False
    around = statements(ast.parse(source), line)
    return isinstance(next(iter(around), None), ast.ClassDef) and not any(
        isinstance(one, ast.FunctionDef) and line >= one.body[0].lineno for one in around
    )


def _offset(source: str, line: int) -> int:
    return sum(map(len, source.splitlines(keepends=True)[:line]))
