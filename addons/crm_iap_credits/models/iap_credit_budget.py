from odoo import api, fields, models
from odoo.tools import SQL

from ..exceptions import BudgetExceeded
from ..tools.budgets import Budget, Verdict, judge, month_start
from ..tools.fields import BigInteger
from ..tools.ledger import NO_DOCUMENT, Document


class IapCreditBudget(models.Model):
    """The most that a company, a team or a user may spend, in a month or on one request.

    Judged in the transaction that sets credits aside, with the budget's row locked, so that two
    holds at the same time cannot exceed it together.
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
        [("company", "Whole Company"), ("team", "Sales Team"), ("user", "User")],
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
        spent = {}
        for budgets in self.filtered("is_single")._origin.grouped("company_id").values():
            spent.update({budget.id: budget.spent for budget in self._read_budgets(budgets.ids)})
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

    @api.onchange("scope")
    def _onchange_scope(self):
        if self.scope != "team":
            self.team_id = False
        if self.scope != "user":
            self.user_id = False

    # === JUDGING === #

    @api.model
    def _judge(
        self, account, credits: int, *, document: Document = NO_DOCUMENT, lock: bool = False
    ) -> list[Verdict]:
        """Ask the budgets of an account what they say about spending credits.

        :param account: the `iap.account`; the spender is the user of the environment.
        :param credits: to be spent.
        :param document: what they are spent for.
        :param lock: whether others wait until this transaction has ended. It makes sense at
            READ COMMITTED only, where what they have spent is seen after the wait.
        :return: one verdict of each budget that applies.
        """
        self.flush_model()
        self.env["crm.team"].flush_model()
        self.env["crm.team.member"].flush_model()
        ids, team_id = self._find_ids(account, document.team_id, lock)
        budgets = ids and self._read_budgets(ids, team_id=team_id, document=document)
        return [judge(budget, credits) for budget in budgets]

    @api.model
    def _check(self, account, credits, **options):
        """Refuse what a budget does not allow; see :meth:`_judge` for the parameters.

        :raise BudgetExceeded: by the first budget that would be exceeded.
        """
        self._refuse(self._judge(account, credits, **options))

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
    def _find_ids(self, account, team_id: int | None, lock) -> tuple[list[int], int | None]:
        """Find the active budgets that apply to the user's and the team's spending.

        :param team_id: the team of the document, if any.
        :return: ids of the budgets, and id of the team that pays, if any.
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH payer AS (
                    SELECT account_id, company_id, service_id, %(team_id)s AS team_id
                      FROM iap_credit_balance AS balance
                     WHERE account_id = %(account_id)s AND holder IS NULL
                )
                SELECT budget.id, payer.team_id
                  FROM iap_credit_budget AS budget
                  JOIN payer
                    ON payer.company_id = budget.company_id
                   AND payer.service_id = budget.service_id
                 WHERE budget.active
                   AND CASE budget.scope
                       WHEN 'user' THEN COALESCE(budget.user_id, %(user_id)s) = %(user_id)s
                       WHEN 'team' THEN COALESCE(budget.team_id, payer.team_id) = payer.team_id
                       ELSE TRUE END
              ORDER BY budget.id
                %(lock)s
                """,
                account_id=account.id,
                user_id=self.env.uid,
                team_id=self._select_team(SQL("balance.company_id"), team_id),
                lock=SQL("FOR NO KEY UPDATE OF budget") if lock else SQL(),
            )
        )
        return [budget_id for budget_id, _team_id in rows], rows[0][1] if rows else None

    @api.model
    def _read_budgets(
        self, ids: list[int], *, team_id: int | None = None, document=NO_DOCUMENT
    ) -> list[Budget]:
        """Read budgets with what was spent of them.

        Holds count in full while they are open, then with what was captured; what was refunded of
        it does not count. Only what the ledger has noted is asked, never a document of today.

        :param ids: of budgets of one company, whose calendar month it is.
        :param team_id: the team that pays, for the budgets of each team.
        """
        # Sudo: whoever spends is held to the budgets, and need not be allowed to see them.
        zone = self.sudo().browse(ids[0]).company_id.partner_id.tz
        rows = self.env.execute_query(
            SQL(
                """
                SELECT budget.id, budget.scope, budget.period, budget.soft_limit,
                       budget.hard_limit, spent.credits
                  FROM iap_credit_budget AS budget
            CROSS JOIN LATERAL (
                       SELECT COALESCE(SUM(
                                  CASE hold.state WHEN 'open' THEN hold.credits
                                                  ELSE hold.captured END
                                  - COALESCE(refunded.credits, 0)), 0)::int8 AS credits
                         FROM iap_credit_balance AS balance
                         JOIN iap_credit_hold AS hold ON hold.account_id = balance.account_id
                    LEFT JOIN LATERAL (
                              SELECT SUM(refund.amount) AS credits
                                FROM iap_credit_entry AS capture
                                JOIN iap_credit_entry AS refund ON refund.undoes_id = capture.id
                               WHERE capture.hold_id = hold.id) AS refunded ON TRUE
                        WHERE balance.company_id = budget.company_id
                          AND balance.service_id = budget.service_id
                          AND balance.holder IS NULL
                          AND CASE budget.scope
                              WHEN 'user' THEN hold.user_id = COALESCE(budget.user_id, %(user_id)s)
                              WHEN 'team' THEN hold.team_id = COALESCE(budget.team_id, %(team_id)s)
                              ELSE TRUE END
                          AND CASE budget.period
                              WHEN 'month' THEN hold.date >= %(month)s
                              ELSE hold.document_model = %(model)s
                               AND hold.document_id = %(res_id)s END) AS spent
                 WHERE budget.id = ANY(%(ids)s)
              ORDER BY budget.id
                """,
                ids=ids,
                user_id=self.env.uid,
                team_id=SQL("%s::int4", team_id),
                month=month_start(fields.Datetime.now(), zone),
                model=document.model,
                res_id=document.id,
            )
        )
        return [Budget(*row) for row in rows]

    # === TEAM === #

    @api.model
    def _select_team(self, company_id: SQL, team_id: int | None) -> SQL:
        """Choose the sales team that pays for what the user of the environment spends.

        It is one that the user is in, or leads: that of the document if it is one of them, else
        the first of them. So a budget is not evaded by another team, or none, on the document.
        Whoever is in no team, and administrators of Sales, who put users into teams, spend for
        that of the document.

        :param company_id: of the account that pays; teams of other companies do not.
        :param team_id: of the document, None if it has none.
        :return: an expression, NULL where no team pays.
        """
        wanted = SQL("%s::int4", team_id or None)
        own = SQL(
            """(
                SELECT team.id FROM crm_team AS team
                 WHERE team.active
                   AND (team.company_id IS NULL OR team.company_id = %(company_id)s)
                   AND (team.user_id = %(user_id)s OR EXISTS (
                           SELECT FROM crm_team_member AS member
                            WHERE member.crm_team_id = team.id
                              AND member.user_id = %(user_id)s
                              AND member.active))
              ORDER BY team.id = %(wanted)s DESC NULLS LAST, team.sequence,
                       team.create_date DESC, team.id DESC
                 LIMIT 1)""",
            company_id=company_id,
            user_id=self.env.uid,
            wanted=wanted,
        )
        if self.env.user.has_group("sales_team.group_sale_manager"):
            return SQL("COALESCE(%s, %s)", wanted, own)
        return SQL("COALESCE(%s, %s)", own, wanted)

    # === SENTENCES === #

    @api.model
    def _get_sentence(self, verdict) -> str:
        """Say what a verdict means, for the person who wants to spend."""
        budget_sudo = self.sudo().browse(verdict.budget.id)  # only what the sentence says
        values = {
            "whose": self._get_spender(budget_sudo),
            "limit": verdict.limit,
            "spent": verdict.budget.spent,
            "wanted": verdict.wanted,
            "total": verdict.total,
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
