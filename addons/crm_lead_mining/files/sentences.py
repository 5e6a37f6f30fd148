"""What users are told about a file, or a row of it, that cannot be read."""

from typing import Any

from .errors import FileError


def file_sentence(env: Any, error: FileError) -> str:
    """Return what is wrong with the file as a whole, in the language of an environment."""
    sentences = {
        "empty": env._("The file is empty."),
        "binary": env._(
            "This is no file of rows. Save the table as CSV or XLSX (a gz or zip of it is fine)."
        ),
        "web_page": env._(
            "This is a web page, no file of rows. Save the table itself, as CSV or XLSX."
        ),
        "members": env._(
            "The zip holds %s files. Upload one that holds a single one.", error.detail
        ),
        "encrypted": env._("The zip has a password. Upload it without one."),
        "encoding": env._("The encoding “%s” does not exist.", error.detail),
        "one_column": env._(
            "The file has only one column (“%s”). Check the delimiter.", error.detail
        ),
        "header_missing": env._("The first line of the file cannot be read as a header."),
        "layout": env._(
            "The file is not laid out as this register's: it has no column %s. Download the newest"
            " one, or report the new layout.",
            error.detail,
        ),
        "file_missing": env._(
            "A file of this register is missing (%s): it tells who is a person.", error.detail
        ),
        "parts_missing": env._(
            "The folder lacks files of the table: %s. Download it as a whole.", error.detail
        ),
        "changes_missing": env._(
            "The update is incomplete: it has no %s. Download it again.", error.detail
        ),
        "parts_mixed": env._(
            "The folder “%s” holds files of several tables or editions. Give each its own folder.",
            error.detail,
        ),
        "not_parquet": env._("“%s” is no Parquet file.", error.detail),
        "reader_missing": env._(
            "Parquet files are read by a package that this server does not have: have its"
            " administrator install “%s” with pip.",
            error.detail,
        ),
        "disk_full": env._("The server's disk is full. Make room there, and try again."),
        "truncated": env._("The compressed file is incomplete. Upload it again."),
        "damaged": env._("The file is damaged. Upload it again."),
        "too_large": env._("The file is too large to be imported."),
    }
    return sentences[error.code]


def row_sentences(env: Any) -> dict[str, str]:
    """Return what is wrong with a row, by the code of its error, in the same language."""
    return {
        "nul": env._("The row contains a NUL character"),
        "bad_bytes": env._("The row contains bytes that are not in the file's encoding"),
        "too_long": env._("The row is too long"),
        "cells": env._("The row does not have as many cells as the header"),
    }
