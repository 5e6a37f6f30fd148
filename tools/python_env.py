"""Virtual environments with the pinned packages, in the cache, one for each set of pins."""

import platform
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools import paths, uv
from tools.console import DiskFull, Failure, execute, read_from, say, step

PYTHONS = "3.10 to 3.13"
NO_NETWORK = re.compile(
    r"Retrying \(|ConnectionError|ConnectTimeout|Read timed out|ProxyError|SSLError"
    r"|name resolution|Network is unreachable"
)


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
    with ThreadPoolExecutor(1) as pool:
        fetched = pool.submit(_fetch_uv)
        execute(
            [sys.executable, "-m", "venv", folder],
            log=_log(),
            advice="Python could not make a virtual environment: install its venv module",
        )
    python = folder / "bin/python"
    files = [part for path in requirements for part in ("-r", path)]
    if not _install_by_uv(fetched.result(), python, *files):
        _install(python, *files)


def _fetch_uv() -> Path | None:
    try:
        return ensure_target("uv", uv.REQUIREMENT) / "bin/uv"
    except DiskFull:
        raise
    except Failure:  # no wheel for this machine, or an index without it
        return None


def _install_by_uv(program: Path | None, python: Path, *arguments: str | Path) -> bool:
    """Tell whether uv has installed what `arguments` name."""
    settings = uv.pip_settings([str(python)])
    if program and settings is not None:
        try:
            execute(
                [*uv.command(program, python, settings), *arguments],
                log=_log(),
                advice="uv failed",
                env=uv.environment(settings),
            )
            return True
        except DiskFull:
            raise
        except Failure:  # pip may know better, and tells the cause if not
            pass
    say("uv cannot install the packages here, so pip does, which takes longer.")
    return False


def ensure_target(name: str, *requirements: str) -> Path:
    """Return a folder with just `requirements` in it, without their dependencies."""
    folder = paths.cache() / f"{name}-{paths.digest(*requirements, sys.version)}"
    complete = folder / "complete"
    with paths.lock(folder.with_suffix(".lock")):
        if not complete.exists():
            shutil.rmtree(folder, ignore_errors=True)
            what = requirements[0] if len(requirements) == 1 else f"Python packages ({name})"
            with step(f"Installing {what}"):
                _install(sys.executable, "--no-deps", "--target", folder, *requirements)
            complete.touch()
    return folder


def _log() -> Path:
    return paths.LOGS / "python-packages.log"


def _install(python: str | Path, *arguments: str | Path) -> None:
    """Have pip install what `arguments` name.

    :raise Failure: with the cause, when it can't.
    """
    log = _log()
    read = log.stat().st_size if log.exists() else 0
    command = [python, "-m", "pip", "install", "--disable-pip-version-check", *arguments]
    try:
        execute(command, log=log, advice="pip failed")
    except DiskFull:
        raise
    except Failure:
        cause = explain(read_from(log, read), platform.python_version())
        raise Failure(f"{cause} (details: {log})") from None


def explain(output: str, python: str) -> str:
    """Return why pip failed, as one sentence without its full stop.

    :param output: what pip printed.
    :param python: the version of the Python that it ran with.
    """
    missing = re.search(r"No matching distribution found for (.+)", output)
    unbuilt = re.search(r"(?:Failed building wheel for|Failed to build) ([\w.-]+)", output)
    errors = [line for line in output.splitlines() if line.startswith("ERROR: ")]
    other = f"start ./run with another one ({PYTHONS}), for instance `python3.12 run`"
    if missing and re.search(r"\(from versions: (?!none)", output):
        return f"{missing[1].strip()} cannot be had for Python {python}: {other}"
    if NO_NETWORK.search(output):
        return "A Python package did not download: check the network and run the command again"
    if missing:
        return f"The package index does not know {missing[1].strip()}: look at pip's configuration"
    if unbuilt:
        return f"{unbuilt[1]} did not build for Python {python}: {other}"
    if errors:
        words = errors[-1].removeprefix("ERROR: ").rstrip(".")
        return f"pip could not install the packages for Python {python}: {words}"
    return f"pip could not install the packages for Python {python}"
