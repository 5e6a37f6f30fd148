"""Companies in the shapes that stock Odoo's IAP clients read.

Stock crashes on keys that are None, on employees that are text and on e-mail addresses that are
no list: a key is left out rather than empty. Sources: the clients of Odoo 19.0 (`iap_mail`'s
`enrich_company`, `crm_iap_enrich`, `mail_plugin`, `crm_iap_mine`, `partner_autocomplete`).
"""

from typing import Any
from urllib.parse import urlsplit

from ..company import nace
from ..company.identity import identity_keys
from ..company.states import odoo_code
from ..company.types import Company

#: Network -> key of its profile, of those that stock shows.
_PROFILES = {
    "facebook": "facebook", "linkedin": "linkedin", "twitter": "twitter", "x": "twitter",
}  # fmt: skip


def enrichment_answer(company: Company, industry: str = "") -> dict[str, Any]:
    """Return the answer of `lead_enrichment_email`, as leads and mail add-ins read it.

    :param industry: the main industry in the reader's words
    """
    return _without_empty(
        {
            **_common(company),
            "clearbit_id": _identity(company),
            "location": _street(company),
            "street_name": _street(company),
            "postal_code": company.zip,
            "sector_primary": industry,
            "phone_numbers": [company.phone] if company.phone else [],
            "website": company.website,
        }
    )


def mining_answer(company: Company, industry: str = "") -> dict[str, Any]:
    """Return one company of `search_by_criteria`; needs an identity."""
    website = company.website or company.domain
    answer = _without_empty(
        {
            **_common(company),
            "duns": _identity(company),
            "phone": company.phone,
            "street": company.street,
            "street2": company.street2,
            "zip": company.zip,
            "vat": company.vat,
            "website": _host(website),
            "phone_numbers": [company.phone] if company.phone else [],
            "industry": industry,
            "industry_code": _section(company),
        }
    )
    # Stock needs this one even when it is unknown.
    return {"country_code": "", **answer}


def suggestion(company: Company, key: str) -> dict[str, Any]:
    """Return one company of `search_by_name`.

    :param key: by what `enrich_by_duns` will ask for it
    """
    return _without_empty(
        {
            "name": company.name,
            "duns": key,
            "city": company.city,
            "country_code": company.country_code,
            "vat": company.vat,
            "domain": company.domain,
        }
    )


def autocomplete_answer(company: Company, key: str, logo: str = "") -> dict[str, Any]:
    """Return the data of `enrich_by_*`.

    :param logo: the image in base64, as it goes to the contact
    """
    return _without_empty(
        {
            "name": company.name,
            "duns": key,
            "vat": company.vat,
            "street": company.street,
            "street2": company.street2,
            "city": company.city,
            "zip": company.zip,
            "state_code": _state(company),
            "country_code": company.country_code,
            "phone": company.phone,
            "email": next(iter(company.emails), ""),
            "website": company.website or company.domain,
            "industry_code": _section(company),
            "preferred_language": next(iter(company.languages), ""),
            "logo": logo,
        }
    )


def _state(company: Company) -> str:
    """Return the code by which stock looks the state up."""
    country = company.country_code
    return odoo_code(country, company.state_code) if country else ""


def _common(company: Company) -> dict[str, Any]:
    profiles = {
        key: _profile(company.socials[network])
        for network, key in _PROFILES.items()
        if network in company.socials
    }
    return {
        **profiles,
        "name": company.name,
        "domain": company.domain or _host(company.website),
        "email": list(company.emails),
        "city": company.city,
        "state_code": _state(company),
        "country_code": company.country_code.upper(),
        "description": company.description,
        "employees": company.employees or company.employees_min,
        "estimated_annual_revenue": company.revenue,
        "founded_year": company.founded,
        "logo": company.logo_url,
        "tech": list(company.technologies),
        "timezone": company.timezone,
    }


def _without_empty(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if value not in (None, "", [], 0)}


def _identity(company: Company) -> str:
    return next(iter(identity_keys(company)), "")


def _street(company: Company) -> str:
    return ", ".join(filter(None, (company.street, company.street2)))


def _section(company: Company) -> str:
    return nace.section_of(company.industries[0]) if company.industries else ""


def _host(url: str) -> str:
    return (urlsplit(url).hostname or url) if "://" in url else url.partition("/")[0]


def _profile(url: str) -> str:
    """Return what stands after the network's host: stock puts the host before it."""
    return urlsplit(url).path.strip("/")
