"""What a page tells readers: contact data and identifiers in links and text.

Many countries oblige companies to print them: § 5 DDG in Germany, art. 6-III LCEN in France,
art. 35 DPR 633/1972 (VAT number on the home page) in Italy, regulation 25 of the Company, Limited
Liability Partnership and Business Regulations 2015 in the United Kingdom.
"""

import re
from collections.abc import Iterator

from ...company.identity import normalise_registry_id
from .findings import Finding
from .page import WebPage
from .phones import read_phones
from .socials import social_of
from .values import email_of, emails_in, parsed_vat

#: The text beneath a link is looked at for numbers on these kinds of pages.
_RANK_OF_KIND = {"legal": 0, "contact": 1, "home": 2, "about": 3}

_VAT_LABEL = re.compile(
    r"(?P<it>p(?:art(?:ita)?)?\.? ?iva|p\.i\.)|(?P<de>ust\.?-? ?id|"
    r"umsatzsteuer-?(?:id|identifikations))|(?P<at>\buid\b)|(?P<ch>\bmwst\b)|"
    r"(?P<fr>\btva\b)|(?P<nl>\bbtw\b)|(?P<es>\b(?:nif|cif|iva)\b)|(?P<any>\bvat\b|\bnip\b)",
    re.IGNORECASE,
)
_VAT_NUMBER = re.compile(r"\b(?:[A-Z]{2,3}[ -]?)?[0-9][0-9A-Z .\-/]{5,18}[0-9A-Z]|\b[A-Z]{2,3}[ -]?"
                         r"[A-Z][0-9A-Z .-]{6,14}", re.IGNORECASE)  # fmt: skip

_SIREN = re.compile(r"\b(?:siren|siret|rcs)\b\D{0,40}?(\d{3}[ .]?\d{3}[ .]?\d{3}(?:[ .]?\d{5})?)\b",
                    re.IGNORECASE)  # fmt: skip
_COMPANY_NUMBER = re.compile(
    r"(?:company|registration|registered|reg\.?)\s+(?:registration\s+)?(?:number|no\.?|in england)"
    r"[^\n0-9]{0,60}?\b((?:SC|NI|OC|SO|NC)?\d{6,8})\b",
    re.IGNORECASE,
)

_LEGAL_FORM = re.compile(
    r"(?<![\w.])(?:gmbh(?: & co\.? kg)?|ag|kg|ohg|ug(?: \(haftungsbeschränkt\))?|e\.? ?k\.?|"
    r"s\.?p\.?a\.?|s\.?r\.?l\.?s?|s\.?n\.?c\.?|s\.?a\.?s\.?u?|sarl|eurl|s\.?a\.?|s\.?l\.?u?|"
    r"ltd\.?|limited|plc|llp|llc|inc\.?|corp\.?|b\.?v\.?|n\.?v\.?|a/s|aps|ab|oy|sp\. z o\.o\.|"
    r"s\.r\.o\.)(?=$|[\s,.;|])",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"^(?:(?:D|A|CH|F|I|B|L|E)-)?(?P<zip>\d{4,5}) (?P<city>[^\W\d_][^\d\n,;:|@]{1,40}?)"
    r"(?: \([A-Z]{2}\))?(?:,? (?:Germany|Deutschland|Austria|Österreich|Schweiz|France|Italy|"
    r"Italia|España|Spain))?$"
)
_STREET = re.compile(r"^(?=.*[^\W\d_]{3})(?=.*\d)[^@:|]{4,80}$")


def read_identifiers(page: WebPage, country: str) -> Iterator[Finding]:
    """Yield VAT number, register and address of the company.

    :param country: ISO code of where the company most likely is, for VAT numbers without prefix
    """
    place = _RANK_OF_KIND[page.kind]
    if vat := vat_in(page.text, country):
        yield Finding("vat", vat, page.url, 30 + place)
    if registry := registry_in(page.text):
        yield Finding("registry", registry, page.url, 30 + place)
    if page.kind == "legal":
        yield from _printed_address(page)


def read_contact_data(page: WebPage, country: str) -> Iterator[Finding]:
    """Yield telephone numbers, e-mail addresses and profiles on social networks.

    What the page calls something else is told too, as a link may take it for a telephone number.

    :param country: ISO code, for telephone numbers without a country's prefix
    """
    place = _RANK_OF_KIND[page.kind]
    yield from _links(page, country, place)
    for email in emails_in(page.text)[:50]:
        yield Finding("emails", email, page.url, 40 + place)
    printed = read_phones(page.text, country)
    for phone in printed.phones[:5]:
        yield Finding("phone", phone, page.url, 40 + place)
    for number in printed.other:
        yield Finding("no_phone", number, page.url)


def _links(page: WebPage, country: str, place: int) -> Iterator[Finding]:
    for url, _text in page.links:
        if url.lower().startswith("mailto:"):
            if email := email_of(url):
                yield Finding("emails", email, page.url, 20 + place)
        elif url.lower().startswith("tel:"):
            yield Finding("raw_phone", (url[4:], country), page.url, 20 + place)
        elif social := social_of(url):
            yield Finding("socials", social, page.url, 20)


def vat_in(text: str, country: str = "") -> str:
    """Return the first valid VAT number that follows its name ("USt-IdNr.", "P. IVA", "VAT")."""
    for label in list(_VAT_LABEL.finditer(text))[:20]:
        following = text[label.end() : label.end() + 60]
        group = (label.lastgroup or "").upper()
        for match in _VAT_NUMBER.finditer(following):
            for number in _shortened(match[0]):
                if vat := parsed_vat(number, country if group == "ANY" else group):
                    return vat
    return ""


def _shortened(number: str) -> Iterator[str]:
    """Yield a number, then without the words that a generous pattern caught behind it."""
    parts = number.split()
    for end in range(len(parts), 0, -1):
        yield " ".join(parts[:end])


def registry_in(text: str) -> dict[str, str]:
    """Return the register and number of a French or British company's imprint, or {}."""
    for pattern, register in ((_SIREN, "FR-SIRENE"), (_COMPANY_NUMBER, "GB-COH")):
        for match in pattern.finditer(text):
            registry, number = normalise_registry_id(register, match[1])
            if number:
                return {"registry": registry, "registry_id": number}
    return {}


def _printed_address(page: WebPage) -> Iterator[Finding]:
    """Yield the address of an imprint: a line with post code and city below one with a street.

    The company's name stands above, if that line names a legal form.
    """
    lines = [line.strip(" ,") for line in page.text.splitlines()[:400]]
    # "Street 1, 12345 City" in one line is as common.
    lines = [part.strip() for line in lines for part in re.split(r"\s[-–|•]\s|,\s+(?=\d)", line)]
    for index, line in enumerate(lines):
        place, street = _PLACE.match(line), lines[index - 1] if index else ""
        if place and _STREET.match(street):
            address = {"street": street, "zip": place["zip"], "city": place["city"].strip()}
            yield Finding("address", address, page.url, 30)
            if name := _company_name(lines[max(0, index - 5) : index - 1]):
                yield Finding("name", name, page.url, 20)
            return


def _company_name(lines: list[str]) -> str:
    named = (line for line in reversed(lines) if _LEGAL_FORM.search(line) and len(line) <= 100)
    return next(named, "")
