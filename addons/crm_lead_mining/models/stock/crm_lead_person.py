from typing import Any

from odoo import api, models

from ...tools.privacy import Person
from ...tools.suppression import normalise_email


class CrmLead(models.Model):
    """Mined leads have a person in their fields; leads of who wrote by themselves are theirs."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "lead.mining.person.mixin"]

    _person_columns = ("name", "contact_name", "function", "email_from", "phone")
    _person_sequence = 12
    _person_email_field = "email_normalized"
    _person_name_field = "contact_name"

    @api.model
    def _person_label(self):
        return self.env._("Leads")

    @api.model
    def _person_find(self, traces, companies):
        contacts = self.env["lead.mining.contact"]._person_find(traces, companies)
        found = super()._person_find(traces, companies)
        mined = found.filtered(lambda lead: lead.mining_request_id or lead in contacts.lead_id)
        # A contact without an address of its own stands beside the company's address.
        return mined | contacts.lead_id.filtered(
            lambda lead: (
                lead.contact_name
                and _words(lead.contact_name)
                in map(_words, (contacts & lead.mining_contact_ids).mapped("name"))
            )
        )

    def _person_identities(self, traces):
        email, keys = Person.of_traces(traces).email, self._identity_keys()
        return [(email, lead.contact_name or "", keys[lead]) for lead in self]

    def _person_parts(self):
        return [self.message_ids, self.mining_provenance_ids]

    def _person_erase(self, traces):
        person = Person.of_traces(traces)
        for lead in self:
            lead._forget_person(person, self.env["lead.mining.contact"])

    def _forget_person(self, person: Person, contacts) -> None:
        """Take a person out of the lead's fields, notes and history.

        :param contacts: what was mined of the person here
        """
        self.ensure_one()
        values = self._without_person(person, contacts)
        texts = {
            *person.emails,
            *contacts.mapped("name"),
            *contacts.mapped("email"),
            *contacts.mapped("phone"),
            *(self[name] for name in values if name != "partner_id"),
        }
        # Not tracked: the history would keep what is erased.
        self.with_context(tracking_disable=True, mail_notrack=True).write(values)
        self.env["mail.message"]._scrub_notes(self, texts - {False, ""})
        self.mining_provenance_ids._forget_address(person.email)

    def _without_person(self, person: Person, contacts) -> dict[str, Any]:
        """Return the changes that empty the fields which hold this person."""
        words = {_words(name) for name in contacts.mapped("name")} | {person.words}
        emails = {person.email, *contacts.mapped("email_normalized")} - {"", False}
        phones = set(contacts.mapped("phone")) - {"", False}
        is_named = _words(self.contact_name) in words - {""}
        is_written = normalise_email(self.email_normalized) in map(normalise_email, emails)
        values: dict[str, Any] = {}
        if is_named or is_written:
            values |= {"contact_name": False, "function": False}
        if is_written:
            values["email_from"] = False
        if self.phone in phones:
            values["phone"] = False
        if self.partner_id in contacts.partner_id.filtered("mined"):
            values["partner_id"] = self.partner_id.parent_id.id
        return values


def _words(name: str) -> str:
    return Person.of("", name).words
