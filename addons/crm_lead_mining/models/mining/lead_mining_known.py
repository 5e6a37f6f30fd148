from collections.abc import Set
from dataclasses import replace

import psycopg2
from markupsafe import Markup

from odoo import api, fields, models

from odoo.addons.crm_common.tools.gaps import ADDRESS, to_fill
from odoo.addons.crm_common.tools.mailboxes import address_key

from ...company.fields import RECORD_UNITS
from ...company.types import Company, Contact
from ...tools.pricing import Prices

#: What only a new lead gets, and what identifies a lead for others.
_NEW_ONLY = frozenset(
    {
        "name", "type", "team_id", "stage_id", "user_id", "company_id", "tag_ids",
        "mining_request_id", "reveal_id", "lang_id",
    }
)  # fmt: skip


class LeadMiningKnown(models.AbstractModel):
    """What happens with companies that are a lead or a contact already: skip, link or update."""

    _name = "lead.mining.known"
    _description = "Known Companies of Lead Mining"

    @api.model
    def _keys_of_known_groups(self, company, before=None) -> Set[str]:
        """Return the identity keys of companies that are known because their group is.

        Such a company is neither linked nor filled, as it is none of those that are known itself.
        Who knows of groups extends it.

        :param company: the `res.company` that mines
        :param before: what is newer makes no group known
        """
        return frozenset()

    @api.model
    def _treat(self, request, rows: list, prices: Prices) -> None:
        """Give each row of a known company its outcome, its reason and its price.

        :param request: the request as its owner sees it, in sudo
        :param rows: `lead_mining_worker.Row`, all with `known`
        :param prices: of the provider that knows the companies
        """
        found = self._records_of(rows)
        leads, partners = self._readable(request, found)
        for row, (model, record_id) in zip(rows, found, strict=True):
            record = (leads if model == "crm.lead" else partners).get(record_id)
            row.reason = self._reason(request, model, record_id, record)
            if record is not None and request.known_policy != "skip":
                self._use(request, row, record, prices)
        self._tag(request, [row for row in rows if row.outcome in ("linked", "updated")])

    def _records_of(self, rows: list) -> list[tuple[str, int]]:
        """Return (model, id) of what is known of each row, ("", 0) when that is gone."""
        by_key = self.env["lead.mining.identity"]._known_records(
            [key for row in rows for key in row.candidate.keys]
        )
        return [
            max(
                (by_key[key] for key in row.candidate.keys if key in by_key),
                key=lambda found: (bool(found[1]), found[0] == "crm.lead"),
                default=("", 0),
            )
            for row in rows
        ]

    def _readable(self, request, found: list[tuple[str, int]]) -> tuple[dict, dict]:
        """Return {id: record} of the leads and of the contacts that the owner may see."""
        user = request.env.user
        return tuple(
            {
                record.id: record
                # Not in sudo: what a colleague or another company has is not named.
                for record in request.env[model]
                .with_user(user)
                .browse({record_id for of, record_id in found if of == model and record_id})
                ._filtered_access("read")
            }
            for model in ("crm.lead", "res.partner")
        )

    def _reason(self, request, model: str, record_id: int, record) -> str:
        env = request.env
        if not record_id:
            return env._("Delivered before; its lead has been deleted since.")
        if record is None:
            return env._("Already known; you do not have access to the record.")
        if model == "res.partner":
            return env._("Already known: the contact “%s”.", record.display_name)
        if not record.active:
            return env._("Already known: the lost or archived lead “%s”.", record.display_name)
        return env._("Already known: the lead “%s”.", record.display_name)

    def _use(self, request, row, record, prices: Prices) -> None:
        """Link or update the known record, as the request's policy says."""
        if not record.has_access("write"):
            row.reason = request.env._("%s You may not change it.", row.reason)
            return
        row.outcome = "linked"
        row.lead_id = record.id if record._name == "crm.lead" else 0
        row.partner_id = record.id if record._name == "res.partner" else 0
        if request.known_policy == "update":
            self._update(request, row, record, prices)

    # === UPDATE === #

    def _update(self, request, row, record, prices: Prices) -> None:
        """Fill what is empty; what cannot be saved leaves the record as it was."""
        try:
            with self.env.cr.savepoint():
                filled, contacts = self._fill(request, row, record)
                self.env.cr.flush()
        except psycopg2.errors.OperationalError:
            raise  # a concurrent transaction: the whole batch is tried again
        except Exception as error:  # constraints and overrides of any addon refuse in their own way
            detail = str(error.args[0]) if error.args else error.__class__.__name__
            row.outcome = "failed"
            row.reason = request.env._("It could not be updated: %s", detail.splitlines()[0][:200])
            return
        if not filled and not contacts:
            row.reason = request.env._("%s Nothing was missing.", row.reason)
            return
        row.outcome, row.contacts = "updated", len(contacts)
        row.credits, row.contact_price = prices.of(bool(filled), len(contacts)), prices.contact
        # What is kept as delivered, and may be given back, are the contacts that were added.
        company = replace(row.candidate.company, contacts=tuple(contacts))
        row.candidate = replace(row.candidate, company=company)
        row.reason = request.env._(
            "%(reason)s Filled: %(fields)s.",
            reason=row.reason,
            fields=", ".join([*filled, *(contact.name for contact in contacts)]),
        )

    def _fill(self, request, row, record) -> tuple[list[str], list]:
        """Write what is empty of `record`.

        :return: the labels of the fields and the contacts that were added
        """
        company = row.candidate.company
        if record._name == "crm.lead":
            values = self._lead_values(request, _of_one_person(record, company))
            contacts = _missing_contacts(record, company.contacts)
        else:
            values, contacts = self._partner_values(request, company), []
        values = _empty_only(record, values)
        if values:
            record.write(values)
        if contacts:
            # Sudo: with what was paid for them.
            record.sudo()._add_mined_contacts(contacts, company.provenance)
        labels = [record._fields[name]._description_string(request.env) for name in values]
        if labels:
            record._message_log(
                body=Markup("%s<br/>%s")
                % (
                    request.env._("Lead mining %s filled empty fields:", request.name),
                    ", ".join(labels),
                )
            )
        return labels, contacts

    def _lead_values(self, request, company) -> dict:
        Lead = request.env["crm.lead"]
        records = Lead._mined_records([company]) | {"stage": request.env["crm.stage"]}
        values = Lead._mined_values(request, company, records)
        return {name: value for name, value in values.items() if name not in _NEW_ONLY}

    def _partner_values(self, request, company) -> dict:
        lead = self._lead_values(request, company)
        kept = {name: lead.get(name) for name in (*ADDRESS.all, "website", "company_industry_id")}
        industry = request.env["lead.mining.industry"].browse(kept.pop("company_industry_id"))
        return kept | {
            "phone": company.phone,
            "email": next(iter(company.emails), ""),
            "vat": company.vat,
            "company_registry": company.registry_id,
            "company_lei": company.lei,
            "industry_id": industry.industry_id.id,
        }

    # === TAGS === #

    def _tag(self, request, rows: list) -> None:
        """Give the request's tags to the leads, and tags of the same names to the contacts."""
        if not request.tag_ids:
            return
        user = request.env.user
        leads = request.env["crm.lead"].browse({row.lead_id for row in rows if row.lead_id})
        leads.with_user(user).write(
            {"tag_ids": [fields.Command.link(tag.id) for tag in request.tag_ids]}
        )
        partners = request.env["res.partner"].browse(
            {row.partner_id for row in rows if row.partner_id}
        )
        if partners:
            partners.with_user(user).write(
                {
                    "category_id": [
                        fields.Command.link(category.id)
                        for category in self._partner_categories(request)
                    ]
                }
            )

    def _partner_categories(self, request):
        """Return the contacts' tags that are called like the request's."""
        names = request.tag_ids.mapped("name")
        # The request is in sudo: salespeople may not make tags of contacts.
        categories = request.env["res.partner.category"].search([("name", "in", names)])
        missing = set(names) - set(categories.mapped("name"))
        return categories | categories.create([{"name": name} for name in sorted(missing)])


