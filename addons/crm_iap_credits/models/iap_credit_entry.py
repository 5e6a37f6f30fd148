from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.fields import BigInteger
from ..tools.kinds import (
    KINDS,
    balance_condition,
    effect_condition,
    hold_condition,
    undoing_condition,
)


class IapCreditEntry(models.Model):
    """One line of the ledger: never changed, never deleted, always adding up to the balance."""

    _name = "iap.credit.entry"
    _inherit = ["iap.credit.ledger", "iap.credit.document"]
    _description = "Credit Entry"
    _rec_name = "reason"
    _order = "id desc"
    _log_access = False

    account_id = fields.Many2one("iap.account", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    service_id = fields.Many2one(related="account_id.service_id")
    date = fields.Datetime(required=True, readonly=True)
    kind = fields.Selection(
        selection=[(name, kind.label) for name, kind in KINDS.items()],
        required=True,
        readonly=True,
    )
    amount = BigInteger(
        string="Credits",
        required=True,
        readonly=True,
        aggregator=None,
        help="Credits moved. Only an adjustment or a transfer can be negative.",
    )
    available_delta = BigInteger(string="Change of Available", required=True, readonly=True)
    held_delta = BigInteger(string="Change of Held", required=True, readonly=True)
    posted_balance = BigInteger(
        readonly=True,
        aggregator=None,
        help="Available credits after this entry. A capture spends held credits without locking "
        "the balance, and has none.",
    )
    balance_after = BigInteger(compute="_compute_balance_after", aggregator=None)
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    reason = fields.Char(
        required=True,
        readonly=True,
        help="As it was written, in the language of who caused it.",
    )
    description = fields.Char(
        string="What For",
        compute="_compute_description",
        help="Said in the language of the reader, by the kind and the document of the entry; in "
        "the words of who made it where it has none.",
    )
    idempotency_key = fields.Char(readonly=True)
    request_hash = fields.Char(readonly=True)
    hold_id = fields.Many2one(
        "iap.credit.hold", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    undoes_id = fields.Many2one(
        "iap.credit.entry",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    allocation_ids = fields.One2many(
        "iap.credit.allocation",
        "entry_id",
        string="Lots",
        groups="crm_iap_credits.group_billing_administrator,sales_team.group_sale_manager",
    )

    _unique_key = models.Constraint(
        "UNIQUE(account_id, idempotency_key)",
        "An idempotency key can move an account's credits only once.",
    )
    _by_account = models.Index("(account_id, id)")
    _check_deltas = models.Constraint(
        f"CHECK({effect_condition()})", "The entry's effect does not match its kind."
    )
    _check_hold = models.Constraint(
        f"CHECK({hold_condition()})",
        "Entries that hold, capture or release must name a hold, and no other entry may.",
    )
    _check_undoes = models.Constraint(
        f"CHECK({undoing_condition()})",
        "A refund must undo a capture and a reversal a purchase; no other entry undoes one.",
    )
    _check_posted_balance = models.Constraint(
        f"CHECK({balance_condition()})",
        "Every entry except a capture must state the balance after it.",
    )

    def init(self):
        """Let the database itself refuse what would change history."""
        self._guard(
            "date",
            "kind",
            "amount",
            "available_delta",
            "held_delta",
            "posted_balance",
            "idempotency_key",
            "request_hash",
            "hold_id",
            "undoes_id",
        )
        self.env.cr.execute(
            SQL(
                """
                DROP TRIGGER IF EXISTS iap_credit_entry_no_truncate ON iap_credit_entry;
                CREATE TRIGGER iap_credit_entry_no_truncate
                    BEFORE TRUNCATE ON iap_credit_entry FOR EACH STATEMENT
                    EXECUTE FUNCTION iap_credit_entry_append_only();
                """
            )
        )

    # === COMPUTE METHODS === #

    @api.depends("kind", "reason", "document_model", "document_name")
    @api.depends_context("lang")
    def _compute_description(self):
        labels = {
            model: self.env["ir.model"]._get(model).sudo().name
            for model in set(self.mapped("document_model"))
            if model in self.env
        }
        for entry in self:
            label = labels.get(entry.document_model)
            if entry.kind == "expiry" or (
                # Sudo: how a hold ended is part of the entry that says so.
                entry.kind == "release" and entry.sudo().hold_id.state == "expired"
            ):
                entry.description = self.env._("Not used in time")
            elif entry.idempotency_key == "trial":
                entry.description = self.env._("Trial credits")
            elif label and entry.document_name and not KINDS[entry.kind].is_signed:
                entry.description = f"{label} {entry.document_name}"
            else:
                entry.description = entry.reason

    @api.depends("description")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = entry.description

    def _compute_balance_after(self):
        """Show a capture the balance of the entry before it, which it did not change."""
        balances = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT entry.id, previous.posted_balance
                      FROM iap_credit_entry AS entry
                CROSS JOIN LATERAL (
                           SELECT posted_balance FROM iap_credit_entry
                            WHERE account_id = entry.account_id
                              AND id <= entry.id
                              AND posted_balance IS NOT NULL
                         ORDER BY id DESC LIMIT 1) AS previous
                     WHERE entry.id = ANY(%s)
                    """,
                    list(self.ids),
                )
            )
        )
        for entry in self:
            entry.balance_after = balances.get(entry.id, 0)
