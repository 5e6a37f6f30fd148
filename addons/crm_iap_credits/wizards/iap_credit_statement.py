import base64
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..tools.fields import BigInteger
from ..tools.kinds import MOVEMENTS
from ..tools.statement import Movement, Statement, period_bounds, write_workbook
from ..tools.valuation import Basis, Valuation, changes_of


class IapCreditStatement(models.TransientModel):
    """Says what an account had, got and lost in a period, for people and other programs."""

    _name = "iap.credit.statement"
    _inherit = ["iap.account.dialog.mixin"]
    _description = "Credit Statement"

    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
    )
    date_to = fields.Date(
        string="To",
        required=True,
        default=fields.Date.context_today,
        help="The last day of the period. Days begin at midnight in your time zone.",
    )
    opening = BigInteger(string="Opening Balance", compute="_compute_balances")
    closing = BigInteger(string="Closing Balance", compute="_compute_balances")
    held = BigInteger(string="of which held", compute="_compute_balances")
    closing_worth = fields.Char(
        string="Worth at the End",
        compute="_compute_balances",
        help="What was paid, without taxes, for the credits that are left at the end of the "
        "period. It is what is deferred on that day.",
    )
    movement_count = fields.Integer(string="Movements", compute="_compute_balances")
    xlsx = fields.Binary(compute="_compute_xlsx", attachment=False)
    xlsx_name = fields.Char(compute="_compute_xlsx_name")

    # === COMPUTE METHODS === #

    @api.depends("account_id")
    def _compute_company_id(self):
        for statement in self:
            statement.company_id = statement.account_id.company_ids[:1]

    @api.depends("account_id", "date_from", "date_to")
    def _compute_balances(self):
        for wizard in self:
            statement = wizard._get_statement()
            wizard.opening = statement.opening
            wizard.closing = statement.closing
            wizard.held = statement.held
            wizard.closing_worth = wizard._get_closing_worth(statement)
            wizard.movement_count = len(statement.movements)

    def _get_closing_worth(self, statement):
        return ", ".join(
            self._get_currency(code).format(float(worth))
            for code, worth in zip(statement.currencies, statement.closing_worth, strict=True)
        )

    def _get_currency(self, code):
        currencies = self.env["res.currency"].with_context(active_test=False)
        return currencies.search([("name", "=", code)], limit=1)

    def _show_money(self, amount: Decimal, code: str) -> str:
        """Write an amount of a currency, without its symbol, as the reader's language does."""
        return formatLang(self.env, float(amount), digits=self._get_currency(code).decimal_places)

    @api.depends("account_id", "date_from", "date_to")
    def _compute_xlsx(self):
        for wizard in self:
            wizard.xlsx = base64.b64encode(wizard._write_workbook())

    @api.depends("account_id", "date_from", "date_to")
    def _compute_xlsx_name(self):
        for wizard in self:
            wizard.xlsx_name = f"{wizard._get_file_name()}.xlsx"

    # === CONSTRAINT METHODS === #

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        if any(wizard.date_to < wizard.date_from for wizard in self):
            raise ValidationError(self.env._("The period of a statement must end after it begins."))

    # === ACTIONS === #

    def action_print(self):
        """Give the statement as PDF."""
        self.check_access("read")
        report = self.env.ref("crm_iap_credits.iap_credit_statement_report")
        return report.report_action(self, config=False)

    def action_export(self):
        """Give the statement as XLSX."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/xlsx"
            "?filename_field=xlsx_name&download=true",
            "target": "download",
        }

    # === READING === #

    def _get_statement(self) -> Statement:
        """Read the period's movements by the rights of the user."""
        self.ensure_one()
        # The account's company need not be among those that are switched on at the moment.
        entries = self.env["iap.credit.entry"].with_context(allowed_company_ids=self.company_id.ids)
        start, stop = self._get_bounds()
        before, _held = self._sum_before(entries, start)
        _total, held = self._sum_before(entries, stop)
        moved = entries.search(
            [
                ("account_id", "=", self.account_id.id),
                ("date", ">=", start),
                ("date", "<", stop),
                ("kind", "in", MOVEMENTS),
            ],
            order="date, id",
        )
        currencies, opening_worth, worths = self._get_worths(start, stop)
        movements = tuple(self._get_movement(entry, worths.get(entry.id, ())) for entry in moved)
        return Statement(before, movements, held, currencies, opening_worth)

    def _get_worths(self, start, stop):
        """Follow what the account's credits were paid with, from its first entry on.

        :return: codes of the currencies; what the opening balance is worth in each; and by entry of
            the period, how it changes that.
        """
        readable = self.account_id.with_context(allowed_company_ids=self.company_id.ids)
        readable.check_access("read")
        basis = self._read_basis()
        if not basis:
            return (), (), {}
        valuation = Valuation.start(basis)
        currencies = tuple(sorted(valuation.total))
        lines = self.env["iap.credit.proof"].new({"account_id": self.account_id.id})._get_lines()
        dates = self._read_dates()
        worths = {}
        opening = dict(valuation.total)
        for entry_id, changes in changes_of(lines):
            if dates[entry_id] >= stop:
                continue
            moved = valuation.add(changes)
            if dates[entry_id] >= start:
                worths[entry_id] = tuple(moved[currency] for currency in currencies)
            else:
                opening = {currency: opening[currency] + moved[currency] for currency in opening}
        return currencies, tuple(opening[currency] for currency in currencies), worths

    def _read_dates(self):
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT id, date FROM iap_credit_entry WHERE account_id = %s",
                    self.account_id.id or None,
                )
            )
        )

    def _read_basis(self) -> dict[int, Basis]:
        """Read what was paid for each lot of the account that was."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lot.id, lot.credits, lot.untaxed_cost::text, lot.currency_id
                  FROM iap_credit_lot AS lot
                 WHERE lot.account_id = %s AND lot.currency_id IS NOT NULL
                """,
                self.account_id.id or None,
            )
        )
        currencies = self.env["res.currency"]
        return {
            lot_id: Basis(
                credits,
                Decimal(cost),
                (currency := currencies.browse(currency_id)).name,
                Decimal(str(currency.rounding)),
            )
            for lot_id, credits, cost, currency_id in rows
        }

    def _get_bounds(self):
        """Give the period's first moment and the first one after it, naive and in UTC."""
        today = fields.Date.context_today(self)  # for a date that is being typed
        return period_bounds(self.date_from or today, self.date_to or today, self.env.tz)

    def _sum_before(self, entries, moment) -> tuple[int, int]:
        """Add up the account's entries before a moment.

        :return: credits it has, held ones among them, and credits held.
        """
        domain = [("account_id", "=", self.account_id.id), ("date", "<", moment)]
        [sums] = entries._read_group(domain, [], ["available_delta:sum", "held_delta:sum"])
        available, held = (int(credits or 0) for credits in sums)
        return available + held, held

    def _get_movement(self, entry, worth):
        return Movement(
            date=self._get_local_time(entry.date),
            kind=entry.kind,
            reason=entry.description,
            document=entry.document_name or "",
            # Sudo: who moved credits is part of the entry, wherever that user works now.
            user=entry.user_id.sudo().name,
            credits=entry.available_delta + entry.held_delta,
            worth=worth,
        )

    def _get_local_time(self, moment):
        return fields.Datetime.context_timestamp(self, moment).replace(tzinfo=None)

    # === TEXTS === #

    def _get_heading(self):
        """Give label and text of what the statement is about."""
        # As text: a number or date in a workbook's heading would be written as such.
        period = f"{self.date_from} – {self.date_to}"  # noqa: RUF001
        return [
            (self.env._("Account"), self.account_id.display_name),
            (self.env._("Company"), self.company_id.sudo().name or ""),
            (self.env._("Period"), period),
            (self.env._("Time zone"), str(self.env.tz)),
        ]

    def _get_summary(self, statement):
        """Give label, credits and worth of the lines that lead from one balance to the other."""
        labels, worths = self._get_labels(), statement.worths
        return [
            (self.env._("Opening balance"), statement.opening, *statement.opening_worth),
            *((labels[kind], credits, *worths[kind]) for kind, credits in statement.totals.items()),
            (self.env._("Closing balance"), statement.closing, *statement.closing_worth),
            (self.env._("of which held"), statement.held),
            (self.env._("of which available"), statement.available),
        ]

    def _get_summary_labels(self, statement):
        """Give the line above the sum that says which currency each of its columns is in."""
        if not statement.currencies:
            return []
        return [(None, self.env._("Credits"), *self._get_worth_labels(statement))]

    def _get_worth_labels(self, statement):
        return [self.env._("Worth in %s", currency) for currency in statement.currencies]

    def _get_columns(self, statement):
        return [
            self.env._("Date"),
            self.env._("Movement"),
            self.env._("Reason"),
            self.env._("Document"),
            self.env._("User"),
            self.env._("Credits"),
            self.env._("Balance"),
            *self._get_worth_labels(statement),
        ]

    def _get_costs(self):
        """Give the table of what was paid for the account's credits, its labels first.

        Empty if nothing was.
        """
        # Sudo: by the rights on the account, which were checked.
        lots_sudo = self.env["iap.credit.lot"].sudo()
        lots_sudo = lots_sudo.search(
            [
                ("account_id", "=", self.account_id.id),
                ("currency_id", "!=", False),
                ("entry_id.date", "<", self._get_bounds()[1]),
            ],
            order="id",
        )
        if not lots_sudo:
            return []
        labels = [
            self.env._("Date"),
            self.env._("Movement"),
            self.env._("Reason"),
            self.env._("Document"),
            self.env._("Currency"),
            self.env._("Credits"),
            self.env._("Untaxed"),
            self.env._("Taxes"),
            self.env._("Total"),
        ]
        return [labels, *(self._get_cost(lot) for lot in lots_sudo)]

    def _get_cost(self, lot):
        kinds, currency = self._get_labels(), lot.currency_id
        untaxed, tax = (
            Decimal(str(currency.round(amount))) for amount in (lot.untaxed_cost, lot.tax_cost)
        )
        return (
            self._get_local_time(lot.entry_id.date),
            kinds[lot.entry_id.kind],
            lot.entry_id.description,
            self._get_cost_document(lot),
            currency.name,
            lot.credits,
            untaxed,
            tax,
            untaxed + tax,
        )

    def _get_cost_document(self, lot) -> str:
        """Name what proves that a lot was paid for.

        This method serves as a hook for addons that know invoices.
        """
        return lot.entry_id.document_name or ""

    def _get_rows(self, statement):
        """Give the cells of each movement, with the balance after it."""
        labels = self._get_labels()
        return [
            (
                line.date,
                labels[line.kind],
                line.reason,
                line.document,
                line.user,
                line.credits,
                after,
                *line.worth,
            )
            for line, after in zip(statement.movements, statement.balances, strict=True)
        ]

    def _get_labels(self):
        return dict(self.env["iap.credit.entry"]._fields["kind"]._description_selection(self.env))

    def _get_file_name(self):
        service = self.account_id.service_id.technical_name
        return f"credits-{service}-{self.date_from}-{self.date_to}"

    def _write_workbook(self):
        statement = self._get_statement()
        return write_workbook(
            self.env._("Credit Statement"),
            self._get_heading(),
            [*self._get_summary_labels(statement), *self._get_summary(statement)],
            self._get_columns(statement),
            self._get_rows(statement),
            self._get_costs(),
            self.env._("Cost of Credits"),
        )
