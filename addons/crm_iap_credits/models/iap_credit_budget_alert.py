from odoo import api, fields, models
from odoo.tools import SQL, get_lang

from odoo.addons.crm_common.tools.alone import alone

from ..tools.shown import shown
from .iap_credit_ledger import NOW

#: Parts of a limit, in per cent, that are told when they are reached.
SHARES = (80, 100)


class IapCreditBudgetAlert(models.Model):
    """Remembers how much of a budget's limit was told to be spent by whom, in a month."""

    _name = "iap.credit.budget.alert"
    _description = "Budget Alert"
    _rec_name = "budget_id"
    _log_access = False

    budget_id = fields.Many2one(
        "iap.credit.budget", required=True, readonly=True, index=True, ondelete="cascade"
    )
    spending_id = fields.Many2one(
        "iap.credit.spending", required=True, readonly=True, index=True, ondelete="cascade"
    )
    share = fields.Integer(required=True, readonly=True, aggregator=None)

    _unique_party = models.Constraint(
        "UNIQUE(budget_id, spending_id)", "A budget tells once of each spender."
    )


class IapCreditBudget(models.Model):
    """Tells, apart from what spends it, that a monthly budget is nearly or wholly spent."""

    # One theme a file.
    _inherit = "iap.credit.budget"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _cron_tell(self):
        """Write to who spends, who leads the team and the billing administrators, once a month
        for each part of :data:`SHARES`; again after the limit was raised. Copies tell nothing."""
        self._forget_told()
        reached = self._find_reached()
        self.env["ir.cron"]._commit_progress(remaining=len(reached))
        alerts = self.env["iap.credit.budget.alert"]
        for budget_id, spending_id, share in reached:
            names = {"budget_id": budget_id, "spending_id": spending_id}
            budget = self.browse(budget_id)
            with alone(budget):
                alerts.search([(name, "=", value) for name, value in names.items()]).unlink()
                alerts.create({**names, "share": share})
                budget._send_reached(self.env["iap.credit.spending"].browse(spending_id), share)
            # One by one: who was told is not told again when a later budget fails.
            if not self.env["ir.cron"]._commit_progress(1):
                return

    @api.model
    def _forget_told(self):
        """Arm the alerts again whose part of the limit is no longer spent."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM iap_credit_budget_alert AS alert
                 USING iap_credit_budget AS budget, iap_credit_spending AS counter
                 WHERE budget.id = alert.budget_id
                   AND counter.id = alert.spending_id
                   AND counter.credits * 100 < budget.hard_limit * alert.share
                """
            )
        )
        self.env["iap.credit.budget.alert"].invalidate_model()

    @api.model
    def _find_reached(self) -> list[tuple[int, int, int]]:
        """Find what is to be told: ids of budget and counter, and the part that is reached."""
        [nearly, wholly] = SHARES
        return self.env.execute_query(
            SQL(
                """
                WITH payer AS (%(payer)s)
                SELECT budget.id, counter.id, reached.share
                  FROM payer
                  JOIN iap_account AS account ON account.id = payer.account_id
                  JOIN iap_credit_budget AS budget
                    ON budget.company_id = payer.company_id
                   AND budget.service_id = payer.service_id
                   AND payer.holder IS NULL
                  JOIN iap_credit_spending AS counter
                    ON counter.account_id = payer.account_id
                   AND counter.scope = budget.scope
                   AND counter.zone = payer.zone
                   AND counter.since <= %(now)s
                   AND counter.until > %(now)s
                   AND counter.party_id = CASE budget.scope
                       WHEN 'user' THEN COALESCE(budget.user_id, counter.party_id)
                       WHEN 'team' THEN COALESCE(budget.team_id, counter.party_id)
                       ELSE 0 END
            CROSS JOIN LATERAL (
                       SELECT CASE WHEN counter.credits >= budget.hard_limit THEN %(wholly)s
                                   ELSE %(nearly)s END AS share) AS reached
             LEFT JOIN iap_credit_budget_alert AS alert
                    ON alert.budget_id = budget.id AND alert.spending_id = counter.id
                 WHERE budget.active
                   AND budget.period = 'month'
                   AND budget.hard_limit > 0
                   AND counter.credits * 100 >= budget.hard_limit * %(nearly)s
                   AND reached.share > COALESCE(alert.share, 0)
                   AND COALESCE(account.account_token, '') NOT LIKE '%%+disabled'
              ORDER BY budget.id, counter.id
                """,
                payer=self._select_payer(SQL("TRUE"), SQL("NULL::int4")),
                now=NOW,
                nearly=nearly,
                wholly=wholly,
            )
        )

    def _send_reached(self, spending, share: int):
        """Write to whom it concerns, each in the own language, by the mail queue."""
        self.ensure_one()
        template = self.env.ref("crm_iap_credits.mail_template_budget_reached")
        users = self._get_told(spending).filtered("email")
        for lang, readers in users.grouped("lang").items():
            budget = self.with_context(lang=lang or get_lang(self.env).code)
            template.with_context(
                recipient_lang=budget.env.context["lang"],
                whose=budget._get_whose_spending(spending),
                share=share,
                spent=shown(budget.env, spending.credits),
                limit=shown(budget.env, self.hard_limit),
            ).send_mail(
                self.id,
                email_values={"email_to": False, "recipient_ids": readers.partner_id.ids},
                email_layout_xmlid="mail.mail_notification_light",
            )

    def _get_told(self, spending):
        """Return who is told: some of `res.users`."""
        users = spending.account_id._get_billing_users()
        if spending.scope == "user":
            users |= users.browse(spending.party_id).exists()
        elif spending.scope == "team":
            users |= self.env["crm.team"].browse(spending.party_id).exists().user_id
        return users.filtered("active")

    def _get_whose_spending(self, spending) -> str:
        models_of = {"user": "res.users", "team": "crm.team", "company": "res.company"}
        record_id = spending.party_id or self.company_id.id
        return self.env[models_of[spending.scope]].browse(record_id).display_name
