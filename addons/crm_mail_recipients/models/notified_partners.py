from odoo import fields


class NotifiedPartners(fields.Many2many):
    """Who was notified of a message, without those of whom the user may not be told: it stands in
    the table of notifications, and is read past their rules."""

    def convert_to_record(self, value, record):
        return super().convert_to_record(_told(value, record), record)

    def convert_to_record_multi(self, values, records):
        told = [_told(value, record) for value, record in zip(values, records, strict=True)]
        return super().convert_to_record_multi(told, records)


def _told(ids, record):
    hidden = ids and record._recipient_untold()
    return tuple(id_ for id_ in ids if id_ not in hidden) if hidden else ids
