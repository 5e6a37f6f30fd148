"""The one table of what Odoo's clients can read: every answer passes it.

Clients index keys without looking, render numbers that must be numbers and loop over what must be
lists; a wrong value rolls their transaction back after it was paid. So a value that a client cannot
read is put right or left out, and a row that lacks what a client needs is dropped. Sources: the
clients' code of Odoo 17.0 to 19.5; each row of the table says what goes wrong otherwise.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_TEXT = 4096
MAX_ITEMS = 100
MAX_NUMBER = 10**15
#: What cannot be put right.
UNFIT = object()

Rule = Callable[[Any], Any]

_COUNTRY = re.compile(r"[A-Za-z]{2}")
_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.)+[a-z0-9-]{2,63}")
_DIGITS = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")


def text(value: Any) -> Any:
    """A text: `null` and numbers crash `.lower()`, `.replace()` and index access."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return UNFIT
    if not isinstance(value, str) and number(value) is UNFIT:
        return UNFIT
    clean = "".join(one for one in str(value) if one.isprintable() or one in "\n\t")
    return clean.strip()[:MAX_TEXT] or UNFIT


def texts(value: Any) -> Any:
    """A list of texts: of a single text clients take the first letter."""
    items = value if isinstance(value, (list, tuple)) else [value]
    found = [one for one in map(text, items[:MAX_ITEMS]) if one is not UNFIT]
    return found or UNFIT


def number(value: Any) -> Any:
    """A number: "51-200" fails to render, a text fails to round."""
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        value = float(value) if "." in value else int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return UNFIT
    # Of NaN nothing holds.
    return value if -MAX_NUMBER <= value <= MAX_NUMBER else UNFIT


def count(value: Any) -> Any:
    """A whole number above zero: 0 employees are unknown ones."""
    found = number(value)
    return UNFIT if found is UNFIT or found < 1 else int(found)


def country(value: Any) -> Any:
    """A code as clients search it: exactly, in upper case."""
    return value.upper() if isinstance(value, str) and _COUNTRY.fullmatch(value) else UNFIT


def country_or_none(value: Any) -> Any:
    """The same where the key must be there even when it is unknown."""
    found = country(value)
    return "" if found is UNFIT else found


def bare_host(value: Any) -> Any:
    """A host without `www.`: the oldest clients put that before it."""
    found = host(value)
    return found if found is UNFIT else found.removeprefix("www.")


def host(value: Any) -> Any:
    """A host alone: clients put `https://` before it."""
    if not isinstance(value, str):
        return UNFIT
    name = value.strip().lower().rpartition("://")[2].partition("/")[0]
    return name if len(name) <= 253 and _HOST.fullmatch(name) else UNFIT


def url(value: Any) -> Any:
    """A public address: the client's browser opens it."""
    found = text(value)
    fits = found is not UNFIT and found.startswith(("https://", "http://"))
    return found if fits and not re.search(r"[\s\"'<>]", found) else UNFIT


def image(value: Any) -> Any:
    """Base64 alone: it is written into an image field."""
    if not isinstance(value, str) or len(value) > 2**21:
        return UNFIT
    try:
        return value if base64.b64decode(value, validate=True) else UNFIT
    except (binascii.Error, ValueError):
        return UNFIT


def section(value: Any) -> Any:
    """A section of NACE: it is looked up as `base.res_partner_industry_<letter>`."""
    return value if isinstance(value, str) and re.fullmatch(r"[A-U]", value) else UNFIT


def pairs(value: Any) -> Any:
    """[[code, name]]: clients unpack each in two."""
    if not isinstance(value, (list, tuple)):
        return UNFIT
    found = [
        [text(one[0]), text(one[1])]
        for one in value[:MAX_ITEMS]
        if isinstance(one, (list, tuple)) and len(one) == 2
    ]
    return [one for one in found if UNFIT not in one] or UNFIT


