from odoo import api, models
from odoo.fields import Domain
from odoo.tools import escape_psql

from ...tools.privacy import Person
from .lead_mining_eraser import Finding

LEDGER = ("iap.credit.hold", "iap.credit.entry")


class LeadMiningEraser(models.AbstractModel):
    _inherit = "lead.mining.eraser"

    @api.model
    def _find(self, person: Person, name: str = ""):
        """Override to find the person in what the ledger says that credits were spent for."""
        findings = super()._find(person, name)
        for model in LEDGER:
            for line in self.sudo()._find_ledger(model, person, name):
                data = {"document_name": line.document_name or "", "reason": line.reason}
                findings.append(Finding(line, line.reason, data))
        return findings

    def _find_ledger(self, model: str, person: Person, name: str):
        words = Domain.AND(_tells(word) for word in name.split())
        lines = self.env[model].search(
            (
                (_tells(person.email) if person.email else Domain.FALSE)
                | (words if person.words else Domain.FALSE)
            )
            & Domain("company_id", "in", self._companies())
        )
        return lines.filtered(
            lambda line: _names(line.document_name, person) or _names(line.reason, person)
        )

    @api.model
    def _erase(self, person: Person, findings, name: str = ""):
        """Override to take the person out of the ledger's texts; the money stays as it was."""
        result = super()._erase(person, findings, name)
        mask = self.env._("Erased contact")
        for finding in findings:
            if finding.record._name in LEDGER:
                _mask_line(finding.record.sudo(), person, mask)
        return result


def _tells(text: str) -> Domain:
    pattern = escape_psql(text)
    return Domain("document_name", "ilike", pattern) | Domain("reason", "ilike", pattern)


def _names(text: str | bool, person: Person) -> bool:
    """Tell whether a text has the person's address, or all words of the name."""
    text = text or ""
    if person.email and person.email in text.lower():
        return True
    words = set(person.words.split())
    return bool(words) and words <= set(Person.of("", text).words.split())


def _mask_line(line, person: Person, mask: str) -> None:
    for name in ("document_name", "reason"):
        # A reason repeats the document's name; what else it says is worth keeping.
        if _names(line[name], person):
            line._forget(line[name], mask)
