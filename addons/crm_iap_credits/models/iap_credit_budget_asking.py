from dataclasses import dataclass

from odoo import api, models
from odoo.tools import SQL

from ..tools.ledger import Document
from .iap_credit_ledger import NOW


@dataclass(frozen=True, slots=True)
class Spender:
    """Who spends, and for which document: values, or expressions of a statement.

    :ivar user_id: of the `res.users`.
    :ivar chosen_team_id: of the `crm.team` that the user may choose to spend for, NULL if none.
    :ivar team_id: of the document's.
    :ivar document_model: NULL if it is for no document.
    :ivar document_id: likewise.
    """

    user_id: SQL | int
    chosen_team_id: SQL | int | None
    team_id: SQL | int | None
    document_model: SQL | str | None
    document_id: SQL | int | None


class IapCreditBudget(models.Model):
    """Which budgets are asked, and what was spent of them: parts of the ledger's statements."""

    # One theme a file.
    _inherit = "iap.credit.budget"  # pylint: disable=consider-merging-classes-inherited

    # === STATEMENTS === #

    @api.model
    def _read_asked(self, payers: SQL, meant: SQL, document: Document) -> list[dict]:
        spender = self._get_spender_of(document)
        self.env.cr.execute(
            SQL(
                "WITH payer AS (%s), asked AS (%s) SELECT * FROM asked WHERE %s ORDER BY id",
                self._select_payer(payers, self._select_team(SQL("balance.company_id"), spender)),
                self._select_asked(spender),
                meant,
            )
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _get_spender_of(self, document: Document) -> Spender:
        """Give the user of the environment, who spends for a document."""
        return Spender(
            user_id=self.env.uid,
            chosen_team_id=self._get_chosen_team(document),
            team_id=document.team_id or None,
            document_model=document.model,
            document_id=document.id,
        )

    @api.model
    def _select_payer(self, payers: SQL, team_id: SQL) -> SQL:
        """Write the query of who pays: account, company, its time zone, and sales team.

        :param payers: condition on the accounts, called `balance`.
        :param team_id: of the sales team.
        """
        return SQL(
            """
            SELECT balance.account_id, balance.company_id, balance.service_id, balance.holder,
                   COALESCE(place.tz, '') AS zone, %s AS team_id
              FROM iap_credit_balance AS balance
              JOIN res_company AS company ON company.id = balance.company_id
              JOIN res_partner AS place ON place.id = company.partner_id
             WHERE %s
            """,
            team_id,
            payers,
        )

    @api.model
    def _select_asked(self, spender: Spender) -> SQL:
        """Write the query of the budgets of each `payer`.

        Beside the budget's own columns: `account_id` and `zone`; `party_id`, of the user or team
        whose spending counts; `applies`, whether it is that of who spends now; and `spent`, which
        is NULL where the month's spending has no counter yet.
        """
        spending = self.env["iap.credit.spending"]
        return SQL(
            """
            SELECT budget.id, budget.scope, budget.period, budget.soft_limit, budget.hard_limit,
                   payer.account_id, payer.zone, party.id AS party_id,
                   CASE budget.scope WHEN 'user' THEN party.id = %(user_id)s
                                     WHEN 'team' THEN party.id = payer.team_id
                                     ELSE TRUE END AS applies,
                   CASE budget.period WHEN 'month' THEN (
                           SELECT counter.credits FROM iap_credit_spending AS counter
                            WHERE counter.account_id = payer.account_id
                              AND counter.scope = budget.scope
                              AND counter.party_id = party.id
                              AND counter.zone = payer.zone
                              AND counter.since <= %(now)s
                              AND counter.until > %(now)s
                         ORDER BY counter.since DESC LIMIT 1)
                        ELSE %(on_document)s END AS spent
              FROM payer
              JOIN iap_credit_budget AS budget
                ON budget.company_id = payer.company_id
               AND budget.service_id = payer.service_id
               AND payer.holder IS NULL
        CROSS JOIN LATERAL (
                   SELECT CASE budget.scope
                          WHEN 'user' THEN COALESCE(budget.user_id, %(user_id)s)
                          WHEN 'team' THEN COALESCE(budget.team_id, payer.team_id)
                          ELSE 0 END AS id) AS party
             WHERE budget.active
            """,
            user_id=spender.user_id,
            now=NOW,
            on_document=spending._recount(
                SQL("payer.account_id"),
                SQL("budget.scope"),
                SQL("party.id"),
                SQL(
                    "hold.document_model = %s AND hold.document_id = %s",
                    spender.document_model,
                    spender.document_id,
                ),
            ),
        )

    # === TEAM === #

    @api.model
    def _get_chosen_team(self, document: Document) -> int | None:
        """Give the document's team if the user of the environment may spend for any team."""
        is_free = self.env.user.has_group("sales_team.group_sale_manager")
        return document.team_id if is_free and document.team_id else None

    @api.model
    def _select_team(self, company_id: SQL, spender: Spender) -> SQL:
        """Choose the sales team that pays for what somebody spends.

        It is one that the user is in, or leads: that of the document if it is one of them, else
        the first of them. So a budget is not evaded by another team, or none, on the document.
        Whoever is in no team, and administrators of Sales, who put users into teams, spend for
        that of the document.

        :param company_id: of the account that pays; teams of other companies do not.
        :return: an expression, NULL where no team pays.
        """
        return SQL(
            """COALESCE(%(chosen)s::int4, (
                SELECT team.id FROM crm_team AS team
                 WHERE team.active
                   AND (team.company_id IS NULL OR team.company_id = %(company_id)s)
                   AND (team.user_id = %(user_id)s OR EXISTS (
                           SELECT FROM crm_team_member AS member
                            WHERE member.crm_team_id = team.id
                              AND member.user_id = %(user_id)s
                              AND member.active))
              ORDER BY team.id = %(wanted)s::int4 DESC NULLS LAST, team.sequence,
                       team.create_date DESC, team.id DESC
                 LIMIT 1), %(wanted)s::int4)""",
            chosen=spender.chosen_team_id,
            company_id=company_id,
            user_id=spender.user_id,
            wanted=spender.team_id,
        )
