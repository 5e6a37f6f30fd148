import json

from odoo import api, fields, models


class MailScheduledMessage(models.Model):
    _inherit = "mail.scheduled.message"

    recipient_picker = fields.Json(compute="_compute_recipient_picker")
    is_recipient_policed = fields.Boolean(compute="_compute_recipient_picker")
    recipient_choices = fields.Json(
        compute="_compute_recipient_choices", inverse="_inverse_recipient_choices"
    )

    @api.depends("model", "res_id")
    def _compute_recipient_picker(self):
        for message in self:
            # A new form has no document yet.
            thread = self.env[message.model or "mail.thread"].browse(message.res_id)
            message.recipient_picker = thread._recipient_picker()
            message.is_recipient_policed = bool(message.recipient_picker)

    @api.depends("notification_parameters")
    def _compute_recipient_choices(self):
        for message in self:
            message.recipient_choices = message._recipient_choices()

    def _inverse_recipient_choices(self):
        for message in self:
            parameters = json.loads(message.notification_parameters or "{}")
            parameters["recipient_choices"] = message.recipient_choices or []
            message.notification_parameters = json.dumps(parameters)

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        messages._recipient_check()
        return messages

    def write(self, vals):
        result = super().write(vals)
        if {"partner_ids", "notification_parameters"} & vals.keys():
            self._recipient_check()
        return result

    @api.model
    def _notification_parameters_whitelist(self):
        return super()._notification_parameters_whitelist() | {"recipient_choices"}

    def _recipient_check(self):
        """Refuse at once what would be refused later; it is checked again when the time comes."""
        for message in self:
            thread = self.env[message.model].browse(message.res_id)
            if mode := thread._recipient_modes().get(thread.id):
                thread._recipient_check_post(
                    {"partner_ids": message.partner_ids.ids, "message_type": "comment"},
                    message._recipient_choices(),
                    mode,
                    path="schedule",
                    register=False,
                )

    def _recipient_choices(self):
        """Return the addresses chosen for this one message, see `_recipient_check_post`."""
        parameters = json.loads(self.notification_parameters or "{}")
        return parameters.get("recipient_choices") or []
