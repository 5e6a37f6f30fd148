from odoo import api, models

from odoo.addons.crm_mail_recipients.tools.gate import AUTOMATION, Automation
from odoo.addons.crm_mail_recipients.tools.policy import E_EMPTY
from odoo.exceptions import UserError


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
        if "email" not in custom_settings.get("sending_methods", ()):
            return result
        partner_ids = custom_settings.get("mail_partner_ids") or []
        partner_ids = getattr(partner_ids, "ids", partner_ids)
        choices = custom_settings.get("recipient_choices")
        for move in moves:
            if choices == [] and not partner_ids:
                raise UserError(move._recipient_why_nobody(E_EMPTY))
            move._recipient_precheck_post({"partner_ids": partner_ids}, choices)
        return result

    @api.model
    def _get_default_sending_settings(self, move, **kwargs):
        settings = super()._get_default_sending_settings(move, **kwargs)
        if "recipient_choices" in kwargs:
            settings["recipient_choices"] = kwargs["recipient_choices"]
        return settings

    @api.model
    def _get_mail_params(self, move, move_data):
        """Send to the chosen addresses; the partners only say whose they are."""
        params = super()._get_mail_params(move, move_data)
        if params and move_data.get("recipient_choices"):
            params["recipient_choices"] = move_data["recipient_choices"]
        return params
