"""VAT and register numbers in the text of a page: each behind its name, proven by check digits.

Many countries oblige companies to print them: § 5 DDG in Germany, art. 6-III LCEN in France,
art. 35 DPR 633/1972 (VAT number on the home page) in Italy, regulation 25 of the Company, Limited
Liability Partnership and Business Regulations 2015 in the United Kingdom.
"""

import re
from collections.abc import Iterator

from ...company.identity import normalise_registry_id, registry_of_vat
from .values import parsed_vat

#: Names of VAT numbers -> the countries that call them so. Where a number has no prefix, that of
#: the company comes first.
_VAT_NAMES = (
    (r"p(?:art(?:ita)?)?\.?\s?i\.?\s?v\.?\s?a\b|p\.\s?i\.|p\.?iva", ("IT",)),
    (r"ust\.?\s?-?\s?id|umsatzsteuer[\s-]?(?:id|ident|nummer)", ("DE", "AT")),
    (r"\buid\b|\bide\b|\bidi\b", ("AT", "CH")),
    (r"\bmwst", ("CH", "DE", "AT")),
    (r"\bt\.?v\.?a\b", ("FR", "BE", "CH", "LU", "RO")),
    (r"\bbtw\b|ondernemingsn", ("NL", "BE")),
    (r"entreprise\b", ("BE",)),
    (r"\bc\.?\s?i\.?\s?f\b", ("ES", "RO")),
    (r"\bn\.?\s?i\.?\s?f\b|\bnipc\b|contribuinte", ("ES", "PT")),
    (r"\biva\b", ("IT", "ES", "PT", "CH")),
    (r"\bnip\b", ("PL",)),
    (r"\bmoms|\bmva\b|\bse-nr\b", ("SE", "DK", "NO")),
    (r"\bdi[čc]\b|\bič\s?dph\b", ("CZ", "SK")),
    (r"\bcui\b|\bcod\s?fiscal\b", ("RO",)),
    (r"\balv\b|\by-tunnus\b", ("FI",)),
    (r"\bad[óo]sz[áa]m\b", ("HU",)),
    (r"\bα\.?φ\.?μ\b", ("EL",)),
    (r"\boib\b", ("HR",)),
    (r"\bddv\b|\bid\s?za\s?ddv\b", ("SI",)),
    (r"\bддс\b", ("BG",)),
    (r"\bpvn\b|\bpvm\b|\bkmkr\b", ("LV", "LT", "EE")),
    (r"\bvat\b|\btax\s?id", ()),
)
_VAT_NAME = re.compile(
    "|".join(f"(?P<n{place}>{name})" for place, (name, _codes) in enumerate(_VAT_NAMES)),
    re.IGNORECASE,
)
#: A number of at least seven characters: a prefix, then digits among which few letters stand.
_NUMBER = re.compile(
    r"(?<![\w§])(?:[A-Z]{2,3}[ .-]?)?(?:[A-Z]-?)?\d[\dA-Z+*]*"
    r"(?:[ .\-/]{1,2}[A-Z]{0,3}\d[\dA-Z]*)*(?!\w)",
    re.IGNORECASE,
)
#: What stands before digits and looks like a prefix. Norway's is followed by nothing.
_NUMBERS_NAME = re.compile(r"^(?:no|nr|reg|num)[ .-]", re.IGNORECASE)
_REACH = 110  # characters behind a name: "gemäß § 27 a Umsatzsteuergesetz:" stands between
#: With its prefix a number says what it is, even without a name before it.
_NAMELESS = re.compile(
    r"(?<![\w.-])(?:ATU ?\d{8}|BE ?[01]\d{3}[ .]?\d{3}[ .]?\d{3}|NL ?\d{9} ?B ?\d{2}|DE ?\d{9}|"
    r"CHE-?\d{3}\.\d{3}\.\d{3}|IT ?\d{11}|PL ?\d{10}|SE ?\d{10}01)(?![\w]|[ .]\d)"
)

