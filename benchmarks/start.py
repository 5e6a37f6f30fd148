"""From a fresh checkout to an Odoo that answers, with nothing of it cached; and once it is cached.

The checkout is copied, and everything is fetched into a cache that is empty: Odoo, its Python
packages, PostgreSQL's cluster. Then the demo is made anew, and served as it was left. There is no
opponent but the time that it may take.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tools import paths
from tools.host import Host, free_port

#: Seconds on two processors: of a first start, and of a later one.
COLD, WARM = 120.0, 25.0
PATIENCE = 900
#: What of the environment would bring along what is to be fetched, or another server.
LEFT_OUT = ("PYTHON", "PG", "OPEN_CRM", "VIRTUAL_ENV")


def run(host: Host) -> list[dict]:
    # Below /var/tmp as the cluster's owner, another user, has to reach it.
    with tempfile.TemporaryDirectory(dir="/var/tmp", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        checkout = _checkout(Path(folder, "checkout"))
        environment = {k: v for k, v in os.environ.items() if not k.startswith(LEFT_OUT)} | {
            "OPEN_CRM_CACHE": str(Path(folder, "cache")),
            "PIP_NO_CACHE_DIR": "1",
            "UV_NO_CACHE": "1",
        }
        measured = (
            ("first start, all of it fetched and made", COLD, ()),
            ("later start, the demo made anew", WARM, ("--fresh",)),
            ("later start, the demo as it was left", WARM, ()),
        )
        return [
            {
                "claim": claim,
                "unit": "s",
                "size": 1,
                "ours": _seconds(checkout, environment, options),
                "opponent": bar,
                "opponent_is": "what it may take",
            }
            for claim, bar, options in measured
        ]


def _checkout(target: Path) -> Path:
    """Copy what belongs to the repository, as it is now."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=paths.REPO, capture_output=True, text=True, check=True)
    for name in filter(None, names.stdout.split("\0")):
        if (paths.REPO / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(paths.REPO / name, target / name)
    return target


def _seconds(checkout: Path, environment: dict[str, str], options: tuple[str, ...]) -> float:
    """Return how long it takes until the demo's sign-in page is answered."""
    port = free_port()
    python = getattr(sys, "_base_executable", sys.executable)
    command = [python, "run", "demo", "--port", str(port), "--json", *options]
    started = time.monotonic()
    with _running(command, checkout, environment) as process:
        while not _answers(port):
            if process.poll() is not None or time.monotonic() - started > PATIENCE:
                raise RuntimeError("The demo did not start: what it said stands above.")
            time.sleep(0.1)
        return round(time.monotonic() - started, 1)


@contextlib.contextmanager
def _running(
    command: list[str], checkout: Path, environment: dict[str, str]
) -> Iterator[subprocess.Popen]:
    """Yield a process of the launcher, which ends all that it started when it is interrupted."""
    process = subprocess.Popen(command, cwd=checkout, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/web/login", timeout=60) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
