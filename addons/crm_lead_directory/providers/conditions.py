"""What rows of the directory a query asks for, as conditions of SQL."""

import re
from collections.abc import Sequence

from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company import nace
from odoo.addons.crm_lead_mining.company.classes import revenues_from
from odoo.addons.crm_lead_mining.company.identity import REGISTERS_OF_VAT, normalise_registry
from odoo.addons.crm_lead_mining.company.matching import is_postal_code
from odoo.addons.crm_lead_mining.company.states import state_key
from odoo.addons.crm_lead_mining.company.types import CompanyQuery

#: How much is not known of a company that a salesperson needs: 0 to `MOST_GAPS`. The search reads
#: the index of this expression, in its order.
_NEEDED = ("phone", "emails", "domain", "industry", "city")
GAPS = SQL(
    "(%s + (employees_min IS NULL)::int)",
    SQL(" + ").join(SQL("(COALESCE(%s, '') = '')::int", SQL.identifier(one)) for one in _NEEDED),
)
MOST_GAPS = len(_NEEDED) + 1


def registered(vat: SQL) -> SQL:
    """Return the key of the register whose number a VAT number holds, NULL where it holds none."""
    return SQL(
        "CASE left(%s, 2) %s END",
        vat,
        SQL(" ").join(
            SQL(
                "WHEN %s THEN %s || substr(%s, %s, %s)",
                country,
                f"reg:{normalise_registry(registry)}:",
                vat,
                start + 1,
                length,
            )
            for country, (registry, start, length) in REGISTERS_OF_VAT.items()
        ),
    )


#: The register's number that the VAT number of a row without one holds.
_REGISTERED = SQL(
    "CASE WHEN company.registry_id IS NULL THEN %s END", registered(SQL("company.vat"))
)
#: The identity keys of a row, as `identity.identity_keys` makes them; NULL where there is none. The
#: strongest one, under which the company was imported, is the one of its register if it has that.
KEYS = SQL(
    "ARRAY[company.identity, 'lei:' || company.lei, 'vat:' || company.vat,"
    " 'domain:' || company.domain]"
)
#: The same as `identity.all_keys` makes them.
ALL_KEYS = SQL("array_append(%s, %s)", KEYS, _REGISTERED)

#: Whether it is known how to reach a company, by `types.REACH`.
REACHED = {
    "email": SQL("COALESCE(company.emails, '') <> ''"),
    "phone": SQL("COALESCE(company.phone, '') <> ''"),
    "website": SQL("COALESCE(company.domain, company.website, '') <> ''"),
}

#: Who has ceased, is insolvent or protected is never found.
ALIVE = SQL("company.status IS NULL")


def all_of(terms: Sequence[SQL]) -> SQL:
    return SQL(" AND ").join(terms) if terms else SQL("TRUE")


def scope(query: CompanyQuery) -> SQL:
    """Countries and industries, where ranges of the index don't give them already."""
    terms = []
    if query.countries:
        terms.append(SQL("company.country_code = ANY(%s)", list(query.countries)))
    if query.industries:
        terms.append(SQL("company.industry = ANY(%s)", list(nace.expand(query.industries))))
    return all_of(terms)


def other_industry(query: CompanyQuery) -> SQL:
    """Whether a company of the countries is in a wanted industry that is not its main one."""
    wanted = list(nace.expand(query.industries))
    terms = [
        # As in the index, whose rows all are in several.
        SQL("strpos(company.industries, ',') > 0"),
        SQL("string_to_array(company.industries, ',') && %s::text[]", wanted),
        SQL("company.industry <> ALL(%s)", wanted),
    ]
    if query.countries:
        terms.append(SQL("company.country_code = ANY(%s)", list(query.countries)))
    return all_of(terms)


def anywhere(query: CompanyQuery) -> SQL:
    """Whether an industry that is wanted is any of a company's, in the wanted countries."""
    if not query.industries:
        return scope(query)
    return SQL("(%s OR %s)", scope(query), other_industry(query))


