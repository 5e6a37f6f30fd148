"""A headless Chromium that signs in to Odoo and takes pictures, over the DevTools protocol.

Runs in the environment's Python, which has websocket-client.
"""

import base64
import contextlib
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import requests
import websocket

from tools.console import Failure
from tools.host import BROWSERS, die_with_parent, free_port

START_SECONDS = 30
WAIT_SECONDS = 180
#: What can be pressed: its number, and the character that it types.
KEYS = {
    "Tab": (9, ""), "Enter": (13, "\r"), "Escape": (27, ""), " ": (32, " "),
    "ArrowDown": (40, ""), "ArrowUp": (38, ""), "Backspace": (8, ""),
}  # fmt: skip
# Without these the browser asks its maker's hosts for things that no picture needs.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
)


def executable() -> str | None:
    """Return the browser's program, if there is one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


#: Where the first element of a selector lies whose middle nothing covers; null while there is none.
_HIT = """(selector) => {
    for (const element of document.querySelectorAll(selector)) {
        element.scrollIntoView({ block: "nearest", behavior: "instant" });
        const box = element.getBoundingClientRect();
        const place = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
        const hit = document.elementFromPoint(place.x, place.y);
        if (box.width && hit && (element.contains(hit) || hit.contains(element))) return place;
    }
    return null;
}"""


class Browser:
    """One tab of a headless Chromium."""

    def __init__(self, debugger: str):
        self._debugger = debugger
        self._socket = websocket.create_connection(debugger, suppress_origin=True)
        self._sent = 0
        self._faults: list[str] = []

    def call(self, method: str, **parameters: object) -> dict:
        """Call a DevTools method; return its result.

        :raise Failure: with the browser's own words.
        """
        asked = self._send(method, parameters)
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == asked:
                break
            if answer.get("method") == "Page.javascriptDialogOpening":
                # Nobody is there to answer: a page is left, and nothing else is agreed to.
                is_left = answer["params"]["type"] == "beforeunload"
                self._send("Page.handleJavaScriptDialog", {"accept": is_left})
            if fault := _fault(answer.get("method"), answer.get("params")):
                self._faults.append(fault)
        if "error" in answer:
            raise Failure(f"The browser refused {method}: {answer['error']['message']}.")
        return answer["result"]

    def _send(self, method: str, parameters: dict) -> int:
        """Send a command; return the number of its answer."""
        self._sent += 1
        message = {"id": self._sent, "method": method, "params": parameters}
        self._socket.send(json.dumps(message))
        return self._sent

    def beside(self, url: str) -> "Browser":
        """Return another tab of this browser, with the same cookies, that goes to `url`."""
        target = self.call("Target.createTarget", url=url)["targetId"]
        return Browser(self._debugger.rpartition("/")[0] + f"/{target}")

    def opened(self) -> "Browser":
        """Return the tab that this one has opened, once it is there.

        :raise Failure: when none comes.
        """
        folder, _slash, own = self._debugger.rpartition("/")
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            for target in self.call("Target.getTargets")["targetInfos"]:
                if target.get("openerId") == own:
                    return Browser(f"{folder}/{target['targetId']}")
            time.sleep(0.2)
        raise Failure("No further tab was opened in the browser.")

    def watch(self) -> None:
        """Take note from now on of what goes wrong in the tab, for `faults`."""
        self.call("Runtime.enable")
        self.call("Log.enable")

    def faults(self) -> list[str]:
        """Return the errors, uncaught or written to the console, since the last call."""
        self.evaluate("null")  # What came before it is read with its answer.
        found, self._faults = self._faults, []
        return found

    def leave(self) -> None:
        """Show no page. An answer to what the one before asked may bring its own session."""
        self.open("about:blank", "body")
        self.wait_until("location.href === 'about:blank'")

    def sign_in(self, url: str, database: str, login: str, password: str) -> None:
        """Give the tab a session of `login`, which shows no page then.

        :raise Failure: when Odoo refuses the login.
        """
        self.leave()
        answer = requests.post(
            f"{url}/web/session/authenticate",
            json={"params": {"db": database, "login": login, "password": password}},
            timeout=60,
        )
        if not answer.json().get("result", {}).get("uid"):
            raise Failure(f"{login} could not sign in to {url}.")
        self.call("Network.enable")
        cookie = answer.cookies["session_id"]
        self.call("Network.setCookie", name="session_id", value=cookie, url=url)

    def resize(self, width: int, height: int, touch: bool = False) -> None:
        """Have the tab this size, which no window of a desktop can be as narrow as.

        :param touch: whether fingers point, as on a phone
        """
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        self.call("Emulation.setTouchEmulationEnabled", enabled=touch)

    def evaluate(self, script: str) -> object:
        """Return the value of a JavaScript expression; a promise is waited for.

        :raise Failure: when the script throws.
        """
        result = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in result:
            raise Failure(f"A script in the browser failed: {result['result'].get('description')}")
        return result["result"].get("value")

    def open(self, url: str, until: str) -> None:
        """Go to `url` and wait for an element that the selector `until` finds.

        What is not saved on the page before is lost.
        """
        self.call("Page.enable")  # Else nobody is told of the question.
        self.call("Page.navigate", url=url)
        self.wait_for(until)

    def wait_for(self, selector: str) -> None:
        """Wait for an element that `selector` finds.

        :raise Failure: when it does not come.
        """
        self.wait_until(f"!!document.querySelector({json.dumps(selector)})", selector)

    def wait_until(self, script: str, what: str = "") -> None:
        """Wait until a JavaScript expression is true.

        :param what: is waited for, in words; the expression else
        :raise Failure: when it does not become so.
        """
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(Failure):
                if self.evaluate(script):
                    return
            time.sleep(0.2)
        raise Failure(f"{what or script} did not appear in the browser.")

    def click(self, selector: str) -> None:
        """Click the first element that `selector` finds, once it is there."""
        self.wait_for(selector)
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def press(self, label: str) -> None:
        """Click the button that reads `label`.

        :raise Failure: when there is none.
        """
        found = self.evaluate(
            "(() => { const button = [...document.querySelectorAll('button, a.btn')]"
            f".find((one) => one.innerText.trim() === {json.dumps(label)});"
            " button?.click(); return !!button; })()"
        )
        if not found:
            raise Failure(f"There is no button {label} in the browser.")

    def key(self, name: str, shift: bool = False) -> None:
        """Press a key of the keyboard: one of `KEYS`."""
        code, text = KEYS[name]
        pressed = {"key": name, "code": name, "windowsVirtualKeyCode": code}
        pressed |= {"modifiers": 8 * shift} | ({"text": text} if text else {})
        self.call("Input.dispatchKeyEvent", type="keyDown", **pressed)
        self.call("Input.dispatchKeyEvent", type="keyUp", **pressed)

    def tap(self, selector: str) -> None:
        """Press the mouse where the first element lies that `selector` finds and a person can hit.

        :raise Failure: when none comes to lie open.
        """
        deadline = time.monotonic() + WAIT_SECONDS
        question = f"({_HIT})({json.dumps(selector)})"
        while not isinstance(place := self.evaluate(question), dict):
            if time.monotonic() > deadline:
                raise Failure(f"{selector} could not be clicked in the browser.")
            time.sleep(0.2)
        at = {**place, "button": "left", "clickCount": 1}
        self.call("Input.dispatchMouseEvent", type="mouseMoved", **place)
        self.call("Input.dispatchMouseEvent", type="mousePressed", **at)
        self.call("Input.dispatchMouseEvent", type="mouseReleased", **at)

    def type(self, text: str) -> None:
        """Write where the cursor is, in place of what is selected there."""
        self.call("Input.insertText", text=text)

    def measure(self, width: int, height: int) -> None:
        """Show pages in exactly this size, without the window's frame."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size)

    def picture(self, target: Path, settle: float = 1.0) -> None:
        """Write a PNG of what the tab shows, after `settle` seconds of rest."""
        time.sleep(settle)
        shot = self.call("Page.captureScreenshot", format="png")
        target.write_bytes(base64.b64decode(shot["data"]))


