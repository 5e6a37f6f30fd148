from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL


class IapServerBill(models.Model):
    _inherit = "iap.server.bill"

    invoice_id = fields.Many2one(
        "account.move",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="account.group_account_invoice,account.group_account_readonly",
    )

    @api.depends("line_ids.billed_credits", "company_id.tax_calculation_rounding_method")
    def _compute_amount(self):
        """Override of `crm_iap_server` to round each line where the company's invoices do."""
        result = super()._compute_amount()
        for bill in self:
            if bill.company_id.tax_calculation_rounding_method == "round_per_line":
                rounded = bill.currency_id.round
                billed = bill.line_ids.mapped("billed_credits")
                bill.amount = sum(rounded(credits * bill.price) for credits in billed)
        return result

    def action_create_invoice(self) -> dict:
        """Make a draft invoice of the bill to the customer, once, and open it.

        :return: an action that opens the invoice.
        :raise UserError: if there is nothing to be billed, or no price.
        :raise AccessError: unless the user may see the bill and make invoices.
        """
        self.ensure_one()
        self.check_access("read")
        self.env["account.move"].check_access("create")
        # Two who press the button at once make one invoice.
        self.env.cr.execute(
            SQL("SELECT FROM iap_server_bill WHERE id = %s FOR NO KEY UPDATE", self.id)
        )
        if self.invoice_id.state not in ("draft", "posted"):
            # Sudo: the field is nobody's to fill in.
            self.sudo().invoice_id = self._create_invoice()
        return self.invoice_id._get_records_action()

    def write(self, vals):
        if "price" in vals and any(
            # Sudo: who sets the price need not be allowed to read invoices.
            bill.sudo().invoice_id.state in ("draft", "posted")
            for bill in self
        ):
            raise UserError(self.env._("This month is invoiced: change the price there."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_invoiced(self):
        # Sudo: as above.
        if "posted" in self.sudo().mapped("invoice_id.state"):
            raise UserError(self.env._("This month is invoiced: reverse the invoice first."))

    def _create_invoice(self):
        """Return a draft invoice with a line for each database and service."""
        billed = self.line_ids.filtered("billed_credits")
        if sum(billed.mapped("billed_credits")) <= 0:
            raise UserError(self.env._("Nothing is to be billed: all credits were bought before."))
        if not self.price:
            raise UserError(self.env._("Enter the price of a credit first."))
        company = self.company_id
        partner = self.partner_id.commercial_partner_id
        taxes = company._get_credit_taxes(partner)
        # With the taxes that prices include, as the invoice takes them out again.
        price = taxes._adapt_price_unit_to_another_taxes(
            self.price, self.env["product.product"], taxes.browse(), taxes
        )
        return self.env["account.move"].with_company(company).create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "currency_id": self.currency_id.id,
                "invoice_origin": self.display_name,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": self.env._(
                                "%(database)s: credits of %(service)s, %(month)s",
                                database=line.sudo().client_id.name,  # Sudo: as the bill shows it.
                                service=line.service,
                                month=f"{self.month:%Y-%m}",
                            ),
                            "quantity": line.billed_credits,
                            "price_unit": price,
                            "tax_ids": [Command.set(taxes.ids)],
                        }
                    )
                    for line in billed
                ],
            }
        )  # fmt: skip
