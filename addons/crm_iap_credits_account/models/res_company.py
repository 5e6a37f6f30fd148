from odoo import fields, models

DEFERRING = ["credit_deferral_journal_id", "credit_deferral_account_id", "credit_result_account_id"]


class ResCompany(models.Model):
    _inherit = "res.company"

    invoices_credits = fields.Boolean(
        string="Invoice Credits Automatically",
        help="Paid credit orders are invoiced, and refunds get a credit note, at once and posted.",
    )
    credit_deferral_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Deferred Credits",
        domain="[('type', '=', 'general')]",
        ondelete="restrict",
    )
    credit_deferral_account_id = fields.Many2one(
        "account.account",
        string="Account of Deferred Credits",
        domain="[('account_type', 'in', ('asset_current', 'asset_prepayments', "
        "'liability_current'))]",
        ondelete="restrict",
        help="A liability if the company sells the credits, an asset if it uses them.",
    )
    credit_result_account_id = fields.Many2one(
        "account.account",
        string="Income or Expense of Credits",
        domain="[('internal_group', 'in', ('income', 'expense'))]",
        ondelete="restrict",
        help="What credits were bought for is booked here when they are spent or end.",
    )

    def _get_credit_taxes(self, partner):
        """Return the company's default sales taxes, as they are for a `res.partner` who pays."""
        self.ensure_one()
        positions = self.env["account.fiscal.position"].with_company(self)
        position = positions._get_fiscal_position(partner.with_company(self))
        # As Odoo does for products: a branch without a tax of its own has that of its company.
        # Sudo: who sells for a branch need not work for the whole company.
        tax_sudo = self.account_sale_tax_id or self.root_id.sudo().account_sale_tax_id
        return position.map_tax(tax_sudo.with_env(self.env))

    def _defers_credits(self) -> bool:
        """Tell whether all is set that the monthly entry of deferred credits needs."""
        return all(self[name] for name in DEFERRING)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    invoices_credits = fields.Boolean(related="company_id.invoices_credits", readonly=False)
    credit_deferral_journal_id = fields.Many2one(
        related="company_id.credit_deferral_journal_id", readonly=False
    )
    credit_deferral_account_id = fields.Many2one(
        related="company_id.credit_deferral_account_id", readonly=False
    )
    credit_result_account_id = fields.Many2one(
        related="company_id.credit_result_account_id", readonly=False
    )
