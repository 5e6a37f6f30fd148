from datetime import timedelta

from odoo import fields, models
from odoo.tools import format_date


class IapAccount(models.Model):
    _inherit = "iap.account"

    def _watch(self):
        """Override of `crm_iap_credits` to tell of months whose deferred credits are not booked."""
        sentences = super()._watch()
        company = self._get_ledger_company()
        if self.credit_holder or not company._defers_credits():
            return sentences
        account = self.with_context(lang=self._get_watcher().lang)
        # A month that has ended since the last night is booked in the next one.
        yesterday = fields.Datetime.now() - timedelta(days=1)
        for month in self.env["iap.credit.deferral"]._get_due_months(company, yesterday)[:1]:
            sentences.append(
                account.env._(
                    "The deferred credits of %s could not be booked: check journal, accounts and "
                    "lock dates.",
                    format_date(account.env, month, date_format="MMMM y"),
                )
            )
        return sentences
