"""What client databases ask, read strictly: everything of another type or size is no question."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from odoo.addons.crm_lead_mining.company.identity import normalise_domain
from odoo.addons.crm_lead_mining.tools.stock_query import INDUSTRIES, wanted

from .generations import read_version
from .tokens import Token, read_token, read_uuid

MAX_KNOWN = 500_000
MAX_DOMAINS = 200
MAX_ACCOUNTS = 200
MAX_SIZE = 10_000_000
MAX_QUERY = 200
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_LANG = re.compile(r"[a-z]{2,3}(?:[_@-][A-Za-z]{2,10}){0,2}")


class BadQuestion(ValueError):
    """The question cannot be read; its text is for the log of the client."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as far as the call tells.

    :ivar version: `db_version`, "" if the call has none
    """

    token: Token
    uuid: str = ""
    version: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class MiningQuestion:
    """What lead mining is asked for.

    :ivar query: in 19.0's form, with nothing in it that was not understood
    :ivar known: what the client has already
    :ivar hopeless: whether nothing can fit, as no country is one
    :ivar ignored: what was left out because nobody knows it, for the log
    """

    number: int
    query: dict[str, Any]
    known: frozenset[str] = frozenset()
    hopeless: bool = False
    ignored: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return by what the same question is known again."""
        return digest("mining", self.number, self.query, sorted(self.known))


def digest(*parts: Any) -> str:
    """Return a key of whatever JSON can hold."""
    plain = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def read_asker(params: Mapping[str, Any]) -> Asker:
    """Read who asks; both spellings of the uuid are in use."""
    lang = params.get("db_lang")
    return Asker(
        read_token(params.get("account_token")),
        read_uuid(params.get("dbuuid") or params.get("db_uuid")),
        read_version(params.get("db_version")),
        lang if isinstance(lang, str) and _LANG.fullmatch(lang) else "",
    )


def read_mining(query: Any, known: Any = ()) -> MiningQuestion:
    """Read the criteria of either generation.

    :param query: `query` of `search_by_criteria`, or `data` of `lead_mining_request`; the oldest
        has codes of countries alone, and their states apart
    :param known: `reveal_ids`
    :raise BadQuestion: if there are none
    """
    if not isinstance(query, Mapping):
        raise BadQuestion("query is no object")
    number = query.get("lead_number")
    clean: dict[str, Any] = {"search_type": "people" if query.get("search_type") == "people"
                             else "companies"}  # fmt: skip
    asked = query.get("countries")
    if asked and not isinstance(asked, (list, tuple)):
        raise BadQuestion("countries is no list")
    clean["countries"] = _countries(asked or (), _texts(query.get("states")))
    sizes = [_size(query.get(name)) for name in ("company_size_min", "company_size_max")]
    if None not in sizes:
        sizes.sort()
    for name, size in zip(("company_size_min", "company_size_max"), sizes, strict=True):
        if size is not None:
            clean[name] = size
    industries, ignored = _known_industries(query.get("industry_ids"))
    if industries:
        clean["industry_ids"] = industries
    if "sic_groups" in query:
        groups = query["sic_groups"] if isinstance(query["sic_groups"], (list, tuple)) else ()
        clean["sic_groups"] = sorted(
            {one for one in groups[:1000] if type(one) is int and 0 < one < 100}
        )
    return MiningQuestion(
        wanted({"lead_number": number if type(number) is int else 1}),
        clean,
        frozenset(_texts(known, MAX_KNOWN)),
        hopeless=bool(asked) and not clean["countries"],
        ignored=ignored,
    )


