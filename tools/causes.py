"""What a machine is to blame for: a full disk, a folder that may not be written to."""

import errno
import re
import tempfile
from pathlib import Path

_FULL = (errno.ENOSPC, errno.EDQUOT)
_CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)
_SAYS_FULL = re.compile(r"No space left on device|Disk quota exceeded")
# More than what is left when a disk counts as full.
_PROBE = bytes(2**20)


def of_error(error: OSError) -> str:
    """Return the sentence for an error of the system, "" where no machine is to blame."""
    if error.errno in _FULL:
        return f"The disk is full: free some space{_where(error)}."
    if error.errno in _CLOSED and error.filename:
        return (
            f"{error.filename} cannot be used ({error.strerror}): the checkout and the cache "
            "(OPEN_CRM_CACHE moves it) have to be yours to write to."
        )
    return ""


def says_full(output: str) -> bool:
    """Tell whether a program has failed for want of room, by what it printed."""
    return bool(_SAYS_FULL.search(output))


def is_full(place: Path) -> bool:
    """Tell whether nothing more fits into a folder, or a log.

    A program whose own words did not fit there could not say so.
    """
    try:
        if place.is_dir():
            with tempfile.TemporaryFile(dir=place) as file:
                file.write(_PROBE)
        else:
            with place.open("ab") as file:
                file.write(b"\n")
    except OSError as error:
        return error.errno in _FULL
    return False


def _where(error: OSError) -> str:
    return f" where {error.filename} lies" if error.filename else ""
