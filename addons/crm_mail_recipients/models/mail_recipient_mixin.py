from odoo import fields, models


class MailRecipientMixin(models.AbstractModel):
    """Declares a document's parties for the policy; what enforces it sits on `mail.thread`."""

    _name = "mail.recipient.mixin"
    _description = "Document under the Recipient Policy"

    recipient_company_id = fields.Many2one(
        "res.partner",
        "Linked Company",
        domain=[("is_company", "=", True)],
        index="btree_not_null",
        help="A company that may be written to beside the contact.",
    )
    is_recipient_policed = fields.Boolean(compute="_compute_is_recipient_policed")

    def _compute_is_recipient_policed(self):
        # The company decides, whether or not the user may see it.
        companies = self.sudo()._mail_get_companies()
        for record in self:
            record.is_recipient_policed = bool(companies[record.id]._recipient_mode())
