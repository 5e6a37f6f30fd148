"""uv installs the packages in less than half of pip's time, where it can be had from the index."""

import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

REQUIREMENT = "uv==0.13.9"
#: pip's settings -> uv's options.
OPTIONS = {
    "index-url": "--default-index",
    "extra-index-url": "--index",
    "find-links": "--find-links",
    "constraint": "--constraints",
    "trusted-host": "--allow-insecure-host",
}
#: pip's settings -> variables that uv knows.
VARIABLES = {"cert": "SSL_CERT_FILE", "proxy": "ALL_PROXY"}
#: Settings that do not change what is installed, nor from where.
IDLE = frozenset(
    {
        *("default-timeout", "timeout", "retries", "disable-pip-version-check", "progress-bar"),
        *("cache-dir", "no-cache-dir", "root-user-action", "break-system-packages", "quiet"),
        *("no-input", "no-color", "require-virtualenv", "prefer-binary", "user"),
    }
)
#: Whose settings win, the last one most.
SECTIONS = ("global", "install", ":env:")


def command(uv: Path, python: str | Path, settings: dict[str, str]) -> list[str]:
    """Return the command that installs as pip would, without what is to be installed."""
    found = [
        (OPTIONS[name], value)
        for name, text in settings.items()
        if name in OPTIONS
        for value in text.split()
    ]
    # As pip does, the best of all indexes and not the first that has a package.
    strategy = ("--index-strategy", "unsafe-best-match")
    options = [part for pair in (*found, strategy) for part in pair]
    return [str(uv), "pip", "install", "--python", str(python), *options]


def environment(settings: dict[str, str]) -> dict[str, str]:
    """Return the environment of that command."""
    named = {VARIABLES[name]: text for name, text in settings.items() if name in VARIABLES}
    return {**os.environ, **named}


def settings_of(listed: str) -> dict[str, str] | None:
    """Return what pip is told, or None where uv cannot be told the same.

    :param listed: what `pip config list` prints
    """
    settings: dict[str, str] = {}
    lines = [line.partition("=") for line in listed.splitlines()]
    for section in SECTIONS:
        for key, _equals, value in lines:
            where, _dot, name = key.rpartition(".")
            if where == section:
                settings[name] = " ".join(shlex.split(value))
    return settings if settings.keys() <= {*OPTIONS, *VARIABLES, *IDLE} else None


def pip_settings(python: Sequence[str]) -> dict[str, str] | None:
    """Return what pip is told on this machine, or None where uv cannot be told the same."""
    done = subprocess.run(
        [*python, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    return None if done.returncode else settings_of(done.stdout)
