"""Which generation of clients asks, as far as they tell.

Sources: the clients' code of 17.0 to 19.5. How mining is told that credits are missing changed
with odoo/odoo#250433 of February 2026: builds before it catch the error and misread the flag, those
after it read the flag and show the error's sentence.
"""

import re
from typing import Any, Literal

CreditSignal = Literal["error", "flag"]
#: First date of packaged builds that read the flag.
FLAG_SINCE = 20260301
_DATED = re.compile(r"-(\d{8})")
_SERIES = re.compile(r"(?:saas[~-])?(\d{1,3})\.(\d{1,2})")


def read_version(value: object) -> str:
    """Return a client's `db_version`, "" if it sent none that can be one."""
    if not isinstance(value, str) or len(value) > 40 or not _SERIES.match(value):
        return ""
    return value if value.isascii() and value.isprintable() else ""


def credit_signal(version: str, query: dict[str, Any], chosen: str = "") -> CreditSignal:
    """Return how to tell a client of dnb mining that its credits do not suffice.

    :param version: its `db_version`, "" if unknown
    :param chosen: what an administrator has set, anything else to find out
    """
    if chosen == "error":
        return "error"
    if chosen == "flag" or "sic_groups" in query:
        return "flag"
    series = _SERIES.match(version)
    if series and (int(series[1]), int(series[2])) >= (19, 2):
        return "flag"
    dated = _DATED.search(version)
    return "flag" if dated and int(dated[1]) >= FLAG_SINCE else "error"
