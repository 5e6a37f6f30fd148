"""Virtual environments with the pinned packages, in the cache, one for each set of pins."""

import shutil
import sys
from pathlib import Path

from tools import paths
from tools.console import execute, step


def ensure(name: str, requirements: list[Path]) -> Path:
    """Return the Python of the environment `name` that holds `requirements`, made if missing.

    :raise Failure: when a package can't be installed.
    """
    pins = [path.read_text(encoding="utf-8") for path in requirements]
    # A Python has several names; its installation has one.
    key = paths.digest(sys.base_prefix, sys.version, *pins)
    folder = paths.cache() / f"{name}-{key}"
    complete = folder / "complete"
    with paths.lock(folder.with_suffix(".lock")):
        if not complete.exists():
            shutil.rmtree(folder, ignore_errors=True)
            with step(f"Installing Python packages ({name})"):
                _build(folder, requirements)
            complete.touch()
    return folder / "bin/python"


def _build(folder: Path, requirements: list[Path]) -> None:
    log = paths.LOGS / "python-packages.log"
    execute(
        [sys.executable, "-m", "venv", folder],
        log=log,
        advice="Python could not make a virtual environment: install its venv module",
    )
    files = [part for path in requirements for part in ("-r", path)]
    execute(
        [folder / "bin/python", "-m", "pip", "install", "--disable-pip-version-check", *files],
        log=log,
        advice="A Python package did not install: check the network and run the command again",
    )


def ensure_target(name: str, requirement: str) -> Path:
    """Return a folder with just `requirement` in it, without its dependencies."""
    folder = paths.cache() / f"{name}-{paths.digest(requirement, sys.version)}"
    complete = folder / "complete"
    with paths.lock(folder.with_suffix(".lock")):
        if not complete.exists():
            shutil.rmtree(folder, ignore_errors=True)
            with step(f"Installing {requirement}"):
                execute(
                    [
                        *(sys.executable, "-m", "pip", "install", "--disable-pip-version-check"),
                        *("--no-deps", "--target", folder, requirement),
                    ],
                    log=paths.LOGS / "python-packages.log",
                    advice=f"{requirement} did not install: check the network and try again",
                )
            complete.touch()
    return folder
