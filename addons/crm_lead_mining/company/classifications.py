"""Which classification the codes of a column are in, told by its header, the country and values.

A number alone does not tell: 561011 is a bar in Italy's ATECO and office support in NAICS, 46.71
sells fuels in NACE Rev. 2 and cars in Rev. 2.1.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from .nace_editions import REV_1, REV_2, REV_21, edition_of, edition_of_naf, is_class

Kind = Literal["nace", "isic", "sic", "uk_sic", "us_sic", "naics", "names", "unknown"]


@dataclass(frozen=True, slots=True)
class Classification:
    """A system of codes.

    :ivar kind: how its codes are read
    :ivar country: whose companies it is for, "" for those of several
    :ivar digits: that all of its codes have, so that a shorter one lost its zeros; 0 where they
        have more or fewer
    :ivar editions: names of those that follow NACE Rev. 2 and Rev. 2.1
    """

    name: str
    kind: Kind = "nace"
    country: str = ""
    digits: int = 0
    editions: tuple[str, str] = ("2008", "2025")

    def edition(self, revision: str) -> str:
        """Return what this classification calls its edition that follows a revision of NACE."""
        return dict(zip((REV_2, REV_21), self.editions, strict=True)).get(revision, revision)


def _nace(name: str, country: str, editions: str, digits: int = 0) -> Classification:
    old, new = editions.split("|")
    return Classification(name, "nace", country, digits, (old, new))


NACE = _nace("NACE", "", "Rev. 2|Rev. 2.1")
NAF = _nace("NAF", "FR", "Rev. 2|2025", 4)
ATECO = _nace("ATECO", "IT", "2007|2025")
UK_SIC = Classification("UK SIC", "uk_sic", "GB", 5, ("2007", "2026"))
US_SIC = Classification("US SIC", "us_sic", "US", editions=("1987", "1987"))
NAICS = Classification("NAICS", "naics", "US", editions=("2022", "2022"))
ISIC = Classification("ISIC", "isic", editions=("Rev. 4", "Rev. 5"))
#: Britain's or the United States', as the company's country and the codes' length tell.
SIC = Classification("SIC", "sic")
CNAE_BR = Classification("CNAE", "isic", "BR", 7, ("2.3", "2.3"))
LINKEDIN = Classification("LinkedIn", "names")
OVERTURE = Classification("Overture", "names")

#: What headers contain -> classification; short ones as whole words, with "code" or without.
_HEADERS: dict[str, Classification] = {
    "ateco": ATECO, "naf": NAF, "ape": NAF, "activiteprincipale": NAF,
    "wz": _nace("WZ", "DE", "2008|2025"),
    "sbi": _nace("SBI", "NL", "2008|2025"),
    "sni": _nace("SNI", "SE", "2007|2025", 5),
    "pkd": _nace("PKD", "PL", "2007|2025", 4),
    "noga": _nace("NOGA", "CH", "2008|2025", 6),
    "onace": _nace("ÖNACE", "AT", "2008|2025"),
    "nacebel": _nace("NACE-BEL", "BE", "2008|2025"),
    "emtak": _nace("EMTAK", "EE", "2008|2025", 5),
    "tol": _nace("TOL", "FI", "2008|2025", 5),
    "cae": _nace("CAE", "PT", "Rev. 3|Rev. 4"),
    "caen": _nace("CAEN", "RO", "Rev. 2|Rev. 3"),
    "teaor": _nace("TEÁOR", "HU", "'08|'25"),
    "cnae": _nace("CNAE", "ES", "2009|2025"),
    "nkd": _nace("NKD", "HR", "2007|2025"),
    "skd": _nace("SKD", "SI", "2008|2025"),
    "kad": _nace("KAD", "GR", "2008|2025"),
    "evrk": _nace("EVRK", "LT", "Rev. 2|Rev. 2.1"),
    "db": _nace("DB", "DK", "07|25", 6), "branchekode": _nace("DB", "DK", "07|25", 6),
    "sn": _nace("SN", "NO", "2007|2025", 5), "ringskode": _nace("SN", "NO", "2007|2025", 5),
    "uksic": UK_SIC, "sictext": UK_SIC, "ussic": US_SIC, "sic": SIC, "naics": NAICS, "scian": NAICS,
    "isic": ISIC, "ciiu": ISIC,
    "linkedin": LINKEDIN,
    "overture": OVERTURE, "basiccategory": OVERTURE, "taxonomy": OVERTURE,
    "anzsic": Classification("ANZSIC", "unknown"), "gics": Classification("GICS", "unknown"),
    "jsic": Classification("JSIC", "unknown"), "ksic": Classification("KSIC", "unknown"),
    "ssic": Classification("SSIC", "unknown"), "okved": Classification("OKVED", "unknown"),
    "icb": Classification("ICB", "unknown"), "trbc": Classification("TRBC", "unknown"),
    "nace": NACE,
}  # fmt: skip
#: Country -> its version of NACE.
_NATIONAL = {one.country: one for one in _HEADERS.values() if one.kind == "nace" and one.country}
#: Countries whose codes are NACE's, also where their version is not named above.
_NACE_COUNTRIES = frozenset(_NATIONAL) | frozenset(
    [
        "BG",
        "CY",
        "CZ",
        "IE",
        "IS",
        "LI",
        "LU",
        "LV",
        "MT",
        "SK",
        "AL",
        "BA",
        "GE",
        "MD",
        "ME",
        "MK",
        "RS",
        "TR",
        "UA",
        "XK",
    ]
)
#: Countries whose codes have nothing to do with NACE, nor are read here.
_OTHERS = {"AU": _HEADERS["anzsic"], "NZ": _HEADERS["anzsic"], "JP": _HEADERS["jsic"]}
_EDITIONS = re.compile(
    r"^(?:nomenclatureactiviteprincipale\w*|(?:nace|sic|naics|emtak|ateco|naf|industry)(?:code)?"
    r"(?:version|versioon|edition|revision)\w*|(?:code|classification)version)$"
)
_BOUND = r"(?:code|codes|cod|codice|codigo|kode|kod|nr|nummer|number|primary|main)*"
_SHORT = re.compile(
    rf"(?:^|[^a-z])(?:{_BOUND})({'|'.join(key for key in _HEADERS if len(key) < 5)})"
    rf"(?:{_BOUND})(?=$|[^a-z])"
)
_LONG = re.compile("|".join(sorted((k for k in _HEADERS if len(k) > 4), key=len, reverse=True)))
_REVISION = re.compile(r"rev(?:ision)?[. ]*(\d(?:[.,]\d)?)|(?<!\d)(20\d\d|19\d\d|0[3789]|25)(?!\d)")
#: What an edition is called, by the revision of NACE that it follows.
_YEARS = {
    REV_21: {"2025", "25", "2026"},
    REV_2: {"2007", "2008", "2009", "07", "08", "09", "2022"},
    REV_1: {"2003", "2002", "03", "1993", "1990"},
}
_CODE = re.compile(r"^(?:[A-V][\s-]*)?(\d[\d./-]*)\.?([A-Z])?(?=$|[\s:,;–—-])")


@dataclass(frozen=True, slots=True)
class Column:
    """What is known of a column's codes.

    :ivar classification: None where it is the company's country that decides
    :ivar revision: of NACE that the codes follow, "" where each code tells or Rev. 2 is supposed
    :ivar digits: of codes that have not lost their leading zeros, 0 where that cannot be told
    """

    classification: Classification | None = None
    revision: str = ""
    digits: int = 0


@lru_cache(1024)
def named(header: str, country: str = "") -> Classification | None:
    """Return the classification that a column's header names, None if it names none."""
    text = _plain(header)
    match = _LONG.search(re.sub(r"[^a-z]", "", text)) or _SHORT.search(text)
    if not match:
        return None
    found = _HEADERS[match[match.lastindex or 0]]
    if found.name == "CNAE" and (country == "BR" or "fiscal" in text):
        return CNAE_BR
    return found


