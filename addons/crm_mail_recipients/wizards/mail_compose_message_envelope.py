from odoo import api, fields, models

from ..tools.copies import CHOICES


class MailComposeMessage(models.TransientModel):
    """Who gets what is being written, shown before it is sent."""

    _inherit = "mail.compose.message"  # pylint: disable=consider-merging-classes-inherited

    recipient_envelope = fields.Json(compute="_compute_recipient_envelope")

    @api.depends(
        "is_recipient_policed",
        *CHOICES.values(),
        "partner_ids",
        "author_id",
        "email_from",
        "message_type",
        "subtype_id",
        "notify_author",
        "notify_author_mention",
        "notify_skip_followers",
    )
    def _compute_recipient_envelope(self):
        for composer in self:
            envelope = composer._recipient_envelope()
            composer.recipient_envelope = composer.env["mail.thread"]._recipient_shown(envelope)

    def _recipient_envelope(self):
        """Return who would get the message of this one composer, None where it is not policed."""
        subtype = self.subtype_id.id or self.env["ir.model.data"]._xmlid_to_res_id(
            "mail.mt_comment"
        )
        notify = ("notify_author", "notify_author_mention", "notify_skip_followers")
        return self._recipient_record()._recipient_envelope(
            {
                "author_id": self.author_id.id,
                "email_from": self.email_from,
                "message_type": self.message_type,
                "subtype_id": subtype,
                "partner_ids": self.partner_ids.ids,
            },
            self._recipient_all_choices(),
            # As the message is posted: what is not set leaves it to the context.
            **{name: True for name in notify if self[name]},
        )
