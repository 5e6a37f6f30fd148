from odoo import api, models

from ...tools.privacy import scrub_html

CARD = "o_lead_mining_card"


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
        for note in self:
            note.body = scrub_html(note.body or "", traces.texts)
