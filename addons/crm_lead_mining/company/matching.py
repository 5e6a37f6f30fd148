"""Which companies a query looks for, where a provider has to sort them out by itself."""

from . import nace
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
    }
    return tuple(name for name, fit in fits.items() if not fit)


def _is_inside(company: Company, query: CompanyQuery) -> bool:
    """Tell whether the company's number of employees, or all of its band, is in the range."""
    least, most = company.employees_min, company.employees_max
    return (query.size_min is None or (least is not None and least >= query.size_min)) and (
        query.size_max is None or (most is not None and most <= query.size_max)
    )
