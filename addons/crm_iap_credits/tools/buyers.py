"""Who is invoiced for credits, as a browser has sent it: plain data, without a database."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from stdnum import get_cc_module
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError

from odoo.addons.crm_common.tools.plain_text import plain_text

MAX_TEXT = 100
MAX_NUMBER = 30
#: Countries whose numbers are those of another one.
SAME_NUMBERS = {"MC": "FR", "IM": "GB"}
#: What precedes a number where it is not the country's code.
PREFIXES = {"JP": "T"}
#: A register's number that serves as VAT number, too.
ALSO = {"CH": ("ch.uid",), "LI": ("ch.uid", "ch.vat"), "NO": ("no.orgnr",)}


@dataclass(frozen=True, slots=True)
class Buyer:
    """A company and where it is.

    :ivar vat: its VAT number as it was typed, empty if it has none
    :ivar country_id: of the `res.country`, 0 if none was chosen
    :ivar state_id: of the `res.country.state`, 0 if none was chosen
    """

    company: str = ""
    vat: str = ""
    street: str = ""
    zip: str = ""
    city: str = ""
    country_id: int = 0
    state_id: int = 0

    @classmethod
    def from_form(cls, sent: Mapping[str, object], known: "Buyer") -> "Buyer":
        """Read what a form has sent; what it has not asked for is as it was known.

        :param sent: anything that a browser may send
        """
        values = {}
        for field in fields(cls):
            if field.name not in sent:
                values[field.name] = getattr(known, field.name)
            elif field.type in (int, "int"):
                values[field.name] = _number(sent[field.name])
            else:
                limit = MAX_NUMBER if field.name == "vat" else MAX_TEXT
                values[field.name] = plain_text(sent[field.name], limit).strip()
        return cls(**values)

    def without_state(self) -> "Buyer":
        """Return the same in a country that has no such state."""
        return Buyer(**(asdict(self) | {"state_id": 0}))

    def is_same(self, other: "Buyer") -> bool:
        """Tell whether both are one company at one place, however their texts are spelled."""
        return self._key() == other._key()

    def fills(self, other: "Buyer") -> bool:
        """Tell whether this only adds what is missing there."""
        mine, theirs = self._key(), other._key()
        return all(not there or there == here for here, there in zip(mine, theirs, strict=True))

    def missing_in(self, other: "Buyer") -> dict[str, str | int]:
        """Return what is told here and missing there, by field."""
        theirs = asdict(other)
        return {name: value for name, value in asdict(self).items() if value and not theirs[name]}

    def _key(self) -> tuple[object, ...]:
        return tuple(
            _spelled(value, is_code=name in ("vat", "zip")) if isinstance(value, str) else value
            for name, value in asdict(self).items()
        )


def _spelled(text: str, *, is_code: bool) -> str:
    """Return what of a text does not depend on how it is spelled.

    Signs and spaces do not count, but between the numbers of an address: 1/23 is not 12/3. The
    marks that letters of many scripts carry do.

    :param is_code: whether digits are grouped at will
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in text)
    gap = "" if is_code else " "
    parts = re.split(r"(?<=\d) +(?=\d)", kept)
    return gap.join(part.replace(" ", "") for part in parts) or text.strip()


def _number(value: object) -> int:
    text = value if isinstance(value, str) else ""
    is_id = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) if is_id else 0


def is_vat_number(text: str, country: str) -> bool:
    """Tell whether a VAT number can be one of a company there, by its check digits if it has some.

    A company may have one of another member state of the EU, where it sells.

    :param text: as people write it, with or without the country's prefix
    :param country: code of two letters
    """
    number = "".join(letter for letter in text.upper() if letter.isalnum())
    country = SAME_NUMBERS.get(country, country)
    if _is_valid(eu_vat, number):
        return True
    if country.lower() in eu_vat.MEMBER_STATES:
        prefix = "EL" if country == "GR" else country
        return not number[:2].isalpha() and _is_valid(eu_vat, f"{prefix}{number}")
    modules = [get_cc_module(country.lower(), "vat")]
    modules += [get_cc_module(*name.split(".")) for name in ALSO.get(country, ())]
    known = [module for module in modules if module]
    if not known:
        return 4 <= len(number) <= MAX_NUMBER and any(map(str.isdigit, number))
    written = {text, number.removeprefix(PREFIXES.get(country, country))}
    return any(_is_valid(module, one) for module in known for one in written)


def _is_valid(module: Any, number: str) -> bool:
    try:
        module.validate(number)
    except ValidationError:
        return False
    return True
