"""What cells of foreign files and providers' answers say of industries, read as NACE Rev. 2."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from . import industry_words, linkedin_industries
from .classifications import (
    NAF,
    OVERTURE,
    Classification,
    Column,
    named,
    of_code,
    of_sic,
    revision_named,
)
from .nace_editions import (
    REV_1,
    REV_2,
    REV_21,
    divisions_of,
    edition_of,
    edition_of_naf,
    edition_of_section,
    is_class,
    read_table,
    section,
)
from .us_codes import from_naics, from_us_sic

_CODE = re.compile(
    r"^(?:([A-V])[\s.-]*)?(\d+(?:[./-]\d+)*)\.?\s?([A-Z])?(?=$|\s*[:;,–—-]|\s)(.*)$", re.DOTALL
)
_SECTION = re.compile(
    r"^(?:SECTION |SEZIONE |ABSCHNITT |SECCION )?([A-V])(?:\s*[-–:.]\s*[^\d\s].*)?$", re.DOTALL
)
#: "NACE Rev. 2.1: 62.10": a code behind the name of its classification.
_NAMED = re.compile(
    r"^([^\W\d][^\d:]*?(?:\d{4}|rev\.?\s*\d(?:\.\d)?)?)[\s:_]+(?!\d{4}[\s:_]+\d)([A-V]?\d.*)$",
    re.IGNORECASE,
)
#: "24 hour plumber" is no code.
_HOURS = re.compile(
    r"^\d\d?(?:\s?/\s?7|\s?-?(?:h|hrs?|hours?|stunden|ore|heures|horas)\b)", re.IGNORECASE
)
#: Codes of UK SIC for companies that do nothing: non-trading, residents, dormant.
_IDLE = frozenset({"74990", "98000", "99999"})
_ANY = Column()


@dataclass(frozen=True, slots=True)
class Reading:
    """One code or name as it was read.

    :ivar industries: divisions (or a section) of NACE Rev. 2, the main one first
    :ivar source: classification and edition with the code, "ATECO 2025 62.10.00"; "" of names
    """

    industries: tuple[str, ...] = ()
    source: str = ""


@lru_cache(maxsize=16384)
def read_cell(
    text: str, country_code: str = "", column: Column = _ANY, revision: str = ""
) -> tuple[Reading, ...]:
    """Return what the codes and names of one cell mean; those that mean nothing are left out.

    :param column: what is known of the column that the cell stands in
    :param revision: of NACE that the row says that its codes follow
    """
    readings = (_read(part, country_code, column, revision) for part in _parts(text))
    return tuple(one for one in readings if one.industries)


def read(text: str, country_code: str = "", column: Column = _ANY) -> tuple[str, ...]:
    """Return the industries of one code or name."""
    return _read(text, country_code, column, "").industries


def from_naf(code: str) -> tuple[str, ...]:
    """Return the divisions of a French code of any edition."""
    return read(code, "FR", Column(NAF))


@lru_cache(maxsize=8192)
def from_name(name: str, is_category: bool = False) -> str:
    """Return the division (or section, where no more can be told) that a sector's name means.

    LinkedIn's names are known as they are, and so are Overture's categories ("car_dealer"); other
    names are read by their words.

    :param is_category: that it is one of Overture's, also where it is a usual word
    """
    text = unicodedata.normalize("NFKC", name or "")[:200].strip()
    category = _overture().get(text.casefold().replace(" ", "_"), "")
    if category and (is_category or "_" in text):
        return category
    return (
        linkedin_industries.DIVISION_OF.get(linkedin_industries.plain(text))
        or industry_words.find(text.replace("_", " "))
        or category
    )


@lru_cache(1)
def _overture() -> dict[str, str]:
    return {
        category: row["division"]
        for row in read_table("overture.csv")
        for category in row["categories"].split()
    }


def _parts(text: str) -> list[str]:
    """Return the codes and names of a cell: "62.01; 63.11", "62.01, 63.11", '["a", "b"]'."""
    text = unicodedata.normalize("NFKC", text or "").strip().strip("[]{}")
    parts = re.split(r"[;|\n]", text)
    if len(parts) == 1 and (
        all(map(str.isdigit, text.replace(".", "").replace(" ", "").split(","))) or '"' in text
    ):
        parts = text.split(",")
    return list(filter(None, (part.strip(" \"'") for part in parts)))


def _read(text: str, country: str, column: Column, revision: str) -> Reading:
    # A tab between letters and digits is a space: the code is kept as the source has it.
    text = " ".join(unicodedata.normalize("NFKC", text or "").split())
    upper = text.upper()
    if match := _SECTION.match(upper):
        supposed = REV_21 if match[1] == "V" else REV_2
        return _reading(section(match[1], revision or column.revision or supposed))
    if (match := _NAMED.match(text)) and (classification := named(match[1], country)):
        revision = revision_named(match[1], classification) or revision
        return _read(match[2], country, Column(classification, column.revision), revision)
    match = None if _HOURS.match(text) else _CODE.match(upper)
    if not match or (match[4].strip(" -") and len(match[2]) == 1):
        # "Food > Restaurant": the narrowest that is known.
        names = (one.strip() for one in reversed(text.split(">")))
        is_category = column.classification == OVERTURE
        return _reading(next(filter(None, (from_name(one, is_category) for one in names)), ""))
    code = upper[: match.start(4)].strip()
    return _read_code(match[2], match[3] or "", match[1] or "", code, country, column, revision)


def _read_code(
    number: str,
    letter: str,
    section_letter: str,
    code: str,
    country: str,
    column: Column,
    revision: str,
) -> Reading:
    """Return what a code means, given its number, the letters behind and before it, and all."""
    if re.match(r"\d\.\d", number):
        number = f"0{number}"  # "1.11": a spreadsheet has taken the zero
    digits = re.sub(r"\D", "", number)
    classification = column.classification or of_code(digits, letter, digits == number, country)
    if classification.kind == "sic":
        classification = of_sic(digits, country)
    if digits == number and _lost_zero(digits, column, classification):
        digits = number = f"0{digits}"
    if classification.kind == "us_sic":
        return _reading(from_us_sic(digits), source=_source(classification, REV_2, code))
    if classification.kind == "naics":
        return _reading(from_naics(number), source=_source(classification, REV_2, code))
    if classification.kind in ("names", "unknown") or digits in _IDLE:
        return Reading()
    revision = revision or column.revision
    revision = _revision(digits, letter, section_letter, classification, revision)
    if classification.kind == "isic":
        found = _by_division(digits, revision)
    else:
        found = divisions_of(digits, revision, is_ateco=classification.name == "ATECO")
    return _reading(*found, source=_source(classification, revision, code))


def _reading(*industries: str, source: str = "") -> Reading:
    found = tuple(filter(None, industries))
    return Reading(found, source if found else "")


def _lost_zero(digits: str, column: Column, classification: Classification) -> bool:
    """Tell whether a spreadsheet has taken the zero that a code began with."""
    if not column.digits or len(digits) != column.digits - 1 or len(digits) < 3:
        return False
    if classification.kind == "us_sic":
        return bool(from_us_sic(f"0{digits}"))
    is_code, was_code = (
        any(is_class(code[:4], one) for one in (REV_2, REV_21)) for code in (digits, f"0{digits}")
    )
    return was_code and (bool(classification.digits) or not is_code)


def _revision(
    digits: str, letter: str, section_letter: str, classification: Classification, given: str
) -> str:
    """Return the revision of NACE that a code follows: its own marks count most."""
    if classification == NAF and letter:
        return edition_of_naf(digits + letter) or REV_1
    told = "" if classification.kind == "isic" else edition_of(digits)
    return told or given or edition_of_section(section_letter, digits[:2]) or REV_2


def _by_division(digits: str, revision: str) -> tuple[str, ...]:
    """ISIC's divisions are those of NACE, its classes are not; Brazil's classes follow ISIC."""
    if revision == REV_21 and is_class(digits[:3], REV_21):
        return divisions_of(digits[:3], REV_21)
    return divisions_of(digits[:2], revision)


def _source(classification: Classification, revision: str, code: str) -> str:
    return f"{classification.name} {classification.edition(revision)} {code}".strip()
