from odoo import fields, models

from ..tools.fields import BigInteger


class IapCreditBalance(models.Model):
    """The one row that decides whether a local account can pay.

    It lives apart from ``iap_account``, which stock writes while it is read, so that the ledger's
    own cursors never wait for the transaction that called them. ``available`` is always the sum
    of the entries' ``available_delta``, and changes only in the statement that appends an entry.
    """

    _name = "iap.credit.balance"
    _inherit = "iap.credit.ledger"
    _description = "Credit Balance"
    _rec_name = "account_id"
    _log_access = False

    account_id = fields.Many2one("iap.account", required=True, readonly=True, ondelete="restrict")
    service_id = fields.Many2one("iap.service", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    available = BigInteger(required=True, readonly=True)

    _unique_account = models.Constraint(
        "UNIQUE(account_id)", "An account can have only one balance."
    )
    _unique_company_service = models.Constraint(
        "UNIQUE(company_id, service_id)",
        "The company already has an account for this service.",
    )
    _check_available = models.Constraint(
        "CHECK(available >= 0)", "An account cannot spend more credits than it has."
    )
