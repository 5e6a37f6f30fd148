from odoo import api, fields, models


class AccountMoveSendWizard(models.TransientModel):
    _inherit = "account.move.send.wizard"

    recipient_picker = fields.Json(compute="_compute_recipient_picker")
    is_recipient_policed = fields.Boolean(compute="_compute_recipient_picker")
    # [{'email': str, 'partner_id': int | False}], one per chosen address.
    recipient_choices = fields.Json(
        compute="_compute_recipient_choices", store=True, readonly=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Whom a caller names is who was chosen: nobody is preselected beside them."""
        if self.env["res.company"]._recipient_modes():
            vals_list = [
                {"recipient_choices": [], **vals} if vals.get("mail_partner_ids") else vals
                for vals in vals_list
            ]
        return super().create(vals_list)

    @api.depends("move_id")
    def _compute_recipient_picker(self):
        for wizard in self:
            wizard.recipient_picker = wizard.move_id._recipient_picker()
            wizard.is_recipient_policed = bool(wizard.recipient_picker)

    @api.depends("recipient_picker")
    def _compute_recipient_choices(self):
        for wizard in self:
            candidates = (wizard.recipient_picker or {}).get("candidates", [])
            wizard.recipient_choices = [
                {
                    "email": candidate["email"],
                    "partner_id": candidate["partner_id"],
                    "preselected": True,
                }
                for candidate in candidates
                if candidate["selected"]
            ]

    @api.depends("template_id", "lang", "recipient_choices")
    def _compute_mail_partners(self):
        result = super()._compute_mail_partners()
        for wizard in self.filtered("is_recipient_policed"):
            ids = {c["partner_id"] for c in wizard.recipient_choices or [] if c["partner_id"]}
            wizard.mail_partner_ids = self.env["res.partner"].browse(ids)
        return result

    def _get_sending_settings(self):
        settings = super()._get_sending_settings()
        if self.is_recipient_policed and "email" in (self.sending_methods or []):
            settings["recipient_choices"] = self.recipient_choices or []
        return settings
