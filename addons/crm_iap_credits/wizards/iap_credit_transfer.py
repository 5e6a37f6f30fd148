import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError


class IapCreditTransfer(models.TransientModel):
    _name = "iap.credit.transfer"
    _inherit = ["iap.account.dialog.mixin"]
    _description = "Transfer Credits"

    account_id = fields.Many2one(string="From")
    credits_available = fields.Integer(related="account_id.credits_available")
    candidate_ids = fields.Many2many("res.company", compute="_compute_candidate_ids")
    company_id = fields.Many2one(
        "res.company",
        string="To",
        required=True,
        domain="[('id', 'in', candidate_ids)]",
        help="Your companies that have an account for the same service.",
    )
    credits = fields.Integer(required=True)
    reason = fields.Char(required=True)
    # Kept by the wizard, so that confirming it twice moves credits once.
    idempotency_key = fields.Char(required=True, default=lambda self: uuid.uuid4().hex)

    @api.depends("account_id")
    def _compute_candidate_ids(self):
        for transfer in self:
            transfer.candidate_ids = transfer._get_destinations().company_id

    def _get_destinations(self):
        """Find the balances of the same service that the user may move credits to.

        :return: some of `iap.credit.balance`.
        """
        # Sudo: by the user's companies, not only by those that are switched on at the moment.
        balances_sudo = self.env["iap.credit.balance"].sudo()
        domain = [
            ("service_id", "=", self.account_id.service_id.id),
            ("account_id", "!=", self.account_id.id),
            # A company may keep accounts for others beside its own.
            ("account_id.credit_holder", "=", False),
        ]
        if not self.env.user.has_group("base.group_system"):
            domain.append(("company_id", "in", self.env.user.company_ids.ids))
        return balances_sudo.search(domain)

    def action_confirm(self):
        """Move the credits and close.

        :raise AccessError: if the user does not administrate the billing of both companies.
        :raise CreditError: see :meth:`transfer` of `iap.account`.
        """
        self.ensure_one()
        self.account_id.check_access("read")
        destinations = self._get_destinations()
        balance = destinations.filtered(lambda found: found.company_id == self.company_id)
        if not balance:
            raise AccessError(
                self.env._(
                    "Credits can only be transferred between your companies that have an account "
                    "for the same service."
                )
            )
        self.account_id.transfer(
            balance.account_id.with_env(self.env),
            self.credits,
            reason=self.reason,
            idempotency_key=self.idempotency_key,
        )
        return {"type": "ir.actions.act_window_close"}
