"""Check style, types, the architecture and Odoo's conventions."""

import argparse
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tools import node_env, paths, python_env, setup
from tools.console import say
from tools.host import our_modules

REQUIREMENTS = paths.REPO / "tools/lint-requirements.txt"
WEB = paths.REPO / "tools/web"
#: What git compares with to see each line as new.
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
#: A command, as subprocess takes it.
Command = Sequence[str | Path]


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "checks",
        nargs="*",
        metavar="check",
        choices=[*CHECKS, []],
        help=f"which to run: {', '.join(CHECKS)} (all)",
    )
    parser.add_argument("--fix", action="store_true", help="mend what can be mended by itself")


def run(options: argparse.Namespace) -> int:
    python = python_env.ensure("lint", [REQUIREMENTS])
    names = options.checks or list(CHECKS)
    failed = [
        name
        for name in names
        # All commands of a check run, so that one failure does not hide another.
        if any([_fails(command) for command in CHECKS[name](python, options.fix)])
    ]
    say(f"Lint: {', '.join(failed)} failed." if failed else "Lint: passed.")
    return 1 if failed else 0


def _fails(command: Command) -> bool:
    return subprocess.run(command, cwd=paths.REPO).returncode != 0


def _style(python: Path, fix: bool) -> Iterator[Command]:
    """Python: ruff's rules and its format; all files: no blanks at ends of lines."""
    ruff = python.with_name("ruff")
    yield [ruff, "check", *(["--fix"] * fix), "."]
    yield [ruff, "format", *([] if fix else ["--check"]), "."]
    yield ["git", "diff", "--check", EMPTY_TREE]


def _types(python: Path, _fix: bool) -> Iterator[Command]:
    """Python's types, in what runs without the ORM."""
    setup.overlay()
    yield [python, "-m", "tools.type_check"]


def _architecture(python: Path, fix: bool) -> Iterator[Command]:
    """Which rooms know which others, and the picture of it."""
    yield [python, "-m", "tools.architecture", *(["--fix"] * fix)]


def _odoo(python: Path, _fix: bool) -> Iterator[Command]:
    """Odoo's conventions in Python."""
    pylint: list[str | Path] = [python, "-m", "pylint", "--rcfile=.pylintrc"]
    if addons := _addons():
        # The addons' readmes are Markdown; the check knows only reStructuredText.
        options = ["--disable=missing-readme", "--ignore-paths=addons/[^/]+/tests/[^/]+/"]
        yield [*pylint, *options, *addons]
    if tests := sorted(str(path) for path in paths.ADDONS.glob("*/tests/*/") if path.is_dir()):
        # Of tests it knows only those directly below tests/: what they write needs no translation.
        yield [*pylint, "--disable=translation-required", *tests]


def _texts(python: Path, _fix: bool) -> Iterator[Command]:
    """Whether each text that is translated is found by who extracts them."""
    yield [python, "-m", "tools.texts"]


def _data(python: Path, fix: bool) -> Iterator[Command]:
    """Odoo's conventions in XML, CSV and translations."""
    if addons := _addons():
        options = ["--config=.oca_hooks.cfg", *(["--fix"] * fix)]
        yield [python.with_name("oca-checks-odoo-module"), *options, *addons]


def _web(python: Path, fix: bool) -> Iterator[Command]:
    """JavaScript and SCSS: prettier's format, ESLint's rules."""
    node, packages = python.with_name("node"), node_env.ensure("web", WEB, python)
    scripts, styles = _tracked("*.js", "*.mjs"), _tracked("*.scss", "*.css")
    prettier = [node, packages / "node_modules/prettier/bin/prettier.cjs"]
    yield [*prettier, "--write" if fix else "--check", "--log-level=warn", *scripts, *styles]
    eslint = [node, packages / "node_modules/eslint/bin/eslint.js"]
    config = f"--config={packages / 'eslint.config.mjs'}"
    yield [*eslint, *(["--fix"] * fix), config, *scripts]


def _addons() -> list[str]:
    return [f"addons/{name}" for name in our_modules()]


def _tracked(*patterns: str) -> list[str]:
    """Return the files of the repository that match, also those not yet added to it."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    done = subprocess.run(command, cwd=paths.REPO, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.splitlines() if (paths.REPO / name).is_file()]


CHECKS: dict[str, Callable[[Path, bool], Iterator[Command]]] = {
    "style": _style,
    "types": _types,
    "architecture": _architecture,
    "odoo": _odoo,
    "texts": _texts,
    "data": _data,
    "web": _web,
}
