import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date, get_lang

from odoo.addons.crm_common.tools.alone import alone

from ..tools.budgets import month_of
from ..tools.shown import shown

TEMPLATE = "crm_iap_credits.mail_template_statement"
REPORT = "crm_iap_credits.iap_credit_statement_report"
BILLING = "crm_iap_credits.group_billing_administrator"


class IapAccount(models.Model):
    """Sends the statement of each month, once it is over, to whom the account names."""

    # One theme a file.
    _inherit = "iap.account"  # pylint: disable=consider-merging-classes-inherited

    statement_partner_ids = fields.Many2many(
        "res.partner",
        "iap_account_statement_partner_rel",
        string="Monthly Statement To",
        copy=False,
        groups=BILLING,
        help="They get the statement of each month as PDF, by e-mail and in their language.",
    )
    statement_sent_for = fields.Date(
        readonly=True,
        copy=False,
        groups=BILLING,
        help="First day of the last month whose statement was sent.",
    )

    @api.model
    def _cron_send_statements(self):
        """Send what is due, account by account. Copies send nothing."""
        accounts = self.search([("statement_partner_ids", "!=", False)])
        due = [account for account in accounts if account._get_statement_due()]
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for account in due:
            with alone(account):
                account._send_statement(*account._get_statement_due())
            # One by one: who has a statement gets it no second time when a later account fails.
            if not self.env["ir.cron"]._commit_progress(1):
                return

    def _get_statement_due(self):
        """Return first and last day of the month before, unless its statement was sent."""
        self.ensure_one()
        if not self.is_kept_locally or self._is_disabled():
            return None
        this = month_of(fields.Datetime.now(), self._get_ledger_company().partner_id.tz)
        last = this - timedelta(days=1)
        first = last.replace(day=1)
        is_sent = self.statement_sent_for and self.statement_sent_for >= first
        return None if is_sent else (first, last)

    def _send_statement(self, first, last):
        """Write to each language's readers, by the mail queue.

        :param first: day of the period, and `last`, the last one
        """
        # Locked: with two workers at once, the second begins anew and finds it sent.
        self.statement_sent_for = first
        self.flush_recordset()
        readers = self.statement_partner_ids.filtered(lambda reader: reader.active and reader.email)
        zone = self._get_ledger_company().partner_id.tz or "UTC"
        for lang, partners in readers.grouped("lang").items():
            account = self.with_context(lang=lang or get_lang(self.env).code, tz=zone)
            account._send_statement_to(partners, first, last)

    def _send_statement_to(self, partners, first, last):
        statements = self.env["iap.credit.statement"]
        wizard = statements.create({"account_id": self.id, "date_from": first, "date_to": last})
        statement = wizard._get_statement()
        report = self.env["ir.actions.report"]
        content, kind = report._render_qweb_pdf(REPORT, wizard.ids)
        self.env.ref(TEMPLATE).with_context(
            recipient_lang=self.env.context["lang"],
            month=format_date(self.env, first, date_format="MMMM y"),
            opening=shown(self.env, statement.opening),
            closing=shown(self.env, statement.closing),
            worth=wizard.closing_worth,
        ).send_mail(
            self.id,
            email_values={
                "email_to": False,
                "recipient_ids": partners.ids,
                "attachments": [
                    (f"{wizard._get_file_name()}.{kind}", base64.b64encode(content)),
                ],
            },
            email_layout_xmlid="mail.mail_notification_light",
        )
