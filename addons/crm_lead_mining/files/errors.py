"""What can be wrong with a file as a whole, and with one of its rows."""

#: Causes for which a row cannot be read.
ROW_ERRORS = ("nul", "bad_bytes", "too_long", "cells")


class FileError(Exception):
    """The file cannot be read at all.

    :ivar code: stable name of the cause, for the sentence shown to the user: "empty", "binary",
        "encoding", "one_column", "truncated", "damaged", "encrypted", "members", "too_large",
        "header_missing", "layout", "web_page", "disk_full", "file_missing",
        "parts_missing", "parts_mixed", "not_parquet", "reader_missing", "changes_missing".
    :ivar detail: what was found, for the log and the sentence.
    """

    def __init__(self, code: str, detail: str = ""):
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class RowError(Exception):
    """One row cannot be used.

    :ivar code: stable name of the cause, one of `ROW_ERRORS`.
    :ivar value: the offending value, shortened.
    """

    def __init__(self, code: str, value: str = ""):
        super().__init__(code)
        self.code = code
        self.value = value[:200]
