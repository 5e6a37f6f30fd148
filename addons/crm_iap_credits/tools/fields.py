from typing import Any

from odoo import fields


class Fact(fields.Many2one):
    """A record of the moment, named without a foreign key.

    A foreign key would change or delete what is to stay as it was, and let the ledger's own cursor
    wait for a row that the calling transaction has locked or only just created.
    """

    def update_db_foreign_key(self, model: Any, column: Any) -> None:
        """Override to make none."""


class BigInteger(fields.Integer):
    """An integer of 64 bits: sums of credits outgrow PostgreSQL's 32-bit ``integer``."""

    _column_type = ("int8", "int8")
