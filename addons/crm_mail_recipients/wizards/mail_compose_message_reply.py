from odoo import api, models

from ..tools.copies import CC, CHOICES, TO

PROPOSED = ("partner_ids", CHOICES[TO], CHOICES[CC])


class MailComposeMessage(models.TransientModel):
    """Reply All: everybody who was on the mail, as far as they may be written to."""

    _inherit = "mail.compose.message"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def default_get(self, fields_list):
        """The client names only those who are contacts; addresses are found on the message itself,
        whose id stands in the context as `recipient_reply_to`."""
        values = super().default_get(fields_list)
        message = self._recipient_answered()
        if not message:
            return values
        # Without the message in the context: what is not given is a default as well.
        composers = self.with_context(recipient_reply_to=False, default_partner_ids=False)
        given = {name: value for name, value in values.items() if name not in PROPOSED}
        composer = composers.new({**given, "parent_id": message.id})
        record = composer._recipient_record()
        if not record or (message.model, message.res_id) != (record._name, record.id):
            return values
        colleagues, choices = composer._recipient_reply(record)
        proposed = {
            "partner_ids": [(6, 0, colleagues.ids)],
            CHOICES[TO]: choices[TO],
            CHOICES[CC]: choices[CC],
        }
        return {**values, **{name: proposed[name] for name in PROPOSED if name in fields_list}}

    @api.model
    def _recipient_answered(self):
        """Return the message that is answered, as far as the user may read it."""
        message = self.env["mail.message"]
        ref = self.env.context.get("recipient_reply_to")
        is_id = isinstance(ref, int) and not isinstance(ref, bool) and 0 < ref < 2**31
        if not is_id or not self.env["res.company"]._recipient_modes():
            return message
        return message.browse(ref).exists()._filtered_access("read")
