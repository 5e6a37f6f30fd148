"""What is read on pages: single values, how good their place is, and the best of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ...company.types import Company


@dataclass(frozen=True, slots=True)
class Finding:
    """One value read on one page.

    :ivar field: a field of `Company`
    :ivar value: in the form that this field takes; of fields with several values, one of them
        (for `socials` a pair of network and URL, for `address` a dict of the address fields)
    :ivar rank: how much its place is trusted, the lowest wins; equal ones by order of reading
    """

    field: str
    value: Any
    url: str
    rank: int = 50


ADDRESS = ("street", "street2", "city", "zip", "state_code", "country_code")
SEVERAL = {"emails": 5, "technologies": 40, "languages": 20, "socials": 6}

#: Without one of these, at less than NAMED for names, nothing was found out about the company.
SUBSTANCE = frozenset(
    {"address", "description", "emails", "lei", "name", "phone", "registry", "socials", "vat"}
)
NAMED = 40


def is_substantial(findings: Iterable[Finding]) -> bool:
    return any(
        finding.field in SUBSTANCE and (finding.field != "name" or finding.rank < NAMED)
        for finding in findings
    )


def merged(findings: Iterable[Finding], **known: Any) -> Company:
    """Return the company that the best findings describe.

    An address is taken from one place as a whole, as its parts only fit together. A company whose
    name is not read has none.

    :param known: fields that need no finding
    """
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for finding in sorted(findings, key=lambda finding: finding.rank):
        if finding.field in SEVERAL:
            _add(finding, values, sources)
        elif finding.field not in sources:
            sources[finding.field] = finding.url
            values[finding.field] = finding.value
    _spread_groups(values, sources)
    for name in SEVERAL.keys() - {"socials"}:
        values[name] = tuple(values.get(name, ()))
    return Company(**{"name": "", **values, **known}, sources=sources)


def _add(finding: Finding, values: dict[str, Any], sources: dict[str, str]) -> None:
    field, value = finding.field, finding.value
    key, item = value if field == "socials" else (value, value)
    found = values.setdefault(field, {})
    if key not in found and len(found) < SEVERAL[field]:
        found[key] = item
        sources[f"{field}:{key}"] = finding.url


def _spread_groups(values: dict[str, Any], sources: dict[str, str]) -> None:
    """Replace findings of several fields at once by these fields."""
    for group in ("address", "registry", "size"):
        url = sources.pop(group, "")
        for field, value in values.pop(group, {}).items():
            if value not in ("", None) and field not in sources:
                values[field] = value
                sources[field] = url
