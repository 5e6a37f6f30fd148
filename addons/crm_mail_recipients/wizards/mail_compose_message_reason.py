from odoo import api, fields, models

from ..tools import policy


class MailComposeMessage(models.TransientModel):
    """A button that is disabled says why."""

    _inherit = "mail.compose.message"  # pylint: disable=consider-merging-classes-inherited

    recipient_reason = fields.Char(compute="_compute_recipient_reason")

    @api.depends(
        "recipient_missing",
        "is_recipient_policed",
        "partner_ids_all_have_email",
        "model",
        "res_ids",
    )
    def _compute_recipient_reason(self):
        for composer in self:
            reason = ""
            if composer.recipient_missing:
                reason = composer._recipient_record()._recipient_why_nobody(policy.E_EMPTY)
            elif composer.is_recipient_policed and not composer.partner_ids_all_have_email:
                reason = self.env._("A colleague among the recipients has no e-mail address.")
            composer.recipient_reason = reason
