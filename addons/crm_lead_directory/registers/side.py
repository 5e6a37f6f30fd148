"""What another file of a register tells of each company, looked up by its number."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing

from odoo.addons.crm_lead_mining.files.errors import FileError

#: Between the cells of a stored row: what no cell may have.
_BETWEEN = "\x1f"
#: MiB that the rows may take of memory where nobody says, beyond which they are on disk.
MEMORY = 64
#: Nobody needs what was written when a program ends in the middle.
_SETTINGS = ("journal_mode = OFF", "synchronous = OFF")
_INSERT = """
    INSERT INTO side VALUES (?, ?, ?)
    ON CONFLICT (number) DO UPDATE SET best = excluded.best, cells = excluded.cells
    WHERE excluded.best > side.best
"""


class Side:
    """Rows by their number, on disk whatever their number is.

    :param rows: (number, what tells the best of several by its greatest text, cells)
    :param width: how many cells a row has
    :param memory: MiB that they may take of it
    :raise FileError: "disk_full" where there is no room for them
    """

    def __init__(
        self, rows: Iterable[tuple[str, str, Sequence[str]]], width: int, memory: int = MEMORY
    ):
        self._none = [""] * width
        # Private, in a temporary file that ends with it; the importer reads ahead in a thread.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        try:
            for setting in (*_SETTINGS, f"cache_size = -{memory * 1024}"):
                self._database.execute(f"PRAGMA {setting}")
            self._database.execute(
                "CREATE TABLE side (number TEXT PRIMARY KEY, best TEXT, cells TEXT) WITHOUT ROWID"
            )
            self._database.execute("BEGIN")
            self._database.executemany(
                _INSERT,
                (
                    (number, best, _BETWEEN.join(cells).translate({0: None}))
                    for number, best, cells in rows
                    if number
                ),
            )
            self._database.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self.close()
            raise FileError("disk_full", str(error)) from error
        except BaseException:  # whatever stops it, no open file is left behind
            self.close()
            raise

    def close(self) -> None:
        self._database.close()

    def cells(self, number: str) -> list[str]:
        """Return the cells of a number, empty ones if it has no row."""
        with closing(
            self._database.execute("SELECT cells FROM side WHERE number = ?", (number,))
        ) as found:
            row = found.fetchone()
        return row[0].split(_BETWEEN) if row else self._none
