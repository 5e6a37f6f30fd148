from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, get_lang

from odoo.addons.crm_common.tools.alone import alone

from ..tools.shown import shown
from .iap_credit_lot import IS_LIVE


class IapAccount(models.Model):
    """Says once that a balance has fallen below its threshold, apart from what spends it."""

    _name = "iap.account"
    _inherit = ["iap.account", "mail.activity.mixin"]

    low_balance_since = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the alert about the low balance was sent. It is sent again once the balance has "
        "been above the threshold.",
    )

    @api.model
    def _cron_alert(self):
        """Tell of each account kept here that has fallen below its threshold since the last run.

        Nothing is told of copies of a database.
        """
        crossed = self._find_crossed()
        self.env["ir.cron"]._commit_progress(remaining=len(crossed))
        for account_id, is_low in crossed:
            account = self.browse(account_id)
            with alone(account):
                account.low_balance_since = is_low and fields.Datetime.now()
                if is_low:
                    account._send_low_balance()
                    account._propose_top_up()
                else:
                    account._withdraw_top_up()
            # One by one: who was told is not told again when a later account fails.
            if not self.env["ir.cron"]._commit_progress(1):
                return

    @api.model
    def _find_crossed(self) -> list[tuple[int, bool]]:
        """Find the accounts whose balance is on the other side of the threshold than was told.

        :return: ids, and whether the balance is below.
        """
        self.flush_model(["warning_threshold", "low_balance_since", "account_token"])
        return self.env.execute_query(
            SQL(
                """
                SELECT account.id, low.is_low
                  FROM iap_account AS account
                  JOIN iap_credit_balance AS balance ON balance.account_id = account.id
            CROSS JOIN LATERAL (
                       SELECT COALESCE(SUM(remaining), 0)
                              < COALESCE(account.warning_threshold, 0) AS is_low
                         FROM iap_credit_lot
                        WHERE account_id = account.id AND remaining > 0 AND %s) AS low
                 WHERE low.is_low <> (account.low_balance_since IS NOT NULL)
                   AND COALESCE(account.account_token, '') NOT LIKE '%%+disabled'
              ORDER BY account.id
                """,
                IS_LIVE,
            )
        )

    def _is_balance_low(self) -> bool:
        """Tell whether less is available than the alert threshold."""
        self.ensure_one()
        return self.credits_available < self.warning_threshold

    # === MAIL === #

    def _send_low_balance(self):
        """Write to the recipients of the alert, each in the own language, by the mail queue."""
        template = self.env.ref("crm_iap_credits.mail_template_low_balance")
        recipients = self.warning_user_ids.filtered("email")
        url = self.get_base_url() + self._get_local_credits_url()
        for lang, users in recipients.grouped(lambda user: user.lang).items():
            template.with_context(
                recipient_lang=lang or get_lang(self.env).code, credits_url=url
            ).send_mail(
                self.id,
                email_values={"email_to": False, "recipient_ids": users.partner_id.ids},
                email_layout_xmlid="mail.mail_notification_light",
            )

    # === TOP-UP === #

    def _propose_top_up(self):
        """Ask a billing administrator to buy credits, unless one is asked already."""
        user = self._get_billing_administrator()
        asked = self.activity_search(["crm_iap_credits.mail_activity_type_top_up"])
        if not user or asked:
            return
        account = self.with_context(lang=user.lang)
        note = account.env._(
            "%(available)s credits are left, below the alert threshold of %(threshold)s.",
            available=shown(account.env, self.credits_available),
            threshold=shown(account.env, self.warning_threshold),
        )
        link = Markup('<p>%s</p><p><a href="%s">%s</a></p>') % (
            note,
            self._get_local_credits_url(),
            account.env._("Buy credits"),
        )
        account.activity_schedule(
            "crm_iap_credits.mail_activity_type_top_up", user_id=user.id, note=link
        )

    def _withdraw_top_up(self):
        """Close what was asked when there are credits again."""
        self.activity_feedback(
            ["crm_iap_credits.mail_activity_type_top_up"],
            feedback=self.env._("The balance is above the alert threshold again."),
        )

    def _get_billing_administrator(self):
        """Choose who is asked to buy: a recipient of the alert before others, and who was made a
        billing administrator before who is one as administrator of the system.

        :return: one of `res.users`, or none.
        """
        group = self.env.ref("crm_iap_credits.group_billing_administrator")
        users = group.all_user_ids.filtered(
            lambda user: user.active and self.company_ids <= user.company_ids
        )
        return users.sorted(
            lambda user: (user not in self.warning_user_ids, user not in group.user_ids, user.id)
        )[:1]
