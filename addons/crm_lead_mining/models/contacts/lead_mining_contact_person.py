from odoo import api, models

from ...tools.privacy import Person
from ...tools.refunds import contact_subject

_SHOWN = (
    "name", "job_title", "role", "seniority", "email", "phone", "provider", "dataset",
    "dataset_version", "licence", "source_url", "fetched_on", "legal_basis", "keep_until",
    "collected_on", "first_contact_on", "notice_state", "notice_due",
)  # fmt: skip


class LeadMiningContact(models.Model):
    """Mined contacts are persons, who are erased on request or when their time is over."""

    _name = "lead.mining.contact"
    _inherit = ["lead.mining.contact", "lead.mining.person.mixin"]

    _person_columns = (
        "name", "job_title", "email", "email_normalized", "phone", "source", "source_url",
        "notice_exemption_details",
    )  # fmt: skip
    _person_sequence = 10
    _person_email_field = "email_normalized"

    # === PRIVACY === #

    @api.model
    def _person_label(self):
        return self.env._("Mined contacts")

    def _person_identities(self, traces):
        keys = self.lead_id._identity_keys()
        return [(contact.email or "", contact.name, keys[contact.lead_id]) for contact in self]

    def _person_parts(self):
        return [self.lead_id.mining_provenance_ids]

    def _person_data(self, traces):
        company = self.lead_id.partner_name or self.lead_id.name
        return {"company": company, **{name: self[name] for name in _SHOWN}}

    def _person_erase(self, traces):
        self._forget(dict.fromkeys(self, Person.of_traces(traces)))

    def _forget(self, persons: dict) -> None:
        """Delete these contacts, and what is known of them beside them.

        :param persons: who each of them is
        """
        leads = self.lead_id
        self.notice_ids._forget()
        for contact, person in persons.items():
            contact.lead_id._forget_person(person, contact)
        self._refunds()._forget()
        self.unlink()
        leads._close_notice_activities()

    def _refunds(self):
        """Return the credits given back for these contacts."""
        places = {(contact.result_id, contact_subject(contact.position)) for contact in self}
        return self.result_id.refund_ids.filtered(
            lambda refund: (refund.result_id, refund.subject) in places
        )

    def _erase_expired(self) -> None:
        """Erase contacts without keeping them from being mined again."""
        # Sudo: notices, stored answers and refunds are nobody's to delete but with the person.
        contacts_sudo = self.sudo()
        leads_sudo = contacts_sudo.lead_id
        persons = {contact: Person.of(contact.email, contact.name) for contact in contacts_sudo}
        at_company = {}
        for contact, person in persons.items():
            at_company.setdefault(contact.lead_id.reveal_id, []).append(person)
        results_sudo = leads_sudo.mining_result_ids
        answers_sudo = results_sudo.env["lead.mining.answer"].search(
            [("request_id", "in", leads_sudo.mining_request_id.ids)]
        )
        contacts_sudo._forget(persons)
        for stored_sudo in (results_sudo, answers_sudo):
            stored_sudo._forget(lambda key: at_company.get(key, []))
