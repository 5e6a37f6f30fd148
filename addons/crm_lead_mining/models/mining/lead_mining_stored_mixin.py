from collections.abc import Callable, Iterable
from functools import partial, reduce

from odoo import api, models

from ...company import company_json
from ...company.identity import identity_keys
from ...tools.privacy import Person, held_of, holds, identities_in, without_person


class LeadMiningStoredMixin(models.AbstractModel):
    """Companies as a provider described them, with their persons: one, or a list of them."""

    _name = "lead.mining.stored.mixin"
    _inherit = ["person.data.mixin"]
    _description = "Stored Companies of a Provider"

    #: Which of the columns has the companies; the others are texts.
    _stored_column = ""
    #: Contacts that were delivered are paid, and given back, by their position.
    _keeps_places = False

    def _stored(self) -> list[dict]:
        stored = self[self._stored_column] or []
        return stored if isinstance(stored, list) else [stored]

    @api.model
    def _person_find(self, traces, companies):
        """Override to judge contacts one by one: a namesake with another address is another."""
        person = Person.of_traces(traces)
        found = self._person_candidates(traces, traces.names).filtered_domain(
            self._person_scope(companies)
        )
        return found.filtered(
            lambda one: (
                any(holds(data, person) for data in one._stored())
                or traces.holds(one._person_values())
            )
        )

    def _person_values(self):
        values = super()._person_values()
        values.pop(self._stored_column, None)  # it is judged contact by contact
        return values

    def _person_identities(self, traces):
        person = Person.of_traces(traces)
        return [found for one in self for found in identities_in(one._stored(), person)]

    def _person_data(self, traces):
        return super()._person_data(traces) | held_of(self._stored(), Person.of_traces(traces))

    def _person_erase(self, traces):
        kept = super()._person_erase(traces)
        person = Person.of_traces(traces)
        self._forget(lambda _key: [person])
        return kept

    def _forget(self, persons_of: Callable[[str], Iterable[Person]]) -> None:
        """Take persons out of the companies.

        :param persons_of: the persons of the company with an identity key
        """
        column = self._stored_column
        remove = partial(without_person, keep_places=self._keeps_places)
        for record in self:
            stored = record._stored()
            clean = [reduce(remove, persons_of(_main_key(data)), data) for data in stored]
            if clean != stored:
                record[column] = clean if isinstance(record[column], list) else clean[0]


def _main_key(data: dict) -> str:
    return next(iter(identity_keys(company_json.from_json(data))), "")
