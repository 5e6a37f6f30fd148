from odoo import api, models

from ...tools.privacy import Person


class IapCreditDocument(models.AbstractModel):
    """The ledger says what credits were spent for; the money stays as it was."""

    _name = "iap.credit.document"
    _inherit = ["iap.credit.document", "person.data.mixin"]

    _person_columns = ("document_name", "reason")
    # The worker locks the ledger last.
    _person_sequence = 90

    @api.model
    def _person_find(self, traces, companies):
        person = Person.of_traces(traces)
        found = self._person_candidates(traces, traces.names).filtered_domain(
            self._person_scope(companies)
        )
        return found.filtered(
            lambda line: any(person.is_named_in(text) for text in line._person_values().values())
        )

    def _person_title(self):
        return self.reason

    def _person_data(self, traces):
        return self._person_values()

    def _person_erase(self, traces):
        person, mask = Person.of_traces(traces), self.env._("Erased contact")
        for line in self:
            # A reason repeats the document's name; what else it says is worth keeping.
            for name in self._person_columns:
                if person.is_named_in(line[name] or ""):
                    line._forget(line[name], mask)


class IapCreditHold(models.Model):
    _inherit = "iap.credit.hold"

    @api.model
    def _person_label(self):
        return self.env._("Credits set aside")


class IapCreditEntry(models.Model):
    _inherit = "iap.credit.entry"

    @api.model
    def _person_label(self):
        return self.env._("Credit ledger")
