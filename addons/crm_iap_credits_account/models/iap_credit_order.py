from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class IapCreditOrder(models.Model):
    _inherit = "iap.credit.order"

    invoice_id = fields.Many2one(
        "account.move",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="account.group_account_invoice,account.group_account_readonly",
    )

    def action_create_invoice(self):
        """Make a draft invoice of the order to its payer, once, and open it.

        :return: an action that opens the invoice.
        :rtype: dict
        :raise UserError: if the order was not paid, or all of it was refunded.
        :raise AccessError: unless the user may see the order and make invoices.
        """
        self.ensure_one()
        order_sudo = self._get_own_sudo()
        self.env["account.move"].check_access("create")
        order_sudo._lock()
        if order_sudo.invoice_id.state not in ("draft", "posted"):
            if order_sudo.state != "paid":
                raise UserError(self.env._("Only paid orders are invoiced."))
            order_sudo.invoice_id = order_sudo._create_invoice(self.env.user)
        return order_sudo.invoice_id.with_env(self.env)._get_records_action()

    def _create_invoice(self, user):
        """Return a draft invoice whose total is the price, made with the user's own rights."""
        invoice = self.env["account.move"].with_user(user).with_company(self.company_id).create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner_id.id,
                "currency_id": self.currency_id.id,
                "invoice_date": fields.Date.context_today(self, self.paid_at),
                "invoice_origin": self.name,
                "invoice_line_ids": [Command.create(self._prepare_invoice_line())],
            }
        )  # fmt: skip
        # Sudo: payments are for system administrators.
        invoice_sudo = invoice.sudo()
        invoice_sudo.transaction_ids = self.transaction_id
        self._match_price(invoice_sudo)
        return invoice

    def _prepare_invoice_line(self):
        company = self.company_id
        partner = self.partner_id.with_company(company)
        position = (
            self.env["account.fiscal.position"].with_company(company)._get_fiscal_position(partner)
        )
        taxes = position.map_tax(company.account_sale_tax_id)
        return {
            "name": self.env._(
                "%(pack)s: %(credits)s credits of %(service)s",
                pack=self.pack_name,
                credits=self.credits,
                service=self.service_id.name,
            ),
            "quantity": 1,
            "price_unit": self._get_untaxed_price(taxes),
            "tax_ids": [Command.set(taxes.ids)],
        }

    def _get_untaxed_price(self, taxes):
        """Return the price as the taxes want it: what was paid includes all of them."""
        included = taxes.filtered("price_include")
        if included == taxes:
            return self.price
        totals = taxes.with_context(force_price_include=True).compute_all(
            self.price, currency=self.currency_id, partner=self.partner_id
        )
        return totals["total_excluded"]

    def _match_price(self, invoice):
        """Let the tax take the cent by which a rounded net price and its tax miss what was paid."""
        tax_line = invoice.line_ids.filtered("tax_line_id")[:1]
        difference = self.currency_id.round(self.price - invoice.amount_total)
        if difference and tax_line:
            tax_line.amount_currency -= difference
