import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ..exceptions import InvalidAmount
from ..tools.fields import BigInteger
from ..tools.ledger import MAX_CREDITS

_logger = logging.getLogger(__name__)

TRIAL_PARAMETER = "crm_iap_credits.trial_credits"
DEFAULT_TRIAL_CREDITS = 100


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
                self._get_trial_credits(),
            )
        )
        return rows[0][0] if rows else 0

    @api.model
    def _get_trial_credits(self) -> int:
        """Read the setting; what is no number within bounds counts as the default.

        :return: credits a new account starts with.
        """
        # Sudo: any user may be the first of the company to need the account.
        value = self.env["ir.config_parameter"].sudo().get_param(TRIAL_PARAMETER)
        if value is False:
            return DEFAULT_TRIAL_CREDITS
        try:
            return min(max(int(value), 0), MAX_CREDITS)
        except ValueError:
            _logger.warning("%s is no whole number: %r", TRIAL_PARAMETER, value)
            return DEFAULT_TRIAL_CREDITS

    @api.model
    def _set_trial_credits(self, credits: int):
        """Write the setting, with the rights of who changes the settings.

        :param credits: credits a new account starts with, 0 for no trial.
        :raise InvalidAmount: if they are negative or too many.
        """
        if credits == self._get_trial_credits():
            return
        if not 0 <= credits <= MAX_CREDITS:
            raise InvalidAmount(
                self.env._("Trial credits must be between 0 and %s.", f"{MAX_CREDITS:,}"),
                amount=credits,
            )
        self.env["ir.config_parameter"].set_param(TRIAL_PARAMETER, str(credits))
