from dataclasses import replace

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_lead_mining.tools.privacy import Person, identities_in, without_person
from odoo.addons.crm_lead_mining.tools.suppression import company_keys, person_words

from .lead_enrichment import OPEN_STATES


class LeadEnrichment(models.Model):
    """Answers hold persons, such as directors; changes hold addresses, old and new ones."""

    _name = "lead.enrichment"
    _inherit = ["lead.enrichment", "person.data.mixin"]

    _person_columns = ("record_name", "message", "answer", "changes")

    @api.model
    def _follow_merge(self, gone, kept) -> None:
        """Leave what was tried for merged records to the one that has their values now."""
        # Sudo: whoever may merge records does not write what was tried for them.
        ended_sudo = self.sudo().search(
            Domain("res_model", "=", kept._name)
            & Domain("res_id", "in", (gone - kept).ids)
            & Domain("state", "not in", OPEN_STATES)
        )
        ended_sudo.res_id = kept.id

    @api.model
    def _person_find(self, traces, companies):
        found = super()._person_find(traces, companies)
        # Of whom an address was given, the name is known from elsewhere: it is theirs at the
        # same company only.
        known = replace(traces, names={name for name, _key in traces.known_at})
        named = self._person_candidates(traces, known.whole_names)
        named = (named - found).filtered_domain(self._person_scope(companies))
        return found | named.filtered(lambda attempt: attempt._known_names(traces))

    def _known_names(self, traces) -> set[str]:
        """Return the names under which the answer has the person."""
        company = self._company()
        if not company:
            return set()
        keys = set(company_keys(company))
        known = {person_words(name) for name, key in traces.known_at if key in keys}
        known -= {""}
        return {one.name for one in company.contacts if person_words(one.name) in known}

    def _person_identities(self, traces):
        answers = [answer for answer in self.mapped("answer") if answer]
        return identities_in(answers, Person.of_traces(traces))

    def _person_data(self, traces):
        names = self._known_names(traces)
        answer = {"answer": sorted(names)} if names else {}
        return answer | super()._person_data(traces)

    def _person_erase(self, traces):
        for attempt in self:
            persons = [
                Person.of("", name) for name in (*traces.names, *attempt._known_names(traces))
            ]
            persons += [Person.of(email, "") for email in traces.emails]
            attempt._empty_what_was_filled(traces)
            answer = attempt.answer
            for person in persons if answer else ():
                answer = without_person(answer, person)
            if answer != attempt.answer:
                attempt.answer = answer
        return super()._person_erase(traces)

    def _empty_what_was_filled(self, traces) -> None:
        """Take back what this enrichment wrote of the person, and what it noted."""
        record = self.env[self.res_model].browse(self.res_id).exists() if self.res_model else None
        if not record:
            return
        filled = {
            change["field"]
            for change in self.changes or ()
            if traces.holds(change.get("new")) and change.get("field") in record._fields
        }
        values = {name: False for name in filled if traces.holds(record[name])}
        if values:
            # Not tracked: the history would keep what is erased.
            record.with_context(tracking_disable=True, mail_notrack=True).write(values)
        self.env["mail.message"]._scrub_notes(record, traces.texts)
