"""Saved searches as a JSON file: codes and names instead of ids, so that it can be carried over.

A file has {"format": "lead-mining-searches", "version": 1, "searches": [...]}; the keys of a search
are the fields of `SearchSpec`. What is missing has its default. Whether a name is known here, is
told by the database that reads the file.
"""

import json
import types
import typing
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from typing import Any

FORMAT = "lead-mining-searches"
VERSION = 1
MAX_BYTES = 256_000
MAX_SEARCHES = 100
MAX_TEXT = 256
MAX_ITEMS = 500
MAX_NUMBER = 10_000_000


def _kept(column: str, *by: str, default: Any = "") -> Any:
    """Return a key of the file that keeps a field of the search.

    Records are named `by` these of their own fields, joined by "-", since their ids say nothing in
    another database.
    """
    return field(default=default, metadata={"column": column, "by": by})


@dataclass(frozen=True, slots=True)
class SearchSpec:
    """A search in terms that every database understands: the one list of what is carried over."""

    name: str = field(metadata={"column": "name", "by": ()})
    provider: str = _kept("provider_id", "code")  # empty: all providers in their order
    target: str = _kept("target", default="companies")
    lead_number: int = _kept("lead_number", default=3)
    max_credits: int = _kept("max_credits", default=0)
    countries: tuple[str, ...] = _kept("country_ids", "code", default=())  # ISO 3166-1 alpha-2
    states: tuple[str, ...] = _kept("state_ids", "country_id.code", "code", default=())  # "US-CA"
    industries: tuple[str, ...] = _kept("industry_ids", "code", default=())  # NACE Rev. 2
    size_min: int | None = _kept("size_min", default=None)  # both None: any size
    size_max: int | None = _kept("size_max", default=None)
    technologies: tuple[str, ...] = _kept("technology_ids", "name", default=())
    with_email: bool = _kept("with_email", default=False)
    with_phone: bool = _kept("with_phone", default=False)
    with_website: bool = _kept("with_website", default=False)
    places: str = _kept("places")
    words: str = _kept("words")
    founded_from: int = _kept("founded_from", default=0)
    founded_to: int = _kept("founded_to", default=0)
    legal_form: str = _kept("legal_form")
    revenue_from: str = _kept("revenue_from")
    dataset: str = _kept("dataset")
    not_these: tuple[str, ...] = _kept("not_these", default=())  # one company each
    no_subsidiaries: bool = _kept("no_subsidiaries", default=False)
    delivery_order: str = _kept("delivery_order", default="complete")
    contact_number: int = _kept("contact_number", default=1)
    contact_filter: str = _kept("contact_filter", default="role")
    preferred_role: str = _kept("preferred_role_id", "code")
    other_roles: tuple[str, ...] = _kept("role_ids", "code", default=())
    seniority: str = _kept("seniority")
    lead_type: str = _kept("lead_type", default="opportunity")
    salesperson: str | None = _kept("user_id", "login", default=None)  # None: who imports it
    team: str | None = _kept("team_id", "name", default=None)  # None: the salesperson's
    tags: tuple[str, ...] = _kept("tag_ids", "name", default=())
    campaign: str = _kept("campaign_id", "name")
    known_policy: str = _kept("known_policy", default="skip")
    schedule: str = _kept("schedule")
    tells_only: bool = _kept("tells_only", default=False)


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a file.

    :ivar cause: "too_large", "not_json", "not_ours", "version", "no_searches", "too_many",
        "not_a_search", "unknown_key", "missing_name", "wrong_value"
    :ivar search: number of the search in the file, counted from 1; 0 for the file itself
    :ivar detail: the key or the value, bounded
    """

    cause: str
    search: int = 0
    detail: str = ""


class SearchFileError(Exception):
    """A file that cannot be read.

    :ivar flaws: all that is wrong with it
    """

    def __init__(self, flaws: list[Flaw]):
        super().__init__(flaws)
        self.flaws = flaws


def to_document(specs: list[SearchSpec]) -> dict[str, Any]:
    """Return plain data that `json.dumps` takes."""
    return {"format": FORMAT, "version": VERSION, "searches": [asdict(spec) for spec in specs]}


def parse(content: bytes) -> list[SearchSpec]:
    """Return the searches of a file.

    :raise SearchFileError: with everything that is wrong; then nothing of the file may be used
    """
    rows = _rows(_load(content))
    specs, flaws = [], []
    for number, row in enumerate(rows, 1):
        found = _flaws_of(row, number)
        flaws += found
        if not found:
            specs.append(SearchSpec(**{key: _frozen(value) for key, value in row.items()}))
    if flaws:
        raise SearchFileError(flaws)
    return specs


def _load(content: bytes) -> Any:
    if len(content) > MAX_BYTES:
        raise SearchFileError([Flaw("too_large")])
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise SearchFileError([Flaw("not_json")]) from None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _rows(document: Any) -> list[Any]:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise SearchFileError([Flaw("not_ours")])
    if type(document.get("version")) is not int or document["version"] != VERSION:
        raise SearchFileError([Flaw("version", detail=_shown(document.get("version")))])
    rows = document.get("searches")
    if not isinstance(rows, list) or not rows:
        raise SearchFileError([Flaw("no_searches")])
    if len(rows) > MAX_SEARCHES:
        raise SearchFileError([Flaw("too_many", detail=str(len(rows)))])
    return rows


def _flaws_of(row: Any, number: int) -> list[Flaw]:
    if not isinstance(row, dict):
        return [Flaw("not_a_search", number)]
    flaws = [Flaw("unknown_key", number, _shown(key)) for key in row if key not in _CHECKS]
    if not isinstance(row.get("name"), str) or not row["name"].strip():
        flaws.append(Flaw("missing_name", number))
    flaws += [
        Flaw("wrong_value", number, f"{key}: {_shown(value)}")
        for key, value in row.items()
        if key in _CHECKS and key != "name" and not _CHECKS[key](value)
    ]
    if isinstance(row.get("name"), str) and not _is_text(row["name"]):
        flaws.append(Flaw("wrong_value", number, "name"))
    return flaws


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT and "\x00" not in value


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MAX_NUMBER


def _is_flag(value: Any) -> bool:
    return type(value) is bool


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= MAX_ITEMS and all(map(_is_text, value))


def _check_for(annotation: Any) -> Callable[[Any], bool]:
    if typing.get_origin(annotation) is types.UnionType:
        check = _check_for(typing.get_args(annotation)[0])
        return lambda value: value is None or check(value)
    return {str: _is_text, int: _is_number, bool: _is_flag}.get(annotation, _is_list)


_CHECKS = {key.name: _check_for(key.type) for key in fields(SearchSpec)}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _shown(value: Any) -> str:
    return str(value)[:60].replace("\x00", "")
