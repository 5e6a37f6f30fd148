"""Fields of a message that tell who was notified of it, which are read past the rules.

Mails have them from their message.
"""

from odoo import fields


class _Told:
    def convert_to_record(self, value, record):
        return super().convert_to_record(self._told(value, record), record)

    def convert_to_record_multi(self, values, records):
        told = [self._told(value, record) for value, record in zip(values, records, strict=True)]
        return super().convert_to_record_multi(told, records)

    def _told(self, ids, record):
        if not ids or record.env.su:
            return ids
        message = record[self.related.partition(".")[0]] if self.related else record
        hidden = self._hidden(message._recipient_untold())
        return tuple(id_ for id_ in ids if id_ not in hidden) if hidden else ids


class ToldNotifications(_Told, fields.One2many):
    """The notifications of a message, without those of whom the user may not be told."""

    def _hidden(self, notifications):
        return set(notifications.ids)


class NotifiedPartners(_Told, fields.Many2many):
    """Who was notified of a message, without those of whom the user may not be told."""

    def _hidden(self, notifications):
        return set(notifications.res_partner_id.ids)
