"""What stands in a column: whether its values fit what its name says, and what they are alone."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from odoo.addons.crm_lead_mining.company.cells import is_placeholder, read_email, split_list
from odoo.addons.crm_lead_mining.company.identity import (
    checked_vat,
    normalise_domain,
    normalise_lei,
)
from odoo.addons.crm_lead_mining.company.names import has_legal_form, normalise_name

#: A country's code, or "" for what is none.
ReadCountry = Callable[[str], str]

MOST_VALUES = 200
_FIT = 0.8  # share of values that shows what a column is
_MISFIT = 0.5  # a smaller share shows that it is something else

_SITE = re.compile(
    r"(?:https?://|//)?(?:[\w.-]+@)?(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,24}"
    r"(?::\d+)?(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_PHONE = re.compile(
    r"(?:tel\.?:?\s*)?[+(]{0,2}[\d][\d\s()./\-–]{5,24}(?:\s*(?:x|ext\.?)\s*\d+)?", re.I
)
_INTERNATIONAL = re.compile(r"(?:\+|00)\s?\(?[1-9]")
_NUMBER = re.compile(r"[-+]?[\d.,'\s]*\d")
_DECIMAL = re.compile(r"-?\d{1,9}[.,]\d{2,}")
_DAY, _MONTH, _CENTURY = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:1[5-9]|20|21)"
_DATE = re.compile(
    rf"(?:{_CENTURY}\d\d[-/.]{_MONTH}[-/.]{_DAY}"
    rf"|{_DAY}[-/. ](?:{_DAY}|[^\W\d_]{{3,9}}\.?)[-/. ,]\s*(?:{_CENTURY})?\d\d"
    rf"|{_CENTURY}\d\d[01]\d[0-3]\d)(?:[T ]\d.*)?"
)
_PAIRS = re.compile(r"\d\d(?: \d\d){2,5}")  # "55 50 12 00": a telephone number
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:[.,]0)?")
_YEAR_WITHIN = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_BOOLEAN = frozenset(
    (
        "true", "false", "yes", "no", "y", "n", "t", "f", "0", "1", "ja", "nein", "oui", "non",
        "si", "sì", "sí", "sim", "nao", "não", "wahr", "falsch", "vero", "falso", "vrai", "faux",
    )
)  # fmt: skip
_ZIP = re.compile(r"(?:[a-z]{1,3}[- ]?)?(?=[a-z\d -]*\d)[a-z\d][a-z\d -]{2,9}", re.IGNORECASE)
_INDUSTRY_CODE = re.compile(r"[A-V]? ?\d{2}(?:[.\d/-]{0,8}\d)?[A-Z]?")
_HANDLE = re.compile(r"@?[A-Za-z0-9_]{2,15}")
_SLUG = re.compile(r"@?[\w.-]*[^\W\d_][\w.-]*")
_ZONE = re.compile(r"(?:Europe|America|Asia|Africa|Australia|Pacific|Atlantic)/\w+")
_TIMEZONE = re.compile(
    r"[A-Z][A-Za-z]+/[A-Za-z_/]+|(?:UTC|GMT)(?:[+-]\d.*)?|[A-Z]{3,4}|\(?(?:UTC|GMT).*"
)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./\-]{2,29}")
_SALUTATION = frozenset(
    (
        "mr", "mrs", "ms", "miss", "dr", "prof", "sir", "herr", "frau", "hr", "fr", "signor",
        "signora", "sig", "sig.ra", "sig.na", "dott", "dott.ssa", "m", "mme", "mlle", "sr", "sra",
        "srta", "dhr", "mevr", "pan", "pani",
    )
)  # fmt: skip
_LINKEDIN = re.compile(r"linkedin\.com/(?:company|school|showcase|organization)", re.IGNORECASE)


def is_email(text: str) -> bool:
    """Whether it is an e-mail address, or several."""
    return bool(read_email(text)) or all(map(read_email, split_list(text)))


def is_site(text: str) -> bool:
    return "@" not in text and bool(_SITE.fullmatch(text))


def is_own_site(text: str) -> bool:
    """Whether a URL or host is one that a company may have for itself."""
    return is_site(text) and bool(normalise_domain(text))


def is_phone(text: str) -> bool:
    parts = [part.strip() for part in re.split(r"[;,|]|\s/\s", text) if part.strip()]
    return bool(parts) and all(
        _PHONE.fullmatch(one) and not is_date(one) and not _DECIMAL.fullmatch(one)
        for one in parts[:1]
    )


def is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text))


def is_date(text: str) -> bool:
    return bool(_DATE.fullmatch(text)) and not _PAIRS.fullmatch(text)


def is_text(text: str) -> bool:
    """Whether it is words: no address, number, date or sign."""
    return not (
        is_email(text) or _URL.match(text) or is_number(text) or is_date(text)
        or text.casefold() in _BOOLEAN
    )  # fmt: skip


def _is_name(text: str) -> bool:
    # A company may be called "2013" or "acme.com", but hardly many of a file.
    return is_text(text) and any(char.isalpha() for char in text) and not _ZONE.fullmatch(text)


def _is_place(text: str) -> bool:
    return is_text(text) and not is_site(text) and not text.isdigit()


def _is_state(text: str) -> bool:
    if text.isdigit():
        return len(text) < 4 and text.strip("0") != ""
    return len(text) <= 60 and not (is_email(text) or _URL.match(text) or is_date(text))


def _is_person(text: str) -> bool:
    return is_text(text) and not any(char.isdigit() for char in text) and len(text) <= 80


def _is_job(text: str) -> bool:
    return is_text(text) and text.casefold().strip(". ") not in _SALUTATION


def _is_street(text: str) -> bool:
    return not (is_email(text) or _URL.match(text) or is_date(text) or text.casefold() in _BOOLEAN)


def _is_street_part(text: str) -> bool:
    return len(text) <= 60 and not (is_email(text) or _URL.match(text))


def _is_register_number(text: str) -> bool:
    return (
        len(text) <= 30 and any(char.isdigit() for char in text) and bool(_CODE.fullmatch(text))
        and not is_date(text) and not _DECIMAL.fullmatch(text)
    )  # fmt: skip


def _is_vat(text: str) -> bool:
    digits = sum(char.isdigit() for char in text)
    return 5 <= digits <= 16 and len(text) <= 30 and not is_date(text) and "@" not in text


def _is_size(text: str) -> bool:
    if is_date(text) and not _DATE_BAND.fullmatch(text):
        return False
    return len(text) <= 60 and "@" not in text and not _URL.match(text) and (
        bool(re.search(r"\d", text)) or text.isupper()
    )  # fmt: skip


_DATE_BAND = re.compile(r"\d{1,2}[-/.][A-Za-z]{3}|[A-Za-z]{3}[-/.]\d{2}")


def _is_year(text: str) -> bool:
    return bool(_YEAR.fullmatch(text)) or (
        len(text) <= 30 and (is_date(text) or bool(_YEAR_WITHIN.search(text)))
    )


def _is_money(text: str) -> bool:
    return bool(re.search(r"\d", text)) and not is_email(text) and not _URL.match(text)


#: What a company is to whom keeps the list, in the singular.
_RELATIONS = frozenset(
    (
        "client", "customer", "prospect", "lead", "partner", "supplier", "vendor", "reseller",
        "competitor", "other", "kunde", "interessent", "lieferant", "cliente", "fornitore",
        "proveedor", "fornecedor", "fournisseur", "klant", "leverancier", "kund", "asiakas",
        "klient", "dostawca", "odběratel", "dodavatel",
    )
)  # fmt: skip


def _is_industry(text: str) -> bool:
    if text.isdigit():
        return True
    if text.casefold() in _RELATIONS:
        return False
    return not (is_email(text) or _URL.match(text) or is_date(text) or text.casefold() in _BOOLEAN)


def _of_network(pattern: str, handle: re.Pattern[str] = _SLUG) -> Callable[[str], bool]:
    there = re.compile(rf"(?:https?://)?(?:[\w-]+\.)?(?:{pattern})/(?!in/|pub/)", re.IGNORECASE)

    def fits(text: str) -> bool:
        if there.match(text):
            return True
        return bool(handle.fullmatch(text)) and not is_number(text) and "." not in text.lstrip("@")

    return fits


#: Target -> whether one value can be it. Where all fit, `SURE` tells whether that shows anything.
FITS: Mapping[str, Callable[[str], bool]] = {
    "name": _is_name, "registry": _is_street_part, "registry_id": _is_register_number,
    "lei": lambda text: bool(re.fullmatch(r"[A-Za-z0-9]{18}\d\d", text)), "vat": _is_vat,
    "legal_form": _is_street_part, "domain": is_site, "website": is_site, "street": _is_street,
    "street_part": _is_street_part, "street2": _is_street, "city": _is_place,
    "zip": lambda text: bool(_ZIP.fullmatch(text)),
    "state": _is_state, "phone": is_phone, "email": is_email, "employees": _is_size,
    "industry": _is_industry, "founded": _is_year, "revenue": _is_money, "technologies": is_text,
    "timezone": lambda text: bool(_TIMEZONE.fullmatch(text)), "location": _is_place,
    "linkedin": _of_network(r"linkedin\.com"), "facebook": _of_network(r"facebook\.com|fb\.com"),
    "twitter": _of_network(r"twitter\.com|x\.com", _HANDLE), "description": is_text,
    "status": lambda text: len(text) <= 100 and not _is_site_or_email(text),
    "logo_url": lambda text: bool(_URL.fullmatch(text)), "contact_name": _is_person,
    "contact_first_name": _is_person, "contact_last_name": _is_person, "contact_title": _is_job,
    "contact_email": is_email, "contact_phone": is_phone,
}  # fmt: skip
#: Targets whose values are like nothing else.
SURE = frozenset(
    (
        "email", "contact_email", "phone", "contact_phone", "website", "domain", "lei", "country",
        "linkedin", "facebook", "twitter", "zip", "founded", "timezone", "vat", "employees",
    )
)  # fmt: skip


#: Targets of which a number says nothing else.
_OF_DIGITS = frozenset(
    ("phone", "contact_phone", "registry_id", "vat", "lei", "employees", "founded", "revenue",
     "zip", "industry")
)  # fmt: skip


def _is_site_or_email(text: str) -> bool:
    return is_email(text) or bool(_URL.match(text))


def _is_recent_year(text: str) -> bool:
    return bool(re.fullmatch(r"(?:19[89]|20[0-4])\d", text))


def _is_salutation(text: str) -> bool:
    return text.casefold().strip(". ") in _SALUTATION or _is_no_word(text)


def _is_no_word(text: str) -> bool:
    return not is_text(text)


class Column:
    """Some values of a column."""

    def __init__(self, values: Sequence[str], read_country: ReadCountry):
        self.cells = [" ".join(value.split()) for value in values[:MOST_VALUES]]
        self.values = [one for one in self.cells if one and not is_placeholder(one)]
        self._read_country = read_country
        self._shares: dict[str, float] = {}

    def share(self, name: str, fits: Callable[[str], bool]) -> float:
        """Return which part of the values fits."""
        if name not in self._shares:
            found = sum(map(bool, map(fits, self.values)))
            self._shares[name] = found / len(self.values) if self.values else 0.0
        return self._shares[name]

    def fit(self, target: str) -> float:
        """Return which part of the values can be what a target means."""
        if target == "country":
            return self.share("country", self._read_country)
        return self.share(target, FITS[target])

    def shows(self, target: str) -> bool:
        """Whether the values alone show that it is so."""
        return bool(self.values) and target in SURE and self.fit(target) >= _FIT

    def denies(self, target: str, *, strict: bool) -> bool:
        """Whether the values are something else.

        :param strict: whether it is enough that most cannot be it; otherwise most have to be
            something known, as a wrong value is told and not passed over
        """
        if not self.values:
            return False
        if target == "country":  # may be written in a language that is not known
            return max(self.share("place", _is_place), self.fit(target)) < _MISFIT
        if target == "revenue" and self.share("year", _is_recent_year) >= _FIT:
            return True  # the year that the revenue is of
        if strict:
            return self.fit(target) < _MISFIT
        fits, other = FITS[target], _is_site_or_email if target in _OF_DIGITS else _is_no_word
        if target == "contact_title":
            other = _is_salutation
        return self.share(f"not {target}", lambda text: other(text) and not fits(text)) > _MISFIT

    def is_named_after(self, names: "Column") -> bool:
        """Whether most pages bear a word of the names beside them: they are the companies' own."""
        pairs = [
            (normalise_name(page).replace(" ", ""), normalise_name(name).split())
            for page, name in zip(self.cells, names.cells, strict=False)
            if page and name
        ]
        found = sum(any(len(word) > 3 and word in page for word in words) for page, words in pairs)
        return bool(pairs) and found >= _FIT * len(pairs)

    def has_within(self, parts: "Column") -> bool:
        """Whether most values hold what stands beside them in another column."""
        pairs = [
            (whole.casefold(), part.casefold())
            for whole, part in zip(self.cells, parts.cells, strict=False)
            if whole and part
        ]
        found = sum(part in whole and part != whole for whole, part in pairs)
        return bool(pairs) and found >= _FIT * len(pairs)

    # === WHAT IT IS WITHOUT A NAME === #

    def alone(self) -> str:
        """Return what the values are whatever they are called, or ""."""
        if not self.values:
            return ""
        for target, fits in _ALONE.items():
            if self.share(f"alone {target}", fits) >= _FIT and self._is_told(target):
                return target
        return ""

    def _is_told(self, target: str) -> bool:
        # One site, or one mailbox, in all rows is the vendor's.
        single = target in ("website", "email", "phone", "linkedin", "logo_url")
        return not single or len(self.values) < 3 or len(set(self.values)) > len(self.values) / 2

    def are_countries(self, shortest: int) -> bool:
        """Whether all are countries of so many letters at least: codes may be of anything."""
        if not self.values or min(map(len, self.values)) < shortest:
            return False
        return self.share("country", self._read_country) >= 0.95

    def are_codes(self) -> bool:
        """Whether most are like an industry's: "62.01", "4619Z", "C 25.62"."""
        return self.share("code", _INDUSTRY_CODE.fullmatch) >= _FIT

    def has_words(self) -> bool:
        return bool(self.values) and self.share("text", _is_name) >= _FIT

    def legal_forms(self) -> float:
        """Return which part of the values ends like a company's name."""
        return self.share("legal form", has_legal_form)


@lru_cache(4096)
def _proven_vat(text: str) -> bool:
    return bool(re.match(r"[A-Za-z]{2}", text)) and checked_vat(text)[1]


_PAGE = r"(?:https?://)?(?:www\.)?"
_FACEBOOK = re.compile(rf"{_PAGE}(?:facebook|fb)\.com/", re.IGNORECASE)
_TWITTER = re.compile(rf"{_PAGE}(?:twitter|x)\.com/", re.IGNORECASE)
_FILE = re.compile(r"\.(?:png|jpe?g|svg|gif|webp|pdf|ico)$", re.IGNORECASE)

_ALONE: Mapping[str, Callable[[str], bool]] = {
    "email": lambda text: bool(read_email(text)),
    "lei": lambda text: bool(normalise_lei(text)),
    "vat": _proven_vat,
    "linkedin": lambda text: bool(_LINKEDIN.search(text)),
    "facebook": lambda text: bool(_FACEBOOK.match(text)),
    "twitter": lambda text: bool(_TWITTER.match(text)),
    "website": lambda text: is_own_site(text) and not _FILE.search(text),
    "phone": lambda text: bool(_INTERNATIONAL.match(text)) and is_phone(text),
}
