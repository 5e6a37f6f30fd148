from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.fields import BigInteger


class IapCreditConsumption(models.Model):
    """What was spent, by whom and for what: the captures and refunds of the ledger.

    A refund counts on its own day, and for the user, team, campaign and document of what it gives
    back, as they were when it was spent.
    """

    _name = "iap.credit.consumption"
    _inherit = "iap.credit.document"
    _description = "Credit Consumption"
    _auto = False
    _rec_name = "reason"
    _order = "date desc, id desc"

    date = fields.Datetime(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    account_id = fields.Many2one("iap.account", readonly=True)
    service_id = fields.Many2one("iap.service", readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    reason = fields.Char(readonly=True)
    captured = BigInteger(string="Credits Spent", readonly=True)
    refunded = BigInteger(string="Credits Refunded", readonly=True)
    net = BigInteger(string="Net Credits", readonly=True)

    # === QUERY === #

    @property
    def _table_query(self):
        columns = self._select_fields().items()
        return SQL(
            "SELECT %s FROM %s WHERE entry.kind IN ('capture', 'refund')",
            SQL(", ").join(SQL("%s AS %s", sql, SQL.identifier(name)) for name, sql in columns),
            self._from(),
        )

    @api.model
    def _select_fields(self) -> dict[str, SQL]:
        """Give the expression of each column."""
        return {
            "id": SQL("entry.id"),
            "date": SQL("entry.date"),
            "company_id": SQL("entry.company_id"),
            "account_id": SQL("entry.account_id"),
            "service_id": SQL("account.service_id"),
            "user_id": SQL("capture.user_id"),
            "reason": SQL("entry.reason"),
            "document_model": SQL("capture.document_model"),
            "document_id": SQL("capture.document_id"),
            "document_name": SQL("capture.document_name"),
            "team_id": SQL("capture.team_id"),
            "campaign_id": SQL("capture.campaign_id"),
            "captured": SQL("CASE entry.kind WHEN 'capture' THEN entry.amount ELSE 0 END"),
            "refunded": SQL("CASE entry.kind WHEN 'refund' THEN entry.amount ELSE 0 END"),
            "net": SQL("CASE entry.kind WHEN 'capture' THEN entry.amount ELSE -entry.amount END"),
        }

    @api.model
    def _from(self) -> SQL:
        """Read nothing but the ledger: what was spent does not follow the documents of today."""
        return SQL(
            """
            iap_credit_entry AS entry
            JOIN iap_credit_entry AS capture ON capture.id = COALESCE(entry.undoes_id, entry.id)
            JOIN iap_account AS account ON account.id = entry.account_id
            """
        )
