"""Check the types of what runs without the ORM: pure parts of the addons, and the launcher."""

import os
import subprocess
import sys

from tools import paths

#: Folders of an addon that hold plain Python.
PURE = ("company", "files", "providers", "registers", "tools")
OVERLAY = paths.STATE / "overlay"


def main() -> int:
    """Print what is wrong; return 1 if something is."""
    addons = OVERLAY / "odoo/addons"
    folders = [path for name in PURE for path in sorted(addons.glob(f"*/{name}"))]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--no-error-summary"),
            # A second run with a cache takes the namespace package for `odoo` itself: it would
            # find other faults than the first.
            f"--cache-dir={os.devnull}",
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
    print(text.replace(f"{paths.REPO}/", ""), end="")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
