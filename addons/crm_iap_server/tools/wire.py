"""Companies in the shapes of older and newer clients than 19.0's, which `stock_answers` has.

Sources: `crm_iap_mine` of 17.0 and 18.0, `partner_autocomplete` of 18.0 and 19.4.
"""

import re
from typing import Any

from odoo.addons.crm_lead_mining.company.identity import normalise_registry
from odoo.addons.crm_lead_mining.company.types import Company
from odoo.addons.crm_lead_mining.tools.stock_answers import autocomplete_answer, enrichment_answer

#: Register -> what 19.4 and 19.5 call its number (`additional_identifiers`).
_CODES = {"DUNS": "DUNS", "BE-BCEKBO": "BE_EN", "FR-SIRENE": "FR_SIREN"}
_NUMBER = re.compile(r"[0-9]{8,14}")


def old_mining_answer(company: Company, key: str, industry: str = "") -> dict[str, Any]:
    """Return one company of `lead_mining_request`, of 13.0 to early 19.0.

    Persons are not handed on: whoever gets them has duties that this database cannot do for them.
    """
    data = enrichment_answer(company, industry)
    return {
        "company_data": {
            **data,
            "clearbit_id": key,
            "legal_name": company.name,
            "phone": company.phone,
        },
        "people_data": [],
    }


def old_completion(company: Company, gid: int = 0) -> dict[str, Any]:
    """Return `company_data` of `/iap/partner_autocomplete/enrich`."""
    data = autocomplete_answer(company, "")
    return {**data, "domain": company.domain, "partner_gid": gid}


def identifiers_of(company: Company, key: str) -> dict[str, Any]:
    """Return the numbers of a company that 19.4 and 19.5 have fields for."""
    found = {}
    code = _CODES.get(normalise_registry(company.registry))
    if code and company.registry_id:
        found[code] = company.registry_id
    if key and "DUNS" not in found:
        found["DUNS"] = key
    return {"additional_identifiers": found} if found else {}


def keys_of_number(text: str) -> list[str]:
    """Return the identity keys that a number may mean by itself, the likeliest first.

    19.5 asks by whatever number a contact has: D-U-N-S, SIRET, SIREN, a Belgian enterprise number.
    """
    if not _NUMBER.fullmatch(text):
        return [text] if text else []
    keys = [f"reg:DUNS:{text}"] if len(text) == 9 else []
    if len(text) in (9, 14):
        keys.append(f"reg:FR-SIRENE:{text[:9]}")
    if len(text) == 10:
        keys.append(f"reg:BE-BCEKBO:{text}")
    return keys
