"""How many industries of foreign files are read right, in codes and in words.

The sets in industries_data/ were written down from the classifications' tables and from the words
alone, in four parts; before the words in each were looked after, 98, 84, 88 and 82 per cent of them
were read right. A column of codes has a header, a country and its values, as in a file. The
opponents read a code by its two leading digits, and a name by the parts of words in
industries_data/substrings.csv.
"""

import csv
import re
import sys
from collections import defaultdict
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from tools import paths

DATA = Path(__file__).with_name("industries_data")
COMPANY = paths.ADDONS / "crm_lead_mining/company"


def run(_host):
    """Read both sets; what is read needs no database."""
    classifications, industries, nace = _modules("classifications", "industries", "nace")
    codes, words = _rows("codes.csv"), _rows("words.csv")
    columns = defaultdict(list)
    for row in codes:
        columns[row["header"], row["country"]].append(row["value"])
    known = {key: classifications.of_column(*key, values) for key, values in columns.items()}

    def by_column(row):
        key = row["header"], row["country"]
        found = industries.read_cell(row["value"], row["country"], known[key])
        return {code for one in found for code in one.industries}

    def by_two_digits(row):
        digits = re.sub(r"\D", "", row["value"])[:2]
        return {digits} & set(nace.DIVISIONS)

    patterns = [(row["code"], re.compile(row["pattern"])) for row in _rows("substrings.csv")]

    def by_substring(name):
        text = name.casefold()
        return next((code for code, pattern in patterns if pattern.search(text)), "")

    def right(read):
        return _per_cent(read(row) == set(row["divisions"].split()) for row in codes)

    def accepted(read):
        return _per_cent(read(row["value"]) in row["accepted"].split() for row in words)

    return [
        {
            "claim": "codes right",
            "unit": "%",
            "size": len(codes),
            "ours": right(by_column),
            "opponent": right(by_two_digits),
            "opponent_is": "the two leading digits as division",
        },
        {
            "claim": "words right",
            "unit": "%",
            "size": len(words),
            "ours": accepted(industries.from_name),
            "opponent": accepted(by_substring),
            "opponent_is": "parts of words",
        },
    ]


def _per_cent(answers):
    answers = list(answers)
    return round(100 * sum(answers) / len(answers), 1)


def _rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _modules(*names):
    """Return modules of company/, which need no Odoo, without importing the addon."""
    spec = spec_from_file_location("bench_company", COMPANY / "__init__.py")
    sys.modules[spec.name] = module_from_spec(spec)
    spec.loader.exec_module(sys.modules[spec.name])
    return [__import__(f"{spec.name}.{name}", fromlist=[name]) for name in names]
