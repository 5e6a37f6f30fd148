from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.fields import BigInteger

NET = SQL("CASE entry.kind WHEN 'capture' THEN entry.amount ELSE -entry.amount END")
#: Who may see what credits were bought for: who sees the lots.
COST_GROUPS = "sales_team.group_sale_manager,crm_iap_credits.group_billing_administrator"


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
    cost = fields.Monetary(
        readonly=True,
        groups=COST_GROUPS,
        help="What was paid for the credits without taxes, in the company's currency at the rate "
        "of the day on which they were bought. What was refunded counts against it.",
    )
    without_cost = BigInteger(
        string="Credits Without Cost",
        readonly=True,
        groups=COST_GROUPS,
        help="Of the net credits, those that were granted, or whose price is not known.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)

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
            "net": NET,
            "cost": self._sum_parts(SQL("credits * price")),
            "without_cost": SQL(
                "%s - %s", NET, self._sum_parts(SQL("credits * (price IS NOT NULL)::int"))
            ),
            "currency_id": SQL("company.currency_id"),
        }

    @api.model
    def _sum_parts(self, expression) -> SQL:
        """Add up what an entry has taken from the lots, or given back to them.

        A capture takes from what its hold has drawn, in order, behind the captures before it: see
        `tools.lots.cut`. Not read, it costs nothing.

        :param expression: over the `credits` of a part, and the `price` of one of them without
            taxes in the company's currency, NULL where nothing was paid
        """
        return SQL(
            """
            COALESCE((
                WITH drawn AS (
                    SELECT allocation.lot_id,
                           SUM(-allocation.credits) OVER place AS stop,
                           SUM(-allocation.credits) OVER place + allocation.credits AS start
                      FROM iap_credit_entry AS hold
                      JOIN iap_credit_allocation AS allocation ON allocation.entry_id = hold.id
                     WHERE entry.kind = 'capture'
                       AND hold.hold_id = entry.hold_id
                       AND hold.kind = 'hold'
                    WINDOW place AS (ORDER BY allocation.id)
                ), place AS (
                    SELECT COALESCE(SUM(earlier.amount), 0) AS start
                      FROM iap_credit_entry AS earlier
                     WHERE entry.kind = 'capture'
                       AND earlier.hold_id = entry.hold_id
                       AND earlier.kind = 'capture'
                       AND earlier.id < entry.id
                ), part AS (
                    SELECT drawn.lot_id,
                           LEAST(drawn.stop, place.start + entry.amount)
                           - GREATEST(drawn.start, place.start) AS credits
                      FROM drawn CROSS JOIN place
                     UNION ALL
                    SELECT allocation.lot_id, -allocation.credits
                      FROM iap_credit_allocation AS allocation
                     WHERE entry.kind = 'refund' AND allocation.entry_id = entry.id
                )
                SELECT SUM(%s)
                  FROM (SELECT part.credits,
                               lot.untaxed_cost / lot.credits * %s AS price
                          FROM part
                          JOIN iap_credit_lot AS lot ON lot.id = part.lot_id
                         WHERE part.credits > 0 OR entry.kind = 'refund') AS priced), 0)
            """,
            expression,
            self._get_rate(),
        )

    @api.model
    def _get_rate(self) -> SQL:
        """Say what one unit of a lot's currency was in that of the company, as Odoo has it."""
        mine = "(rate.company_id IS NULL OR rate.company_id = root.id)"
        rate = f"""
            COALESCE(
                (SELECT rate.rate FROM res_currency_rate AS rate
                  WHERE rate.currency_id = %s AND {mine} AND rate.name <= lot.paid_on
                  ORDER BY rate.company_id, rate.name DESC LIMIT 1),
                (SELECT rate.rate FROM res_currency_rate AS rate
                  WHERE rate.currency_id = %s AND {mine}
                  ORDER BY rate.company_id, rate.name LIMIT 1),
                1)
        """
        own, paid = (SQL.identifier(table, "currency_id") for table in ("company", "lot"))
        return SQL(
            "CASE WHEN %s = %s THEN 1 ELSE %s / %s END",
            own,
            paid,
            SQL(rate, own, own),
            SQL(rate, paid, paid),
        )

    @api.model
    def _from(self) -> SQL:
        """Read nothing but the ledger: what was spent does not follow the documents of today."""
        return SQL(
            """
            iap_credit_entry AS entry
            JOIN iap_credit_entry AS capture ON capture.id = COALESCE(entry.undoes_id, entry.id)
            JOIN iap_account AS account ON account.id = entry.account_id
            JOIN res_company AS company ON company.id = entry.company_id
            JOIN res_company AS root
              ON root.id = SPLIT_PART(company.parent_path, '/', 1)::int
            """
        )
