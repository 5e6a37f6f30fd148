"""Single values as websites write them, brought into the form that Odoo keeps."""

import re

import phonenumbers

from ...company.names import is_only_function
from ...company.numbers import checked_vat
from .page import clean
from .phones import formatted

_EMAIL = re.compile(
    r"[a-z0-9](?:[a-z0-9._%+-]{0,62}[a-z0-9_-])?@(?:[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\.)+[a-z]{2,24}"
)

#: Functions whose addresses are the most useful ones, the best first.
ROLES = (
    "info", "contact", "kontakt", "contatti", "contacto", "contacts", "sales", "vertrieb",
    "vendite", "commerciale", "ventas", "commercial", "verkauf", "office", "hello", "hallo",
    "mail", "email", "post", "support", "service", "servicio", "servizio", "kundenservice",
    "customerservice", "clienti", "help", "helpdesk", "team", "welcome", "zentrale", "empfang",
    "sekretariat", "segreteria", "secretariat", "accueil", "buero", "kanzlei", "studio",
    "amministrazione", "administration", "administracion", "admin", "verwaltung", "accounting",
    "billing", "buchhaltung", "invoice", "export", "marketing", "presse", "press", "stampa",
    "media", "pr", "hr", "jobs", "karriere", "bewerbung", "recrutement", "careers", "order",
    "orders", "bestellung", "ordini", "booking", "reservation", "prenotazioni", "shop", "store",
    "webshop", "enquiries", "inquiry", "anfrage", "request", "datenschutz", "privacy", "dpo",
    "legal",
)  # fmt: skip
_ROLE_RANK = {role: rank for rank, role in enumerate(ROLES)}


#: Identity numbers of natural persons that serve as VAT numbers.
_OF_PERSONS = re.compile(r"ES[0-9KLMXYZ]|PT(?:[123]|45)|SE..[01]")


#: Top-level domains of countries whose code differs, and those that anybody takes.
_TOP_LEVELS = {"uk": "GB"}
_ANYBODYS = frozenset((
    "ai", "cc", "co", "fm", "io", "me", "ly", "sh", "so", "to", "tv", "ws", "eu",
))  # fmt: skip


def email_of(value: object) -> str:
    """Return the address of "mailto:INFO@example.com?subject=x" in lower case, "" if it is none."""
    text = clean(value, 500).casefold().removeprefix("mailto:").partition("?")[0]
    text = text.replace("%40", "@").strip()
    return text if len(text) <= 254 and _EMAIL.fullmatch(text) else ""


def emails_in(text: str) -> list[str]:
    """Return the addresses in a text. Those written to escape collectors ("at") are left alone."""
    return [match[0] for match in _EMAIL.finditer(text.casefold())]


def role_rank(
    email: str, towns: frozenset[str] = frozenset(), own: frozenset[str] = frozenset()
) -> int | None:
    """Return how useful a role's address is (0 is best), None for what may be a person's.

    :param towns: as `own`, see `is_only_function`
    """
    if not is_only_function(email, towns, own):
        return None
    words = re.split(r"[._+-]", email.partition("@")[0])
    return min(_ROLE_RANK.get(word, len(ROLES)) for word in words)


def parsed_vat(value: str, country: str = "") -> str:
    """Return a VAT number with its country's prefix; "" unless its check digits prove it.

    Those that are a natural person's own number are left out, where the number tells.

    :param country: ISO code, for numbers written without prefix
    """
    compact = re.sub(r"[^A-Z0-9+*]", "", value.upper())[:20]
    vat, is_proven = checked_vat(compact, country)
    return vat if is_proven and not _OF_PERSONS.match(vat) else ""


def vat_country(vat: str) -> str:
    """Return the ISO code of the country that a VAT number's prefix names."""
    return {"EL": "GR", "XI": "GB"}.get(vat[:2], vat[:2])


def parsed_phone(value: str, country: str = "") -> str:
    """Return a telephone number as "+49 30 1234567", "" unless it is valid.

    :param country: ISO code, for numbers written without country calling code
    """
    text = clean(value, 60).removeprefix("tel:").replace("%20", " ").replace("(0)", "")
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return ""
    return formatted(number) if phonenumbers.is_valid_number(number) else ""


def phone_country(phone: str) -> str:
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return ""
    return region if region and region.isalpha() else ""


def country_of_host(host: str) -> str:
    """Return the ISO code of the country whose domain a host lies in, or ""."""
    top = host.rpartition(".")[2]
    if len(top) != 2 or top in _ANYBODYS:
        return ""
    return _TOP_LEVELS.get(top, top.upper())
