"""Countries and states of a file's rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from odoo.addons.crm_lead_mining.company.countries import country_code
from odoo.addons.crm_lead_mining.company.states import state_code


@dataclass(frozen=True)
class Places:
    """Countries and states as res.country and res.country.state know them.

    :ivar countries: lower-case name or code -> ISO 3166-1 alpha-2
    :ivar states: (country code, lower-case name or code) -> state's code; see `states.py`
    """

    countries: Mapping[str, str]
    states: Mapping[tuple[str, str], str]

    def country(self, text: str) -> str:
        return self.countries.get(text.casefold()) or country_code(text)

    def state(self, country_code: str, text: str, zip_code: str = "") -> str:
        found = self.states.get((country_code, text.casefold()))
        return found or state_code(country_code, text, zip_code)
