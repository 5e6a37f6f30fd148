"""What can be wrong with a file as a whole, and with one of its rows."""

from dataclasses import dataclass


class FileError(Exception):
    """The file cannot be read at all.

    :ivar code: stable name of the cause, for the sentence shown to the user: "empty", "binary",
        "encoding", "one_column", "truncated", "damaged", "too_large", "header_missing",
        "header_changed".
    :ivar detail: what was found, for the log and the sentence.
    """

    def __init__(self, code: str, detail: str = ""):
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class RowError(Exception):
    """One row cannot be used.

    :ivar code: stable name of the cause, a key of `PROBLEMS`.
    :ivar value: the offending value, shortened.
    """

    def __init__(self, code: str, value: str = ""):
        super().__init__(code)
        self.code = code
        self.value = value[:200]


#: Causes that drop a row, and those that only leave a value empty.
DROPPED = (
    "nul", "bad_bytes", "too_long", "cells", "no_name", "no_country", "unknown_country",
    "no_identity", "never", "shared_host", "other_name",
)  # fmt: skip
IGNORED = (
    "bad_registry_id", "bad_lei", "bad_vat", "shared_website", "bad_employees", "bad_year",
    "bad_email", "personal_email", "unknown_industry",
)  # fmt: skip
#: Values without which a row may have lost what identified it.
IDENTIFYING = frozenset({"bad_registry_id", "bad_lei", "bad_vat"})
PROBLEMS = DROPPED + IGNORED


@dataclass(frozen=True, slots=True)
class Problem:
    """One remark for the file of problems that users download."""

    line: int
    code: str
    value: str

    @property
    def dropped(self) -> bool:
        return self.code in DROPPED
