"""Where things lie: the cache that all checkouts share, and this checkout's own state."""

import contextlib
import errno
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.console import Failure

REPO = Path(__file__).resolve().parent.parent
ADDONS = REPO / "addons"
STATE = REPO / ".run"
LOGS = STATE / "logs"
NAME = "odoo-open-crm"

# Databases of this checkout carry this key, so that two checkouts share one server in peace.
CHECKOUT_KEY = hashlib.sha256(str(REPO).encode()).hexdigest()[:8]


def cache() -> Path:
    """Return the cache folder, made if missing; `OPEN_CRM_CACHE` overrides its place.

    As root it lies outside root's home: PostgreSQL runs as another user and has to reach it.

    :raise Failure: when it is no folder that can be written to.
    """
    given = os.environ.get("OPEN_CRM_CACHE")
    if given:
        root = Path(given).expanduser().absolute()
    elif os.geteuid() == 0:
        root = Path("/var/cache") / NAME
    else:
        root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / NAME
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=root):
            return root
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise  # The folder is a good one.
        message = f"The cache {root} cannot be used ({error.strerror}): set OPEN_CRM_CACHE to a "
        raise Failure(f"{message}folder that you may write to.") from None


@contextlib.contextmanager
def lock(path: Path, *, wait: bool = True, shared: bool = False) -> Iterator[None]:
    """Hold a lock on `path`; the kernel lets go of it when the process ends.

    :param shared: let others hold it as well who share it.
    :raise Failure: when another process holds it and `wait` is off.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, kind | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            message = f"Another ./run of this checkout uses {path.stem}: stop it first."
            raise Failure(message) from None
        yield


def digest(*parts: str | bytes) -> str:
    """Return a short fingerprint of `parts`."""
    made = hashlib.sha256()
    for part in parts:
        made.update(part.encode() if isinstance(part, str) else part)
        made.update(b"\0")
    return made.hexdigest()[:12]


def tree_digest(*folders: Path) -> str:
    """Return a fingerprint of all files below `folders`, or of files: names and contents."""
    parts: list[str | bytes] = []
    for folder in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
            if path.is_file() and "__pycache__" not in path.parts:
                parts += [str(path.relative_to(folder)), path.read_bytes()]
    return digest(*parts)
