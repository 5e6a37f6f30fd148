import json

from odoo import api, fields, models

from ..tools.address import address_key
from ..tools.choices import join, well_formed
from ..tools.copies import BCC, CC, CHOICES, TO, split
from ..tools.gate import Planned

# Who writes other words to somebody writes to somebody.
_CONTENT = {
    "attachment_ids",
    "author_id",
    "body",
    "is_note",
    "notification_parameters",
    "partner_ids",
    "recipient_chosen",
    "send_context",
    "subject",
}


class MailScheduledMessage(models.Model):
    _inherit = "mail.scheduled.message"

    recipient_picker = fields.Json(compute="_compute_recipient_picker")
    is_recipient_policed = fields.Boolean(compute="_compute_recipient_picker")
    recipient_choices = fields.Json(
        compute="_compute_recipient_choices", inverse="_inverse_recipient_choices"
    )
    recipient_cc_choices = fields.Json(
        compute="_compute_recipient_cc_choices", inverse="_inverse_recipient_choices"
    )
    recipient_bcc_choices = fields.Json(
        compute="_compute_recipient_bcc_choices", inverse="_inverse_recipient_choices"
    )
    # The choices of all lines, whose addresses not everybody who may read the message may see.
    recipient_chosen = fields.Json(copy=False)
    recipient_envelope = fields.Json(compute="_compute_recipient_envelope")

    @api.model
    def _has_field_access(self, field, operation):
        """Who is chosen is told by the fields of the lines, to who may view that party."""
        if field.name == "recipient_chosen" and operation == "read" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.depends("model", "res_id")
    def _compute_recipient_picker(self):
        for message in self:
            message.recipient_picker = message._recipient_card()._recipient_picker()
            message.is_recipient_policed = bool(message.recipient_picker)

    @api.depends("notification_parameters", "recipient_chosen")
    @api.depends_context("uid")
    def _compute_recipient_choices(self):
        self._recipient_show(TO)

    @api.depends("notification_parameters", "recipient_chosen")
    @api.depends_context("uid")
    def _compute_recipient_cc_choices(self):
        self._recipient_show(CC)

    @api.depends("notification_parameters", "recipient_chosen")
    @api.depends_context("uid")
    def _compute_recipient_bcc_choices(self):
        self._recipient_show(BCC)

    def _recipient_show(self, header):
        """Computed one by one: while one line is written, the others are read as they are."""
        for message in self:
            shown = message._recipient_unseen(message._recipient_choices())
            message[CHOICES[header]] = split(shown)[header]

    def _inverse_recipient_choices(self):
        for message in self:
            # Read before any is written, as it would be computed anew.
            choices = message._recipient_lines()
            message.write(
                {
                    # Not to be asked again: somebody was chosen, and be it nobody.
                    "notification_parameters": json.dumps(
                        {**message._recipient_parameters(), "recipient_choices": []}
                    ),
                    "recipient_chosen": choices or False,
                }
            )

    @api.depends("model", "res_id", "partner_ids", "author_id", "is_note", *CHOICES.values())
    @api.depends_context("uid")
    def _compute_recipient_envelope(self):
        for message in self:
            subtype = "mail.mt_note" if message.is_note else "mail.mt_comment"
            envelope = message._recipient_card()._recipient_envelope(
                {
                    "author_id": message.author_id.id,
                    "message_type": "comment",
                    "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id(subtype),
                    "partner_ids": message.partner_ids.ids,
                },
                message._recipient_lines(),
            )
            message.recipient_envelope = self.env["mail.thread"]._recipient_shown(envelope)

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        messages._recipient_check()
        return messages

    def write(self, vals):
        result = super().write(vals)
        if _CONTENT & vals.keys():
            self._recipient_check()
        return result

    def _post_message(self, raise_exception=True):  # pylint: disable=missing-return
        """Hand on who is chosen, where nobody may read it."""
        for message in self:
            # It is posted for who has written it, whoever runs it.
            planned = well_formed(message.sudo().recipient_chosen)
            with Planned(message.model, message.res_id, planned).posting(self.env):
                super(MailScheduledMessage, message)._post_message(raise_exception=raise_exception)

    @api.model
    def _notification_parameters_whitelist(self):
        return super()._notification_parameters_whitelist() | {"recipient_choices"}

    def _recipient_card(self):
        """Return the record of this one message; a new form has none yet."""
        return self.env[self.model or "mail.thread"].browse(self.res_id)

    def _recipient_check(self):
        """Refuse at once what would be refused later; it is checked again when the time comes."""
        for message in self:
            thread = message._recipient_card()
            if mode := thread._recipient_modes().get(thread.id):
                thread._recipient_check_post(
                    {"partner_ids": message.partner_ids.ids, "message_type": "comment"},
                    message._recipient_choices(),
                    mode,
                    path="schedule",
                    register=False,
                )

    def _recipient_lines(self) -> list[dict]:
        """Return the choices as the form of this one message has them, saved or not."""
        return join({header: self[name] for header, name in CHOICES.items()})

    def _recipient_choices(self):
        """Return the addresses chosen for this one message, see `_recipient_check_post`."""
        # Shown below as far as the user may view who it is; checked whoever it is.
        return [
            *well_formed(self._recipient_parameters().get("recipient_choices")),
            *well_formed(self.sudo().recipient_chosen),
        ]

    def _recipient_parameters(self) -> dict:
        """Return the parameters of this one message; none, where a client has written what stock
        will refuse when it is posted."""
        try:
            parameters = json.loads(self.notification_parameters or "{}")
        except ValueError:
            return {}
        return parameters if isinstance(parameters, dict) else {}

    def _recipient_unseen(self, choices):
        """Return `choices` of this one message without the addresses of who may not be viewed."""
        card = self._recipient_card()
        user = card._recipient_acting_user()
        if not user or not choices or not card._recipient_modes():
            return choices
        refs = {choice.get("partner_id") for choice in choices} - {None, False}
        partners = self.env["res.partner"].browse(refs)
        hidden = refs - {*partners.exists()._filtered_access("read").ids}
        secret = set()
        if any(not choice.get("partner_id") for choice in choices):
            seen = card._recipient_decisions(user)[card.id]
            everybody = card._recipient_decisions()[card.id]
            secret = {*everybody.by_key} - {*seen.by_key} if seen.hidden else set()
        return [
            {
                "email": "",
                "partner_id": choice.get("partner_id"),
                "header": choice.get("header") or TO,
                "hidden": True,
            }
            if choice.get("partner_id") in hidden or address_key(choice.get("email")) in secret
            else choice
            for choice in choices
        ]
