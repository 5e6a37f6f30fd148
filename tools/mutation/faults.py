"""The small faults that can be planted in a source file: plain functions over its text."""

from __future__ import annotations

import ast
import dataclasses
import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Any

_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
_ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "+",
    ast.BitAnd: "|",
    ast.BitOr: "&",
}
# Calls whose result is what they were called on, but for what they take away or add.
_NARROWING = ("sudo", "filtered", "filtered_domain", "with_company", "with_context", "exists")
_DOMAIN_OPERATORS = {"=": "!=", "!=": "=", "in": "not in", "not in": "in", "<": ">=", ">": "<=",
                     "<=": ">", ">=": "<"}  # fmt: skip
_CONDITIONS = ("invisible", "readonly", "required", "column_invisible")
_GATES = ("groups", "domain", "context", "filter_domain")
_XML_ATTRIBUTE = re.compile(
    rf"""\s(?P<name>{"|".join((*_CONDITIONS, *_GATES))})=(?P<mark>["'])(?P<value>.*?)(?P=mark)""",
    re.DOTALL,
)
# How many are done at once is seen by nobody, whose work is cut into one piece more or less.
_PIECES = re.compile(r"_?(?:(?!MAX)[A-Z]+_)?(?:AT_ONCE|BATCH|CHUNK|PIECE)(?:_ROWS|_SIZE)?")
# From here on nobody counts: characters of a text that is cut, round figures.
_LONG, _MANY = 20, 1000
_UNSEEN = ("bold", "daemon", "in_memory", "indent", "read_only")
_OF_ANY_SIZE = ("lru_cache", "set_column", "token_bytes", "token_hex", "token_urlsafe")
_ACCESS_LINE = re.compile(r"^(?P<head>[^,\n]+(?:,[^,\n]*){3}),(?P<rights>[01](?:,[01]){3})", re.M)


@dataclasses.dataclass(frozen=True)
class Fault:
    """One change of a file.

    :ivar path: of the file, as it was given
    :ivar start: where the text that is replaced begins, counted in characters
    :ivar end: where it ends
    :ivar text: what comes in its place
    :ivar line: of `start`, from 1
    :ivar what: the change in words
    """

    path: str
    start: int
    end: int
    text: str
    line: int
    what: str

    def plant(self, source: str) -> str:
        """Return `source`, the file's text, with the fault in it."""
        return source[: self.start] + self.text + source[self.end :]


def find(path: str, source: str) -> list[Fault]:
    """Return the faults that can be planted in a file, in the order of their places.

    :param path: its kind is told by its ending; of an unknown kind there are none
    :param source: its text
    """
    kinds = {".py": _in_python, ".xml": _in_xml, ".csv": _in_access_rights}
    kind = kinds.get(path[path.rfind(".") :], lambda _source: ())
    return [
        Fault(path, start, end, text, source.count("\n", 0, start) + 1, what)
        for start, end, text, what in sorted(kind(source))
    ]


def _in_xml(source: str) -> Iterator[tuple[int, int, str, str]]:
    for match in _XML_ATTRIBUTE.finditer(source):
        name, value = match["name"], match["value"]
        if name in _CONDITIONS:
            flipped = {"1": "0", "0": "1", "True": "False", "False": "True"}.get(value)
            flipped = flipped or f"not ({value})"
            yield (*match.span("value"), flipped, f"{name}: {value} → {flipped}")
        else:
            yield (*match.span(), "", f"without {name}={value}")


def _in_access_rights(source: str) -> Iterator[tuple[int, int, str, str]]:
    for match in _ACCESS_LINE.finditer(source):
        for number, name in enumerate(("read", "write", "create", "unlink")):
            place = match.start("rights") + 2 * number
            old = source[place]
            new = "0" if old == "1" else "1"
            yield place, place + 1, new, f"{match['head'].partition(',')[0]}: {name} {old} → {new}"


# === PYTHON === #


def _in_python(source: str) -> Iterator[tuple[int, int, str, str]]:
    tree = ast.parse(source)
    place, unnoticed = _Places(source), _told_to_clients(tree)
    for node in _executed(tree):
        if node in unnoticed:
            continue
        for start, end, text in _of_node(node, place):
            old = " ".join(source[start:end].split())
            yield start, end, text, f"{old[:60] or '(nothing)'} → {text or '(nothing)'}"


