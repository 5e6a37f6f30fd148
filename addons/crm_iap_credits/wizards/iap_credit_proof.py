from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.ledger import Line, replay


class IapCreditProof(models.TransientModel):
    """Shows whether an account's ledger adds up, replayed from its first entry."""

    _name = "iap.credit.proof"
    _description = "Proof of the Credit Ledger"

    account_id = fields.Many2one(
        "iap.account",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    entry_count = fields.Integer(compute="_compute_proof")
    cached_available = fields.Integer(compute="_compute_proof", string="Available on the account")
    cached_held = fields.Integer(compute="_compute_proof", string="Held by open holds")
    available = fields.Integer(compute="_compute_proof", string="Available by the entries")
    held = fields.Integer(compute="_compute_proof", string="Held by the entries")
    misfit_id = fields.Many2one(
        "iap.credit.entry", compute="_compute_proof", string="First entry that does not fit"
    )
    is_proven = fields.Boolean(compute="_compute_proof")

    @api.depends("account_id")
    def _compute_proof(self):
        for proof in self:
            proof.account_id.check_access("read")
            lines = proof._get_lines()
            available, held, misfit = replay(lines)
            proof.entry_count = len(lines)
            proof.cached_available = proof.account_id.credits_available
            proof.cached_held = proof.account_id.credits_held
            proof.available = available
            proof.held = sum(held.values())
            proof.misfit_id = misfit
            proof.is_proven = (
                not misfit
                and proof.available == proof.cached_available
                and held == {**dict.fromkeys(held, 0), **proof._get_open_holds()}
            )

    def _get_lines(self):
        """Read the account's whole ledger.

        :rtype: list[Line]
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, kind, amount, available_delta, held_delta, posted_balance, hold_id
                  FROM iap_credit_entry WHERE account_id = %s ORDER BY id
                """,
                self.account_id.id,
            )
        )
        return [Line(*row) for row in rows]

    def _get_open_holds(self):
        """Read what each open hold still keeps.

        :rtype: dict[int, int]
        """
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT id, credits - captured
                      FROM iap_credit_hold WHERE account_id = %s AND state = 'open'
                    """,
                    self.account_id.id,
                )
            )
        )
