"""Check style and Odoo's conventions."""

import argparse
import subprocess

from tools import paths, python_env
from tools.console import say
from tools.host import our_modules

REQUIREMENTS = paths.REPO / "tools/lint-requirements.txt"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--fix", action="store_true", help="mend what can be mended by itself")


def run(options: argparse.Namespace) -> int:
    python = python_env.ensure("lint", [REQUIREMENTS])
    ruff = [python.with_name("ruff")]
    checks = [
        [*ruff, "check", *(["--fix"] * options.fix), "."],
        [*ruff, "format", *([] if options.fix else ["--check"]), "."],
    ]
    if addons := [f"addons/{name}" for name in our_modules()]:
        # The addons' readmes are Markdown; the check knows only reStructuredText.
        options = ["--rcfile=.pylintrc", "--disable=missing-readme"]
        checks.append([python, "-m", "pylint", *options, *addons])
    failed = [check for check in checks if subprocess.run(check, cwd=paths.REPO).returncode]
    say("Lint: passed." if not failed else f"Lint: {len(failed)} of {len(checks)} checks failed.")
    return 1 if failed else 0
