"""What the architecture forbids: read from `rules.toml`, applied to the arrows of a house."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from tools.architecture.arrows import IMPORT, Arrow, House

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

RULES = Path(__file__).with_name("rules.toml")


@dataclass(frozen=True)
class Fault:
    """Something that the architecture forbids, at one place."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


class Rules:
    def __init__(self, text: str):
        data = tomllib.loads(text)
        self.divided: list[str] = data.get("divided", [])
        self.may_know: dict[str, list[str]] = data.get("may_know", {})
        self.forbidden: list[dict] = data.get("forbidden", [])
        self.plain: list[dict] = data.get("plain", [])

    @classmethod
    def ours(cls) -> "Rules":
        return cls(RULES.read_text(encoding="utf-8"))

    def faults(self, house: House) -> list[str]:
        """Return what is forbidden, and the rules for rooms that are gone."""
        found = [
            *self._manifests(house),
            *(fault for arrow in house.arrows for fault in self._arrow(house, arrow)),
            *self._outside(house),
        ]
        return list(dict.fromkeys([*map(str, found), *self._lost(house)]))

    def _manifests(self, house: House) -> Iterator[Fault]:
        for addon, allowed in self.may_know.items():
            if addon in house.manifests:
                for other in sorted(house.known_addons(addon) - set(allowed)):
                    path = f"{house.addons.name}/{addon}/__manifest__.py"
                    text = f"{addon} depends on {other}, which `may_know` does not grant."
                    yield Fault(path, 1, text)

    def _arrow(self, house: House, arrow: Arrow) -> Iterator[Fault]:
        head = f"{arrow.source} → {arrow.target} ({arrow.kind} {arrow.what})"
        mine, other = arrow.source.split("/")[0], arrow.target.split("/")[0]
        if mine != other and other not in house.known_addons(mine):
            text = f"{head}: {mine} does not depend on {other}."
            yield Fault(arrow.path, arrow.line, text)
        for rule in self.forbidden:
            if (
                _matches(arrow.source, rule["from"])
                and _matches(arrow.target, rule["to"])
                and not _matches(arrow.target, rule.get("except", []))
            ):
                text = f"{head}: {rule['why']}"
                yield Fault(arrow.path, arrow.line, text)

    def _outside(self, house: House) -> Iterator[Fault]:
        """Yield the imports of plain rooms that are neither plain nor granted."""
        for rule in self.plain:
            for found in house.outside:
                if _matches(found.room, rule["rooms"]):
                    text = f"{found.room} imports {found.module}: {rule['why']}"
                    yield Fault(found.path, found.line, text)
            for arrow in house.arrows:
                addon = arrow.source.split("/")[0]
                if (
                    arrow.kind == IMPORT
                    and _matches(arrow.source, rule["rooms"])
                    and arrow.target.split("/")[0] != addon
                    and not any(f"{arrow.what}.".startswith(f"{ok}.") for ok in rule["granted"])
                ):
                    text = f"{arrow.source} imports {arrow.what}: {rule['why']}"
                    yield Fault(arrow.path, arrow.line, text)

    def _lost(self, house: House) -> Iterator[str]:
        """Yield the rules that name a room that is gone: they would forbid nothing."""
        rooms = house.rooms()
        named = [name for rule in self.forbidden for name in rule["from"]]
        named += [name for rule in self.plain for name in rule["rooms"]]
        for name in dict.fromkeys(named):
            if not any(_matches(room, [name]) for room in rooms):
                yield f"{RULES.name}: no room is called {name}."


def _matches(room: str, patterns: list[str]) -> bool:
    return any(fnmatchcase(room, pattern) for pattern in patterns)
