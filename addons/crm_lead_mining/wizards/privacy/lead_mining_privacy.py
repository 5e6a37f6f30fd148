import base64
import io
import json

import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.privacy import Person

MAX_FINDINGS = 500


class LeadMiningPrivacy(models.TransientModel):
    """Tells what lead mining holds of a person, and erases it (Articles 15 and 17 GDPR)."""

    _name = "lead.mining.privacy"
    _description = "Access and Erasure of a Person's Data"

    email = fields.Char()
    name = fields.Char(help="For persons without an e-mail address, or to find more of them.")
    state = fields.Selection(
        [("search", "Search"), ("found", "Found"), ("done", "Erased")], default="search"
    )
    line_ids = fields.One2many("lead.mining.privacy.line", "privacy_id", string="Found")
    line_count = fields.Integer(compute="_compute_line_count")
    elsewhere_count = fields.Integer(readonly=True)
    summary = fields.Text(readonly=True)
    json_file = fields.Binary(readonly=True, attachment=False, string="Report (JSON)")
    xlsx_file = fields.Binary(readonly=True, attachment=False, string="Report (XLSX)")
    json_file_name = fields.Char(default="personal-data.json")
    xlsx_file_name = fields.Char(default="personal-data.xlsx")

    @api.depends("line_ids")
    def _compute_line_count(self):
        for wizard in self:
            wizard.line_count = len(wizard.line_ids)

    # === ACTIONS === #

    def action_search(self):
        """Find everything about the person and prepare the reports."""
        self.ensure_one()
        self._check_officer()
        person = self._person()
        findings = self._find()
        if len(findings) > MAX_FINDINGS:
            raise UserError(
                self.env._(
                    "This name was found in %s places: enter the e-mail address as well.",
                    len(findings),
                )
            )
        self.line_ids.unlink()
        self.write(
            {
                "state": "found",
                "line_ids": [
                    fields.Command.create(
                        {
                            "model": finding.record._name,
                            "res_id": finding.record.id,
                            "label": finding.label,
                            "content": _text(_readable(finding)),
                        }
                    )
                    for finding in findings
                ],
                "summary": self._summary(findings),
                "elsewhere_count": self.env["lead.mining.eraser"]._count_elsewhere(
                    person, self.name or ""
                ),
                **self._reports(findings),
            }
        )
        return self._reopen()

    def action_erase(self):
        """Erase what is chosen; only hashes stay, which keep the person from being mined again."""
        self.ensure_one()
        self._check_officer()
        left_out = {(line.model, line.res_id) for line in self.line_ids if not line.selected}
        # Searched again: what came in the meantime is the person's as well.
        findings = [finding for finding in self._find() if finding.key not in left_out]
        counts, kept = self.env["lead.mining.eraser"]._erase(
            self._person(), findings, self.name or ""
        )
        sentences = [self._counted(counts) or self.env._("Nothing was held.")]
        sentences.append(self.env._("The person is never mined again, from any provider or file."))
        if kept:
            sentences.append(
                self.env._(
                    "These contacts are kept, without the mined data, because documents refer to "
                    "them: %s",
                    ", ".join(kept),
                )
            )
        self.line_ids.unlink()
        # Nothing of the person stays in this wizard either.
        self.write(
            {
                "state": "done",
                "summary": "\n".join(sentences),
                "email": False,
                "name": False,
                "json_file": False,
                "xlsx_file": False,
            }
        )
        return self._reopen()

    # === HELPERS === #

    def _check_officer(self):
        if not self.env.user.has_group("crm_lead_mining.group_lead_mining_privacy"):
            raise AccessError(
                self.env._(
                    "Only privacy officers of lead mining can access and erase personal data."
                )
            )

    def _person(self) -> Person:
        person = Person.of(self.email, self.name)
        if self.email and not person.email:
            raise UserError(self.env._("“%s” is not a valid e-mail address.", self.email))
        if not person:
            raise UserError(self.env._("Enter an e-mail address or a name."))
        return person

    def _find(self):
        return self.env["lead.mining.eraser"]._find(self._person(), self.name or "")

    def _summary(self, findings) -> str:
        counts = {}
        for finding in findings:
            counts[finding.record._name] = counts.get(finding.record._name, 0) + 1
        return self._counted(counts) or self.env._("Nothing is held about this person.")

    def _counted(self, counts) -> str:
        """Return "Mined contacts: 2 · Leads: 1"."""
        labels = dict(self.env["lead.mining.privacy.line"]._selection_model())
        return " · ".join(
            f"{labels[model]}: {counts[model]}" for model in labels if counts.get(model)
        )

    def _reports(self, findings) -> dict:
        labels = dict(self.env["lead.mining.privacy.line"]._selection_model())
        report = [
            {"place": labels[f.record._name], "record": f.label, "data": f.data} for f in findings
        ]
        readable = [
            item | {"data": _readable(finding)}
            for item, finding in zip(report, findings, strict=True)
        ]
        content = json.dumps(
            {
                "person": {"email": self.email or "", "name": self.name or ""},
                "reported_on": fields.Datetime.to_string(fields.Datetime.now()),
                "controllers": self.env.companies.mapped("name"),
                "held": report,
            },
            ensure_ascii=False,
            indent=2,
        )
        return {
            "json_file": base64.b64encode(content.encode()),
            "xlsx_file": base64.b64encode(self._xlsx(readable)),
        }

    def _xlsx(self, report: list[dict]) -> bytes:
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
            sheet = book.add_worksheet(self.env._("Personal data"))
            bold = book.add_format({"bold": True})
            head = (
                self.env._("Place"), self.env._("Record"), self.env._("What"), self.env._("Value"),
            )  # fmt: skip
            rows = [
                (item["place"], item["record"], name, _text(value))
                for item in report
                for name, value in item["data"].items()
            ]
            for number, row in enumerate([head, *rows]):
                for column, value in enumerate(row):
                    # Always as text: no cell of a provider is run as a formula.
                    sheet.write_string(number, column, value, None if number else bold)
            sheet.set_column(0, 3, 30)
        return stream.getvalue()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Personal Data"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }


def _readable(finding) -> dict:
    """Return what a place holds under the names of its fields that people know."""
    record, shown = finding.record, {}
    for name, value in finding.data.items():
        field = record._fields.get(name)
        label = field._description_string(record.env) if field else name.replace("_", " ")
        if field and field.type == "selection":
            value = dict(field._description_selection(record.env)).get(value, value)
        shown[label] = value
    return shown


def _text(value) -> str:
    """Return stored data as people read it."""
    if isinstance(value, dict):
        return " · ".join(f"{name}: {_text(item)}" for name, item in value.items() if item)
    if isinstance(value, list):
        return "; ".join(map(_text, value))
    return str(value)