def _executed(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes below `tree` that a test could notice: no annotations, no descriptions."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)) or _is_guard(node, tree):
            continue
        if isinstance(node, ast.AnnAssign) and not node.value:
            continue
        if _is_unseen(node, tree):
            continue
        if node in (getattr(tree, "annotation", None), getattr(tree, "returns", None)):
            continue
        if _is_declared_only(node):
            continue
        yield node
        yield from _executed(node)


def _is_unseen(node: ast.AST, parent: ast.AST) -> bool:
    """Say whether nobody could notice another number, or the other answer, in this place.

    How many results are remembered, how many rows are done at once, up to how many are counted to
    know whether there is one; one more than a round thousand, or than the characters that are left
    of a long text; how long what nobody can guess is; what only saves memory, or sets apart.
    """
    if isinstance(parent, ast.Assign) and node is parent.value:
        return all(_PIECES.fullmatch(getattr(one, "id", "")) for one in parent.targets) or (
            _is_uncounted(node, parent)
        )
    if _is_uncounted(node, parent):
        return True
    called = getattr(parent, "func", None)
    name = getattr(called, "id", getattr(called, "attr", ""))
    if isinstance(node, ast.keyword):
        return node.arg in _UNSEEN or (name, node.arg) == ("search_count", "limit")
    return isinstance(parent, ast.Call) and name in _OF_ANY_SIZE and node in parent.args


def _is_uncounted(node: ast.AST, parent: ast.AST) -> bool:
    """Say whether this is a number that is large enough for one more to make no difference."""
    if not isinstance(node, ast.Constant) or type(node.value) is not int:
        return False
    if isinstance(parent, ast.Slice):
        return node.value >= _LONG
    is_round = node.value % 100 == 0 or node.value & (node.value - 1) == 0
    return is_round and node.value >= _MANY


def _told_to_clients(tree: ast.AST) -> set[ast.AST]:
    """Return the answers of actions that say yes or no: the web client takes no notice of them."""
    return {
        one.value
        for method in ast.walk(tree)
        if isinstance(method, ast.FunctionDef) and method.name.startswith("action_")
        for one in ast.walk(method)
        if isinstance(one, ast.Return) and isinstance(one.value, ast.Constant)
    }


def _is_declared_only(node: ast.AST) -> bool:
    """Say whether this is an abstract method that says nothing but what others have to do."""
    if not isinstance(node, ast.FunctionDef):
        return False
    names = {getattr(one, "id", getattr(one, "attr", "")) for one in node.decorator_list}
    return "abstractmethod" in names and all(
        isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant) for one in node.body
    )


def _is_guard(node: ast.AST, parent: ast.AST) -> bool:
    """Say whether this only keeps us from faults, or only tells developers what goes on.

    What makes a dataclass, `strict` of `zip`, and `ensure_one`, without which another error comes;
    notes in the server's log that are no warnings.
    """
    if isinstance(node, ast.keyword):
        called = getattr(parent, "func", None)
        return node.arg == "strict" and getattr(called, "id", "") == "zip"
    called = getattr(getattr(node, "value", node), "func", None)
    names = {getattr(called, "id", ""), getattr(called, "attr", "")}
    is_note = getattr(getattr(called, "value", None), "id", "") == "_logger"
    return not names.isdisjoint({"dataclass", "ensure_one"}) or (
        is_note and not names.isdisjoint({"debug", "info"})
    )


def _of_node(node: ast.AST, place: _Places) -> Iterable[tuple[int, int, str]]:
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in _COMPARISONS:
            yield (*place.between(node.left, node.comparators[0]), _COMPARISONS[type(operator)])
        case ast.BoolOp(values=[first, second, *_]):
            word = "or" if isinstance(node.op, ast.And) else "and"
            yield (*place.between(first, second), word)
        case ast.BinOp() if type(node.op) in _ARITHMETIC and not _is_text(node):
            yield (*place.between(node.left, node.right), _ARITHMETIC[type(node.op)])
        case ast.UnaryOp(op=ast.Not()):
            yield place.start(node), place.start(node) + len("not"), ""
        case ast.Constant(value=bool(value)):
            yield (*place.of(node), str(not value))
        case ast.Constant(value=int(value)):
            yield (*place.of(node), str(value + 1))
        case ast.Call(func=ast.Attribute(attr=name) as called) if name in _NARROWING:
            yield place.end(called) - len(f".{name}"), place.end(node), ""
        case ast.Tuple(elts=[_, ast.Constant(value=str(sign)) as operator, _]) if (
            sign in _DOMAIN_OPERATORS
        ):
            yield (*place.of(operator), repr(_DOMAIN_OPERATORS[sign]))
        case ast.Raise() | ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Delete():
            yield (*place.of(node), "pass")
        case ast.FunctionDef(decorator_list=[decorator, *_]) if not _is_plain(decorator, node):
            yield place.start(decorator) - 1, place.end(decorator), ""


def _is_text(node: ast.BinOp) -> bool:
    sides = (node.left, node.right)
    return any(isinstance(side, ast.JoinedStr) for side in sides) or any(
        isinstance(side, ast.Constant) and isinstance(side.value, str) for side in sides
    )


def _is_plain(decorator: ast.expr, function: ast.FunctionDef) -> bool:
    """Say whether a function without this decorator could not be called, or would be the same.

    `api.model` is for calls by RPC, which reach no method whose name begins with "_".
    """
    name = decorator.func if isinstance(decorator, ast.Call) else decorator
    attribute = getattr(name, "attr", "")
    if attribute == "model" and function.name.startswith("_"):
        return True
    return isinstance(name, ast.Name) or attribute in {"route", "model_create_multi"}


class _Places:
    """Where nodes stand in a text, in characters; `ast` counts bytes of lines."""

    def __init__(self, source: str):
        self._source = source
        self._lines = source.splitlines(keepends=True)
        self._starts = [0, *itertools.accumulate(map(len, self._lines))]

    def start(self, node: Any) -> int:
        return self._place(node.lineno, node.col_offset)

    def end(self, node: Any) -> int:
        return self._place(node.end_lineno, node.end_col_offset)

    def of(self, node: ast.AST) -> tuple[int, int]:
        return self.start(node), self.end(node)

    def between(self, left: ast.AST, right: ast.AST) -> tuple[int, int]:
        """Return where the operator between two operands stands, without spaces and brackets."""
        start, end = self.end(left), self.start(right)
        text = re.sub(r"#[^\n]*", lambda comment: " " * len(comment[0]), self._source[start:end])
        found = re.search(r"[^\s()]+(?:\s+(?:in|not)\b)?", text)
        assert found, f"no operator in {text!r}"
        return start + found.start(), start + found.end()

    def _place(self, line: int, column: int) -> int:
        text = self._lines[line - 1].encode()[:column].decode()
        return self._starts[line - 1] + len(text)
