from odoo import api, fields, models
from odoo.tools import SQL

from ..exceptions import BudgetExceeded
from ..tools.budgets import Budget, Verdict, judge
from ..tools.fields import BigInteger
from ..tools.ledger import NO_DOCUMENT, Document
from ..tools.shown import shown
from .iap_credit_spending import SCOPES


class IapCreditBudget(models.Model):
    """The most that a company, a team or a user may spend, in a month or on one request.

    Judged in the very statement that sets credits aside, by counters that move in it too while the
    account's balance is locked, so that two holds at the same time cannot exceed it together.
    """

    _name = "iap.credit.budget"
    _inherit = ["mail.thread", "iap.company.mixin"]
    _description = "Credit Budget"
    _order = "company_id, service_id, scope, period, id"
    _check_company_auto = True

    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    service_id = fields.Many2one(
        "iap.service",
        required=True,
        default=lambda self: self.env.ref("iap.iap_service_reveal", raise_if_not_found=False),
        ondelete="cascade",
    )
    scope = fields.Selection(
        list(SCOPES.items()),
        string="Whose Spending",
        required=True,
        default="company",
        tracking=True,
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        ondelete="cascade",
        check_company=True,
        tracking=True,
        help="Leave empty to let each sales team spend this much.",
    )
    user_id = fields.Many2one(
        "res.users",
        ondelete="cascade",
        check_company=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
        help="Leave empty to let each user spend this much.",
    )
    period = fields.Selection(
        [("month", "Calendar Month"), ("request", "Request")],
        required=True,
        default="month",
        tracking=True,
        help="A request is one document that credits are spent for, such as a lead mining "
        "request with all its retries.",
    )
    soft_limit = BigInteger(
        string="Warn Beyond",
        required=True,
        default=0,
        tracking=True,
        help="Users are warned before they spend more credits than this. 0 means no warning.",
    )
    hard_limit = BigInteger(
        string="Stop At",
        required=True,
        default=0,
        tracking=True,
        help="No more credits than this can be spent. 0 means no limit.",
    )
    is_single = fields.Boolean(compute="_compute_is_single")
    spent = BigInteger(
        string="Spent This Month",
        compute="_compute_spent",
        compute_sudo=True,
        aggregator=None,
        help="Credits spent and held this month, less refunds.",
    )

    _check_limits = models.Constraint(
        "CHECK(soft_limit >= 0 AND hard_limit >= 0 AND soft_limit + hard_limit > 0)",
        "Set a limit at which to warn, one at which to stop, or both.",
    )
    _check_order = models.Constraint(
        "CHECK(hard_limit = 0 OR soft_limit <= hard_limit)",
        "The limit that warns cannot be above the limit that stops.",
    )
    _check_whose = models.Constraint(
        "CHECK((team_id IS NULL OR scope = 'team') AND (user_id IS NULL OR scope = 'user'))",
        "A team's budget cannot name a user, nor a user's budget a team.",
    )
    _by_account = models.Index("(company_id, service_id) WHERE active")

    # === COMPUTE METHODS === #

    @api.depends("scope", "team_id", "user_id", "period", "company_id")
    def _compute_display_name(self):
        periods = dict(self._fields["period"]._description_selection(self.env))
        for budget in self:
            budget.display_name = f"{budget._get_whose()}: {periods.get(budget.period, '')}"

    @api.depends("scope", "team_id", "user_id", "period")
    def _compute_is_single(self):
        for budget in self:
            whose = {"team": budget.team_id, "user": budget.user_id}
            budget.is_single = budget.period == "month" and bool(whose.get(budget.scope, True))

    @api.depends("is_single", "service_id", "company_id")
    def _compute_spent(self):
        single = self.filtered("is_single")._origin
        single.flush_recordset()
        read = single and self._read_budgets(SQL("TRUE"), SQL("id = ANY(%s)", single.ids))
        spent = {budget.id: budget.spent for budget in read}
        for budget in self:
            budget.spent = spent.get(budget._origin.id, 0)

    def _get_whose(self) -> str:
        """Name, for people, those whose spending counts."""
        match self.scope:
            case "team":
                return self.team_id.display_name or self.env._("each sales team")
            case "user":
                return self.user_id.display_name or self.env._("each user")
            case _:
                return self.company_id.display_name or ""

    def _message_auto_subscribe_followers(self, updated_values, default_subtype_ids):
        # Whom a budget limits is not in charge of it: Odoo would write "assigned to you".
        return []

    @api.onchange("scope")
    def _onchange_scope(self):
        if self.scope != "team":
            self.team_id = False
        if self.scope != "user":
            self.user_id = False

    # === JUDGING === #

    @api.model
    def _judge(self, account, credits: int, *, document: Document = NO_DOCUMENT) -> list[Verdict]:
        """Ask the budgets of an account what they say about spending credits.

        :param account: the `iap.account`; the spender is the user of the environment.
        :param credits: to be spent.
        :param document: what they are spent for.
        :return: one verdict of each budget that applies.
        """
        self.flush_model()
        self.env["crm.team"].flush_model()
        self.env["crm.team.member"].flush_model()
        budgets = self._read_budgets(
            SQL("balance.account_id = %s", account.id), SQL("applies"), document
        )
        return [judge(budget, credits) for budget in budgets]

    @api.model
    def _refuse(self, verdicts: list[Verdict]):
        """Raise an error if a budget would be exceeded.

        :param verdicts: of the budgets that apply.
        :raise BudgetExceeded: by the first of them.
        """
        for verdict in verdicts:
            if verdict.level == "exceeded":
                raise BudgetExceeded(
                    self._get_sentence(verdict),
                    limit=verdict.limit,
                    spent=verdict.budget.spent,
                    wanted=verdict.wanted,
                    scope=verdict.budget.scope,
                )

    @api.model
    def _read_budgets(self, payers: SQL, meant: SQL, document=NO_DOCUMENT) -> list[Budget]:
        """Read budgets with what was spent of them, recounted where nobody has counted it yet.

        Holds count in full while they are open, then with what was captured; what was refunded of
        it does not count. Only what the ledger has noted is asked, never a document of today.

        :param payers: condition on the accounts, called `balance`.
        :param meant: condition on the rows of :meth:`_select_asked`, called `asked`.
        """
        rows = self._read_asked(payers, meant, document)
        for row in rows:
            if row["spent"] is None:
                row["spent"] = self.env["iap.credit.spending"]._recount_month(
                    row["account_id"], row["scope"], row["party_id"], row["zone"]
                )
        names = ("id", "scope", "period", "soft_limit", "hard_limit", "spent")
        return [Budget(*(row[name] for name in names)) for row in rows]

    @api.model
    def _count_uncounted(self, cr, account, document: Document) -> bool:
        """Make the counters that budgets ask for in vain; the balance must be locked.

        :param cr: the ledger's own cursor.
        :return: whether there were any.
        """
        rows = self._read_asked(
            SQL("balance.account_id = %s", account.id),
            SQL("applies AND spent IS NULL"),
            document,
        )
        parties = {(row["scope"], row["party_id"], row["zone"]) for row in rows}
        self.env["iap.credit.spending"]._count(cr, account, sorted(parties))
        return bool(parties)

    # === SENTENCES === #

    @api.model
    def _get_sentence(self, verdict) -> str:
        """Say what a verdict means, for the person who wants to spend."""
        budget_sudo = self.sudo().browse(verdict.budget.id)  # only what the sentence says
        values = {
            "whose": self._get_spender(budget_sudo),
            "limit": shown(self.env, verdict.limit),
            "spent": shown(self.env, verdict.budget.spent),
            "wanted": shown(self.env, verdict.wanted),
            "total": shown(self.env, verdict.total),
        }
        match verdict.level, verdict.budget.period:
            case "exceeded", "month":
                return self.env._(
                    "This month's budget does not allow it: %(spent)s of the %(limit)s credits of "
                    "%(whose)s are spent or set aside, and %(wanted)s more are needed. A billing "
                    "administrator can change the budget.",
                    **values,
                )
            case "exceeded", _:
                return self.env._(
                    "For %(whose)s, a request may cost up to %(limit)s credits, and this one costs "
                    "up to %(total)s. Ask for less, or have a billing administrator change the "
                    "budget.",
                    **values,
                )
            case _, "month":
                return self.env._(
                    "With this, up to %(total)s credits of %(whose)s are spent this month: more "
                    "than the %(limit)s planned.",
                    **values,
                )
            case _:
                return self.env._(
                    "This request costs up to %(total)s credits: more than the %(limit)s planned "
                    "for each request (%(whose)s).",
                    **values,
                )

    @api.model
    def _get_spender(self, budget):
        if budget.scope == "user":
            return (budget.user_id or self.env.user).sudo().name
        if budget.scope == "team" and not budget.team_id:
            return self.env._("your sales team")
        return budget._get_whose()
