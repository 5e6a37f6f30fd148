from odoo import api, models

from odoo.addons.crm_mail_recipients.tools.gate import AUTOMATION, Automation


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _generate_and_send_invoices(self, moves, from_cron=False, **kwargs):
        """The batch that runs in the background goes on without recipients not allowed."""
        if from_cron:
            automated = {AUTOMATION: Automation()}
            self = self.with_context(**automated)  # noqa: PLW0642
            moves = moves.with_context(**automated)
        return super()._generate_and_send_invoices(moves, from_cron=from_cron, **kwargs)

    def _check_sending_data(self, moves, **custom_settings):
        """Refuse recipients before a document is made."""
        result = super()._check_sending_data(moves, **custom_settings)
        partner_ids = custom_settings.get("mail_partner_ids")
        if partner_ids and "email" in custom_settings.get("sending_methods", ()):
            for move in moves:
                move._recipient_precheck_post(
                    {"partner_ids": getattr(partner_ids, "ids", partner_ids)}
                )
        return result
