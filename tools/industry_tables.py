"""Make the tables of industries from the official ones: `python -m tools.industry_tables FOLDER`.

FOLDER holds, as CSV files of these names:

- nace_rev21_structure.csv, nace_rev21_to_rev2.csv: structure of NACE Rev. 2.1 and its
  correspondence with Rev. 2. Eurostat, © European Union, CC BY 4.0.
- ateco2025_to_ateco2007upd2022.csv: correspondence of ATECO 2025 with ATECO 2007 (2022 update).
  © ISTAT, CC BY 4.0.
- categories-hierarchies.csv: categories of places, old and new. Overture Maps Foundation, MIT.

What belongs to which division of NACE Rev. 2 among Overture's categories is our own reading, in
tools/overture_divisions.txt.
"""

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from tools import paths

TABLES = paths.ADDONS / "crm_lead_mining/company/tables"
OVERTURE = Path(__file__).with_name("overture_divisions.txt")


def main(folder: Path) -> None:
    classes = _classes(folder)
    _write(
        TABLES / "nace.csv",
        "Eurostat, NACE Rev. 2 and Rev. 2.1 (© European Union, CC BY 4.0): each class, whether it"
        " is one of Rev. 2, and the divisions of Rev. 2 that the class of Rev. 2.1 was",
        ("class", "in_rev2", "rev21_divisions"),
        ((code, int(old), " ".join(new)) for code, (old, new) in sorted(classes.items())),
    )
    _write(
        TABLES / "ateco2025.csv",
        "ISTAT, ATECO 2025 and ATECO 2007, update of 2022 (© ISTAT, CC BY 4.0): codes whose"
        " divisions of NACE Rev. 2 are others than those of the class that they begin with",
        ("code", "divisions"),
        _ateco(folder, classes),
    )
    _write(
        TABLES / "overture.csv",
        "Overture Maps Foundation, categories of places (MIT), read as divisions of NACE Rev. 2",
        ("division", "categories"),
        _overture(folder),
    )


def _classes(folder: Path) -> dict[str, tuple[bool, tuple[str, ...]]]:
    """Return for the digits of each class: whether it is one of Rev. 2, and what it was there."""
    links = defaultdict(list)
    old = set()
    for row in _read(folder / "nace_rev21_to_rev2.csv"):
        if row["level"] == "4":
            old.add(_digits(row["rev2_code"]))
            links[_digits(row["rev21_code"])].append(_digits(row["rev2_code"])[:2])
    new = {
        _digits(row["code"])
        for row in _read(folder / "nace_rev21_structure.csv")
        if row["level"] == "4"
    }
    old.discard("")
    # 46.89 is new as a whole.
    divisions = {code: _ordered(code, filter(None, links[code])) or (code[:2],) for code in new}
    return {code: (code in old, divisions.get(code, ())) for code in old | new}


def _ateco(folder: Path, classes: dict) -> Iterable[tuple[str, str]]:
    links = defaultdict(list)
    for row in _read(folder / "ateco2025_to_ateco2007upd2022.csv"):
        code, was = _digits(row["ateco2025"]), _digits(row["ateco2022"])
        if len(code) >= 4 and len(was) >= 2:
            links[code].append(was[:2])
    told = {code: new for code, (_old, new) in classes.items() if new}
    for code, found in sorted(links.items()):
        above = next(told[code[:size]] for size in range(len(code), 3, -1) if code[:size] in told)
        # ISTAT's own table tells parts of a class apart; the class itself is as in NACE's table.
        own = tuple(one for one in told[code[:4]] if one in found)
        divisions = own or _ordered(code, found)
        if len(code) > 4 and divisions != above:
            told[code] = divisions
            yield code, " ".join(divisions)


def _overture(folder: Path) -> Iterable[tuple[str, str]]:
    rules = {}
    for line in OVERTURE.read_text(encoding="utf-8").splitlines():
        division, _colon, names = line.partition(":")
        if not line.startswith("#"):
            rules.update(dict.fromkeys(names.split(), "" if division == "-" else division))
    by_division = defaultdict(set)
    known = set()
    # A category that is no more is read as the one that it became, unless it has a rule itself.
    for kind in ("New", "Old"):
        for row in _read(folder / "categories-hierarchies.csv"):
            path = row["New Primary Hierarchy"].split(" > ")
            category = row[f"{kind} Primary Category"]
            division = next((rules[one] for one in (category, *path[::-1]) if one in rules), "")
            if category and category not in known:
                known.add(category)
                by_division[division].add(category)
    for division in sorted(filter(None, by_division)):
        yield division, " ".join(sorted(by_division[division]))


def _ordered(code: str, divisions: Iterable[str]) -> tuple[str, ...]:
    """Return the divisions: the code's own first, then those with most of its content."""
    counts = Counter(divisions)
    return tuple(sorted(counts, key=lambda one: (one != code[:2], -counts[one], one)))


def _digits(code: str) -> str:
    return "".join(filter(str.isdigit, code or ""))


def _read(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _write(path: Path, source: str, header: tuple[str, ...], rows: Iterable[tuple]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"# {source}.\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
