"""Which VAT and register numbers are somebody's: check digits by python-stdnum, and no dummies."""

import re
import unicodedata
from collections.abc import Callable, Collection
from functools import cache
from importlib import import_module
from typing import Any

import phonenumbers
from stdnum import get_cc_module
from stdnum.eu.vat import MEMBER_STATES
from stdnum.exceptions import ValidationError

#: Prefixes of VAT numbers that are no country's code.
_PREFIX_OF = {"GR": "EL", "UK": "GB"}
PREFIXES = frozenset(phonenumbers.SUPPORTED_REGIONS) | {"EL", "XI"}
_EUROPEAN = frozenset(code.upper() for code in MEMBER_STATES) | {"EL"}

#: Registers whose numbers have check digits -> python-stdnum's module of them. Registers are named
#: as on org-id.guide, without signs but the hyphen.
_CHECKED_REGISTERS = {
    "AU-ABN": "au.abn", "AU-ACN": "au.acn", "BE-BCEKBO": "be.vat", "BR-CNPJ": "br.cnpj",
    "CH-FDJP": "ch.uid", "CZ-ICO": "cz.dic", "DK-CVR": "dk.cvr", "EE-RIK": "ee.registrikood",
    "FI-PRO": "fi.ytunnus", "FR-RCS": "fr.siren", "FR-SIRENE": "fr.siren", "HR-OIB": "hr.oib",
    "IT-PIVA": "it.iva", "NO-BRC": "no.orgnr", "PL-NIP": "pl.nip", "PL-REGON": "pl.regon",
    "RU-OGRN": "ru.ogrn", "SE-BLV": "se.orgnr", "SG-ACRA": "sg.uen",
}  # fmt: skip

#: What people type to fill a cell. Check digits fit some of them: zeros pass any sum.
_REPEATED = frozenset(digit * times for digit in "0123456789" for times in range(1, 21))
#: Those that no register has given away, even if it counts from 1.
_NO_REGISTER = frozenset(one for one in _REPEATED if one[0] == "0" or len(one) >= 8)
_COUNTED = frozenset(
    digits[:length]
    for digits in ("12345678901234567890", "01234567890123456789", "98765432109876543210")
    for length in range(7, 21)
) - {"01234567"}

#: Digits of the numbers that spreadsheets rob of their zeros: {prefix: digits}.
_DIGITS = {
    "BE": 10, "BG": 9, "BR": 14, "CZ": 8, "EC": 13, "EL": 9, "FI": 8, "FR": 11, "HR": 11,
    "ID": 15, "IT": 11, "MA": 15, "RU": 10, "TH": 13, "TR": 10, "TW": 8, "VN": 10,
}  # fmt: skip
_MOST_LOST = 3  # zeros that check digits may prove: more is a guess

#: Numbers that tax offices tell people to write for a customer who has none.
_ANYBODYS = re.compile(r"(?:MX)?X[AE]XX010101000|(?:PT)?999999990")

