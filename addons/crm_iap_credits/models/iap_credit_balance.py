from odoo import fields, models

from ..tools.fields import BigInteger


class IapCreditBalance(models.Model):
    """The one row that decides whether a local account can pay.

    It lives apart from ``iap_account``, which stock writes while it is read, so that the ledger's
    own cursors never wait for the transaction that called them. ``available`` is always the sum
    of the entries' ``available_delta``, and changes only in the statement that appends an entry.

    A company has one account of a service for itself. It may keep others for somebody else, who is
    called their holder, such as another database that buys from it: budgets, trials and whatever
    asks for the company's account know nothing of those.
    """

    _name = "iap.credit.balance"
    _inherit = "iap.credit.ledger"
    _description = "Credit Balance"
    _rec_name = "account_id"
    _log_access = False

    account_id = fields.Many2one("iap.account", required=True, readonly=True, ondelete="restrict")
    service_id = fields.Many2one("iap.service", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    holder = fields.Char(
        readonly=True, help="Who has these credits, if it is not the company itself."
    )
    available = BigInteger(required=True, readonly=True)

    _unique_account = models.Constraint(
        "UNIQUE(account_id)", "An account can have only one balance."
    )
    _unique_company_service = models.UniqueIndex(
        "(company_id, service_id) WHERE holder IS NULL",
        "The company already has an account for this service.",
    )
    _unique_holder_service = models.UniqueIndex(
        "(holder, service_id) WHERE holder IS NOT NULL",
        "This holder already has an account for this service.",
    )
    _check_available = models.Constraint(
        "CHECK(available >= 0)", "An account cannot spend more credits than it has."
    )
