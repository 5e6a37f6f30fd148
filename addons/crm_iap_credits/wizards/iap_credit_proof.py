from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.ledger import Line, replay


class IapCreditProof(models.TransientModel):
    """Shows whether an account's ledger adds up, replayed from its first entry."""

    _name = "iap.credit.proof"
    _inherit = ["iap.account.dialog.mixin"]
    _description = "Credit Ledger Verification"

    entry_count = fields.Integer(compute="_compute_proof")
    cached_available = fields.Integer(compute="_compute_proof", string="Available on the Account")
    cached_held = fields.Integer(compute="_compute_proof", string="Held by Open Holds")
    cached_lots = fields.Integer(compute="_compute_proof", string="Left in the Lots")
    available = fields.Integer(compute="_compute_proof", string="Available by the Entries")
    held = fields.Integer(compute="_compute_proof", string="Held by the Entries")
    misfit_id = fields.Many2one(
        "iap.credit.entry", compute="_compute_proof", string="First Entry That Does Not Fit"
    )
    is_proven = fields.Boolean(compute="_compute_proof")

    @api.depends("account_id")
    def _compute_proof(self):
        for proof in self:
            proof.account_id.check_access("read")
            lines = proof._get_lines()
            result = replay(lines)
            holds, lots = proof._get_open_holds(), proof._get_lots()
            proof.entry_count = len(lines)
            proof.cached_available = proof._get_cached_available()
            proof.cached_held = sum(holds.values())
            proof.cached_lots = sum(lots.values())
            proof.available = result.available
            proof.held = sum(result.held.values())
            proof.misfit_id = result.misfit_id
            proof.is_proven = (
                not result.misfit_id
                and proof.available == proof.cached_available
                and result.held == {**dict.fromkeys(result.held, 0), **holds}
                and result.lots == lots
            )

    def _get_account_id(self):
        """Return the id as a query takes it, also where the dialog was opened on no account."""
        return self.account_id.id or None

    def _get_lines(self) -> list[Line]:
        """Read the account's whole ledger."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT entry.id, entry.kind, entry.amount, entry.available_delta,
                       entry.held_delta, entry.posted_balance, entry.hold_id,
                       JSON_OBJECT_AGG(allocation.lot_id, allocation.credits
                                       ORDER BY allocation.id)
                           FILTER (WHERE allocation.lot_id IS NOT NULL)
                  FROM iap_credit_entry AS entry
             LEFT JOIN iap_credit_allocation AS allocation ON allocation.entry_id = entry.id
                 WHERE entry.account_id = %s
              GROUP BY entry.id
              ORDER BY entry.id
                """,
                self._get_account_id(),
            )
        )
        return [Line(*row, self._number_keys(lots)) for *row, lots in rows]

    @staticmethod
    def _number_keys(changes):
        """Undo what JSON makes of the ids of lots."""
        return {int(lot_id): credits for lot_id, credits in (changes or {}).items()}

    def _get_cached_available(self) -> int:
        """Read what the account's balance says."""
        # Sudo: by the rights on the account, which were checked.
        return self.account_id.sudo().credit_balance_ids.available

    def _get_lots(self) -> dict[int, int]:
        """Read what each lot says is left of it."""
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT id, remaining FROM iap_credit_lot WHERE account_id = %s",
                    self._get_account_id(),
                )
            )
        )

    def _get_open_holds(self) -> dict[int, int]:
        """Read what each open hold still keeps."""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT id, credits - captured
                      FROM iap_credit_hold WHERE account_id = %s AND state = 'open'
                    """,
                    self._get_account_id(),
                )
            )
        )
