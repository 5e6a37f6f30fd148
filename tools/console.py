"""What the launcher says: progress on standard error, failures in one sentence."""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tools import causes

REFRESH_SECONDS = 1.0
#: Bytes at the end of a log in which the cause of a failure is looked for.
MOST_READ = 2**20


class Failure(Exception):
    """Something the user can act on; its text is one sentence that says what to do."""


class DiskFull(Failure):
    """A program failed for want of room, whatever it was about to do."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Show a running clock beside `title` while the block runs (terminals), else begin and end."""
    started = time.monotonic()
    over = threading.Event()
    # Of steps that run beside each other none has the line for itself.
    live = sys.stderr.isatty() and threading.current_thread() is threading.main_thread()

    def tick() -> None:
        while not over.wait(REFRESH_SECONDS):
            print(f"\r{title} … {time.monotonic() - started:.0f} s", end="", file=sys.stderr)
            sys.stderr.flush()

    if live:
        ticker = threading.Thread(target=tick, daemon=True)
        ticker.start()
    else:
        say(f"{title} …")
    try:
        yield
    finally:
        over.set()
        if live:
            ticker.join()
            print("\r\033[K", end="", file=sys.stderr)
    say(f"{title}: {time.monotonic() - started:.1f} s")


def execute(
    command: Sequence[str | Path],
    *,
    log: Path,
    advice: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str | None = None,
) -> None:
    """Run `command`, with its output in `log`.

    :raise DiskFull: when it fails as there is no room.
    :raise Failure: with `advice`, when it fails otherwise.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    before = log.stat().st_size if log.exists() else 0
    with log.open("ab") as output:
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            user=user,
            group=_group_of(user),
            extra_groups=[] if user else None,
        )
    if done.returncode:
        places = {log, *filter(None, [cwd]), *_folders_named(command)}
        if causes.says_full(read_from(log, before)) or any(map(causes.is_full, places)):
            raise DiskFull(f"The disk is full: free some space (details: {log})")
        raise Failure(f"{advice} (details: {log})")


def _folders_named(command: Sequence[str | Path]) -> Iterator[Path]:
    """Yield the folders of the files that a command names."""
    for path in map(Path, command):
        if path.is_absolute() and path.parent.is_dir():
            yield path.parent


def read_from(log: Path, start: int) -> str:
    """Return what was added to `log` since it had `start` bytes."""
    with log.open("rb") as file:
        file.seek(max(start, log.stat().st_size - MOST_READ))
        return file.read(MOST_READ).decode(errors="replace")


def _group_of(user: str | None) -> int | None:
    if user is None:
        return None
    import pwd

    return pwd.getpwnam(user).pw_gid
