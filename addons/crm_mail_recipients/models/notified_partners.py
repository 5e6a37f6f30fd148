from odoo import fields


class NotifiedPartners(fields.Many2many):
    """Who was notified of a message, without those of whom the user may not be told: it stands in
    the table of notifications, and is read past their rules.

    Mails have it from their message.
    """

    def convert_to_record(self, value, record):
        return super().convert_to_record(self._told(value, record), record)

    def convert_to_record_multi(self, values, records):
        told = [self._told(value, record) for value, record in zip(values, records, strict=True)]
        return super().convert_to_record_multi(told, records)

    def _told(self, ids, record):
        if not ids or record.env.su:
            return ids
        message = record[self.related.partition(".")[0]] if self.related else record
        hidden = message._recipient_untold()
        return tuple(id_ for id_ in ids if id_ not in hidden) if hidden else ids