def revision_named(text: str, classification: Classification | None = None) -> str:
    """Return the revision of NACE that a header or a column of editions names, or ""."""
    plain = _plain(text)
    match = _REVISION.search(plain) or re.search(r"^\s*()(\d(?:\.\d)?)\s*$", plain)
    if not match:
        return REV_21 if plain.replace(" ", "").endswith("2.1") else ""
    number = (match[1] or match[2]).replace(",", ".")
    if classification and (match[1] or not match[2]):
        if number == "1" or number == "1.1":
            return REV_1
        names = [one.removeprefix("Rev. ") for one in classification.editions]
        if number in names:
            return (REV_2, REV_21)[names.index(number)]
        return REV_1 if classification.kind == "isic" else ""
    return next(
        (revision for revision, years in _YEARS.items() if number in {revision, *years}),
        REV_1 if number == "1" else "",
    )


def told_by(source: str) -> tuple[str, str]:
    """Return (revision of NACE, code) of a code that is kept with its classification's name."""
    for one in (*_HEADERS.values(), CNAE_BR):
        for edition, revision in zip(one.editions, (REV_2, REV_21), strict=False):
            if source.startswith(beginning := f"{one.name} {edition} "):
                return revision, source.removeprefix(beginning)
    return "", source.rpartition(" ")[2]


