from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.gate import current_scope


class MailMessage(models.Model):
    _inherit = "mail.message"

    # {str(partner id): [key, ...]}: of a partner's several addresses the ones that were chosen.
    # Set where somebody was chosen for the message, colleagues included: nobody else gets it.
    recipient_map = fields.Json(copy=False)

    @api.model
    def _has_field_access(self, field, operation):
        """What was chosen of whom is for the checks alone: it may tell of a hidden party."""
        if field.name == "recipient_map" and not self.env.su:
            return operation == "write" and bool(current_scope(self.env))
        return super()._has_field_access(field, operation)

    @api.model
    def _recipient_map_merge(self, merged, into):
        """Let what was chosen of the partners `merged` be chosen of the partner `into`.

        Only messages that still have something to send matter.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id
                  FROM mail_message
                 WHERE recipient_map ?| %s
                   AND (id IN (SELECT mail_message_id FROM mail_mail WHERE state <> 'sent')
                        OR id IN (SELECT mail_message_id FROM mail_message_schedule))
                """,
                [str(partner_id) for partner_id in merged.ids],
            )
        )
        # Whoever merges contacts need not be allowed to read what was written to them.
        for message_sudo in self.sudo().browse(row_id for [row_id] in rows):
            chosen = dict(message_sudo.recipient_map)
            keys = chosen.get(str(into.id), [])
            for partner_id in map(str, merged.ids):
                keys = [*keys, *(k for k in chosen.pop(partner_id, ()) if k not in keys)]
            message_sudo.recipient_map = {**chosen, str(into.id): keys}