_SPACED = r"[ .\u2019']?"
#: (register, country or "", what names its numbers, the number); a group, if any, is the number.
_REGISTERS = (
    ("FR-SIRENE", "FR", r"\b(?:siren|siret|r\.?\s?c\.?\s?s\.?)\b|registre du commerce",
     rf"\d{{3}}{_SPACED}\d{{3}}{_SPACED}\d{{3}}(?:{_SPACED}\d{{5}})?"),
    ("GB-COH", "GB",
     r"\b(?:company|registration|registered|reg\.?)\s+(?:(?:company|office|registration)\s+)?"
     r"(?:number|n[or]\.?(?!\w)|in\s+(?:england|scotland|wales|northern|the\s+u\.?k|great))|"
     r"companies house", r"(?:SC|NI|OC|SO|NC|R0)?\d{5,8}"),
    ("IE-CRO", "IE", r"\b(?:company|registration|registered|reg\.?)\s+(?:registration\s+)?"
     r"(?:number|no\.?|in (?:the republic of )?ireland)", r"\d{5,6}"),
    ("NL-KVK", "NL", r"\bk\.?\s?v\.?\s?k\b|kamer van koophandel|chamber of commerce", r"\d{8}"),
    ("BE-BCE_KBO", "BE", r"\bkbo\b|\bbce\b|ondernemingsn|entreprise\b|\brp[rm]\b",
     rf"[01]\d{{3}}{_SPACED}\d{{3}}{_SPACED}\d{{3}}"),
    ("CH-FDJP", "", r"", r"\bCHE[- ]?\d{3}\.?\d{3}\.?\d{3}"),
    ("SE-BLV", "SE", r"\borg(?:anisations)?\.?\s?-?(?:nr|nummer|no)", r"\d{2}[2-9]\d{3}-?\d{4}"),
    ("NO-BRC", "NO", r"\borg(?:anisasjons)?\.?\s?-?(?:nr|nummer|no)|foretaksregisteret",
     r"\d{3} ?\d{3} ?\d{3}"),
    ("DK-CVR", "DK", r"\bcvr\b", r"\d{2} ?\d{2} ?\d{2} ?\d{2}"),
    ("FI-PRO", "FI", r"\by-?tunnus\b|\bbusiness id\b", r"\d{7}-\d"),
    ("CZ-ICO", "CZ", r"\bi[čc]o?\b", r"\d{3} ?\d{2} ?\d{3}"),
    ("PL-KRS", "PL", r"\bkrs\b", r"0\d{9}"),
)  # fmt: skip
#: Between a register's name and a number: a few words, or nothing and the number fills a line.
_ON_ITS_LINE, _BELOW = r"[^\n\d]{0,70}?", r"[:.\s]{0,3}\n(?=\S+(?:\n|$))"
_REGISTER_PATTERNS = tuple(
    (register, country, re.compile(
        rf"(?:{name})(?:{_ON_ITS_LINE}|{_BELOW})(?<!\w)({number})(?![\w-])" if name
        else rf"({number})(?!\w)",
        re.IGNORECASE))
    for register, country, name, number in _REGISTERS
)  # fmt: skip
#: What says, before a number or in front of its name, that it is of another kind.
_OF_ANOTHER_KIND = re.compile(
    r"\b(?:vat|tax|charit|fca|fsa|sra|gmc|gdc|data protection|phone|tel|fax|iban|capital)",
    re.IGNORECASE,
)


def vat_in(text: str, country: str = "") -> str:
    """Return the first proven VAT number that follows its name ("USt-IdNr.", "P. IVA", "VAT").

    :param country: ISO code of where the company most likely is
    """
    for name in list(_VAT_NAME.finditer(text))[:40]:
        codes = _VAT_NAMES[int((name.lastgroup or "n0")[1:])][1]
        following = text[name.end() : name.end() + _REACH]
        if vat := next(_vats(following, _ordered(codes, country)), ""):
            return vat
    return next(filter(None, (parsed_vat(one[0]) for one in _NAMELESS.finditer(text))), "")


def _ordered(codes: tuple[str, ...], country: str) -> tuple[str, ...]:
    """Return the countries of which a number without prefix may be, by what it is called."""
    return (country,) if country in codes or (country and not codes) else codes or ("",)


def _vats(text: str, countries: tuple[str, ...]) -> Iterator[str]:
    for match in list(_NUMBER.finditer(text))[:6]:
        for number in _shortened(_NUMBERS_NAME.sub("", match[0])):
            if len(re.sub(r"\W", "", number)) < 7:
                continue
            for country in countries:
                if vat := parsed_vat(number, country):
                    yield vat


def _shortened(number: str) -> Iterator[str]:
    """Yield a number, then without the words that a generous pattern caught behind it."""
    parts = number.split()
    for end in range(len(parts), 0, -1):
        yield " ".join(parts[:end])


def registry_in(text: str, country: str = "", vat: str = "") -> dict[str, str]:
    """Return the register and number that a text names, or {}.

    :param country: ISO code: registers of other countries call their numbers alike
    :param vat: which holds the number in some countries
    """
    for register, its_country, pattern in _REGISTER_PATTERNS:
        if its_country and country and country != its_country:
            continue
        for match in pattern.finditer(text):
            around = text[max(0, match.start() - 20) : match.start(1)].rpartition("\n")[2]
            if its_country == "GB" and _OF_ANOTHER_KIND.search(around):
                continue
            registry, number = normalise_registry_id(register, match[1])
            if number:
                return {"registry": registry, "registry_id": number}
    registry, number = registry_of_vat(vat)
    return {"registry": registry, "registry_id": number} if number else {}