def of_column(header: str, country: str = "", values: Iterable[str] = ()) -> Column:
    """Return what the header, the companies' country and some of a column's values tell."""
    classification = named(header, country)
    codes = [match for match in (_CODE.match(one.strip().upper()) for one in values) if match]
    numbers = ["".join(filter(str.isdigit, code[1])) for code in codes]
    longest = max(map(len, numbers), default=0)
    if numbers and (classification == SIC or (not classification and country == "GB")):
        classification = _which_sic(country, numbers, longest)
    if classification and classification.name == "CNAE" and longest == 7:
        classification = CNAE_BR
    revision = revision_named(header, classification) or _revision_of(numbers, codes)
    fixed = classification.digits if classification else 0
    keeps_zeros = any(number.startswith("0") for number in numbers)
    if classification and classification.kind == "uk_sic" and longest == 4:
        fixed = 0
    if keeps_zeros or longest < 4 or classification in (NAICS, LINKEDIN, OVERTURE):
        longest = 0  # none was lost, or none begins with one
    digits = fixed or longest
    return Column(classification, revision, digits)


@lru_cache(1024)
def of_code(digits: str, letter: str, is_plain: bool, country: str) -> Classification:
    """Return the classification of a code of which only the company's country is known.

    :param is_plain: whether it is written without dots
    """
    size = len(digits)
    if country == "BR":
        return CNAE_BR
    if country in _NACE_COUNTRIES:
        return _NATIONAL.get(country, NACE)
    if country == "GB":
        return UK_SIC if size == 5 else NACE
    if letter or not is_plain:
        return NAF if edition_of_naf(f"{digits}{letter}") else NACE
    if country == "US" and size > 2:
        return US_SIC if size < 5 else NAICS
    if country in _OTHERS and size > 2:
        return _OTHERS[country]
    if size == 6 or (size > 3 and country in ("CA", "MX")):
        return NAICS
    return ISIC if country and size == 4 else NACE


def of_sic(digits: str, country: str) -> Classification:
    """Return which SIC a code is of, where a header says no more."""
    return UK_SIC if len(digits) == 5 or country == "GB" else US_SIC


def tells_edition(header: str) -> bool:
    """Tell whether a column holds the edition of each row's codes."""
    return bool(_EDITIONS.search(_plain(header).replace(" ", "")))


def _which_sic(country: str, numbers: list[str], longest: int) -> Classification:
    if longest == 5:
        return UK_SIC
    if country == "GB" and all(is_class(number, REV_2) for number in numbers if len(number) > 3):
        return UK_SIC
    return US_SIC


def _revision_of(numbers: list[str], codes: list[re.Match[str]]) -> str:
    """Return the revision that most of those codes have that only one knows."""
    found = [
        edition_of_naf(number + (code[2] or "")) if code[2] else edition_of(number)
        for number, code in zip(numbers, codes, strict=True)
    ]
    old, new = found.count(REV_2), found.count(REV_21)
    return REV_21 if new > old else REV_2 if old else ""


def _plain(text: str) -> str:
    """Return the text without accents, in lower case, its words apart: "DB07" is "db 07"."""
    text = unicodedata.normalize("NFKD", text or "").replace("ø", "o").replace("æ", "ae")
    text = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " ", text)
    text = "".join(one for one in text if not unicodedata.combining(one))
    return re.sub(r"[^a-z0-9.,]+", " ", text.casefold()).strip()