def identifiers(value: Any) -> Any:
    """{code: number}: 19.4 and 19.5 write each into a field."""
    if not isinstance(value, Mapping):
        return UNFIT
    found = {key: text(one) for key, one in value.items() if isinstance(key, str)}
    return {key: one for key, one in found.items() if one is not UNFIT} or UNFIT


def switch(value: Any) -> Any:
    return value if isinstance(value, bool) else UNFIT


def whole_id(value: Any) -> Any:
    """A positive int32, as `partner_gid` is stored."""
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31
    return value if fits else UNFIT


def one_of(*words: Any) -> Rule:
    def rule(value: Any) -> Any:
        return value if isinstance(value, (str, bool)) and value in words else UNFIT

    return rule


@dataclass(frozen=True)
class Shape:
    """What one object of an answer must and may have; everything else is left out.

    :ivar needed: keys that are read by index; without one of them there is no object
    :ivar kept: needed keys that may be `null`, or what stands there when nothing is known
    :ivar optional: keys that are read with care, and left out when they do not fit
    """

    needed: Mapping[str, Rule] = field(default_factory=dict)
    kept: Mapping[str, tuple[Rule, Any]] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)

    def fit(self, data: Any) -> dict[str, Any] | None:
        """Return the object as clients can read it, None if they cannot."""
        if not isinstance(data, Mapping):
            return None
        found = {key: rule(data.get(key)) for key, rule in self.needed.items()}
        if any(value is UNFIT for value in found.values()):
            return None
        for key, (rule, otherwise) in self.kept.items():
            value = rule(data.get(key))
            found[key] = otherwise if value is UNFIT else value
        for key, rule in self.optional.items():
            if key in data and (value := rule(data[key])) is not UNFIT:
                found[key] = value
        return found

    def fit_all(self, rows: Any, key: str = "") -> list[dict[str, Any]]:
        """Return the objects that can be read, each value of `key` once."""
        found = [self.fit(row) for row in rows] if isinstance(rows, (list, tuple)) else []
        whole = [row for row in found if row]
        return list({row[key]: row for row in reversed(whole)}.values())[::-1] if key else whole

    def as_list(self) -> Rule:
        def rule(value: Any) -> Any:
            return self.fit_all(value) or UNFIT

        return rule

    def as_object(self) -> Rule:
        def rule(value: Any) -> Any:
            found = self.fit(value)
            return UNFIT if found is None else found

        return rule


