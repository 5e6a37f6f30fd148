from odoo import api, models
from odoo.fields import Domain
from odoo.tools import escape_psql

from odoo.addons.crm_lead_mining.company.alike import RECORD, Place
from odoo.addons.crm_lead_mining.company.types import Company
from odoo.addons.crm_lead_mining.tools.privacy import Person
from odoo.addons.crm_lead_mining.tools.suppression import (
    company_keys,
    normalise_email,
    person_words,
)


class LeadDirectoryCompany(models.Model):
    """An address of a company may be a person's, and one without identity a person: a trader."""

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
        found = found.filtered(
            lambda company: email in map(normalise_email, _addresses(company.emails))
        )
        return found | self._person_traders(traces, companies)

    @api.model
    def _person_traders(self, traces, companies):
        """Return the companies that nothing identifies and that are called like the person."""
        words = Person.of_traces(traces).words
        if not words:
            return self.browse()
        spelled = Domain.AND(Domain("name", "ilike", escape_psql(word)) for word in words.split())
        named = Domain("identity", "=like", f"{RECORD}%")
        found = self.search(named & spelled & self._person_scope(companies))
        return found.filtered(lambda company: company._is_trader(words))

    def _is_trader(self, words: str) -> bool:
        return bool(words) and self.is_unidentified and person_words(self.name) == words

    def _person_data(self, traces):
        is_trader = self._is_trader(Person.of_traces(traces).words)
        return super()._person_data(traces) | ({"name": self.name} if is_trader else {})

    def _person_identities(self, traces):
        person = Person.of_traces(traces)
        return [
            (
                person.email,
                person.words,
                Place.of(company.name, company.country_code, company.zip, company.city).listed()
                if company._is_trader(person.words)
                else company._company_keys(),
            )
            for company in self
        ]

    def _person_parts(self):
        return self.dataset_id.import_ids._person_places()

    def _person_erase(self, traces):
        person = Person.of_traces(traces)
        traders = self.filtered(lambda company: company._is_trader(person.words))
        for company in self - traders:
            kept = [
                email
                for email in _addresses(company.emails)
                if normalise_email(email) != person.email
            ]
            company.emails = ", ".join(kept) or False
        self.dataset_id.import_ids._forget_person(traces)
        traders.unlink()

    def _company_keys(self) -> tuple[str, ...]:
        """Return everything by which persons are known to be this company's."""
        self.ensure_one()
        names = ("registry", "registry_id", "lei", "vat", "domain", "country_code")
        known = {name: self[name] or "" for name in names}
        return tuple({self.identity, *company_keys(Company(name=self.name, **known))})


def _addresses(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]