def _empty_only(record, values: dict) -> dict:
    """Return the values that fill what is empty of `record`."""
    found = {name: value for name, value in values.items() if _is_something(value)}
    names = {*found, *(name for unit in RECORD_UNITS for name in unit.all)}
    names &= record._fields.keys()
    known = {name: value for name, value in record.read(names, load=None)[0].items() if value}
    return to_fill(known, found, RECORD_UNITS)


def _of_one_person(lead, company: Company) -> Company:
    """Return the company without its contacts if the lead's own fields are another person's."""
    person = next(iter(company.contacts), None)
    if not person or _is_of(lead, person):
        return company
    return replace(company, contacts=())


def _is_of(lead, person: Contact) -> bool:
    if lead.contact_name:
        return lead.contact_name.casefold() == person.name.casefold()
    if lead.email_from:
        return address_key(lead.email_normalized) == address_key(person.email) is not None
    return not lead.function


def _is_something(value) -> bool:
    # The commands that set no record of a many2many are a list that is not empty.
    return bool(value) and value != [fields.Command.set([])]


def _missing_contacts(lead, contacts) -> list:
    """Return the contacts that the lead doesn't have, by e-mail or name."""
    known = lead.sudo().mining_contact_ids  # of a lead that the user may change
    emails = {address_key(contact.email) for contact in known} - {None}
    names = {contact.name for contact in known}
    return [
        contact
        for contact in contacts
        if address_key(contact.email) not in emails and contact.name not in names
    ]
