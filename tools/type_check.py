"""Check the types of what runs without the ORM: pure parts of the addons, and the launcher.

Files that `untyped.txt` names are let off until they are mended; one that has no error left must
leave the list.
"""

import os
import subprocess
import sys
from collections.abc import Iterable

from tools import paths

#: Folders of an addon that hold plain Python.
PURE = ("company", "files", "providers", "tools")
OVERLAY = paths.STATE / "overlay"
LET_OFF = paths.REPO / "tools/untyped.txt"


def main() -> int:
    """Print what is wrong; return 1 if something is."""
    addons = OVERLAY / "odoo/addons"
    folders = [path for name in PURE for path in sorted(addons.glob(f"*/{name}"))]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--no-error-summary"),
            f"--cache-dir={paths.STATE / 'mypy'}",
            *(str(folder) for folder in [*folders, paths.REPO / "tools"]),
        ],
        cwd=paths.REPO,
        env={**os.environ, "MYPYPATH": os.pathsep.join([str(OVERLAY), str(paths.REPO)])},
        capture_output=True,
        text=True,
    )
    if done.stderr or done.returncode > 1:
        print(done.stdout, done.stderr, sep="", end="")
        return 2
    text = done.stdout.replace(f"{OVERLAY.relative_to(paths.REPO)}/odoo/", "")
    text = text.replace(f"{paths.REPO}/", "")
    wrong, clean = judge(text.splitlines(), _let_off())
    for line in wrong:
        print(line)
    for name in clean:
        print(f"{name}: no error is left: take it out of {LET_OFF.relative_to(paths.REPO)}.")
    return 1 if wrong or clean else 0


def judge(lines: Iterable[str], let_off: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the lines of mypy that count, and the files that are let off for nothing."""
    let_off = list(let_off)
    wrong, needed = [], set()
    for line in lines:
        name = line.partition(":")[0]
        if name in let_off:
            needed.add(name)
        else:
            wrong.append(line)
    return wrong, [name for name in let_off if name not in needed]


def _let_off() -> list[str]:
    lines = LET_OFF.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


if __name__ == "__main__":
    sys.exit(main())
