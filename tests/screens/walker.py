"""Walks through screens in a browser, and tells every error that a person would meet there."""

import dataclasses
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.browser import Browser
from tools.host import OdooServer

PAGE = Path(__file__).with_name("page.js")
NEW_ROW = ".o_list_button_add"


@dataclasses.dataclass
class Walker:
    """One tab, one user at a time.

    :ivar searches: whether each filter, group and field of the search boxes is tried as well.
    :ivar opened: how many screens were opened, forms, filters and groups counted.
    """

    tab: Browser
    server: OdooServer
    database: str
    searches: bool = True
    opened: int = 0

    def __post_init__(self):
        self.tab.watch()
        self._read = self.server.log_path.stat().st_size

    def enter(self, login: str, password: str) -> None:
        """Load the backend as this user; screens are opened without loading it again."""
        self.tab.sign_in(self.server.url, self.database, login, password)
        self.tab.open("about:blank", "body")
        self.tab.open(f"{self.server.url}/odoo", ".o_web_client .o_action_manager > *")
        self.tab.evaluate(PAGE.read_text(encoding="utf-8"))
        self._fresh_faults()

    def walk(self, screens: Iterable[dict]) -> list[str]:
        """Open all screens; return a line for each fault."""
        return [line for screen in screens for line in self._screen(screen)]

    def _screen(self, screen: dict) -> Iterator[str]:
        creates = screen["views"] == ["form"] and screen.get("creates", False)
        for view in screen["views"]:
            if view == "form" and not screen["dialog"]:
                continue
            opened = self._open(screen, view, "")
            yield from opened.faults
            creates = creates or opened.creates
            if self.searches and view in ("list", "kanban") and screen["search"]:
                yield from self._search(screen, view)
        if "form" in screen["views"] and not screen["dialog"]:
            yield from self._forms(screen, creates)
        elif creates and screen["views"][0] == "list":
            yield from self._new_row(screen)

    def _forms(self, screen: dict, creates: bool) -> Iterator[str]:
        for record in screen["records"]:
            opened = self._open(screen, "form", f"of record {record}", id=record)
            yield from opened.faults
            creates = opened.creates
        if creates:
            yield from self._open(screen, "form", "of a new record", id=False).faults

    def _open(self, screen: dict, view: str | None, words: str, **more: object) -> "_Opened":
        step = {
            "action": screen["action"],
            "view": view,
            "context": screen.get("context", {}),
            "dialog": screen["dialog"],
            **more,
        }
        answer = self._ask(f"screens.open({json.dumps(step)})")
        faults = list(answer["faults"])
        if tabs := screen.get("tabs"):
            count = self.tab.evaluate(f"document.querySelectorAll({json.dumps(tabs)}).length")
            for number in range(1, count + 1):
                faults += self._ask(f"screens.press({json.dumps(f'{tabs}:nth-child({number})')})")
        title = " ".join(filter(None, (screen["title"], view, words)))
        return _Opened(self._lines(title, faults), answer["creates"])

    def _search(self, screen: dict, view: str) -> list[str]:
        answer = self._ask("screens.search()")
        self.opened += answer["chosen"]
        lines = [
            line
            for name, faults in answer["told"].items()
            for line in self._lines(f"{screen['title']} {view} by {name}", faults)
        ]
        return lines + self._lines(f"{screen['title']} {view} while searching", [])

    def _new_row(self, screen: dict) -> list[str]:
        self._open(screen, "list", "")
        faults = self._ask(f"screens.press({json.dumps(NEW_ROW)})")
        return self._lines(f"{screen['title']} list with a new row", faults)

    def _ask(self, script: str):
        self.opened += 1
        return self.tab.evaluate(script)

    def _lines(self, title: str, faults: list[str]) -> list[str]:
        found = dict.fromkeys([*faults, *self._fresh_faults()])
        return [f"{title}: {fault}" for fault in found]

    def _fresh_faults(self) -> list[str]:
        """Return what browser and server have logged since the last look."""
        with self.server.log_path.open(encoding="utf-8", errors="replace") as log:
            log.seek(self._read)
            lines = log.read().splitlines()
            self._read = log.tell()
        logged = [line for line in lines if " ERROR " in line or " CRITICAL " in line]
        return [*self.tab.faults(), *(f"the server logged: {line}" for line in logged)]


@dataclasses.dataclass(frozen=True)
class _Opened:
    faults: list[str]
    creates: bool
