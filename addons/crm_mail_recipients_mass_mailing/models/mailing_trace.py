from odoo import fields, models


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    failure_type = fields.Selection(
        selection_add=[("recipient_policy", "Recipient not registered on the record")],
        ondelete={"recipient_policy": "set null"},
    )

    def _recipient_cancel(self):
        """These mails were stopped by the policy."""
        self.write({"trace_status": "cancel", "failure_type": "recipient_policy"})
