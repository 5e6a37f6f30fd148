"""The invented companies: each trade in each place.

Nobody is reached by them: names below "example" are reserved (RFC 2606), and numbers stand only
where the country keeps some for fiction (Ofcom's and ACMA's drama numbers, 555-01xx, those that
ARCEP and the Bundesnetzagentur reserve for films).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from odoo.addons.crm_lead_mining.company.roles import role_of, seniority_of
from odoo.addons.crm_lead_mining.company.types import Company, Contact


@dataclass(frozen=True, slots=True)
class _Trade:
    industry: str  # NACE Rev. 2
    employees: int  # of the smallest company
    founded: int
    technologies: tuple[str, ...]
    names: dict[str, str]  # language -> what such a company is called


@dataclass(frozen=True, slots=True)
class _Place:
    country: str
    state: str  # as in res.country.state
    city: str
    zip: str
    street: str
    timezone: str
    language: str
    name: str  # of a company, around its trade
    phone: str = ""  # without its last two digits


@dataclass(frozen=True, slots=True)
class _People:
    surname: str  # says that nobody is meant
    titles: tuple[str, str, str]
    first_names: tuple[str, ...]


_TRADES = (
    _Trade("10", 6, 1987, ("Shopify",), {
        "en": "Bakery", "it": "Panificio", "fr": "Boulangerie", "de": "Bäckerei",
        "es": "Panadería", "nl": "Bakkerij",
    }),
    _Trade("28", 120, 1961, ("SAP",), {
        "en": "Machine Works", "it": "Officine", "fr": "Mécanique", "de": "Maschinenbau",
        "es": "Maquinaria", "nl": "Machinebouw",
    }),
    _Trade("43", 18, 1994, ("WordPress",), {
        "en": "Electrical", "it": "Impianti", "fr": "Électricité", "de": "Elektrotechnik",
        "es": "Instalaciones", "nl": "Elektrotechniek",
    }),
    _Trade("46", 45, 1978, ("Odoo", "Shopify"), {
        "en": "Wholesale", "it": "Ingrosso", "fr": "Grossiste", "de": "Großhandel",
        "es": "Mayorista", "nl": "Groothandel",
    }),
    _Trade("49", 60, 1972, (), {
        "en": "Haulage", "it": "Trasporti", "fr": "Transports", "de": "Spedition",
        "es": "Transportes", "nl": "Transport",
    }),
    _Trade("55", 25, 1999, ("WordPress",), {
        "en": "Hotel", "it": "Albergo", "fr": "Hôtel", "de": "Hotel", "es": "Hotel", "nl": "Hotel",
    }),
    _Trade("62", 15, 2011, ("Python", "PostgreSQL"), {
        "en": "Software", "it": "Informatica", "fr": "Informatique", "de": "Software",
        "es": "Informática", "nl": "Software",
    }),
    _Trade("71", 9, 2004, ("Odoo",), {
        "en": "Engineering", "it": "Ingegneria", "fr": "Ingénierie", "de": "Ingenieurbüro",
        "es": "Ingeniería", "nl": "Ingenieursbureau",
    }),
)  # fmt: skip

_PLACES = (
    _Place("US", "NY", "Albany", "12207", "Invented Street", "America/New_York", "en",
           "Example {} Inc.", "+1 518-555-01"),
    _Place("US", "CA", "Sacramento", "95814", "Invented Avenue", "America/Los_Angeles", "en",
           "Sample {} LLC", "+1 916-555-01"),
    _Place("GB", "", "Bristol", "BS1 1AA", "Invented Road", "Europe/London", "en",
           "Example {} Ltd", "+44 117 496 00"),
    _Place("IE", "", "Galway", "H91 A000", "Invented Road", "Europe/Dublin", "en",
           "Example {} DAC"),
    _Place("AU", "NSW", "Sydney", "2000", "Invented Street", "Australia/Sydney", "en",
           "Example {} Pty Ltd", "+61 2 5550 00"),
    _Place("IT", "TO", "Torino", "10100", "Via Inventata", "Europe/Rome", "it",
           "{} Esempio S.r.l."),
    _Place("FR", "", "Lyon", "69001", "Rue Imaginaire", "Europe/Paris", "fr",
           "{} Exemple SARL", "+33 4 65 71 00 "),
    _Place("BE", "", "Namur", "5000", "Rue Imaginaire", "Europe/Brussels", "fr",
           "{} Exemple SRL"),
    _Place("DE", "", "München", "80331", "Musterstraße", "Europe/Berlin", "de",
           "{} Muster GmbH", "+49 89 999980"),
    _Place("AT", "", "Linz", "4020", "Musterstraße", "Europe/Vienna", "de",
           "{} Muster OG"),
    _Place("ES", "", "Valencia", "46001", "Calle Inventada", "Europe/Madrid", "es",
           "{} Ejemplo S.L."),
    _Place("NL", "", "Utrecht", "3511 AA", "Voorbeeldstraat", "Europe/Amsterdam", "nl",
           "{} Voorbeeld B.V."),
)  # fmt: skip

_PEOPLE = {
    "en": _People("Example", ("CEO", "Sales Director", "IT Manager"),
                  ("Nora", "Owen", "Ruth", "Miles", "Edith")),
    "it": _People("Esempio", ("Amministratore delegato", "Direttore vendite",
                              "Responsabile informatica"),
                  ("Bianca", "Dario", "Elsa", "Furio", "Ilaria")),
    "fr": _People("Exemple", ("Directeur général", "Directeur commercial",
                              "Responsable informatique"),
                  ("Basile", "Clarisse", "Damien", "Élodie", "Firmin")),
    "de": _People("Muster", ("CEO", "Leitung Vertrieb", "Leitung Informatik"),
                  ("Birgit", "Detlef", "Frauke", "Gernot", "Heike")),
    "es": _People("Ejemplo", ("Consejero delegado", "Director de ventas",
                              "Responsable de informática"),
                  ("Blas", "Celia", "Darío", "Elvira", "Fermín")),
    "nl": _People("Voorbeeld", ("CEO", "Sales manager", "IT-manager"),
                  ("Aafke", "Bram", "Dineke", "Evert", "Femke")),
}  # fmt: skip


def _company(trade: _Trade, place: _Place, number: int) -> Company:
    """Return one company; its number gives it a size, an address and people of its own."""
    called = trade.names[place.language]
    host = f"{_plain(called)}-{_plain(place.city)}.example"
    employees = trade.employees * (1 + number % 5)
    return Company(
        name=place.name.format(called),
        domain=host,
        website=f"https://www.{host}",
        street=f"{place.street} {1 + number}",
        city=place.city,
        zip=place.zip,
        state_code=place.state,
        country_code=place.country,
        phone=place.phone and f"{place.phone}{number % 100:02}",
        emails=(f"info@{host}",),
        employees_min=employees,
        employees_max=employees,
        employees=employees,
        industries=(trade.industry,),
        founded=trade.founded + number % 7,
        description="There is no such company: it was invented for trying out lead mining.",
        technologies=trade.technologies,
        timezone=place.timezone,
        contacts=tuple(_contacts(_PEOPLE[place.language], host, number)),
    )


def _contacts(people: _People, host: str, number: int) -> Iterator[Contact]:
    for place, title in enumerate(people.titles):
        first_name = people.first_names[(number + place) % len(people.first_names)]
        yield Contact(
            name=f"{first_name} {people.surname}",
            job_title=title,
            role=role_of(title),
            seniority=seniority_of(title),
            email=f"{_plain(first_name)}@{host}",
        )


def _plain(text: str) -> str:
    """Return a text as it may stand in the name of a host."""
    ascii_only = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.decode().lower())


COMPANIES = tuple(
    _company(trade, place, row * len(_TRADES) + column)
    for row, place in enumerate(_PLACES)
    for column, trade in enumerate(_TRADES)
)
