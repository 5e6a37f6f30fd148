"""Whose companies a file lists, where it has no column for that: the register and the country."""

import re
from collections import Counter
from collections.abc import Sequence

import phonenumbers

from odoo.addons.crm_lead_mining.company.identity import (
    normalise_domain,
    normalise_vat,
)

from .headers import normalise_header
from .kinds import Column

#: Register that the name of its numbers gives away: header -> code as in org-id.guide.
_REGISTER_OF = {
    name: code
    for code, names in {
        "FR-SIRENE": "siren siret numerosiren nsiren numerosiret sirennumber",
        "GB-COH": "companynumber companieshousenumber companyhousenumber",
        "IT-RI": "numerorea nrea rea codicerea numeroccia numerocciaa",
        "BR-CNPJ": "cnpj cnpjcpf cpfcnpj numerocnpj",
        "NL-KVK": "kvk kvknummer kvknr nummerkvk",
        "NO-BRC": "organisasjonsnummer",
        "SE-BLV": "organisationsnummer peorgnr",
        "DK-CVR": "cvr cvrnr cvrnummer cvrnumber",
        "FI-PRO": "ytunnus",
        "BE-BCE_KBO": "ondernemingsnummer numerodentreprise kbonummer bcenummer numerobce",
        "EE-RIK": "registrikood ariregistrikood",
        "LV-RE": "regcode registracijasnumurs",
        "LT-RC": "jakodas imoneskodas",
        "PL-KRS": "krs numerkrs nrkrs",
        "PL-REGON": "regon numerregon",
        "CZ-ICO": "ico",
        "AU-ABN": "abn",
    }.items()
    for name in names.split()
}
#: Countries in which a tax number is called so.
_TAX_NUMBER_OF = {
    name: codes.split()
    for codes, names in {
        "IT": "partitaiva piva partiva codiceiva pivacf pivacodicefiscale partitaivacf codfisc"
        " codicefiscale",
        "ES PT": "nif nifcif cifnif cif codigonif codigocif",
        "PT": "nipc contribuinte",
        "PL": "nip numernip",
        "CZ": "dic",
        "NL": "btw btwnummer btwnr",
        "FR": "tvaintra tvaintracommunautaire ntva numerotva",
        "DE AT": "ustid ustidnr umsatzsteuerid",
        "GR": "αφμ",
        "EE": "kmkr kmkrnr",
        "LV": "pvn",
    }.items()
    for name in names.split()
}
#: Top-level domains that are a country's, and only nearly so.
_ANYBODYS_TOPS = frozenset(
    ("co", "io", "ai", "me", "tv", "cc", "ws", "fm", "am", "eu", "la", "ly", "sh", "gg", "to", "nu",
     "st", "ag")
)  # fmt: skip
_PHONE = re.compile(r"(?:\+|00)\s?\(?([1-9][\d\s()./-]{6,})")
_LEAST_VOTES = 3
_AGREED = 0.9


def guess_registry(header: Sequence[str]) -> str:
    """Return the register whose own numbers the file has, or ""."""
    names = [normalise_header(cell) for cell in header]
    if "companynumber" in names and "regaddressposttown" not in names:
        return ""
    if "icdph" in names:  # what Slovaks call a VAT number
        return "SK-ORSR" if "ico" in names else ""
    return next((_REGISTER_OF[name] for name in names if name in _REGISTER_OF), "")


def guess_country(header: Sequence[str], targets: Sequence[str], columns: Sequence[Column]) -> str:
    """Return the code of the country in which all companies of the file are, or "".

    Told by check digits of tax numbers, or by prefixes of phones and top-level domains that agree.
    """
    of_targets = [
        (target, name, column)
        for target, name, column in zip(targets, header, columns, strict=True)
    ]
    for target, name, column in of_targets:
        if target == "vat" and (code := _of_tax_numbers(name, column)):
            return code
    votes = Counter(
        code
        for target, _name, column in of_targets
        for code in map(_VOTES.get(target, _no_vote), column.values)
        if code
    )
    if not votes:
        return ""
    code, count = votes.most_common(1)[0]
    return code if count >= _LEAST_VOTES and count >= _AGREED * votes.total() else ""


def _of_tax_numbers(header: str, column: Column) -> str:
    prefixes = Counter(normalise_vat(value)[:2] for value in column.values if value[:2].isalpha())
    prefixes.pop("", None)
    if prefixes:
        code, count = prefixes.most_common(1)[0]
        return (
            {"EL": "GR", "XI": "GB"}.get(code, code)
            if count >= _AGREED * len(column.values)
            else ""
        )
    for code in _TAX_NUMBER_OF.get(normalise_header(header), ()):
        right = column.share(f"vat {code}", lambda text, code=code: normalise_vat(text, code))
        if right >= _AGREED:
            return code
    return ""


def _of_phone(text: str) -> str:
    match = _PHONE.match(text)
    if not match:
        return ""
    digits = re.sub(r"\D", "", match[1])
    for length in (1, 2, 3):
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:length]))
        if regions:
            return regions[0] if len(regions) == 1 or length > 1 else ""
    return ""


def _of_site(text: str) -> str:
    top = normalise_domain(text).rpartition(".")[2]
    if len(top) != 2 or top in _ANYBODYS_TOPS:
        return ""
    return "GB" if top == "uk" else top.upper()


def _no_vote(_text: str) -> str:
    return ""


_VOTES = {"phone": _of_phone, "website": _of_site, "domain": _of_site, "email": _of_site}
