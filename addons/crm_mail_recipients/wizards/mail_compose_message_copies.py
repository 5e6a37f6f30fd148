from odoo import api, fields, models

from ..tools.choices import join, well_formed
from ..tools.copies import CC, CHOICES

STOCK_CC = "partner_cc_ids"


class MailComposeMessage(models.TransientModel):
    """Cc and Bcc of what is being written; where Odoo has a Cc of its own, that is used."""

    _inherit = "mail.compose.message"  # pylint: disable=consider-merging-classes-inherited

    # As `recipient_choices`.
    recipient_cc_choices = fields.Json(
        string="Cc",
        compute="_compute_recipient_cc_choices",
        store=True,
        readonly=False,
        precompute=False,
    )
    recipient_bcc_choices = fields.Json(string="Bcc")
    recipient_has_cc = fields.Boolean(
        compute="_compute_recipient_has_cc", help="Odoo has no field for Cc of its own."
    )

    def _compute_recipient_has_cc(self):
        self.recipient_has_cc = not self._recipient_stock_cc()

    @api.model
    def _recipient_stock_cc(self) -> str | None:
        """Return the name of the field for Cc that Odoo itself has, from 19.4 on."""
        return STOCK_CC if STOCK_CC in self._fields else None

    @api.depends("composition_mode", "model", "res_ids", "template_id", "subtype_id", "parent_id")
    def _compute_recipient_cc_choices(self):
        """Who is in Cc of the template, or was of the message that is answered."""
        for composer in self:
            record = composer._recipient_record()
            if not record or composer._recipient_stock_cc():
                composer.recipient_cc_choices = False
            elif composer.template_id:
                if not composer._recipient_keeps_chosen():
                    found = composer._recipient_template_choices(record)
                    composer.recipient_cc_choices = found[CC]
            elif composer.subtype_is_log or not composer.parent_id:
                composer.recipient_cc_choices = composer.recipient_cc_choices or False
            else:
                _colleagues, found = composer._recipient_reply(record)
                composer.recipient_cc_choices = found[CC]

    def _recipient_all_choices(self) -> list[dict]:
        """Return the choices of all lines of this one composer, see `_recipient_check_post`."""
        stock = self._recipient_stock_cc()
        in_cc = [{"email": "", "partner_id": ref} for ref in self[stock].ids] if stock else []
        lines = {header: self[name] for header, name in CHOICES.items()}
        return join({**lines, CC: [*in_cc, *well_formed(self.recipient_cc_choices)]})

    def _prepare_schedule_message_post_values(self, post_values):
        """Who may read a scheduled message is not told by it to which addresses it will go."""
        chosen = post_values.get("recipient_choices")
        if chosen:
            post_values = {**post_values, "recipient_choices": []}
        values = super()._prepare_schedule_message_post_values(post_values)
        return {**values, "recipient_chosen": chosen} if chosen else values
