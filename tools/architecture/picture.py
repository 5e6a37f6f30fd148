"""The picture of docs/architecture.md, drawn from the arrows that there are."""

import re
from collections import defaultdict

from tools.architecture.arrows import IMPORT, House

BEGIN, END = "<!-- drawn by ./run lint architecture --fix -->\n", "<!-- end of the picture -->\n"
#: What every room may know, and who may know every room: their arrows would hide the others.
EVERYBODYS = ("crm_common", "crm_lead_mining", "crm_lead_mining/company", "crm_lead_mining/tools")
ABOVE_ALL = ("crm_lead_mining/wizards", "crm_lead_mining/controllers")


def drawn(text: str, house: House) -> str:
    """Return the text of the page with the picture as it is now."""
    place = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    return place.sub(lambda _old: BEGIN + picture(house) + END, text)


def picture(house: House) -> str:
    """Return the rooms and their arrows in Mermaid's language."""
    kinds: dict[tuple[str, str], set[bool]] = defaultdict(set)
    for arrow in house.arrows:
        if arrow.source not in ABOVE_ALL and arrow.target not in EVERYBODYS:
            kinds[arrow.source, arrow.target].add(arrow.kind == IMPORT)
    lines = ["```mermaid", "flowchart TD"]
    rooms = house.rooms() - {"crm_lead_mining"}
    for addon in sorted({room.split("/")[0] for room in rooms}):
        inside = sorted(room for room in rooms if room.startswith(f"{addon}/"))
        if inside:
            lines.append(f"  subgraph {addon}")
            lines += [f'    {_id(room)}["{room.partition("/")[2]}/"]' for room in inside]
            lines.append("  end")
        else:
            lines.append(f"  {_id(addon)}[{addon}]")
    for (source, target), seen in sorted(kinds.items()):
        line = {(True,): "-->", (False,): "-.->", (False, True): "==>"}[tuple(sorted(seen))]
        lines.append(f"  {_id(source)} {line} {_id(target)}")
    return "\n".join([*lines, "```", ""])


def _id(room: str) -> str:
    return room.replace("/", "_")
