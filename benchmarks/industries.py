"""How many industries of foreign files are read right, in codes and in words.

The sets in industries_data/ were written down from the classifications' tables and from the words
alone, in four parts; before the words in each were looked after, 98, 84, 88 and 82 per cent of them
were read right. A column of codes has a header, a country and its values, as in a file. The
opponents read a code by its two leading digits, and a name by the parts of words in
industries_data/substrings.csv.
"""

import csv
import re
from collections import defaultdict
from pathlib import Path

from benchmarks._addons import findable

DATA = Path(__file__).with_name("industries_data")


def run(_host):
    """Read both sets; what is read needs no database."""
    by_column, by_word, nace = _readers()
    codes, words = _rows("codes.csv"), _rows("words.csv")

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
            "ours": accepted(by_word),
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


def _readers():
    """Return what is tried, imported as Odoo would: of a code's row, of a word; and NACE."""
    findable()
    from odoo.addons.crm_lead_mining.company import classifications, industries, nace

    columns = defaultdict(list)
    for row in _rows("codes.csv"):
        columns[row["header"], row["country"]].append(row["value"])
    known = {key: classifications.of_column(*key, values) for key, values in columns.items()}

    def by_column(row):
        key = row["header"], row["country"]
        found = industries.read_cell(row["value"], row["country"], known[key])
        return {code for one in found for code in one.industries}

    return by_column, industries.from_name, nace


def mistakes():
    """Yield a line for each code and each word that is read as another industry."""
    by_column, by_word, _nace = _readers()
    for row in _rows("codes.csv"):
        if (found := by_column(row)) != set(row["divisions"].split()):
            yield f"{row['header']} {row['country']} {row['value']}: {' '.join(sorted(found))}"
    for row in _rows("words.csv"):
        if (found := by_word(row["value"])) not in row["accepted"].split():
            yield f"{row['value']}: {found}"
