from odoo import fields


class BigInteger(fields.Integer):
    """An integer of 64 bits: sums of credits outgrow PostgreSQL's 32-bit ``integer``."""

    _column_type = ("int8", "int8")
