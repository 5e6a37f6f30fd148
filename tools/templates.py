"""Which checkout uses which templates with our addons: those that none uses may go."""

from pathlib import Path

from tools import paths

#: How many stay for a checkout: that of another branch is not made anew.
KEPT = 2


def note(name: str) -> None:
    """Note that this checkout uses the template `name` from now on."""
    entry = _folder() / paths.CHECKOUT_KEY
    with paths.lock(lock_of(paths.CHECKOUT_KEY)):
        names = entry.read_text(encoding="utf-8").splitlines() if entry.exists() else []
        if names[-1:] != [name]:
            names = [*(one for one in names if one != name), name][-KEPT:]
            entry.write_text("\n".join(names), encoding="utf-8")


def in_use() -> set[str]:
    """Return the templates of checkouts that are still there."""
    living = [
        one for one in _folder().iterdir() if (paths.cache() / "checkouts" / one.name).exists()
    ]
    return {name for one in living for name in one.read_text(encoding="utf-8").splitlines()}


def lock_of(name: str) -> Path:
    """Return the file whose lock is held by who makes or drops the template `name`."""
    return paths.cache() / f"{name}.lock"


def _folder() -> Path:
    folder = paths.cache() / "templates"
    folder.mkdir(exist_ok=True)
    return folder