def narrowing(query: CompanyQuery) -> list[SQL]:
    """Return the conditions of all filters but industries."""
    terms = _known(query)
    narrowed = {country for country, _state in query.states}
    if narrowed:
        places = [f"{country}-{state_key(country, state)}" for country, state in query.states]
        terms.append(
            SQL(
                "(company.country_code <> ALL(%s)"
                " OR company.country_code || '-' || company.state_code = ANY(%s))",
                list(narrowed),
                places,
            )
        )
    if query.size_min is not None:
        terms.append(SQL("company.employees_min >= %s", query.size_min))
    if query.size_max is not None:
        terms.append(SQL("company.employees_max <= %s", query.size_max))
    if query.technologies:
        # As in the index, whose rows all have some.
        terms.append(
            SQL(
                "company.technologies IS NOT NULL"
                " AND string_to_array(lower(company.technologies), ', ') && %s",
                [technology.lower() for technology in query.technologies],
            )
        )
    return terms


def _known(query: CompanyQuery) -> list[SQL]:
    """Return the conditions of what must be known of a company, and of what must be said of it."""
    terms = [REACHED[name] for name in query.reach]
    if query.places:
        places = [
            SQL("company.zip ILIKE %s", f"{_literal(place)}%")
            if is_postal_code(place)
            else SQL("lower(company.city) = %s", place.lower())
            for place in query.places
        ]
        terms.append(SQL("(%s)", SQL(" OR ").join(places)))
    for word in query.words:
        like = f"%{_literal(word)}%"
        terms.append(SQL("(company.name ILIKE %s OR company.description ILIKE %s)", like, like))
    if query.founded_min is not None:
        terms.append(SQL("company.founded >= %s", query.founded_min))
    if query.founded_max is not None:
        terms.append(SQL("company.founded <= %s", query.founded_max))
    if query.legal_form:
        terms.append(SQL("company.legal_form ILIKE %s", f"%{_literal(query.legal_form)}%"))
    if query.revenue_from:
        classes = list(revenues_from(query.revenue_from))
        terms.append(SQL("company.revenue_class = ANY(%s)", classes))
    if query.dataset:
        terms.append(
            SQL(
                "company.dataset_id = ANY(ARRAY("
                "SELECT id FROM lead_directory_dataset WHERE name ILIKE %s))",
                f"%{_literal(query.dataset)}%",
            )
        )
    return terms


def _literal(text: str) -> str:
    """Return a text in which LIKE sees no wildcards."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def wanted_contacts(query: CompanyQuery) -> SQL:
    if query.contact_filter == "role":
        roles = [role for role in (query.preferred_role, *query.other_roles) if role]
        return SQL("contact.role = ANY(%s)", roles) if roles else SQL("TRUE")
    if query.contact_filter == "seniority" and query.seniority:
        return SQL("contact.seniority = %s", query.seniority)
    return SQL("TRUE")


#: By which of a row's values companies are not wanted.
_EXCLUDED = {kind: SQL.identifier("company", kind) for kind in ("identity", "lei", "vat", "domain")}
_CALLED = {
    name: SQL("lower(%s)", SQL.identifier("company", name)) for name in ("name", "registry_id")
}


def exclusions(query: CompanyQuery) -> list[SQL]:
    """Return the conditions of identities, names and numbers that are not wanted."""
    kinds: dict[str, list[str]] = {kind: [] for kind in _EXCLUDED}
    for key in query.exclude:
        kind, _colon, value = key.partition(":")
        if kind in ("reg", "record"):  # under which a company is imported that has one
            kinds["identity"].append(key)
        else:
            kinds.get(kind, []).append(value)
    # Hashed once for a statement, so each row costs one look-up. As one text they are parsed at
    # once, and the planner compares none of them with its statistics. No key holds a line break.
    columns = _EXCLUDED | _CALLED
    kinds |= {name: list(query.not_called) for name in _CALLED}
    return [
        SQL(
            r"(%s IN (SELECT unnest(string_to_array(%s, E'\n')))) IS NOT TRUE",
            columns[kind],
            "\n".join(values),
        )
        for kind, values in kinds.items()
        if values
    ]
