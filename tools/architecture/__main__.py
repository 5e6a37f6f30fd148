"""Print the arrows between rooms, and fail on those that the architecture forbids."""

import sys
from collections import Counter, defaultdict

from tools import paths
from tools.architecture import picture
from tools.architecture.arrows import IMPORT, House
from tools.architecture.rules import Rules

PAGE = paths.REPO / "docs/architecture.md"


def main(fix: bool) -> int:
    rules = Rules.ours()
    house = House(paths.ADDONS, rules.divided)
    _print(house)
    faults = rules.faults(house)
    shown = PAGE.read_text(encoding="utf-8")
    if (drawn := picture.drawn(shown, house)) != shown:
        if fix:
            PAGE.write_text(drawn, encoding="utf-8")
        else:
            faults.append(f"{PAGE.name}: draw its picture anew with ./run lint architecture --fix.")
    for fault in faults:
        print(fault)
    print(f"Architecture: {len(faults)} faults.")
    return 1 if faults else 0


def _print(house: House) -> None:
    """Print a line for each pair of rooms, then the models that only data name."""
    pairs: dict[tuple[str, str], Counter] = defaultdict(Counter)
    for arrow in house.arrows:
        pairs[arrow.source, arrow.target][arrow.kind == IMPORT] += 1
    print("imports models  from → to")
    for (source, target), counts in sorted(pairs.items()):
        print(f"{counts[True] or '':>7} {counts[False] or '':>6}  {source} → {target}")
    print("Models whose name is data (no arrow can be read):")
    for one in house.dynamic:
        print(f"  {one.path}:{one.line}: {one.what}")


if __name__ == "__main__":
    sys.exit(main("--fix" in sys.argv))
