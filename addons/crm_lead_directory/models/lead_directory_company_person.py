from odoo import api, models
from odoo.fields import Domain
from odoo.tools import escape_psql

from odoo.addons.crm_lead_mining.company.types import Company
from odoo.addons.crm_lead_mining.tools.privacy import Person
from odoo.addons.crm_lead_mining.tools.suppression import company_keys, normalise_email


class LeadDirectoryCompany(models.Model):
    """An address of a company may be a person's."""

    _name = "lead.directory.company"
    _inherit = ["lead.directory.company", "person.data.mixin"]

    _person_columns = ("emails",)
    _person_sequence = 31

    @api.model
    def _person_label(self):
        return self.env._("Company directory: companies")

    @api.model
    def _person_scope(self, companies):
        return Domain("dataset_id.company_id", "in", companies)

    def _person_company(self):
        return self.dataset_id.company_id

    @api.model
    def _person_find(self, traces, companies):
        found = self.search(
            Domain.OR(Domain("emails", "ilike", escape_psql(one)) for one in traces.emails)
            & self._person_scope(companies)
        )
        email = Person.of_traces(traces).email
        return found.filtered(
            lambda company: email in map(normalise_email, _addresses(company.emails))
        )

    def _person_identities(self, traces):
        person = Person.of_traces(traces)
        return [(person.email, person.words, company._company_keys()) for company in self]

    def _person_parts(self):
        return self.dataset_id.import_ids._person_places()

    def _person_erase(self, traces):
        person = Person.of_traces(traces)
        for company in self:
            kept = [
                email
                for email in _addresses(company.emails)
                if normalise_email(email) != person.email
            ]
            company.emails = ", ".join(kept) or False
        self.dataset_id.import_ids._forget_person(traces)

    def _company_keys(self) -> tuple[str, ...]:
        """Return everything by which persons are known to be this company's."""
        self.ensure_one()
        names = ("registry", "registry_id", "lei", "vat", "domain", "country_code")
        known = {name: self[name] or "" for name in names}
        return tuple({self.identity, *company_keys(Company(name=self.name, **known))})


def _addresses(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]