_AS_NUMBER = re.compile(r"(\D*\d{6,})[.,]0{1,2}\s*")
_AS_POWER = re.compile(r"\s*\d(?:[.,]\d+)?E\+?\d+\s*|\D*\d(?:[.,]\d+E\+?|E\+)\d+\s*", re.IGNORECASE)
#: What a number is called, in front of it: "P.IVA", "VAT No.", "RCS". Short ones begin no text.
_LABEL = re.compile(
    r"(?:C(?:OD)?(?:ICE)?F(?:ISC(?:ALE)?)?(?=[0-9CEPI])|(?:NUMERO)?PARTITAIVA|PARTIVA|PIVA|PI(?=[0-9]|IT[0-9])"
    r"|(?:N|NUMERO)?IVA(?=[0-9])"
    r"|(?:EU)?VAT|N?O?TVA|NUMERODETVA|USTID(?:ENT)?|UST|UMSATZSTEUER(?:ID(?:ENTIFIKATIONS)?)?(?:NUMMER)?|STEUERNUMMER"
    r"|UID|CIF|NIF|NIE(?=[0-9A-Z][0-9])|BTW|OBNR|MWST|MOMSREG|MOMS|MVA|ORGANISATIONS|ORGANISASJONS|ORG|NIP|REGON|DIC"
    r"|ICO|ICDPH|CUI|CVR|KVK|KBO|BCE|ABN|ACN|CNPJ|GSTIN|GST|EIN|SIRET|SIREN|TAX|FEIN|INN|UEN|CRN|AFM|RUT|CUIT|RUC"
    r"|COMPANY|REGISTRATION|REGISTERED|REGISTER)"
)
_LABEL_ON = re.compile(
    r"(?:NUMMER|NUMBER|NUMERO|NUM|IDENTIFICATION|IDENTIFIKATION|INTRACOMMUNAUTAIRE|INTRACOM|INTRACOMUNITARIO"
    r"|REGISTRATION|REG|IDNR|ID|NR|NO|N(?=[0-9])|OCH|AND|E(?=P)|ET(?=[A-Z])|EU(?=[A-Z]{2}[0-9]))|"
    + _LABEL.pattern
)
_VAT_SHAPE = re.compile(r"[A-Z]{2}(?=.*[0-9])[A-Z0-9+*]{2,16}")
_CNPJ = re.compile(r"[0-9A-Z]{12}[0-9]{2}")
_FIVE_DIGITS = re.compile(r"(?:[^0-9]*[0-9]){5}")
# Luhn's sums of three digits whose second is doubled, or the other two are.
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_SUM = {f"{n:03}": n // 100 + _DOUBLED[n // 10 % 10] + n % 10 for n in range(1000)}
_DOUBLED_SUM = {f"{n:03}": _DOUBLED[n // 100] + n // 10 % 10 + _DOUBLED[n % 10]
                for n in range(1000)}  # fmt: skip


def despoiled(text: str) -> str:
    """Return a number without what a spreadsheet made of it: "00743110157.0"; "" for "7.43E+9".

    The digits that a power has lost cannot be had back.
    """
    if text.isascii() and text.isalnum() and "E" not in text and "e" not in text:
        return text
    if match := _AS_NUMBER.fullmatch(text):
        return match[1]
    return "" if _AS_POWER.fullmatch(text) else text


def behind_label(number: str) -> list[str]:
    """Return what may be the number behind what it is called: "VATNO995525828" -> "NO99…", "99…".

    :param number: upper case, without separators
    """
    found: list[str] = []
    if not number.isascii():  # "DIČ"
        number = "".join(filter(str.isascii, unicodedata.normalize("NFKD", number)))
    match = _LABEL.match(number)
    while match:
        number = number[match.end() :]
        found.append(number)
        match = _LABEL_ON.match(number)
    return found


def checked_vat(number: str, country: str = "", *, complete: bool = False) -> tuple[str, bool]:
    """Return a VAT number with its prefix, and whether check digits prove it; ("", False) if wrong.

    Of a country whose numbers have no known check digits only the shape is judged.

    :param number: upper case, without separators
    :param country: ISO code, for numbers written without prefix
    :param complete: whether the number may have lost zeros, in a spreadsheet
    """
    if is_dummy(number) or _ANYBODYS.fullmatch(number):
        return "", False
    country = _PREFIX_OF.get(country, country)
    prefix = _PREFIX_OF.get(number[:2], number[:2])
    candidates = [(prefix, number[2:])] if prefix in PREFIXES else []
    if country in PREFIXES:
        candidates.append((country, number))
    unproven = ""
    for prefix, rest in candidates:
        if not _VAT_SHAPE.fullmatch(prefix + rest):
            continue
        checks = _vat_checks(prefix)
        if checks is None:
            unproven = unproven or prefix + rest
        elif vat := next(filter(None, map(checks, _spellings(prefix, rest, complete))), ""):
            return vat, True
    is_wrong = any(_vat_checks(prefix) for prefix, _rest in candidates)
    return "" if is_wrong or not _FIVE_DIGITS.match(number) else unproven, False


def checked_registry_id(registry: str, number: str) -> str:
    """Return a register's number, or "" if its check digits are wrong or it is a dummy.

    :param registry: normalised register
    :param number: upper case, without separators
    """
    if number in _NO_REGISTER or not any(map(str.isdigit, number)):
        return ""
    module = _CHECKED_REGISTERS.get(registry)
    if module is None:
        return number
    if module == "fr.siren":
        return _siren(number)
    if module == "br.cnpj":
        return _cnpj(number)
    try:
        return _stdnum(module).validate(number)
    except ValidationError:
        return ""


def are_checked_registry_ids(registry: str, numbers: Collection[str]) -> bool:
    """Whether `checked_registry_id` leaves all these numbers as they are; False says nothing."""
    if registry in _CHECKED_REGISTERS:
        return all(checked_registry_id(registry, number) == number for number in numbers)
    ends = "".join([number[-1:] for number in numbers])
    return ends.isdigit() and _NO_REGISTER.isdisjoint(numbers)


def has_check_digits(registry: str) -> bool:
    return registry in _CHECKED_REGISTERS


def is_dummy(number: str) -> bool:
    """Whether the digits of a number are one digit repeated, or those that one counts up to."""
    if not number.isdigit():
        number = re.sub(r"[^0-9]", "", number)
    return number in _REPEATED or number in _COUNTED


def _spellings(prefix: str, rest: str, complete: bool) -> tuple[str, ...]:
    """Return the number, and with the zeros that it may have lost."""
    if not (complete and rest.isdigit()):
        return (rest,)
    lost = _DIGITS.get(prefix, 0) - len(rest)
    if 0 < lost <= _MOST_LOST:
        return rest, rest.zfill(_DIGITS[prefix])
    if prefix == "AT":
        return rest, f"U{rest}"
    # Hungary's tax number tells a kind and a county behind the eight digits.
    return (rest, rest[:8]) if prefix == "HU" and len(rest) == 11 else (rest,)


@cache
def _vat_checks(prefix: str) -> Callable[[str], str] | None:
    """Return what makes the number behind a prefix a VAT number, or ""; None if nothing is known.

    Those of large files are ours, as python-stdnum takes thirty times as long for them.
    """
    known = {
        "BR": lambda rest: _cnpj(rest) and f"BR{rest}", "CH": _swiss, "FR": _french,
        "IT": _italian, "NO": _norwegian, "SE": _swedish,
    }  # fmt: skip
    if prefix in known:
        return known[prefix]
    if prefix in _EUROPEAN:
        return lambda rest: _european(prefix + rest)
    module = get_cc_module(prefix.lower(), "vat")
    return module and (lambda rest: prefix + rest if module.is_valid(rest) else "")


@cache
def _stdnum(name: str) -> Any:
    return import_module(f"stdnum.{name}")


def _european(number: str) -> str:
    try:
        return _stdnum("eu.vat").validate(number)
    except ValidationError:
        return ""


def _italian(rest: str) -> str:
    if len(rest) != 11 or not rest.isdigit() or rest[:7] == "0000000":
        return ""
    office = int(rest[7:10])
    if not (1 <= office <= 100 or office in (120, 121, 888, 999)):
        return ""
    return f"IT{rest}" if _luhn(rest) else ""


def _french(rest: str) -> str:
    if len(rest) == 11 and rest.isdigit() and rest[2:5] != "000":
        siren = rest[2:]
        return f"FR{rest}" if _luhn(siren) and int(siren + "12") % 97 == int(rest[:2]) else ""
    return f"FR{rest}" if _stdnum("fr.tva").is_valid(rest) else ""


def _swiss(rest: str) -> str:
    number = re.sub(r"(?:HR)?(?:MWST|TVA|IVA|TPV|VAT)?$", "", rest.removeprefix("E"))
    return f"CHE{number}" if _stdnum("ch.uid").is_valid(f"CHE{number}") else ""


def _norwegian(rest: str) -> str:
    number = rest.removesuffix("MVA")
    return f"NO{number}" if _stdnum("no.orgnr").is_valid(number) else ""


def _swedish(rest: str) -> str:
    if len(rest) == 10:
        rest = f"{rest}01"
    return f"SE{rest}" if _stdnum("se.vat").is_valid(rest) else ""


def _siren(number: str) -> str:
    """Return the SIREN of a SIREN or SIRET."""
    if len(number) == 14 and _stdnum("fr.siret").is_valid(number):
        number = number[:9]
    is_siren = len(number) == 9 and number.isascii() and number.isdigit() and _luhn(number)
    return number if is_siren else ""


def _cnpj(number: str) -> str:
    """Return a Brazilian number whose check digits are right, else "".

    It may have letters since July 2026, which the python-stdnum of Odoo's requirements refuses.
    Source: Receita Federal, Instrução Normativa RFB 2.229/2024.
    """
    if not _CNPJ.fullmatch(number):
        return ""
    values = [ord(char) - ord("0") for char in number]
    for place in (12, 13):
        before = enumerate(reversed(values[:place]))
        if values[place] != -sum(value * (far % 8 + 2) for far, value in before) % 11 % 10:
            return ""
    return number


def _luhn(digits: str) -> bool:
    """Whether the check digit of at most twelve digits is right."""
    digits = digits.zfill(12)
    sums = _SUM[digits[9:]] + _DOUBLED_SUM[digits[6:9]] + _SUM[digits[3:6]]
    return (sums + _DOUBLED_SUM[digits[:3]]) % 10 == 0
