"""Walks through screens in a browser, and tells every error that a person would meet there."""

import dataclasses
import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.browser import Browser
from tools.host import OdooServer

PAGE = Path(__file__).with_name("page.js")
NEW_ROW = ".o_list_button_add"
#: How long a page may take, seconds.
PATIENCE = 60
#: What the browser writes of each answer that tells of an error.
REFUSED = "Failed to load resource: the server responded with a status of"
#: A form that is not saved wants to ask whether it is left, which nobody does here.
LEFT = "Blocked attempt to show a 'beforeunload'"
#: Fills in what a form cannot be sent without, and sends it.
SEND = """
(() => {
    const button = document.querySelector(%s);
    const form = button.form;
    for (const input of form.querySelectorAll("input[required]")) {
        input.value ||= input.type === "email" ? "payer@other.example" : "Payer";
    }
    for (const select of form.querySelectorAll("select[required]")) {
        select.value ||= [...select.options].find((one) => one.value).value;
    }
    window.isLeft = true;
    button.click(); // Unlike the form's own event, it is kept until the page's scripts are there.
})()
"""
#: What is shown once the page is there.
SHOWN = """
document.readyState === "complete" && !window.isLeft && location.href !== "about:blank" && {
    status: performance.getEntriesByType("navigation")[0].responseStatus,
    there: !!document.querySelector(%s),
    text: document.body.innerText.trim().slice(0, 300),
    excess: document.documentElement.scrollWidth - window.innerWidth,
}
"""


@dataclasses.dataclass
class Walker:
    """One tab, one user at a time.

    :ivar opened: how many screens were opened, forms, filters and groups counted.
    """

    tab: Browser
    server: OdooServer
    database: str
    opened: int = 0

    def __post_init__(self):
        self.tab.watch()
        self._read = self.server.log_path.stat().st_size

    def enter(self, login: str, password: str, language: str) -> None:
        """Come as this user, or as nobody with a browser that asks for the language."""
        self.tab.leave()
        self.tab.call("Network.enable")
        self.tab.call("Network.clearBrowserCookies")
        accepted = {"Accept-Language": language.replace("_", "-")}
        self.tab.call("Network.setExtraHTTPHeaders", headers=accepted)
        if login:
            self.tab.sign_in(self.server.url, self.database, login, password)
        self._fresh_faults()

    def walk(self, screens: Iterable[dict]) -> Iterator[str]:
        """Load the backend and open all screens without loading it again; tell each fault."""
        if not screens:
            return
        self.tab.open("about:blank", "body")
        self.tab.open(f"{self.server.url}/odoo", ".o_web_client .o_action_manager > *")
        self.tab.evaluate(PAGE.read_text(encoding="utf-8"))
        self._fresh_faults()
        for screen in screens:
            yield from self._screen(screen)

    def visit(self, pages: Iterable[dict]) -> Iterator[str]:
        """Open pages by their addresses, and send the forms on them; tell each fault."""
        for page in pages:
            self.tab.evaluate("window.isLeft = true")
            self.tab.call("Page.navigate", url=self.server.url + page["path"])
            yield from self._page(page["route"], page["shows"], page["status"])
            if page["press"] and self.tab.evaluate(_has(page["press"])):
                self.tab.evaluate(SEND % json.dumps(page["press"]))
                yield from self._page(f"{page['route']} once sent", "body", 200)

    def _page(self, title: str, shows: str, status: int) -> list[str]:
        self.opened += 1
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            seen = self.tab.evaluate(SHOWN % json.dumps(shows))
            if seen and (seen["there"] or seen["status"] != status):
                break
            time.sleep(0.05)
        faults = []
        if not seen or not seen["there"] or seen["status"] != status:
            faults.append(f"{shows} and {status} were expected, but it was: {seen}")
        elif seen["excess"] > 0:
            faults.append(f"it is {seen['excess']} pixels wider than the window")
        lines = self._lines(title, faults)
        return [one for one in lines if status < 400 or f"{REFUSED} {status}" not in one]

    def _screen(self, screen: dict) -> Iterator[str]:
        creates = screen["views"] == ["form"] and screen.get("creates", False)
        for view in screen["views"]:
            if view == "form" and not screen["dialog"]:
                continue
            opened = self._open(screen, view, "")
            yield from opened.faults
            creates = creates or opened.creates
            if view in screen["search"]:
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
        told = [one for one in self.tab.faults() if LEFT not in one]
        return [*told, *(f"the server logged: {line}" for line in logged)]


def _has(selector: str) -> str:
    return f"!!document.querySelector({json.dumps(selector)})"


@dataclasses.dataclass(frozen=True)
class _Opened:
    faults: list[str]
    creates: bool
