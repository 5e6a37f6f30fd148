"""Copies of the addons, each with a database, in which tests run with a fault or without."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools import paths
from tools.commands.test import IMPORTING, NO_AUTOVACUUM, PLUGIN, TEST_SECONDS
from tools.host import Host, die_with_parent, free_port

FOLDER = paths.STATE / "mutation"
# Tests outside of the addons that need no database: of what is read in files and pages.
TRUTHS = ("tests/test_truths.py",)


@dataclasses.dataclass(frozen=True)
class Lane:
    """A copy of the addons, with a host and a database that know no other.

    :ivar kept: a database like it, which stays as it is
    :ivar warm: a process that has them loaded as they are without a fault
    """

    host: Host
    tree: Path
    database: str
    kept: str
    warm: list[subprocess.Popen] = dataclasses.field(default_factory=list)

    def warm_up(self) -> None:
        """Load what lies in the copy now, before there is a fault in it."""
        if self.warm and self.warm[0].poll() is None:
            return
        self.warm.clear()
        config = self.host.config(self.database, http_port=free_port())
        self.warm.append(
            subprocess.Popen(
                [self.host.python, "-m", "tools.mutation.warm", str(config)],
                cwd=self.tree,
                env=self.host.environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                preexec_fn=die_with_parent,
            )
        )
        self._answer()

    def ask_warm(self, job: dict[str, Any]) -> int | str | None:
        """Let the warm process do a job; return its answer, "cold" when it has none."""
        [process] = self.warm
        assert process.stdin
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
        return self._answer()

    def _answer(self) -> int | str | None:
        [process] = self.warm
        assert process.stdout
        line = process.stdout.readline()
        return json.loads(line) if line else "cold"

    def renew(self) -> None:
        """Make the database anew, as it was before data with a fault was read into it."""
        # A test that hung may be connected still.
        self.host.drop(self.database, force=True)
        self.host.copy(self.kept, self.database)

    def cool(self) -> None:
        """End the warm process."""
        for process in self.warm:
            process.kill()
            process.communicate()


@contextlib.contextmanager
def new_lane(host: Host, label: str) -> Iterator[Lane]:
    """Yield a copy of the addons with a database of its own."""
    tree = FOLDER / label
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(paths.ADDONS, tree / "addons", ignore=shutil.ignore_patterns("__pycache__"))
    for name in TRUTHS:
        (tree / name).parent.mkdir(exist_ok=True)
        shutil.copy(paths.REPO / name, tree / name)
    overlay = tree / "overlay/odoo"
    overlay.mkdir(parents=True)
    (overlay / "addons").symlink_to("../../addons")
    ours, theirs = str(paths.STATE / "overlay"), str(paths.ADDONS)
    moved = dataclasses.replace(
        host,
        python_path=(
            *(str(tree / "overlay") if p == ours else p for p in host.python_path),
            # For our plugin of pytest.
            str(paths.REPO),
        ),
        addons_path=tuple(str(tree / "addons") if p == theirs else p for p in host.addons_path),
    )
    with host.database(f"{label}_kept") as kept, host.database(label) as database:
        for one in (kept, database):
            host.sql(NO_AUTOVACUUM, database=one)
        made = Lane(moved, tree, database, kept)
        try:
            yield made
        finally:
            made.cool()
    shutil.rmtree(tree, ignore_errors=True)


def arguments(lane: Lane, more: list[str], *, plainly: bool = False) -> list[str]:
    """Return pytest's arguments in a lane."""
    config = lane.host.config(lane.database, http_port=free_port())
    odoo = [f"--odoo-config={config}", "--odoo-http", "--odoo-log-level=critical"]
    if plainly:
        odoo = ["-p", "no:odoo", "--fast"]
    patience = f"--timeout={TEST_SECONDS}"
    return [
        f"--rootdir={lane.tree}",
        patience,
        "-q",
        "-rfE",
        "--tb=short",
        *IMPORTING,
        *PLUGIN,
        *odoo,
        *more,
    ]


def run_pytest(lane: Lane, given: list[str], seconds: float, **variables: str) -> int | None:
    """Run pytest in a lane; return its exit status, None when it took longer than `seconds`."""
    with (lane.tree / "pytest.log").open("w") as log:
        try:
            return subprocess.run(
                [lane.host.python, "-m", "pytest", *given],
                cwd=lane.tree,
                env={**lane.host.environment(), **variables},
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                preexec_fn=die_with_parent,
            ).returncode
        except subprocess.TimeoutExpired:
            return None