#: All four keys are read by the templates.
PERSON = Shape(
    needed={"full_name": text},
    kept={"email": (text, ""), "title": (text, ""), "phone": (text, "")},
)
#: What the note on a new lead shows (`iap_mail.enrich_company`).
_NOTE = {
    "description": text, "company_type": text, "founded_year": count, "sector_primary": text,
    "industry": text, "industry_group": text, "sub_industry": text, "timezone": text,
    "estimated_annual_revenue": text, "employees": count, "phone_numbers": texts, "tech": texts,
    "logo": url, "twitter": text, "twitter_bio": text, "twitter_followers": count,
    "facebook": text, "linkedin": text, "crunchbase": text, "entity_type": text,
}  # fmt: skip
_PLACE = {
    "street": text, "street2": text, "city": text, "zip": text, "state_code": text,
    "state_name": text, "country_name": text,
}  # fmt: skip
#: `search_by_criteria`, 18.0 of 2026 to 19.5. The note is found by `duns`.
MINED = Shape(
    needed={"duns": text, "name": text},
    kept={"country_code": (country_or_none, "")},
    optional={
        **_NOTE, **_PLACE, "domain": host, "website": host, "phone": text, "email": texts,
        "vat": text, "industry_code": section, "unspsc_codes": pairs,
        "people_data": PERSON.as_list(),
    },
)  # fmt: skip
#: `lead_mining_request` of 13.0 to early 19.0: these keys are read by index.
_OLD_MINED = Shape(
    needed={"clearbit_id": text, "name": text},
    kept={
        "country_code": (country_or_none, ""), "domain": (bare_host, ""), "legal_name": (text, ""),
        "phone": (text, ""), "phone_numbers": (texts, []), "location": (text, ""),
        "city": (text, ""), "postal_code": (text, ""), "state_code": (text, ""),
        "email": (texts, []),
    },
    optional={key: rule for key, rule in _NOTE.items() if key != "phone_numbers"},
)  # fmt: skip
OLD_MINED = Shape(
    needed={"company_data": _OLD_MINED.as_object()},
    kept={"people_data": (PERSON.as_list(), [])},
)
#: `lead_enrichment_email`: one that cannot be read fails the whole batch of the client.
ENRICHED = Shape(
    needed={"name": text},
    kept={"phone_numbers": (texts, []), "email": (texts, [])},
    optional={
        **{key: rule for key, rule in _NOTE.items() if key != "phone_numbers"},
        "clearbit_id": text, "location": text, "street_name": text, "city": text,
        "postal_code": text, "state_code": text, "country_code": country, "domain": host,
        "website": text,
    },
)  # fmt: skip
#: `search_by_*`: 17.0 and 18.0 lower the name, 19.4 reads the country without looking.
SUGGESTION = Shape(
    needed={"name": text, "duns": text, "country_code": country},
    optional={"city": text, "zip": text, "street": text, "vat": text, "domain": host,
              "state_code": text, "website": text},
)  # fmt: skip
#: `enrich_by_*`: what is a field of the form is written as it comes.
COMPLETED = Shape(
    needed={"name": text},
    optional={
        **_PLACE, "duns": text, "vat": text, "country_code": country, "phone": text,
        "email": text, "website": text, "industry_code": section, "preferred_language": text,
        "logo": image, "unspsc_codes": pairs, "entity_type": text,
        "additional_identifiers": identifiers,
    },
)  # fmt: skip
_CHILD = Shape(needed={"name": text}, optional={**_PLACE, "country_code": country})
_BANK = Shape(needed={"acc_number": text}, optional={"acc_holder_name": text})
#: `/iap/partner_autocomplete/*`: the form fails on any other key.
OLD_COMPANY = Shape(
    needed={"name": text},
    optional={
        **_PLACE, "legal_name": text, "website": host, "domain": host, "vat": text,
        "phone": text, "email": text, "country_code": country, "partner_gid": whole_id,
        "ignored": switch, "skip_enrich": switch, "bank_ids": _BANK.as_list(),
        "child_ids": _CHILD.as_list(),
    },
)  # fmt: skip
_PACK = Shape(
    needed={"id": whole_id, "name": text, "credit": number, "price": text},
)
#: From 19.1 a service that is left out empties the client's texts.
_SERVICE = Shape(
    kept={"description": (text, ""), "price_description": (text, ""),
          "packs": (_PACK.as_list(), [])},
)  # fmt: skip
#: `get-accounts-information`: the three are read by index, or the account's form stays shut.
ACCOUNT = Shape(
    kept={
        "balance": (number, 0),
        "warning_threshold": (number, 0),
        "registered": (one_of("banned", "registered", "unregistered", False), "unregistered"),
        "service": (_SERVICE.as_object(), {"description": "", "price_description": "",
                                           "packs": []}),
    },
)  # fmt: skip
#: `services-token` of 17.0: passed whole to `create`, which refuses any other key.
ACCOUNT_17 = Shape(
    needed={"account_token": text},
    kept={
        "balance": (number, 0), "service_name": (text, ""), "description": (text, ""),
        "warn_me": (switch, False), "warning_threshold": (number, 0),
        "warning_email": (text, ""), "unit_name": (text, "Credits"),
    },
)  # fmt: skip
#: `reveal`: `rule_id` and the rest are only read of what was found.
NOT_FOUND = Shape(needed={"ip": text, "not_found": switch})
