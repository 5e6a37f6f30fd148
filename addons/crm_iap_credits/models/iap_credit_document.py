from odoo import fields, models


class IapCreditDocument(models.AbstractModel):
    """A line that names the record it is about, by model and id.

    There is no foreign key: the ledger's own cursors must not wait for a row that the calling
    transaction has locked or only just created, and the line outlives its document.
    """

    _name = "iap.credit.document"
    _description = "Credit Document"

    document_model = fields.Char(readonly=True)
    document_id = fields.Many2oneReference(
        string="Document ID", model_field="document_model", readonly=True
    )
    document_name = fields.Char(string="Document", compute="_compute_document_name")

    def _compute_document_name(self):
        for model, lines in self.grouped("document_model").items():
            documents = self._get_documents(model, lines.mapped("document_id"))
            names = {document.id: document.display_name for document in documents}
            for line in lines:
                line.document_name = names.get(line.document_id, False)

    def _get_documents(self, model, ids):
        """Keep of some documents those that exist and that the user may read."""
        if model not in self.env:
            return []
        return self.env[model].browse(ids).exists()._filtered_access("read")

    def action_open_document(self):
        """Open the record that the line is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.document_model,
            "res_id": self.document_id,
            "views": [(False, "form")],
        }
