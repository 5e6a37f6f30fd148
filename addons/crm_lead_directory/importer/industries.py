"""The industries of a file's companies, each column read in its own classification."""

from collections.abc import Sequence
from dataclasses import replace

from odoo.addons.crm_lead_mining.company import classifications, nace
from odoo.addons.crm_lead_mining.company.industries import read_cell

MAX_CELL = 4000
MAX_KNOWN = 20_000  # cells that were read are read no more


class Industries:
    """What is known of the columns of one file that hold industries.

    :param mapping: target of each column
    :param header: the columns' names, none where they are not known
    :param samples: some values of each column
    :param country_code: country of companies in a file that has no column for it
    :param editions: of NACE that each column's codes follow, "" where it is not chosen
    """

    def __init__(
        self,
        mapping: Sequence[str],
        header: Sequence[str],
        samples: Sequence[Sequence[str]],
        country_code: str,
        editions: Sequence[str] = (),
    ):
        header = [*header, *[""] * (len(mapping) - len(header))]
        samples = [*samples, *[()] * (len(mapping) - len(samples))]
        self._columns = {
            place: classifications.of_column(header[place], country_code, samples[place])
            for place, target in enumerate(mapping)
            if target == "industry"
        }
        for place, edition in enumerate(editions):
            if edition and place in self._columns:
                self._columns[place] = replace(self._columns[place], revision=edition)
        # The column that says, row by row, what edition the codes are of.
        tells_edition = classifications.tells_edition
        tellers = (place for place, name in enumerate(header) if tells_edition(name))
        self._edition = next(tellers, None) if self._columns else None
        self._known: dict[tuple[str, ...], tuple[str, str, str]] = {}

    def codes_of(
        self, rows: Sequence[Sequence[str]], countries: Sequence[str]
    ) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
        """Return for each row its main NACE code, all of them, and the source's own codes.

        They are "" when there is none.
        """
        if not (rows and self._columns):
            return ("",) * len(rows), ("",) * len(rows), ("",) * len(rows)
        places = [*self._columns, *([] if self._edition is None else [self._edition])]
        cells = [[row[place] for row in rows] for place in places]
        keys = list(zip(countries, *cells, strict=True))
        if len(self._known) > MAX_KNOWN:
            self._known.clear()
        known = self._known
        for key in set(keys).difference(known):
            known[key] = self._read(*key)
        mains, codes, sources = zip(*[known[key] for key in keys], strict=True)
        return mains, codes, sources

    def _read(self, country: str, *cells: str) -> tuple[str, str, str]:
        edition = "" if self._edition is None else classifications.revision_named(cells[-1])
        readings = [
            reading
            for column, cell in zip(self._columns.values(), cells, strict=False)
            if cell
            for reading in read_cell(cell[:MAX_CELL], country, column, edition)
        ]
        codes = list(dict.fromkeys(code for one in readings for code in one.industries))
        if not codes:
            return "", "", ""
        # The first that is a division is the main one.
        main = next((code for code in codes if code in nace.DIVISIONS), codes[0])
        sources = dict.fromkeys(one.source for one in readings if one.source)
        return main, ",".join(dict.fromkeys([main, *codes])), "; ".join(sources)
