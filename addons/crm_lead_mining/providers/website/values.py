"""Single values as websites write them, brought into the form that Odoo keeps."""

import re

import phonenumbers

from ...company.numbers import checked_vat
from .page import clean
from .phones import formatted

_EMAIL = re.compile(
    r"[a-z0-9](?:[a-z0-9._%+-]{0,62}[a-z0-9_-])?@(?:[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\.)+[a-z]{2,24}"
)

#: Local parts behind which a function stands, not a person; the most useful ones first.
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


def email_of(value: object) -> str:
    """Return the address of "mailto:INFO@example.com?subject=x" in lower case, "" if it is none."""
    text = clean(value, 500).casefold().removeprefix("mailto:").partition("?")[0]
    text = text.replace("%40", "@").strip()
    return text if len(text) <= 254 and _EMAIL.fullmatch(text) else ""


def emails_in(text: str) -> list[str]:
    """Return the addresses in a text. Those written to escape collectors ("at") are left alone."""
    return [match[0] for match in _EMAIL.finditer(text.casefold())]


def role_rank(email: str) -> int | None:
    """Return how useful a role's address is (0 is best), None for what may be a person's.

    A role may carry a place or a language: "info-berlin" doesn't, "info.de" does.
    """
    local = email.partition("@")[0]
    role = re.sub(r"[._+-][a-z]{2}$", "", local)
    return _ROLE_RANK.get(role)


def parsed_vat(value: str, country: str = "") -> str:
    """Return a VAT number with its country's prefix; "" unless its check digits prove it.

    :param country: ISO code, for numbers written without prefix
    """
    compact = re.sub(r"[^A-Z0-9+*]", "", value.upper())[:20]
    vat, is_proven = checked_vat(compact, country)
    return vat if is_proven else ""


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
