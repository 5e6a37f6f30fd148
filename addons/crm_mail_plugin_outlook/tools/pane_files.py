"""The files of the pane, and the version that they are served under.

A browser keeps them for good: another content is another address, and modules that belong together
come from one folder, so an update of the addon never meets files of the one before.
"""

import functools
import hashlib
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "static/src/pane"
KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


@functools.cache
def files() -> dict[str, bytes]:
    """Return the content of each file by its name."""
    found = (path for path in sorted(FOLDER.iterdir()) if path.suffix in KINDS)
    return {path.name: path.read_bytes() for path in found}


@functools.cache
def digest() -> str:
    """Return what names this version of the files."""
    hasher = hashlib.sha256()
    for name, content in files().items():
        hasher.update(f"{name} {len(content)} ".encode())
        hasher.update(content)
    return hasher.hexdigest()[:16]
