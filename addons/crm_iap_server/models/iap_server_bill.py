from datetime import datetime

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.crm_iap_credits.tools.budgets import bounds_of_month
from odoo.addons.crm_iap_credits.tools.fields import Fact


class IapServerBill(models.Model):
    """What all databases of one customer have spent in a month.

    Credits that were bought have been paid; those that were granted are what is billed.
    """

    _name = "iap.server.bill"
    _inherit = ["mail.thread", "iap.company.mixin"]
    _description = "Bill of a Customer's Databases"
    _order = "month desc, id desc"
    _check_company_auto = True
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        help="Its databases are those of the list of client databases that name it.",
    )
    # What makes a second bill of the month: it stays when customers are merged, each with its own
    # bills, of which Odoo would delete those that a rule of the database forbids.
    billed_partner_id = Fact("res.partner", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    month = fields.Date(
        required=True,
        default=lambda self: self._last_month(),
        help="Any day of the month. The month must be over.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    # As prices of products: a credit may cost less than the smallest coin.
    price = fields.Float(
        string="Price per Credit",
        min_display_digits="Product Price",
        tracking=True,
        help="Before taxes, of credits to be billed.",
    )
    line_ids = fields.One2many("iap.server.bill.line", "bill_id", readonly=True)
    credits = fields.Integer(compute="_compute_credits", store=True)
    billed_credits = fields.Integer(string="To Be Billed", compute="_compute_credits", store=True)
    amount = fields.Monetary(compute="_compute_amount", help="Before taxes.")

    _unique_month = models.Constraint(
        "UNIQUE(company_id, billed_partner_id, month)", "This customer's month has a bill already."
    )
    _check_price = models.Constraint("CHECK(price >= 0)", "A price cannot be negative.")

    # === COMPUTE METHODS === #

    @api.depends("line_ids.credits", "line_ids.billed_credits")
    def _compute_credits(self):
        for bill in self:
            bill.credits = sum(bill.line_ids.mapped("credits"))
            bill.billed_credits = sum(bill.line_ids.mapped("billed_credits"))

    @api.depends("billed_credits", "price")
    def _compute_amount(self):
        for bill in self:
            bill.amount = bill.currency_id.round(bill.billed_credits * bill.price)

    @api.depends("partner_id", "month")
    def _compute_display_name(self):
        for bill in self:
            month = bill.month and f"{bill.month:%Y-%m}"
            bill.display_name = " ".join(filter(None, (bill.partner_id.name, month)))

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """Take over the price of the customer's last bill."""
        last = self.search([("partner_id", "=", self.partner_id.id)], limit=1)
        self.price = self.price or last.price

    @api.constrains("month", "company_id")
    def _check_month(self):
        for bill in self:
            if bill._bounds()[1] > fields.Datetime.now():
                raise ValidationError(self.env._("A month can be billed when it is over."))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if month := fields.Date.to_date(vals.get("month")):
                vals["month"] = month.replace(day=1)
        bills = super().create(vals_list)
        for bill in bills:
            bill.billed_partner_id = bill.partner_id
            bill._fill()
        return bills

    def write(self, vals):
        if not vals.keys().isdisjoint({"partner_id", "company_id", "month"}):
            raise UserError(
                self.env._("Customer and month of a bill are fixed: delete it instead.")
            )
        return super().write(vals)

    # === LINES === #

    @api.model
    def _last_month(self):
        return fields.Date.context_today(self) + relativedelta(months=-1, day=1)

    def _bounds(self) -> tuple[datetime, datetime]:
        """Return when the month began and ended for the company that serves."""
        return bounds_of_month(self.month, self.company_id.partner_id.tz)

    def _clients(self):
        """Return the customer's databases, blocked and archived ones too."""
        # Sudo: by the rights on the bill, which were checked.
        return (
            self.env["iap.server.client"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [("partner_id", "=", self.partner_id.id), ("company_id", "=", self.company_id.id)]
            )
        )

    def _fill(self):
        """Count what was spent. What the bill says stays, whatever becomes of the databases."""
        self.ensure_one()
        clients = {client.account_id.id: client for client in self._clients()}
        kinds = dict(self.env["iap.server.answer"]._fields["kind"]._description_selection(self.env))
        providers = self.env["iap.server.provider"].sudo().with_context(active_test=False)
        names = {one.id: one.name for one in providers.search([])}  # Sudo: names alone.
        rows = self._spent(list(clients))
        lines = [
            {
                "bill_id": self.id,
                "client_id": clients[account_id].id,
                "service": (
                    self.env._("Given back")
                    if is_refund
                    else names.get(provider_id) or kinds.get(kind) or self.env._("Other")
                ),
                "credits": credits,
                "billed_credits": unpaid,
            }
            for account_id, provider_id, kind, is_refund, credits, unpaid in rows
        ]
        # Sudo: lines are nobody's to write.
        self.env["iap.server.bill.line"].sudo().create(lines)

    def _spent(self, account_ids: list[int]) -> list[tuple]:
        """Return what was taken in the month, and given back, by account and service.

        :return: account, provider or None, kind of answer or None, whether it was given back,
            credits, and how many of them nobody had paid before
        """
        self.env.flush_all()
        since, until = self._bounds()
        return self.env.execute_query(
            SQL(
                """
                SELECT spent.account_id,
                       CASE WHEN spent.document_model = 'iap.server.provider'
                            THEN spent.document_id END AS provider_id,
                       answer.kind, spent.refunded > 0 AS is_refund,
                       SUM(spent.net)::int, SUM(spent.without_cost)::int
                  FROM (%(consumption)s) AS spent
                  JOIN iap_credit_entry AS entry ON entry.id = spent.id
             LEFT JOIN iap_server_answer AS answer
                    ON spent.document_model = 'iap.server.client'
                   AND entry.idempotency_key = 'iap-server:' || answer.id || ':paid'
                 WHERE spent.account_id = ANY(%(account_ids)s)
                   AND spent.date >= %(since)s AND spent.date < %(until)s
              GROUP BY 1, 2, 3, 4
              ORDER BY 1, 4, 2, 3
                """,
                consumption=self.env["iap.credit.consumption"]._table_query,
                account_ids=account_ids,
                since=since,
                until=until,
            )
        )

    # === ACTIONS === #

    def action_print(self):
        """Give the statement as PDF."""
        self.check_access("read")
        report = self.env.ref("crm_iap_server.iap_server_bill_report")
        return report.report_action(self, config=False)


class IapServerBillLine(models.Model):
    """What one database has spent on one service in the month of a bill."""

    _name = "iap.server.bill.line"
    _description = "Line of a Bill of a Customer's Databases"
    _order = "client_id, id"
    _rec_name = "service"

    bill_id = fields.Many2one(
        "iap.server.bill", required=True, readonly=True, index=True, ondelete="cascade"
    )
    client_id = fields.Many2one(
        "iap.server.client", required=True, readonly=True, index=True, ondelete="restrict"
    )
    service = fields.Char(required=True, readonly=True)
    credits = fields.Integer(readonly=True)
    billed_credits = fields.Integer(
        string="To Be Billed", readonly=True, help="Those that were granted, and not bought before."
    )
