"""Companies as JSON and back: the form in which a provider's answer is kept."""

from dataclasses import asdict
from datetime import date
from typing import Any

from .fields import LISTS
from .types import Company, Contact, Provenance

#: Longest text that is kept of one value; a provider's "10 MB of description" ends here.
MAX_TEXT = 4096


def to_json(company: Company) -> dict[str, Any]:
    """Return the company as plain data: empty values left out, texts bounded, no NUL."""
    return _plain(asdict(company))


def from_json(data: dict[str, Any]) -> Company:
    """Return the company that `to_json` made `data` of."""
    data = dict(data)
    data["contacts"] = tuple(_contact(contact) for contact in data.get("contacts", ()))
    data["provenance"] = _provenance(data.get("provenance"))
    for name in LISTS:
        data[name] = tuple(data.get(name, ()))
    return Company(**{"name": "", **data})


def _contact(data: dict[str, Any]) -> Contact:
    return Contact(**{"name": "", **data, "provenance": _provenance(data.get("provenance"))})


def _provenance(data: dict[str, Any] | None) -> Provenance | None:
    if not data:
        return None
    fetched_on = data.get("fetched_on")
    return Provenance(
        **{
            "provider": "",
            **data,
            "fetched_on": date.fromisoformat(fetched_on) if fetched_on else None,
        }
    )


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "")[:MAX_TEXT]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {
            _plain(key): _plain(item)
            for key, item in value.items()
            if item not in (None, "", (), {}, [])
        }
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
