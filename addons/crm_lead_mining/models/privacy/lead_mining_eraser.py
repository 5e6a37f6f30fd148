from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from odoo import api, fields, models

from odoo.addons.crm_common.tools.domains import own_domain
from odoo.addons.crm_common.tools.traces import Traces

from ...company.identity import normalise_domain
from ...tools.privacy import Person


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
    """Finds and erases what is held of a person, wherever a model says that it holds persons.

    It knows none of these models, see `person.data.mixin`. Everything is done in sudo: rights on
    leads, stored answers and mails do not say who may answer for the data. Callers check
    `group_lead_mining_privacy`. Only what belongs to the companies that the user works with, or
    to none, is touched.
    """

    _name = "lead.mining.eraser"
    _description = "Eraser of Mined Persons"

    # === FIND === #

    @api.model
    def _find(self, person: Person, name: str = "") -> list[Finding]:
        """Return everything that is held of a person, in all places.

        :param name: as it was typed, for searches in texts
        """
        traces, companies = _traces(person, name), [*self.sudo().env.companies.ids, False]
        found = []
        for records in self._places():
            found.append(records._person_find(traces, companies))
            traces = traces.knowing(found[-1]._person_identities(traces))
        parts = _parts(found)
        return [
            _finding(record, traces)
            for records in found
            for record in records - parts.get(records._name, records.browse())
        ]

    @api.model
    def _count_elsewhere(self, person: Person, name: str) -> int:
        """Return how many places of companies that the user does not work with hold the person."""
        others = self.sudo().env["res.company"].search([("id", "not in", self.env.companies.ids)])
        if not others:
            return 0
        elsewhere = self.with_context(allowed_company_ids=others.ids)
        return sum(
            bool(finding.record._person_company() & others)
            for finding in elsewhere._find(person, name)
        )

    # === ERASE === #

    @api.model
    def _erase(
        self, person: Person, findings: list[Finding], name: str = ""
    ) -> tuple[Counter, list[str]]:
        """Erase what was found, and keep the person from being mined again.

        :param name: as it was typed
        :return: (how many records of each model, names of records that had to stay)
        """
        ids: dict[str, list[int]] = {}
        for finding in findings:
            ids.setdefault(finding.record._name, []).append(finding.record.id)
        found = [records.browse(ids.get(records._name, ())) for records in self._places()]
        traces = _traces(person, name)
        identities = [one for records in found for one in records._person_identities(traces)]
        traces = traces.knowing(identities)
        self.sudo()._bury(person, identities)
        parts, kept = _parts(found), []
        for records in found:
            erased = (records | parts.get(records._name, records.browse())).exists()
            kept += erased._person_erase(traces) or ()
        return Counter({model: len(records) for model, records in ids.items()}), kept

    def _bury(self, person: Person, identities: list[tuple[str, str, Iterable[str]]]) -> None:
        """Leave the hashes that keep the person away, of whichever provider and file."""
        Suppression = self.env["lead.mining.suppression"]
        keys = Suppression._keys()
        # Whose address is at a company's own domain is a person of that company.
        host = own_domain(normalise_domain(person.email))
        entries = set(keys.tombstones(person.email, person.words, [f"domain:{host}"] * bool(host)))
        for email, name, companies in identities:
            entries |= keys.tombstones(email, name, companies)
        Suppression._add(entries, reason=self.env._("Erased on request"), source="erase")

    # === HELPERS === #

    def _places(self) -> list[models.BaseModel]:
        """Return the models that hold persons, in the order in which all of them lock records."""
        env = self.sudo().env
        return [env[model] for model in env["person.data.mixin"]._person_models()]


def _traces(person: Person, name: str) -> Traces:
    return Traces(emails=person.emails, names=[name] if person.words else [])


def _parts(found: Iterable[models.BaseModel]) -> dict[str, models.BaseModel]:
    """Return what is erased with what was found, and is no place of its own beside it."""
    parts: dict[str, models.BaseModel] = {}
    for part in (part for records in found for part in records._person_parts()):
        parts[part._name] = parts.get(part._name, part) | part
    return parts


def _finding(record, traces: Traces) -> Finding:
    data = record._person_data(traces).items()
    held = {name: _plain(value) for name, value in data if value}
    return Finding(record, record._person_title(), held)


def _plain(value: Any) -> Any:
    if isinstance(value, (int, float, list, dict)):
        return value
    return fields.Date.to_string(value) if hasattr(value, "year") else str(value)
