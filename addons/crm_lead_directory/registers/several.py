"""Files of one table, which are read one after another."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from odoo.addons.crm_lead_mining.files.csv_table import CompaniesFile, Mark
from odoo.addons.crm_lead_mining.files.errors import RowError

from .json_rows import JsonRows


class Several:
    """Files of one layout, with the surface of one `CompaniesFile`; lines are those of each file.

    :param files: open at their beginnings, and closed with it
    """

    def __init__(self, files: Sequence[CompaniesFile | JsonRows]):
        self._files = files
        self._current = 0
        self.header, self.dialect = files[0].header, files[0].dialect
        *self._before, self.size = accumulate((one.size for one in files), initial=0)

    def close(self) -> None:
        for one in self._files:
            one.close()

    @property
    def position(self) -> int:
        """Bytes of the files that were read, of `size`."""
        return self._before[self._current] + self._files[self._current].position

    def rows(self) -> Iterator[tuple[int, list[str] | RowError]]:
        """Yield (line within its file, cells).

        :raise FileError: "truncated" or "damaged", after the rows that could be read
        """
        for current in range(self._current, len(self._files)):
            self._current = current
            yield from self._files[current].rows()

    def mark(self) -> Mark:
        """Return where the next record begins; the mark tells the file too."""
        mark = self._files[self._current].mark()
        cookie = mark.cookie * len(self._files) + self._current
        return replace(mark, size=self.size, cookie=cookie)

    def go_to(self, mark: Mark) -> bool:
        """Read on from a mark of these files.

        :return: whether it is theirs; otherwise nothing happens
        """
        if mark.size != self.size:
            return False
        cookie, current = divmod(mark.cookie, len(self._files))
        self._current = current
        return self._files[current].go_to(
            replace(mark, size=self._files[current].size, cookie=cookie)
        )
