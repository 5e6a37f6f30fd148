from odoo import api, models
from odoo.fields import Domain
from odoo.tools import escape_psql

from ...tools.privacy import Person


class LeadMiningPersonMixin(models.AbstractModel):
    """A model that has one person in each record, by address and name."""

    _name = "lead.mining.person.mixin"
    _inherit = ["person.data.mixin"]
    _description = "Record of a Person"

    _person_email_field = "email"
    _person_name_field = "name"

    @api.model
    def _person_find(self, traces, companies):
        """Override to search records: where the address is known it decides, not the name."""
        email, name = self._person_email_field, self._person_name_field
        named = [
            Domain.AND(Domain(name, "ilike", escape_psql(word)) for word in words)
            for words in (one.replace(",", " ").split() for one in traces.names)
        ]
        found = self.with_context(active_test=False).search(
            Domain.OR([Domain(email, "in", [*traces.emails]), *named])
            & self._person_scope(companies)
        )
        person = Person.of_traces(traces)
        return found.filtered(lambda record: person.is_one(record[email], record[name]))

    def _person_data(self, traces):
        return {name: self[name] for name in self._person_columns}
