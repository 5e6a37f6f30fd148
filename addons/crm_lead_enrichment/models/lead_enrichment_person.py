from dataclasses import replace
from hashlib import sha256

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from odoo.addons.crm_lead_mining.tools.privacy import Person, identities_in, without_person
from odoo.addons.crm_lead_mining.tools.settings import Settings
from odoo.addons.crm_lead_mining.tools.suppression import company_keys, person_words

from .lead_enrichment import OPEN_STATES

#: Of the hash of a value that is forgotten, see `_gc_changes`.
_MARK_DIGITS = 4


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

    @api.autovacuum
    def _gc_changes(self):
        """Forget old and new values.

        To erase a person later it must still be known which fields were filled, and whether
        somebody has changed them since: four digits of a hash tell that, and nobody's address.
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE lead_enrichment
                   SET changes = (
                           SELECT jsonb_agg(
                                      change - ARRAY['old', 'new'] || jsonb_build_object(
                                          'mark', left(encode(sha256(convert_to(
                                              change->>'new', 'UTF8')), 'hex'), %s))
                                      ORDER BY place)
                             FROM jsonb_array_elements(changes)
                                  WITH ORDINALITY AS filled (change, place))
                 WHERE finished_at < %s AND state <> ALL(%s)
                   AND jsonb_path_exists(changes, '$[*].new')
                """,
                _MARK_DIGITS,
                fields.Datetime.now() - Settings.of(self.env).answers_kept,
                list(OPEN_STATES),
            )
        )
        self.invalidate_model(["changes"])

    @api.model
    def _person_find(self, traces, companies):
        found = super()._person_find(traces, companies) | self._forgotten(traces, companies)
        # Of whom an address was given, the name is known from elsewhere: it is theirs at the
        # same company only.
        known = replace(traces, names={name for name, _key in traces.known_at})
        named = self._person_candidates(traces, known.whole_names)
        named = (named - found).filtered_domain(self._person_scope(companies))
        return found | named.filtered(lambda attempt: attempt._known_names(traces))

    @api.model
    def _forgotten(self, traces, companies):
        """Return what filled, long ago, records that still have the person."""
        words = [name.replace(",", " ").split() for name in traces.whole_names]
        names = [[f"%{escape_psql(word)}%" for word in name] for name in words]
        Lead, Partner = self.env["crm.lead"], self.env["res.partner"]
        Lead.flush_model(["email_normalized", "partner_name"])
        Partner.flush_model(["email_normalized", "name"])
        self.flush_model(["res_model", "res_id", "changes"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT attempt.id
                  FROM lead_enrichment AS attempt
             LEFT JOIN crm_lead AS lead
                    ON attempt.res_model = 'crm.lead' AND lead.id = attempt.res_id
             LEFT JOIN res_partner AS partner
                    ON attempt.res_model = 'res.partner' AND partner.id = attempt.res_id
                 WHERE jsonb_path_exists(attempt.changes, '$[*].mark')
                   AND (COALESCE(lead.email_normalized, partner.email_normalized) = ANY(%s) %s)
                """,
                [*traces.emails],
                SQL().join(
                    SQL("OR COALESCE(lead.partner_name, partner.name) ILIKE ALL(%s)", patterns)
                    for patterns in names
                ),
            )
        )
        found = self.browse(row[0] for row in rows).filtered_domain(self._person_scope(companies))
        return found.filtered(lambda attempt: attempt._still_filled(traces))

    def _still_filled(self, traces) -> dict[str, str]:
        """Return the fields, with their labels, that still have what was filled of the person.

        Of those whose values are forgotten; nobody has changed them since.
        """
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id).exists() if self.res_model else None
        marked = {one["field"]: one for one in self.changes or () if one.get("mark")}
        return {
            name: change["label"]
            for name, change in marked.items()
            if record and name in record._fields
            if traces.holds(record[name])
            and _mark(record._enrichment_shown(name)) == change["mark"]
        }

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
        if filled := self._still_filled(traces):
            answer["filled"] = ", ".join(filled.values())
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
        filled |= self._still_filled(traces).keys()
        values = {name: False for name in filled if traces.holds(record[name])}
        if values:
            # Not tracked: the history would keep what is erased.
            record.with_context(tracking_disable=True, mail_notrack=True).write(values)
        self.env["mail.message"]._scrub_notes(record, traces.texts)


def _mark(text: str) -> str:
    """Return what is left of a value that is forgotten, see `_gc_changes`."""
    return sha256(text.encode()).hexdigest()[:_MARK_DIGITS]
