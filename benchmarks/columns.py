"""How many columns of foreign files of companies are recognised, by their names and their values.

The layouts in columns_data/ are those of documented exports with invented rows, each written down
before it was tried. unseen.txt is kept apart: nothing was changed for it since then. known.txt
is what the recognition was built with; of its sets that were unseen before, 95.9, 86.8, 91.8,
84.3, 88.1, 96.4, 94.0, 90.0 and 90.8 per cent were right and 1.5, 0.7, 1.0, 3.1, 1.5, 2.1, 0.8, 6.2
and 1.4 per cent wrong when they were tried first.
A line is a column: its target, its header and its values. "-" means that it is not imported; of
targets with "/" between them each is right, and beside "-" none is missed. The opponent looks the
same headers up in a table, and nothing else.
"""

from pathlib import Path

from benchmarks._addons import findable

DATA = Path(__file__).with_name("columns_data")


def run(_host):
    """Recognise the columns of both sets; no database is needed."""
    layouts = {part: read_layouts(DATA / f"{part}.txt") for part in ("known", "unseen")}
    rows = []
    for part in ("unseen", "known"):
        ours = [judge(columns, recognised(columns)) for _name, columns in layouts[part]]
        theirs = [judge(columns, looked_up(columns)) for _name, columns in layouts[part]]
        suffix = "" if part == "unseen" else ", known layouts"
        for place, claim in enumerate(("columns right", "columns wrong")):
            rows.append(
                {
                    "claim": f"{claim}{suffix}",
                    "unit": "%",
                    "size": sum(one[2] for one in ours),
                    "ours": _per_cent(ours, place),
                    "opponent": _per_cent(theirs, place),
                    "opponent_is": "a look-up of headers alone",
                }
            )
    return rows


def mistakes():
    """Yield a line for each column of the known layouts that is taken for something else."""
    for name, columns in read_layouts(DATA / "known.txt"):
        for (targets, header, _values), found in zip(columns, recognised(columns), strict=True):
            if (found or "-") not in targets and (found or "-" not in targets):
                yield f"{name}: {header}: {found or '-'} instead of {'/'.join(sorted(targets))}"


def read_layouts(path):
    """Return (name, columns) of each layout; a column is (targets, header, values)."""
    layouts = []
    for block in path.read_text("utf-8").split("\n\n"):
        title, *lines = block.strip("\n").split("\n")
        cells = [line.split("\t") for line in lines]
        width = max(map(len, cells))
        columns = [
            (frozenset(one[0].split("/")), one[1], [*one[2:], *[""] * (width - len(one))])
            for one in ([*line, ""] if len(line) == 1 else line for line in cells)
        ]
        layouts.append((title.removeprefix("# ").partition(":")[0], columns))
    return layouts


def recognised(columns):
    """Return what our importer takes each column for."""
    importer = _importer()
    rows = list(zip(*(values for _targets, _header, values in columns), strict=True))
    header = [header for _targets, header, _values in columns]
    places = importer["Places"]({}, {})
    return [guess.target for guess in importer["recognise"](header, rows, places.country)]


def looked_up(columns):
    """Return what a table of headers says, the first column of each target."""
    table, taken = _importer()["aliases"], set()
    found = []
    for _targets, header, _values in columns:
        target = table.get("".join(char for char in header.casefold() if char.isalnum()), "")
        found.append("" if target in taken else target)
        taken.add(target)
    return found


def judge(columns, found):
    """Return how many columns are right, how many are wrong, and how many mean something."""
    right = wrong = meant = 0
    for (targets, _header, _values), target in zip(columns, found, strict=True):
        meant += "-" not in targets
        right += "-" not in targets and target in targets
        wrong += bool(target) and target not in targets
    return right, wrong, meant


def _per_cent(judged, place):
    return round(100 * sum(one[place] for one in judged) / sum(one[2] for one in judged), 1)


def _importer():
    """Return what is tried, imported as Odoo would."""
    findable()
    from odoo.addons.crm_lead_directory.importer.columns import recognise
    from odoo.addons.crm_lead_directory.importer.places import Places
    from odoo.addons.crm_lead_mining.company.fields import COMPANY, CONTACT

    aliases = {alias: one.target for one in (*COMPANY, *CONTACT) for alias in one.aliases.split()}
    return {"recognise": recognise, "Places": Places, "aliases": aliases}
