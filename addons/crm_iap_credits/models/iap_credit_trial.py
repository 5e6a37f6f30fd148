from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.fields import BigInteger
from ..tools.settings import Settings


class IapCreditTrial(models.Model):
    """Remembers that a company got its trial of a service, for ever."""

    _name = "iap.credit.trial"
    _inherit = "iap.credit.ledger"
    _description = "Credit Trial"
    _rec_name = "company_id"
    _log_access = False

    service_id = fields.Many2one("iap.service", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    credits = BigInteger(required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True)

    _unique_company_service = models.Constraint(
        "UNIQUE(company_id, service_id)", "A company gets the trial credits of a service only once."
    )

    @api.model
    def _claim(self, service, company) -> int:
        """Take the company's trial of the service, if it was not taken yet.

        Concurrent claims wait for each other at the unique index: one of them gets it.

        :param service: a `iap.service` record.
        :param company: a `res.company` record.
        :return: credits to grant, 0 if there are none.
        """
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO iap_credit_trial (service_id, company_id, credits, date)
                     VALUES (%s, %s, %s, statement_timestamp() AT TIME ZONE 'UTC')
                ON CONFLICT (company_id, service_id) DO NOTHING
                  RETURNING credits
                """,
                service.id,
                company.id,
                Settings.of(self.env).trial_credits,
            )
        )
        return rows[0][0] if rows else 0
