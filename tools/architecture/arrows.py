"""Read the arrows between rooms from the sources, without importing them."""

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

IMPORT, MODEL, RECORD = "imports", "names the model", "names the record"
_LEFT_OUT = {"tests", "migrations", "static"}
_OURS = "odoo.addons."


@dataclass(frozen=True)
class Arrow:
    """One place in one room that knows another room."""

    source: str
    target: str
    kind: str
    what: str
    path: str
    line: int


@dataclass(frozen=True)
class Outside:
    """An import of Odoo's own code."""

    room: str
    module: str
    path: str
    line: int


@dataclass(frozen=True)
class Dynamic:
    """A model reached by a name that is data: nobody can read from the source which one it is."""

    room: str
    what: str
    path: str
    line: int


class House:
    """The addons below a folder, read once."""

    def __init__(self, addons: Path, divided: Collection[str] = ()):
        """Read all addons.

        :param divided: addons whose packages are rooms of their own
        """
        self.addons = addons
        self.divided = frozenset(divided)
        self.manifests = {
            path.parent.name: ast.literal_eval(path.read_text(encoding="utf-8"))
            for path in sorted(addons.glob("*/__manifest__.py"))
        }
        self.files = {
            path: ast.parse(path.read_text(encoding="utf-8"))
            for name in self.manifests
            for path in sorted((addons / name).rglob("*.py"))
            if not _LEFT_OUT & set(path.relative_to(addons).parts)
        }
        self.homes = self._homes()
        self.arrows: list[Arrow] = []
        self.outside: list[Outside] = []
        self.dynamic: list[Dynamic] = []
        for path, tree in self.files.items():
            self._read_imports(path, tree)
            self._read_models(path, tree)

    def room(self, path: Path) -> str:
        """Return the room of a file, or of a package's folder."""
        addon, *parts = path.relative_to(self.addons).parts
        folders = [part for part in parts if not part.endswith(".py")]
        if addon not in self.divided or not folders:
            return addon
        return "/".join([addon, *folders[: 2 if folders[0] == "models" else 1]])

    def rooms(self) -> set[str]:
        """Return all rooms that have a file of their own."""
        return {self.room(path) for path in self.files if path.name != "__init__.py"}

    def known_addons(self, addon: str) -> set[str]:
        """Return those of our addons that an addon depends on, in any number of steps."""
        known: set[str] = set()
        waiting = [addon]
        while waiting:
            for name in self.manifests[waiting.pop()].get("depends", []):
                if name in self.manifests and name not in known:
                    known.add(name)
                    waiting.append(name)
        return known

    # === IMPORTS === #

    def _read_imports(self, path: Path, tree: ast.Module) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                modules = [name.name for name in node.names]
            elif isinstance(node, ast.ImportFrom):
                if path.name == "__init__.py" and node.level == 1:
                    continue  # A package that loads its parts does not know them.
                modules = self._imported(path, node)
            else:
                continue
            for module in modules:
                self._add_import(path, node.lineno, module)

    def _imported(self, path: Path, node: ast.ImportFrom) -> list[str]:
        """Return the modules of a `from … import …`; a name may be a module or a thing in one."""
        base = node.module or ""
        if node.level:
            folder = path.parents[node.level - 1]
            parts = folder.relative_to(self.addons).parts
            base = ".".join(filter(None, [_OURS + ".".join(parts), node.module]))
        return [f"{base}.{name.name}" for name in node.names]

    def _add_import(self, path: Path, line: int, module: str) -> None:
        ours = module.removeprefix(_OURS).split(".")
        if module.startswith(_OURS) and ours[0] in self.manifests:
            target = self.addons / ours[0]
            for part in ours[1:]:
                if (target / part).is_dir():
                    target /= part
                else:
                    break
            self._add(path, line, IMPORT, self.room(target), module.removeprefix(_OURS))
        elif module.split(".")[0] == "odoo":
            self.outside.append(Outside(self.room(path), module, self._place(path), line))

    # === MODELS === #

    def _homes(self) -> dict[str, str]:
        """Return the room in which each model of ours is made."""
        homes: dict[str, str] = {}
        for path, tree in self.files.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef):
                    inherited = set(_strings(_assigned(node, "_inherit")))
                    for name in _strings(_assigned(node, "_name")):
                        if name not in inherited:
                            homes[name] = self.room(path)
        return homes

    def _read_models(self, path: Path, tree: ast.Module) -> None:
        silent = {id(node) for node in _silent(tree)}
        records = re.compile(rf"({'|'.join(map(re.escape, self.manifests))})\.\w+")
        for node in ast.walk(tree):
            if isinstance(node, ast.Subscript) and _is_env(node.value):
                if not isinstance(node.slice, ast.Constant):
                    what = ast.unparse(node)
                    place = self._place(path)
                    self.dynamic.append(Dynamic(self.room(path), what, place, node.lineno))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                if id(node) in silent:
                    continue
                if home := self.homes.get(node.value):
                    self._add(path, node.lineno, MODEL, home, node.value)
                elif found := records.fullmatch(node.value):
                    self._add(path, node.lineno, RECORD, found[1], node.value)

    def _add(self, path: Path, line: int, kind: str, target: str, what: str) -> None:
        source = self.room(path)
        same_addon = kind == RECORD and target == source.split("/")[0]
        if source != target and not same_addon:
            self.arrows.append(Arrow(source, target, kind, what, self._place(path), line))

    def _place(self, path: Path) -> str:
        return str(path.relative_to(self.addons.parent))


def _silent(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the strings that name nothing: a model's own name, the window that a button opens."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id in ("_name", "_description")
            for target in node.targets
        ):
            yield from ast.walk(node.value)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "res_model":
                    yield value


def _assigned(node: ast.ClassDef, name: str) -> ast.AST | None:
    for part in node.body:
        if isinstance(part, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == name for target in part.targets
        ):
            return part.value
    return None


def _strings(node: ast.AST | None) -> Iterator[str]:
    if node is not None:
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


def _is_env(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        node = node.func
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name == "env"
