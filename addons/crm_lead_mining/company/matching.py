"""Which companies a query looks for, where a provider has to sort them out by itself."""

from . import nace
from .classes import revenue_class, revenues_from
from .identity import identity_keys
from .states import state_key
from .types import Company, CompanyQuery


def misfits(company: Company, query: CompanyQuery) -> tuple[str, ...]:
    """Return what of a query a company does not fit: "countries", and names of filters.

    A company of which something is not known does not fit a query that asks for it.
    """
    here = company.country_code
    states = {state_key(here, state) for country, state in query.states if country == here}
    technologies = {technology.lower() for technology in query.technologies}
    fits = {
        "countries": not query.countries or company.country_code in query.countries,
        "states": not states or state_key(here, company.state_code) in states,
        "industries": not query.industries
        or not set(nace.expand(query.industries)).isdisjoint(company.industries),
        "size": _is_inside(company, query),
        "technologies": not technologies
        or not technologies.isdisjoint(map(str.lower, company.technologies)),
        "reach": set(query.reach) <= reached_by(company),
        "places": not query.places or any(_is_in(company, place) for place in query.places),
        "words": all(_says(company, word) for word in query.words),
        "founded": _is_between(company.founded, query.founded_min, query.founded_max),
        "legal_form": query.legal_form.lower() in company.legal_form.lower(),
        "revenue_from": not query.revenue_from
        or revenue_class(company.revenue) in revenues_from(query.revenue_from),
        "dataset": query.dataset.lower() in _dataset(company).lower(),
    }
    return tuple(name for name, fit in fits.items() if not fit)


def is_unwanted(company: Company, query: CompanyQuery) -> bool:
    """Tell whether a query does not want a company, whatever it is like."""
    called = {company.name.lower(), company.registry_id.lower()}
    return not called.isdisjoint(query.not_called) or not query.exclude.isdisjoint(
        identity_keys(company)
    )


def reached_by(company: Company) -> set[str]:
    """Return by what of `types.REACH` a company can be reached."""
    known = {
        "email": company.emails,
        "phone": company.phone,
        "website": company.website or company.domain,
    }
    return {name for name, value in known.items() if value}


def is_postal_code(place: str) -> bool:
    """Tell whether a place is told by the beginning of a postal code, and not by a town."""
    return any(map(str.isdigit, place))


def _is_in(company: Company, place: str) -> bool:
    if is_postal_code(place):
        return company.zip.lower().startswith(place.lower())
    return company.city.lower() == place.lower()


def _says(company: Company, word: str) -> bool:
    return word.lower() in f"{company.name} {company.description}".lower()


def _dataset(company: Company) -> str:
    return company.provenance.dataset if company.provenance else ""


def _is_between(number: int | None, least: int | None, most: int | None) -> bool:
    if least is None and most is None:
        return True
    return (
        number is not None
        and (least is None or number >= least)
        and (most is None or number <= most)
    )


def _is_inside(company: Company, query: CompanyQuery) -> bool:
    """Tell whether the company's number of employees, or all of its band, is in the range."""
    least, most = company.employees_min, company.employees_max
    return (query.size_min is None or (least is not None and least >= query.size_min)) and (
        query.size_max is None or (most is not None and most <= query.size_max)
    )