def _fault(method: str | None, details: dict) -> str | None:
    """Return the words of an error, when an event of the browser tells one."""
    if method == "Runtime.exceptionThrown":
        thrown = details["exceptionDetails"]
        return f"{thrown['text']} {thrown.get('exception', {}).get('description', '')}".strip()
    if method == "Runtime.consoleAPICalled" and details["type"] in ("error", "assert"):
        words = (one.get("value", one.get("description", "")) for one in details["args"])
        return " ".join(map(str, words))
    if method == "Log.entryAdded" and details["entry"]["level"] == "error":
        entry = details["entry"]
        return f"{entry['text']} {entry.get('url', '')}".strip()
    return None


@contextlib.contextmanager
def browser(width: int = 1366, height: int = 768, *flags: str) -> Iterator[Browser]:
    """Yield a tab of a new Chromium with an empty profile.

    :param flags: further ones of the program.
    :raise Failure: when there is no browser or it does not start.
    """
    program = executable()
    if not program:
        raise Failure("Chromium is needed: install it (apt-get install chromium).")
    port = free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [
                *(program, *FLAGS, *flags, f"--user-data-dir={profile}"),
                *(f"--remote-debugging-port={port}", f"--window-size={width},{height}"),
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_parent,
        )
        try:
            yield Browser(_debugger(port))
        finally:
            process.terminate()
            process.wait(30)


def _debugger(port: int) -> str:
    """Return the address of the first tab's debugger."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=5) as answer:
                pages = [page for page in json.load(answer) if page["type"] == "page"]
            if pages:
                return pages[0]["webSocketDebuggerUrl"]
        time.sleep(0.2)
    raise Failure("Chromium did not start: try it by hand (chromium --headless --version).")
