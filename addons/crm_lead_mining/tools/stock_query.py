"""Criteria of Odoo's own lead mining in the providers' terms.

Sources: the client of Odoo 19.0 (`crm_iap_mine`); from 19.4 on industries are major groups of the
United States' SIC of 1987 (odoo/odoo#246985).
"""

from collections.abc import Mapping
from typing import Any

from ..company.types import CompanyQuery
from ..company.us_codes import from_us_sic

MAX_LEADS = 200
#: Odoo's industry groups, which follow GICS -> sections and divisions of NACE Rev. 2.
INDUSTRIES = {
    "30": ("G", "I", "R"), "155": ("G", "I", "R"),  # Consumer Discretionary
    "33": ("01", "03", "10", "11", "12"),  # Consumer Staples
    "69": ("64",), "157": ("65",),  # Banks & Insurance
    "86": ("58", "59", "60"),  # Media
    "114": ("L",),  # Real Estate
    "136": ("H",),  # Transportation
    "138": ("D", "E", "05", "06", "09", "19"),  # Energy & Utilities
    "148": ("07", "08", "17", "20", "22", "24"),  # Materials
    "149": ("61",),  # Telecommunication Services
    "150": ("I", "93", "96"), "151": ("85",),  # Consumer Services
    "152": ("47",),  # Retailing
    "153": ("10", "11"), "154": ("12",),  # Food, Beverage & Tobacco
    "158": ("64", "66"), "159": ("66",),  # Diversified Financials & Financial Services
    "160": ("32", "86", "87"),  # Health Care Equipment & Services
    "161": ("21", "72"),  # Pharmaceuticals, Biotechnology & Life Sciences
    "162": ("25", "27", "28", "30", "33"),  # Capital Goods
    "163": ("M", "N"),  # Commercial & Professional Services
    "165": ("62", "63"),  # Software & Services
    "166": ("26",),  # Technology Hardware & Equipment
    "167": ("23",),  # Construction Materials
    "168": ("35",),  # Independent Power and Renewable Electricity Producers
    "238": ("29", "45"),  # Automobiles & Components
    "239": ("13", "14", "15", "31"),  # Consumer Durables & Apparel
}  # fmt: skip


def company_query(query: Mapping[str, Any], known: tuple[str, ...] = ()) -> CompanyQuery:
    """Return what stock's `query` of `search_by_criteria` asks for.

    :param known: identities that stock has already (`reveal_ids`)
    """
    countries = query.get("countries") or ()
    industries = {
        code for ids in query.get("industry_ids") or () for code in INDUSTRIES.get(str(ids), ())
    }
    groups = (from_us_sic(f"{group:02d}") for group in query.get("sic_groups") or ())
    industries.update(filter(None, groups))
    return CompanyQuery(
        countries=tuple(country["code"] for country in countries),
        states=tuple(
            (country["code"], state) for country in countries for state in country["states"]
        ),
        industries=tuple(sorted(industries)),
        size_min=query.get("company_size_min"),
        size_max=query.get("company_size_max"),
        exclude=frozenset(filter(None, known)),
    )


def wanted(query: Mapping[str, Any]) -> int:
    """Return how many leads are asked for, within stock's own limits."""
    return max(1, min(int(query.get("lead_number") or 1), MAX_LEADS))
