from odoo import api, fields, models
from odoo.tools import SQL

from ..exceptions import (
    CaptureExceedsHold,
    HoldClosed,
    HoldExpired,
    HoldNotFound,
)
from ..tools.fields import BigInteger
from ..tools.kinds import one_of
from ..tools.ledger import Hold, fingerprint
from ..tools.shown import shown
from .iap_credit_ledger import NOW

STATES = {
    "open": "Open",
    "captured": "Captured",
    "released": "Released",
    "expired": "Expired",
}
# A hold whose time is over is so from that moment on, not from when it is swept up.
HOLD_COLUMNS = SQL(
    """
    token, account_id, credits, captured,
    CASE WHEN state = 'open' AND expires_at <= %s THEN 'expired' ELSE state END, expires_at
    """,
    NOW,
)


class IapCreditHold(models.Model):
    """Credits set aside before the outside world is asked, spent or given back afterwards."""

    _name = "iap.credit.hold"
    _inherit = ["iap.credit.ledger", "iap.credit.document"]
    _description = "Credit Hold"
    _rec_name = "reason"
    _order = "id desc"
    _log_access = False

    token = fields.Char(required=True, readonly=True, groups="base.group_system")
    account_id = fields.Many2one("iap.account", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    credits = BigInteger(required=True, readonly=True)
    captured = BigInteger(required=True, readonly=True)
    state = fields.Selection(
        selection=list(STATES.items()),
        required=True,
        readonly=True,
    )
    date = fields.Datetime(required=True, readonly=True)
    expires_at = fields.Datetime(string="Expires On", required=True, readonly=True)
    closed_at = fields.Datetime(string="Closed On", readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    reason = fields.Char(required=True, readonly=True)
    entry_ids = fields.One2many("iap.credit.entry", "hold_id", string="Entries")

    _unique_token = models.Constraint("UNIQUE(token)", "The token of a hold must be unique.")
    _check_amounts = models.Constraint(
        "CHECK(credits > 0 AND captured BETWEEN 0 AND credits)",
        "A hold cannot capture more credits than it holds.",
    )
    _check_captured = models.Constraint(
        "CHECK((state = 'captured') = (captured = credits))",
        "A hold is captured when all of it has been spent.",
    )
    _check_state = models.Constraint(
        f"CHECK({one_of('state', STATES)})", "A hold must be open, captured, released or expired."
    )
    _by_account_date = models.Index("(account_id, date)")
    _by_document = models.Index("(document_model, document_id) WHERE document_id IS NOT NULL")
    _open_by_account = models.Index("(account_id) WHERE state = 'open'")
    _open_by_expiry = models.Index("(expires_at) WHERE state = 'open'")

    def init(self):
        # The token is a key and no fact: a copy of the database gets another one.
        self._guard("company_id", "credits")

    # === CAPTURE === #

    @api.model
    def _capture(self, account, token, credits, *, reason, idempotency_key, document):
        """Spend credits of a hold; see :meth:`capture` of `iap.account`."""
        request_hash = fingerprint("capture", credits, token=token, document=document.key)
        self.env.cr.execute(
            SQL(
                """
                WITH captured AS (
                    UPDATE iap_credit_hold AS hold
                       SET captured = hold.captured + %(credits)s,
                           state = CASE WHEN hold.captured + %(credits)s = hold.credits
                                        THEN 'captured' ELSE 'open' END,
                           closed_at = CASE WHEN hold.captured + %(credits)s = hold.credits
                                            THEN %(now)s END
                     WHERE hold.token = %(token)s
                       AND hold.account_id = %(account_id)s
                       AND hold.state = 'open'
                       AND hold.expires_at > %(now)s
                       AND hold.captured + %(credits)s <= hold.credits
                       AND NOT EXISTS (
                               SELECT FROM iap_credit_entry AS entry
                                WHERE entry.account_id = %(account_id)s
                                  AND entry.idempotency_key = %(idempotency_key)s)
                 RETURNING hold.id, hold.account_id, hold.company_id, hold.campaign_id,
                           hold.team_id
                )
                INSERT INTO iap_credit_entry (
                            account_id, company_id, date, kind, amount, available_delta,
                            held_delta, user_id, reason, document_model, document_id,
                            document_name, campaign_id, team_id, idempotency_key, request_hash,
                            hold_id)
                     SELECT account_id, company_id, %(now)s, 'capture', %(credits)s, 0,
                            -%(credits)s, %(user_id)s, %(reason)s, %(model)s, %(res_id)s,
                            %(document_name)s, campaign_id, team_id, %(idempotency_key)s,
                            %(request_hash)s, id
                       FROM captured
                  RETURNING id
                """,
                token=token,
                account_id=account.id,
                credits=credits,
                now=NOW,
                user_id=self.env.uid,
                reason=reason,
                model=document.model,
                res_id=document.id,
                document_name=document.name,
                idempotency_key=idempotency_key,
                request_hash=request_hash,
            ),
            log_exceptions=False,  # others were faster: all is tried again
        )
        rows = self.env.cr.fetchall()
        if rows:
            self._lock_here(token)
            account._invalidate_credits()
            entry_id = rows[0][0]
        else:
            facts = self._get_facts(self.env.cr, account, idempotency_key)
            if not self._is_repeated(facts, idempotency_key, request_hash):
                self._refuse_capture(account, token, credits)
            entry_id = facts["entry_id"]
        return self.env["iap.credit.entry"].browse(entry_id)

    @api.model
    def _refuse_capture(self, account, token, credits):
        """Say why the hold cannot be captured."""
        hold = self._find(self.env.cr, account, token)
        if hold.state == "expired":
            raise HoldExpired(self.env._("These held credits have expired."), hold=hold)
        if hold.state == "released":
            raise HoldClosed(
                self.env._("These held credits have already been released."), hold=hold
            )
        raise CaptureExceedsHold(
            self.env._(
                "%(credits)s credits cannot be spent: only %(remaining)s of those held are left.",
                credits=shown(self.env, credits),
                remaining=shown(self.env, hold.remaining),
            ),
            hold=hold,
        )

    @api.model
    def _find(self, cr, account, token) -> Hold:
        """Read a hold of the account.

        :raise HoldNotFound: if the transaction sees none.
        """
        cr.execute(
            SQL(
                """
                SELECT %(columns)s FROM iap_credit_hold
                 WHERE token = %(token)s AND account_id = %(account_id)s
                """,
                columns=HOLD_COLUMNS,
                token=token,
                account_id=account.id,
            )
        )
        row = cr.fetchone()
        if not row:
            raise HoldNotFound(
                self.env._(
                    "This account holds no credits under that token, or does so only since this "
                    "transaction began."
                )
            )
        return Hold(*row)
