from odoo import fields, models
from odoo.tools import SQL

from ..tools.fields import BigInteger


class IapCreditAllocation(models.Model):
    """How many credits an entry took from a lot, or gave to it: never changed, never deleted.

    The allocations of an entry add up to its change of available credits, in the order in which
    the lots were used; those of a lot add up to what is left of it.
    """

    _name = "iap.credit.allocation"
    _inherit = "iap.credit.ledger"
    _description = "Credit Allocation"
    _rec_name = "entry_id"
    _order = "id desc"
    _log_access = False

    entry_id = fields.Many2one(
        "iap.credit.entry", required=True, readonly=True, ondelete="restrict"
    )
    lot_id = fields.Many2one("iap.credit.lot", required=True, readonly=True, ondelete="restrict")
    credits = BigInteger(required=True, readonly=True)
    date = fields.Datetime(related="entry_id.date")
    kind = fields.Selection(related="entry_id.kind")
    description = fields.Char(related="entry_id.description")

    _unique_entry_lot = models.Constraint(
        "UNIQUE(entry_id, lot_id)", "An entry can change a lot only once."
    )
    _by_lot = models.Index("(lot_id, id)")
    _check_credits = models.Constraint("CHECK(credits <> 0)", "A movement of a lot cannot be zero.")

    def init(self):
        """Let the database itself refuse what would change history, as for entries."""
        self.env.cr.execute(
            SQL(
                """
                DROP TRIGGER IF EXISTS iap_credit_allocation_append_only ON iap_credit_allocation;
                CREATE TRIGGER iap_credit_allocation_append_only
                    BEFORE DELETE OR UPDATE ON iap_credit_allocation FOR EACH ROW
                    EXECUTE FUNCTION iap_credit_entry_append_only();
                """
            )
        )
