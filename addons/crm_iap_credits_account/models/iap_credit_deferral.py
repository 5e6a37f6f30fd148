from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import format_date

from odoo.addons.crm_common.tools.alone import alone
from odoo.addons.crm_iap_credits.tools.budgets import bounds_of_month, month_of
from odoo.addons.crm_iap_credits.tools.valuation import Basis, Valuation, changes_of

from .res_company import DEFERRING

OPENING = "opening"


class IapCreditDeferral(models.Model):
    """What a company's credits were worth at the end of a month, and the entry that says so.

    Each month's entry leads from what the books say to what the ledger says: what was bought is
    deferred, what was spent, has ended, was refunded or transferred no longer is. So an entry that
    somebody has cancelled or reversed is made up for by the next one.
    """

    _name = "iap.credit.deferral"
    _description = "Deferred Credits of a Month"
    _rec_name = "month"
    _order = "month desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, readonly=True, help="Its first day.")
    deferred = fields.Monetary(
        readonly=True,
        aggregator=None,
        help="What was paid, without taxes, for the credits that were left at its end.",
    )
    account_id = fields.Many2one(
        "account.account", required=True, readonly=True, ondelete="restrict"
    )
    move_id = fields.Many2one(
        "account.move",
        string="Journal Entry",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
    )

    _unique_month = models.Constraint(
        "UNIQUE(company_id, month)", "A month's credits are deferred once."
    )

    # === WHEN === #

    @api.model
    def _cron_book(self):
        """Book the months that are over, company by company."""
        companies = self.env["res.company"].search([(name, "!=", False) for name in DEFERRING])
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            with alone(company):
                self._book_due(company)
            if not self.env["ir.cron"]._commit_progress(1):
                return

    @api.model
    def _book_due(self, company):
        deferrals = self.with_company(company).with_context(lang=company.partner_id.lang)
        for month in self._get_due_months(company):
            deferrals._book(company, month)

    @api.model
    def _get_due_months(self, company, now=None) -> list:
        """Return the first days of the months that are over and not booked.

        The first of all to be booked is the last one that is over; it takes along what was before.

        :param now: naive UTC
        """
        this = month_of(now or fields.Datetime.now(), company.partner_id.tz)
        last = this - relativedelta(months=1)
        booked = self.search([("company_id", "=", company.id)], limit=1)
        month = booked.month + relativedelta(months=1) if booked else last
        months = []
        while month <= last:
            months.append(month)
            month += relativedelta(months=1)
        return months

    # === WHAT === #

    @api.model
    def _book(self, company, month):
        """Book a month: an entry of its changes, none if there were none."""
        since, until = bounds_of_month(month, company.partner_id.tz)
        changes = self._read_changes(company, since, until)
        deferred = sum(changes.values())
        account, booked = company.credit_deferral_account_id, self._get_booked(company)
        sign = self._get_sign(account)
        changes[OPENING] -= sign * booked.pop(account, Decimal(0))
        # What other accounts have, from before the settings were changed, moves to the present one.
        amounts = [(OPENING, other, -balance) for other, balance in booked.items()]
        amounts += [(kind, account, sign * amount) for kind, amount in changes.items()]
        amounts = [line for line in amounts if line[2]]
        move = self.env["account.move"]
        if amounts:
            move = move.create(self._prepare_move(company, month, amounts))
            move.action_post()
        # Sudo: nobody writes these but what books them.
        deferrals_sudo = self.sudo()
        return deferrals_sudo.create(
            {
                "company_id": company.id,
                "month": month,
                "deferred": float(deferred),
                "account_id": account.id,
                "move_id": move.id,
            }
        )

    @api.model
    def _read_changes(self, company, since, until) -> dict[str, Decimal]:
        """Tell how the worth of the company's credits has changed by the kinds of a month's
        entries, and what it was before, all in the company's currency.

        :param since: naive UTC, and `until`, the first moment that is not meant
        """
        totals = {OPENING: Decimal(0)}
        # Sudo: by the settings of the company, which only administrators make.
        balances_sudo = self.env["iap.credit.balance"].sudo()
        for account in balances_sudo.search([("company_id", "=", company.id)]).account_id:
            valuation = Valuation.start(self._read_basis(company, account))
            if not valuation.basis:
                continue
            proof = self.env["iap.credit.proof"].new({"account_id": account.id})
            dates = self.env["iap.credit.statement"].new({"account_id": account.id})._read_dates()
            lines = proof._get_lines()
            kinds = {line.id: line.kind for line in lines}
            for entry_id, changes in changes_of(lines):
                if dates[entry_id] >= until:
                    continue
                moved = sum(valuation.add(changes).values(), Decimal(0))
                kind = OPENING if dates[entry_id] < since else kinds[entry_id]
                totals[kind] = totals.get(kind, Decimal(0)) + moved
        return totals

    @api.model
    def _read_basis(self, company, account) -> dict[int, Basis]:
        """Read what was paid for each lot of an account, at the rate of that day."""
        lots_sudo = self.env["iap.credit.lot"].sudo()
        own = company.currency_id
        coin = Decimal(str(own.rounding))
        return {
            lot.id: Basis(
                lot.credits,
                Decimal(str(
                    lot.currency_id._convert(
                        lot.untaxed_cost, own, company, lot.paid_on, round=False
                    )
                )),
                own.name,
                coin,
            )
            for lot in lots_sudo.search(
                [("account_id", "=", account.id), ("currency_id", "!=", False)]
            )
        }  # fmt: skip

    @api.model
    def _get_booked(self, company) -> dict:
        """Return what the books say, by each account that was ever used: debited is positive.

        Entries count that stand, and what reverses them, or reverses that again.
        """
        deferrals = self.search([("company_id", "=", company.id)])
        moves = deferrals.move_id
        while reversals := moves.reversal_move_ids - moves:
            moves |= reversals
        totals = dict.fromkeys(deferrals.account_id, Decimal(0))
        for line in moves.filtered(lambda move: move.state == "posted").line_ids:
            if line.account_id in totals:
                totals[line.account_id] += Decimal(str(line.balance))
        return totals

    @api.model
    def _get_sign(self, account) -> int:
        """Return 1 if what is deferred is debited, as an asset, or -1 if it is credited."""
        return 1 if account.internal_group == "asset" else -1

    # === THE ENTRY === #

    @api.model
    def _prepare_move(self, company, month, amounts):
        """Return the values of an entry.

        :param amounts: kind, account and amount to be debited to it
        """
        journal = company.credit_deferral_journal_id
        name = format_date(self.env, month, date_format="MMMM y")
        labels = dict(self.env["iap.credit.entry"]._fields["kind"]._description_selection(self.env))
        labels[OPENING] = self.env._("Opening balance")
        lines = []
        for kind, account, amount in amounts:
            debit = float(amount)
            label = self.env._(
                "Credits, %(month)s: %(movement)s", month=name, movement=labels[kind]
            )
            for booked, balance in ((account, debit), (company.credit_result_account_id, -debit)):
                lines.append(
                    Command.create({"name": label, "account_id": booked.id, "balance": balance})
                )
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "date": self._get_open_date(company, journal, month + relativedelta(day=31)),
            "ref": self.env._("Deferred credits, %s", name),
            "line_ids": lines,
        }

    @api.model
    def _get_open_date(self, company, journal, date):
        """Return the date, or the first one behind the locks that it is in."""
        while locks := company._get_violated_lock_dates(date, False, journal):
            date = locks[-1][0] + timedelta(days=1)
        return date
