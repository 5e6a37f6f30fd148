from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize, escape_psql

from odoo.addons.crm_common.tools.domains import own_domain
from odoo.addons.crm_common.tools.traces import Traces

from ...company import company_json
from ...company.identity import identity_keys, normalise_domain
from ...company.types import Company
from ...tools.privacy import Person, holds, of_person, scrub_html, without_person
from ...tools.refunds import COMPANY, contact_subject
from ...tools.suppression import company_keys, company_name_key, normalise_email

#: Models whose rows about a partner are no business documents.
_NO_DOCUMENTS = (
    "lead.mining.", "mail.", "bus.", "discuss.", "res.partner", "res.users", "calendar.", "ir.",
    "phone.", "privacy.", "iap.", "base.", "digest.", "web_", "fetchmail.", "sms.", "snailmail.",
)  # fmt: skip
#: Where persons are, apart from the directory.
_PLACES = (
    "lead.mining.contact", "lead.mining.notice", "crm.lead", "res.partner", "lead.mining.result",
    "lead.mining.answer", "lead.mining.refund",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that holds something of a person.

    :ivar record: where it is, in sudo
    :ivar data: what is held there, as it is reported
    """

    record: models.BaseModel
    label: str
    data: dict[str, Any]

    @property
    def key(self) -> tuple[str, int]:
        return self.record._name, self.record.id


class LeadMiningEraser(models.AbstractModel):
    """Finds and erases what lead mining holds of a person.

    Everything is done in sudo: rights on leads, stored answers and mails do not say who may answer
    for the data. Callers check `group_lead_mining_privacy`. Only what belongs to the companies
    that the user works with, or to none, is touched.
    """

    _name = "lead.mining.eraser"
    _description = "Eraser of Mined Persons"

    # === FIND === #

    @api.model
    def _find(self, person: Person, name: str = "") -> list[Finding]:
        """Return everything that is held of a person, in all places.

        :param name: as it was typed, for searches in texts
        """
        self_sudo = self.sudo()
        contacts = self_sudo._find_contacts(person, name)
        leads = self_sudo._find_leads(person, name, contacts)
        findings = [
            *(_finding(contact, _contact_data(contact)) for contact in contacts),
            *(_finding(notice, _notice_data(notice)) for notice in contacts.notice_ids),
            *(_finding(lead, _lead_data(lead)) for lead in leads),
            *self_sudo._find_partners(person, name, contacts),
            *self_sudo._find_stored(person, name),
            *self_sudo._find_refunds(person, name, contacts),
            *self_sudo._find_directory(person, name),
        ]
        return findings + self_sudo._find_declared(person, name, findings)

    def _find_declared(self, person: Person, name: str, findings: list[Finding]) -> list[Finding]:
        """Return what models hold that say by themselves where persons stand in them.

        What goes with something else that was found is no place of its own.
        """
        traces = self._traces(person, name, findings)
        parts = self._parts(findings)
        return [
            _finding(record, record._person_data(traces))
            for model in self.env["person.data.mixin"]._person_models()
            for record in self.env[model]._person_find(traces, self._companies())
            if record not in parts.get(model, ())
        ]

    def _parts(self, findings: list[Finding]) -> dict[str, models.BaseModel]:
        """Return what is erased with what was found: notes of leads, files and remarks."""
        groups = {
            model: self.env[model].browse(finding.record.id for finding in group)
            for model, group in _by_model(findings).items()
        }
        leads = groups.get("crm.lead", self.env["crm.lead"])
        contacts = groups.get("lead.directory.contact", self.env["lead.directory.contact"])
        companies = groups.get("lead.directory.company", self.env["lead.directory.company"])
        imports = (companies | contacts.directory_company_id).dataset_id.import_ids
        return {
            "mail.message": leads.message_ids,
            "lead.directory.import": imports,
            "lead.directory.import.column": imports.column_ids,
            "lead.directory.import.problem": imports.problem_ids,
        }

    def _traces(self, person: Person, name: str, findings: list[Finding]) -> Traces:
        identities = [one for finding in findings for one in self._identities(finding, person)]
        return Traces(
            emails=person.emails,
            names=[name] if person.words else [],
            known_at={(known, key) for _email, known, keys in identities if known for key in keys},
        )

    def _find_contacts(self, person: Person, name: str):
        Contact = self.env["lead.mining.contact"]
        found = Contact.search(
            _person_domain("email_normalized", "name", person, name)
            & Domain("lead_id.company_id", "in", self._companies())
        )
        return found.filtered(lambda contact: person.is_one(contact.email, contact.name))

    def _find_leads(self, person: Person, name: str, contacts):
        """Return the mined leads whose contact fields are this person's."""
        leads = self.env["crm.lead"].with_context(active_test=False)
        found = leads.search(
            _person_domain("email_normalized", "contact_name", person, name)
            & Domain("company_id", "in", self._companies())
            & (Domain("mining_request_id", "!=", False) | Domain("id", "in", contacts.lead_id.ids))
        )
        found = found.filtered(lambda lead: person.is_one(lead.email_from, lead.contact_name))
        # A contact without an address of its own stands beside the company's address.
        named = contacts.lead_id.filtered(
            lambda lead: (
                lead.contact_name
                and Person.of("", lead.contact_name).words
                in {
                    Person.of("", contact.name).words
                    for contact in contacts & lead.mining_contact_ids
                }
            )
        )
        return found | named

    def _find_partners(self, person: Person, name: str, contacts) -> list[Finding]:
        partners = self.env["res.partner"].with_context(active_test=False)
        found = partners.search(
            _person_domain("email_normalized", "name", person, name)
            & Domain("mined", "=", True)
            & Domain("company_id", "in", self._companies())
        )
        found = found.filtered(lambda partner: person.is_one(partner.email, partner.name))
        made = contacts.partner_id.filtered("mined")
        return [_finding(partner, _partner_data(partner)) for partner in found | made]

    def _find_stored(self, person: Person, name: str) -> list[Finding]:
        """Return the results and the stored answers that hold the person."""
        results = self._with_text("lead.mining.result", "data", person, name)
        answers = self._with_text("lead.mining.answer", "companies", person, name)
        return [
            *(
                _finding(result, _stored_data([result.data], person), result.name)
                for result in results
                if holds(result.data, person)
            ),
            *(
                _finding(answer, _stored_data(answer.companies, person), answer.request_id.name)
                for answer in answers
                if any(holds(company, person) for company in answer.companies)
            ),
        ]

    def _with_text(self, model: str, column: str, person: Person, name: str):
        """Return the rows whose stored JSON has the person's address, or all words of the name."""
        records = self.env[model]
        records.flush_model([column])

        def told(text: str) -> SQL:
            text = f"%{escape_psql(text)}%"
            return SQL("%s::text ILIKE %s", SQL.identifier("stored", column), text)

        if person.email:
            conditions = [SQL("(%s)", SQL(" OR ").join(map(told, person.emails)))]
        else:
            conditions = [told(word) for word in name.split()]
        if person.email and person.words:
            words = _all_of(map(told, name.split()))
            conditions = [SQL("(%s OR (%s))", conditions[0], words)]
        companies = [company for company in self._companies() if company]
        self.env.cr.execute(
            SQL(
                """
                SELECT stored.id FROM %(table)s AS stored
                  JOIN lead_mining_request AS request ON request.id = stored.request_id
                 WHERE request.company_id = ANY(%(companies)s) AND %(conditions)s
                 ORDER BY stored.id
                """,
                table=SQL.identifier(records._table),
                companies=companies,
                conditions=_all_of(conditions),
            )
        )
        return records.browse([row[0] for row in self.env.cr.fetchall()])

    def _find_refunds(self, person: Person, name: str, contacts) -> list[Finding]:
        """Return the credits given back for the person, whose name or address stands there."""
        found = self.env["lead.mining.refund"].search(
            _person_domain("note", "name", person, name)
            & Domain("subject", "!=", COMPANY)
            & Domain("company_id", "in", self._companies())
        )
        found = found.filtered(lambda refund: person.is_one(refund.note, refund.name))
        refunds = found | self._refunds_of(contacts)
        return [_finding(refund, {"name": refund.name, "note": refund.note}) for refund in refunds]

    def _refunds_of(self, contacts):
        """Return the credits given back for these contacts."""
        places = {(contact.result_id, contact_subject(contact.position)) for contact in contacts}
        return contacts.result_id.refund_ids.filtered(
            lambda refund: (refund.result_id, refund.subject) in places
        )

    def _find_directory(self, person: Person, name: str) -> list[Finding]:
        datasets = Domain("dataset_id.company_id", "in", self._companies())
        contacts = self.env["lead.directory.contact"].search(
            _person_domain("email", "name", person, name)
            & Domain("directory_company_id", "any", datasets)
        )
        contacts = contacts.filtered(lambda contact: person.is_one(contact.email, contact.name))
        findings = [_finding(contact, _directory_data(contact)) for contact in contacts]
        if person.email:
            companies = self.env["lead.directory.company"].search(
                datasets
                & Domain.OR(Domain("emails", "ilike", escape_psql(one)) for one in person.emails)
            )
            findings += [
                _finding(company, {"emails": company.emails})
                for company in companies
                if person.email in map(normalise_email, _addresses(company.emails))
            ]
        return findings

    def _companies(self) -> list[int | bool]:
        return [*self.env.companies.ids, False]

    @api.model
    def _count_elsewhere(self, person: Person, name: str) -> int:
        """Return how many places of companies that the user does not work with hold the person."""
        others = self.sudo().env["res.company"].search([("id", "not in", self.env.companies.ids)])
        if not others:
            return 0
        elsewhere = self.with_context(allowed_company_ids=others.ids)
        return sum(
            bool(_company_of(finding.record) & others) for finding in elsewhere._find(person, name)
        )

    # === ERASE === #

    @api.model
    def _erase(
        self, person: Person, findings: list[Finding], name: str = ""
    ) -> tuple[Counter, list[str]]:
        """Erase what was found, and keep the person from being mined again.

        :param name: as it was typed
        :return: (how many records of each model, names of address book contacts that had to stay)
        """
        self_sudo = self.sudo()
        found = {
            model: self_sudo.env[model].browse(finding.record.id for finding in group)
            for model, group in _by_model(findings).items()
        }
        contacts, notices, leads, partners, results, answers, refunds = (
            found.get(model, self_sudo.env[model]) for model in _PLACES
        )
        self_sudo._bury(person, findings)
        traces = self_sudo._traces(person, name, findings)
        parts = self_sudo._parts(findings)
        self_sudo._erase_notices(contacts.notice_ids | notices)
        self_sudo._erase_from_leads(leads | contacts.lead_id, person, contacts)
        kept = self_sudo._erase_partners(partners)
        self_sudo._erase_from_refunds(refunds | self_sudo._refunds_of(contacts))
        self_sudo._erase_contacts(contacts)
        self_sudo._scrub(results, "data", lambda _key: [person])
        self_sudo._scrub(answers, "companies", lambda _key: [person])
        self_sudo._erase_from_directory(person, found)
        for model in self_sudo.env["person.data.mixin"]._person_models():
            records = self_sudo.env[model]
            records = found.get(model, records) | parts.get(model, records)
            records.exists()._person_erase(traces)
        return Counter({model: len(records) for model, records in found.items()}), kept

    @api.model
    def _erase_expired(self, contacts) -> None:
        """Erase mined contacts whose time is over, without keeping them from being mined again."""
        self_sudo = self.sudo()
        contacts = contacts.sudo()
        leads, persons = contacts.lead_id, {}
        for contact in contacts:
            persons.setdefault(contact.lead_id.reveal_id, []).append(_person_of(contact))
        results = self_sudo.env["lead.mining.result"].search([("lead_id", "in", leads.ids)])
        answers = self_sudo.env["lead.mining.answer"].search(
            [("request_id", "in", leads.mining_request_id.ids)]
        )
        self_sudo._erase_notices(contacts.notice_ids)
        for lead in leads:
            for contact in contacts & lead.mining_contact_ids:
                self_sudo._erase_from_leads(lead, _person_of(contact), contact)
        self_sudo._erase_from_refunds(self_sudo._refunds_of(contacts))
        self_sudo._erase_contacts(contacts)
        self_sudo._scrub(results, "data", lambda key: persons.get(key, []))
        self_sudo._scrub(answers, "companies", lambda key: persons.get(key, []))

    def _bury(self, person: Person, findings: list[Finding]) -> None:
        """Leave the hashes that keep the person away, of whichever provider and file."""
        Suppression = self.env["lead.mining.suppression"]
        keys = Suppression._keys()
        # Whose address is at a company's own domain is a person of that company.
        host = own_domain(normalise_domain(person.email))
        entries = set(keys.tombstones(person.email, person.words, [f"domain:{host}"] * bool(host)))
        for finding in findings:
            for email, name, companies in self._identities(finding, person):
                entries |= keys.tombstones(email, name, companies)
        Suppression._add(entries, reason=self.env._("Erased on request"), source="erase")

    def _identities(self, finding: Finding, person: Person) -> list[tuple[str, str, tuple]]:
        """Return (address, name, keys of the company) that a place knows the person by."""
        record = finding.record
        match record._name:
            case "lead.mining.contact":
                keys = record.lead_id._identity_keys()[record.lead_id]
                return [(record.email or "", record.name, keys)]
            case "crm.lead":
                keys = record._identity_keys()[record]
                return [(person.email, record.contact_name or "", keys)]
            case "res.partner":
                parent = record.commercial_partner_id
                domain = parent.identity_domain and f"domain:{parent.identity_domain}"
                vat = parent.identity_vat and f"vat:{parent.identity_vat}"
                keys = tuple(filter(None, (domain, vat, company_name_key(parent.name or ""))))
                return [(record.email or "", record.name or "", keys)]
            case "lead.directory.contact":
                keys = _directory_keys(record.directory_company_id)
                return [(record.email or "", record.name, keys)]
            case "lead.directory.company":
                return [(person.email, person.words, _directory_keys(record))]
            case "lead.enrichment":
                return _stored_identities(filter(None, [record.answer]), person)
            case "lead.mining.result":
                return _stored_identities([record.data], person)
            case "lead.mining.answer":
                return _stored_identities(record.companies, person)
        return []

    def _erase_notices(self, notices) -> None:
        if not notices:
            return
        mails = self.env["mail.mail"].search(
            [("mail_message_id", "in", notices.mail_message_id.ids)]
        )
        messages = notices.mail_message_id
        notices.unlink()
        mails.unlink()
        messages.exists().unlink()

    def _erase_from_leads(self, leads, person: Person, contacts) -> None:
        """Take the person out of the leads' fields, notes and histories."""
        for lead in leads:
            own = contacts & lead.mining_contact_ids
            texts = {
                *person.emails,
                *own.mapped("name"),
                *own.mapped("email"),
                *own.mapped("phone"),
            }
            values = self._lead_values_of(lead, person, own)
            texts |= {lead[name] for name in values if name != "partner_id"}
            # Not tracked: the history would keep what is erased.
            lead.with_context(tracking_disable=True, mail_notrack=True).write(values)
            self._scrub_notes(lead, texts - {False, ""})
            lead.mining_provenance_ids.filtered(
                lambda line: person.email and person.email in (line.part or "").lower()
            ).unlink()

    def _erase_from_refunds(self, refunds) -> None:
        """Take the person out of credits that were given back; the money stays as it was."""
        refunds.write({"name": self.env._("Erased contact"), "note": False})

    def _erase_contacts(self, contacts) -> None:
        leads = contacts.lead_id
        contacts.unlink()
        leads._close_notice_activities()

    def _lead_values_of(self, lead, person: Person, contacts) -> dict[str, Any]:
        """Return the changes that empty the fields which hold this person."""
        words = {Person.of("", name).words for name in contacts.mapped("name")} | {person.words}
        emails = {person.email, *contacts.mapped("email_normalized")} - {"", False}
        phones = set(contacts.mapped("phone")) - {"", False}
        is_named = Person.of("", lead.contact_name).words in words - {""}
        is_written = normalise_email(lead.email_normalized) in map(normalise_email, emails)
        values: dict[str, Any] = {}
        if is_named or is_written:
            values |= {"contact_name": False, "function": False}
        if is_written:
            values["email_from"] = False
        if lead.phone in phones:
            values["phone"] = False
        if lead.partner_id in contacts.partner_id.filtered("mined"):
            parent = lead.partner_id.parent_id
            values["partner_id"] = parent.id
        return values

    def _scrub_notes(self, lead, texts: Iterable[str]) -> None:
        """Take these texts out of the lead's notes and of its tracked changes.

        E-mails that were exchanged are correspondence and stay.
        """
        texts = [text for text in texts if isinstance(text, str)]
        if not texts:
            return
        notes = self.env["mail.message"].search(
            [
                ("model", "=", lead._name),
                ("res_id", "=", lead.id),
                ("message_type", "in", ("notification", "comment", "auto_comment")),
                ("subtype_id.internal", "=", True),
            ]
        )
        for note in notes:
            body = scrub_html(note.body or "", texts)
            if body != note.body:
                note.body = body
        values = notes.tracking_value_ids | self.env["mail.tracking.value"].search(
            [("mail_message_id.model", "=", lead._name), ("mail_message_id.res_id", "=", lead.id)]
        )
        values.filtered(lambda value: _tells(value, texts)).unlink()

    def _erase_partners(self, partners) -> list[str]:
        """Delete contacts that were made of mined ones; those with documents lose their data.

        :return: names of those that stay
        """
        kept = partners.filtered(lambda partner: self._has_documents(partner))
        names = kept.mapped("display_name")
        for partner in kept:
            values = {"email": False, "phone": False, "function": False, "mined": False}
            if partner.commercial_partner_id != partner:
                # The company stays the party of the documents.
                values["name"] = self.env._("Erased contact")
            partner.with_context(tracking_disable=True).write(values)
        (partners - kept).unlink()
        return names

    def _has_documents(self, partner) -> bool:
        """Tell whether anything but mined leads and messages is about this partner."""
        if partner.user_ids or partner.child_ids:
            return True
        leads = self.env["crm.lead"].with_context(active_test=False)
        if leads.search_count(
            [("partner_id", "=", partner.id), ("mining_request_id", "=", False)], limit=1
        ):
            return True
        return any(
            self.env[model]
            .with_context(active_test=False)
            .search_count([(name, "=", partner.id)], limit=1)
            for model, name in self._document_fields()
        )

    def _document_fields(self) -> list[tuple[str, str]]:
        """Return the stored many2one fields by which documents name a partner."""
        return [
            (model, name)
            for model in self.env.registry
            if not model.startswith(_NO_DOCUMENTS) and model != "crm.lead"
            if self.env[model]._auto
            and not self.env[model]._abstract
            and not self.env[model]._transient
            for name, field in self.env[model]._fields.items()
            if field.type == "many2one" and field.store and field.comodel_name == "res.partner"
        ]

    def _scrub(self, records, column: str, persons_of) -> None:
        """Take persons out of stored JSON.

        :param persons_of: the persons of the company with an identity key
        """
        for record in records:
            stored = record[column] or []
            companies = stored if isinstance(stored, list) else [stored]
            # Contacts of a delivered company are paid, and given back, by their position.
            remove = partial(without_person, keep_places=column == "data")
            clean = [
                reduce(remove, persons_of(_main_key(company)), company) for company in companies
            ]
            if clean != companies:
                record[column] = clean if isinstance(stored, list) else clean[0]

    def _erase_from_directory(self, person: Person, found: dict) -> None:
        contacts = found.get("lead.directory.contact", self.env["lead.directory.contact"])
        companies = found.get("lead.directory.company", self.env["lead.directory.company"])
        for company in companies:
            kept = [
                email
                for email in _addresses(company.emails)
                if normalise_email(email) != person.email
            ]
            company.emails = ", ".join(kept) or False
        datasets = contacts.directory_company_id.dataset_id | companies.dataset_id
        # The files that they came from hold them too; what is imported does not need them again.
        datasets.import_ids.filtered(lambda one: one.state == "done").file = False
        texts = [*person.emails, *contacts.mapped("name")]
        self.env["lead.directory.import.problem"].search(
            Domain("import_id", "in", datasets.import_ids.ids)
            & Domain.OR(Domain("value", "ilike", escape_psql(text)) for text in texts if text)
        ).value = False
        contacts.unlink()


def _tells(value, texts: Iterable[str]) -> bool:
    """Tell whether a tracked change has one of the texts, also within "Company, Person"."""
    told = f"{value.old_value_char or ''}\n{value.new_value_char or ''}".casefold()
    return any(text.casefold() in told for text in texts if len(text.strip()) > 2)


def _all_of(conditions: Iterable[SQL]) -> SQL:
    return SQL(" AND ").join(conditions)


def _person_domain(email_field: str, name_field: str, person: Person, name: str) -> Domain:
    """Return what narrows a search to a person; `Person.is_one` decides."""
    by_email = Domain(email_field, "in", person.emails) if person.email else Domain.FALSE
    by_name = Domain.AND(Domain(name_field, "ilike", escape_psql(w)) for w in name.split())
    return by_email | (by_name if person.words else Domain.FALSE)


def _by_model(findings: list[Finding]) -> dict[str, list[Finding]]:
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.record._name, []).append(finding)
    return groups