def _countries(asked: Any, flat_states: list[str]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for one in asked[:300]:
        code, states = (one.get("code"), one.get("states")) if isinstance(one, Mapping) else (
            one, flat_states)  # fmt: skip
        if isinstance(code, str) and _COUNTRY.fullmatch(code):
            code = code.upper()
            found[code] = {"code": code, "states": _texts(states, 200)}
    return list(found.values())


def _known_industries(asked: Any) -> tuple[list[str], tuple[str, ...]]:
    """Return the groups that are known, and the first of those that are not.

    Unknown ones narrow nothing: with them clients "inevitably returned zero leads".
    """
    codes = {str(one) for one in asked[:5000] if isinstance(one, (str, int))} if isinstance(
        asked, (list, tuple)) else set()  # fmt: skip
    unknown = sorted(codes - INDUSTRIES.keys())
    return sorted(codes & INDUSTRIES.keys()), tuple(one[:20] for one in unknown[:10])


def read_domains(domains: Any) -> dict[str, str]:
    """Return {key of the client: domain}, "" for what is none.

    :raise BadQuestion: if there are none, or too many
    """
    if not isinstance(domains, Mapping) or len(domains) > MAX_DOMAINS:
        raise BadQuestion(f"domains is no object of at most {MAX_DOMAINS}")
    return {
        key: normalise_domain(value) if isinstance(value, str) else ""
        for key, value in domains.items()
        if isinstance(key, str) and len(key) <= 255
    }


@dataclass(frozen=True, slots=True)
class AccountAsked:
    """One row of a client's list of accounts.

    :ivar sent: the token as it was sent, by which the answer names it
    """

    sent: str
    token: Token
    service: str = ""


def read_accounts(rows: Any) -> list[AccountAsked]:
    """Read the list of 18.0 and later ({token, service}), or of 17.0 (tokens)."""
    found = []
    for row in rows[:MAX_ACCOUNTS] if isinstance(rows, (list, tuple)) else ():
        sent, service = (row.get("token"), row.get("service")) if isinstance(row, Mapping) else (
            row, "")  # fmt: skip
        token = read_token(sent)
        # Clients compare in constant time, which takes ASCII alone.
        if isinstance(sent, str) and sent.isascii() and (token.key or token.disabled):
            found.append(AccountAsked(sent, token, service if isinstance(service, str) else ""))
    return found


@dataclass(frozen=True, slots=True)
class Alert:
    """When and whom to warn of a low balance; None leaves it as it is.

    :ivar emails: addresses with the language of each
    """

    threshold: int | None = None
    emails: tuple[tuple[str, str], ...] | None = None


def read_alert(params: Mapping[str, Any]) -> Alert:
    """Read `update-warning-email-alerts` (18.0 on) or `update-warning-odoo` (17.0)."""
    threshold = params.get("warning_threshold")
    limit: int | None = None
    if isinstance(threshold, (int, float)) and not isinstance(threshold, bool):
        limit = int(threshold) if 0 <= threshold <= 10**9 else None
    if params.get("warn_me") is False:
        limit = 0
    rows = params.get("warning_emails")
    if isinstance(rows, (list, tuple)):
        found = [_address(row) for row in rows[:20] if isinstance(row, Mapping)]
        return Alert(limit, tuple(one for one in found if one))
    email = _address({"email": params.get("warning_email")})
    return Alert(limit, (email,) if email else None)


def _address(row: Mapping[str, Any]) -> tuple[str, str] | None:
    email, lang = row.get("email"), row.get("lang_code")
    if not isinstance(email, str) or not re.fullmatch(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{3,190}",
                                                      email):  # fmt: skip
        return None
    return email, lang if isinstance(lang, str) and _LANG.fullmatch(lang) else ""


def read_text(value: Any, most: int = MAX_QUERY) -> str:
    """Return a text without control characters, "" for whatever is none."""
    if not isinstance(value, str):
        return ""
    return "".join(one for one in value[:most] if one.isprintable()).strip()


def _texts(values: Any, most: int = 1000) -> list[str]:
    if not isinstance(values, (list, tuple)):
        return []
    return [
        one
        for one in values[:most]
        # PostgreSQL takes neither NUL nor half a character.
        if isinstance(one, str) and 0 < len(one) <= 255 and one.isprintable()
    ]


def _size(value: Any) -> int | None:
    return min(max(value, 0), MAX_SIZE) if type(value) is int else None
