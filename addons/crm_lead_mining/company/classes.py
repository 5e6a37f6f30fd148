"""Classes of companies by size and revenue, so that lists can be filtered and grouped by them."""

import re

#: Lower bound of employees -> class, the largest first (Recommendation 2003/361/EC up to 250).
SIZES = {1000: "very_large", 250: "large", 50: "medium", 10: "small", 1: "micro"}
#: Lower bound of a year's revenue in millions -> class, the largest first (the same source).
REVENUES = {
    1000: "from_1000",
    250: "from_250",
    50: "from_50",
    10: "from_10",
    2: "from_2",
    0: "to_2",
}

#: Currencies whose unit is of the euro's order of magnitude; amounts of others give no class.
_LIKE_EURO = re.compile(r"€|\$|£|\b(?:EUR|USD|GBP|CHF|CAD|AUD|NZD|SGD)\b|^[^A-Z]*$")
_UNITS = {
    "k": 1e-3, "tsd": 1e-3, "thousand": 1e-3,
    "m": 1, "mn": 1, "mio": 1, "million": 1, "millions": 1, "mln": 1, "milioni": 1, "milione": 1,
    "b": 1e3, "bn": 1e3, "mrd": 1e3, "billion": 1e3, "billions": 1e3, "miliardi": 1e3,
    "milliards": 1e3,
}  # fmt: skip
_AMOUNT = re.compile(r"(\d[\d.,'\u00a0\u202f ]*)\s*([A-Za-z]+)?")
_MAX_TEXT = 100


def size_class(employees: int | None) -> str:
    """Return the class of a number of employees, "" when it is unknown."""
    return next((name for low, name in SIZES.items() if (employees or 0) >= low), "")


def revenues_from(least: str) -> tuple[str, ...]:
    """Return a class of `REVENUES` and those above it."""
    names = tuple(REVENUES.values())
    return names[: names.index(least) + 1]


def revenue_class(text: str | None) -> str:
    """Return the class of a revenue as it was published, "" when it cannot be told.

    Of a range, the lower end decides: "10M-50M EUR", "1 234 567 EUR (2023)", "$ 2.5 billion".
    """
    millions = revenue_millions(text)
    if millions is None:
        return ""
    return next(name for low, name in REVENUES.items() if millions >= low)


def revenue_millions(text: str | None) -> float | None:
    """Return the first amount of a text in millions of its currency, None when unclear."""
    text = (text or "")[:_MAX_TEXT]
    match = _AMOUNT.search(text)
    if not match or "-" in text[: match.start()]:
        return None
    unit = _UNITS.get((match[2] or "").lower())
    currency = text if unit is None else text.replace(match[2], "", 1)
    if not _LIKE_EURO.search(currency):
        return None
    if unit is None and (
        shared := re.match(r"\s*[-–]\s*\d[\d.,]*\s*([A-Za-z]+)", text[match.end() :])
    ):
        # "10-50 million": the unit stands at the end of the range.
        unit = _UNITS.get(shared[1].lower())
    amount = _number(match[1])
    return None if amount is None else amount * (unit or 1e-6)


def _number(digits: str) -> float | None:
    """Read "1,234,567.89", "1.234.567,89", "1 234 567" and "2.5"."""
    digits = re.sub(r"[\s'\u00a0\u202f]", "", digits).strip(".,")
    marks = [char for char in digits if char in ".,"]
    if not marks:
        return float(digits) if digits else None
    whole, _mark, rest = digits.rpartition(marks[-1])
    is_decimal = len(marks) == 1 and len(rest) != 3 or len(set(marks)) == 2
    whole = re.sub(r"[.,]", "", whole)
    return float(f"{whole}.{rest}") if is_decimal else float(whole + rest)
