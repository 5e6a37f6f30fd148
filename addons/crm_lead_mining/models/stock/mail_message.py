from collections.abc import Iterable

from odoo import api, models
from odoo.fields import Domain

from ...tools.privacy import scrub_html

CARD = "o_lead_mining_card"
#: E-mails that were exchanged are correspondence and stay.
_NOTES = Domain("message_type", "in", ("notification", "comment", "auto_comment")) & Domain(
    "subtype_id.internal", "=", True
)


class MailMessage(models.Model):
    """The notes that lead mining writes: cards of companies and their persons."""

    _name = "mail.message"
    _inherit = ["mail.message", "person.data.mixin"]

    _person_columns = ("body",)

    @api.model
    def _person_find(self, traces, companies):
        found = super()._person_find(traces, companies)
        return found.filtered(
            lambda note: CARD in (note.body or "") and (note._person_company().id in companies)
        )

    def _person_company(self):
        self.ensure_one()
        record = self.env[self.model].browse(self.res_id).exists() if self.model else None
        if record and "company_id" in record._fields:
            return record.company_id
        return self.env["res.company"]

    def _person_data(self, traces):
        return {"note": self.subject or self.record_name or self.env._("Note")}

    def _person_erase(self, traces):
        for note in self.filtered_domain(_NOTES):
            note.body = scrub_html(note.body or "", traces.texts)

    @api.model
    def _scrub_notes(self, record, texts: Iterable[str]) -> None:
        """Take these texts out of a record's notes and of its tracked changes; needs sudo."""
        texts = [text for text in texts if isinstance(text, str)]
        if not texts:
            return
        notes = self.search(
            Domain("model", "=", record._name) & Domain("res_id", "=", record.id) & _NOTES
        )
        for note in notes:
            body = scrub_html(note.body or "", texts)
            if body != note.body:
                note.body = body
        values = notes.tracking_value_ids | self.env["mail.tracking.value"].search(
            [
                ("mail_message_id.model", "=", record._name),
                ("mail_message_id.res_id", "=", record.id),
            ]
        )
        values.filtered(lambda value: _tells(value, texts)).unlink()


def _tells(value, texts: Iterable[str]) -> bool:
    """Tell whether a tracked change has one of the texts, also within "Company, Person"."""
    told = f"{value.old_value_char or ''}\n{value.new_value_char or ''}".casefold()
    return any(text.casefold() in told for text in texts if len(text.strip()) > 2)
