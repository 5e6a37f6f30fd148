from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.fields import BigInteger


class IapCreditConsumption(models.Model):
    """What was spent, by whom and for what: the captures and refunds of the ledger.

    A refund counts on its own day, and for the user and the document of what it gives back.
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
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    reason = fields.Char(readonly=True)
    captured = BigInteger(string="Credits Spent", readonly=True)
    refunded = BigInteger(string="Credits Given Back", readonly=True)
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
    def _get_document_models(self):
        """Name the models whose documents have a sales team and perhaps a campaign.

        This method serves as a hook for the addons that spend credits for other documents.

        :return: names of models with a stored field `team_id`, in order.
        :rtype: list[str]
        """
        return ["crm.lead"]

    @api.model
    def _select_fields(self):
        """Give the expression of each column.

        :rtype: dict[str, SQL]
        """
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
            "team_id": self._select_of_documents("team_id"),
            "campaign_id": self._select_of_documents("campaign_id"),
            "captured": SQL("CASE entry.kind WHEN 'capture' THEN entry.amount ELSE 0 END"),
            "refunded": SQL("CASE entry.kind WHEN 'refund' THEN entry.amount ELSE 0 END"),
            "net": SQL("CASE entry.kind WHEN 'capture' THEN entry.amount ELSE -entry.amount END"),
        }

    @api.model
    def _select_of_documents(self, name):
        """Take a column from the document's own table, NULL where it has none."""
        columns = [
            SQL.identifier(self.env[model]._table, name)
            for model in self._get_document_models()
            if name in self.env[model]._fields and self.env[model]._fields[name].store
        ]
        return SQL("COALESCE(%s, NULL::int4)", SQL(", ").join([*columns, SQL("NULL::int4")]))

    @api.model
    def _from(self):
        """Join the ledger with the documents that credits were spent for.

        :rtype: SQL
        """
        joins = [
            SQL(
                "LEFT JOIN %(table)s ON capture.document_model = %(model)s "
                "AND %(id)s = capture.document_id",
                table=SQL.identifier(self.env[model]._table),
                model=model,
                id=SQL.identifier(self.env[model]._table, "id"),
            )
            for model in self._get_document_models()
        ]
        return SQL(
            """
            iap_credit_entry AS entry
            JOIN iap_credit_entry AS capture ON capture.id = COALESCE(entry.undoes_id, entry.id)
            JOIN iap_account AS account ON account.id = entry.account_id
            %s
            """,
            SQL(" ").join(joins),
        )