def _person_of(contact) -> Person:
    return Person.of(contact.email, contact.name)


def _main_key(company: dict) -> str:
    return next(iter(identity_keys(company_json.from_json(company))), "")


def _addresses(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def _directory_keys(company) -> tuple[str, ...]:
    names = ("registry", "registry_id", "lei", "vat", "domain", "country_code")
    known = {name: company[name] or "" for name in names}
    return tuple({company.identity, *company_keys(Company(name=company.name, **known))})


def _company_of(record):
    """Return the `res.company` that a found record belongs to, empty if it is shared."""
    if hasattr(record, "_person_company"):
        return record._person_company()
    match record._name:
        case "lead.directory.contact":
            return record.directory_company_id.dataset_id.company_id
        case "lead.directory.company":
            return record.dataset_id.company_id
        case "lead.mining.answer":
            return record.request_id.company_id
    return record.company_id


def _finding(record, data: dict, label: str = "") -> Finding:
    plain = {name: _plain(value) for name, value in data.items() if value}
    return Finding(record, label or record.display_name or "", plain)


def _plain(value: Any) -> Any:
    if isinstance(value, (int, float, list, dict)):
        return value
    return fields.Date.to_string(value) if hasattr(value, "year") else str(value)


def _contact_data(contact) -> dict:
    return {
        "company": contact.lead_id.partner_name or contact.lead_id.name,
        **{name: contact[name] for name in (
            "name", "job_title", "role", "seniority", "email", "phone", "provider", "dataset",
            "dataset_version", "licence", "source_url", "fetched_on", "legal_basis", "keep_until",
            "collected_on", "first_contact_on", "notice_state", "notice_due",
        )},
    }  # fmt: skip


def _notice_data(notice) -> dict:
    return {"sent_on": notice.sent_on, "address": notice.address, "sent_by": notice.user_id.name}


def _lead_data(lead) -> dict:
    names = ("name", "contact_name", "function", "email_from", "phone")
    return {name: lead[name] for name in names}


def _partner_data(partner) -> dict:
    return {name: partner[name] for name in ("name", "function", "email", "phone")}


def _directory_data(contact) -> dict:
    names = ("name", "job_title", "role", "seniority", "email", "phone")
    dataset = contact.directory_company_id.dataset_id
    source = {"company": contact.directory_company_id.name, "dataset": dataset.name}
    return source | {name: contact[name] for name in names}


def _stored_data(companies: list[dict], person: Person) -> dict:
    return {
        company.get("name", ""): of_person(company, person) or [{"email": person.email}]
        for company in companies
        if holds(company, person)
    }


def _stored_identities(companies: list[dict], person: Person) -> list[tuple[str, str, tuple]]:
    return [
        (
            email_normalize(contact.get("email", "")) or "",
            contact.get("name", ""),
            company_keys(company_json.from_json(company)),
        )
        for company in companies
        for contact in of_person(company, person)
    ]
