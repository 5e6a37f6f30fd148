from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.crm_iap_credits.tools.ledger import Cost
from odoo.addons.crm_iap_credits.tools.shown import shown

#: Guesses of a price, and how exact the last one has to be, as a part of the smallest coin.
MAX_GUESSES = 20
EXACT = 1e-6


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
    # Those of the day of payment, on which they are due: an invoice may be made much later.
    tax_ids = fields.Many2many(
        "account.tax",
        string="Taxes",
        readonly=True,
        copy=False,
        groups="account.group_account_invoice,account.group_account_readonly",
    )
    is_tax_free = fields.Boolean(string="Paid Without Taxes", readonly=True, copy=False)

    def action_create_invoice(self) -> dict:
        """Make a draft invoice of the order to its payer, once, and open it.

        It asks for what was paid and not given back before.

        :return: an action that opens the invoice.
        :raise UserError: if the order was not paid, or all of it was refunded.
        :raise AccessError: unless the user may see the order and make invoices.
        """
        self.ensure_one()
        order_sudo = self._get_own_sudo()
        self.env["account.move"].check_access("create")
        order_sudo._lock()
        if order_sudo.invoice_id.state not in ("draft", "posted"):
            if order_sudo.state != "paid":
                raise UserError(self.env._("Only paid orders can be invoiced."))
            order_sudo.invoice_id = order_sudo._create_invoice(self.env.user)
        return order_sudo.invoice_id.with_env(self.env)._get_records_action()

    def _get_document_to_reverse(self):
        """Override of `crm_iap_credits` to name the order's invoice."""
        invoice_sudo = self.sudo().invoice_id  # who refunds need not be allowed to read invoices
        is_valid = invoice_sudo.state in ("draft", "posted")
        return invoice_sudo.display_name if is_valid else super()._get_document_to_reverse()

    def _create_invoice(self, user):
        """Return a draft invoice of what was kept of the price, made with the user's own rights."""
        price = self.currency_id.round(self.received_amount)
        invoice = self.env["account.move"].with_user(user).with_company(self.company_id).create(
            {
                "move_type": "out_invoice",
                "partner_id": self._get_invoiced_partner().id,
                "currency_id": self.currency_id.id,
                "invoice_date": self._get_local_date(self.paid_at),
                "invoice_origin": self.name,
                "invoice_line_ids": [Command.create(self._prepare_invoice_line(price))],
            }
        )  # fmt: skip
        # Sudo: payments are for system administrators.
        invoice_sudo = invoice.sudo()
        invoice_sudo.transaction_ids = self.transaction_id
        self._match_price(invoice_sudo, price)
        return invoice

    def _get_local_date(self, moment=None):
        """Return the day of a naive UTC moment, now by default, where the company is."""
        zone = self.company_id.partner_id.tz
        return fields.Date.context_today(self.with_context(tz=zone) if zone else self, moment)

    def _get_cost(self):
        """Override of `crm_iap_credits` to take the taxes out that an invoice would show."""
        taxes = self._get_taxes()
        unit = self._get_unit_price(taxes, self.price)
        untaxed = self._get_untaxed(taxes, unit)
        return Cost(untaxed, self.currency_id.round(self.price - untaxed), self.currency_id.id)

    def _get_untaxed(self, taxes, unit):
        """Return what an invoice of one unit has without taxes, rounded as that one rounds."""
        line = taxes._prepare_base_line_for_taxes_computation(
            {},
            tax_ids=taxes,
            price_unit=unit,
            quantity=1,
            currency_id=self.currency_id,
            partner_id=self._get_invoiced_partner(),
        )
        company = self.company_id
        taxes._add_tax_details_in_base_lines([line], company)
        taxes._round_base_lines_tax_details([line], company)
        details = line["tax_details"]
        return details["total_excluded_currency"] + details["delta_total_excluded_currency"]

    def _get_tax_names(self):
        """Override of `crm_iap_credits` to name those of the price."""
        return ", ".join(tax.invoice_label or tax.name for tax in self._get_taxes())

    def _get_taxes(self):
        """Return the taxes that were due when the order was paid, or would be today."""
        order_sudo = self.sudo()  # who pays is told what of it is taxes
        if order_sudo.tax_ids or order_sudo.is_tax_free:
            return order_sudo.tax_ids
        return order_sudo.company_id._get_credit_taxes(self._get_invoiced_partner())

    def _prepare_invoice_line(self, price, taxes=None):
        """Return a line that, with its taxes, asks for so much.

        :param taxes: those of the order by default.
        """
        taxes = self._get_taxes() if taxes is None else taxes
        reader = self.with_context(lang=self._get_invoiced_partner().lang or self.env.lang)
        return {
            "name": reader.env._(
                "%(pack)s: %(credits)s credits of %(service)s",
                pack=self.pack_name,
                credits=shown(reader.env, self.credits),
                service=reader.service_id.name,
            ),
            "quantity": 1,
            "price_unit": self._get_unit_price(taxes, price),
            "tax_ids": [Command.set(taxes.ids)],
        }

    def _get_unit_price(self, taxes, price):
        """Return the price that makes the total what was paid, which includes all taxes.

        Taxes may be included in prices or not, each of a group by itself, be a percentage or an
        amount, and be due on each other: so Odoo's own computation is asked which total a price
        gives, until it is the right one. With all but fancy taxes the second guess hits.
        """
        unit, total = price, self._get_total(taxes, price)
        slope = 1.0
        for _guess in range(MAX_GUESSES):
            missing = price - total
            if abs(missing) < EXACT * self.currency_id.rounding:
                break
            last_unit, last_total = unit, total
            unit += missing / slope
            total = self._get_total(taxes, unit)
            if total != last_total:
                slope = (total - last_total) / (unit - last_unit)
        # Whole cents where they do: they read better, and are what people would type.
        rounded = self.currency_id.round(unit)
        return rounded if self._is_total(taxes, rounded, price) else unit

    def _get_total(self, taxes, unit):
        """Return, unrounded, what an invoice of one unit asks for."""
        totals = taxes.with_context(round_base=False).compute_all(
            unit,
            currency=self.currency_id,
            partner=self._get_invoiced_partner(),
            rounding_method="round_globally",
        )
        return totals["total_included"]

    def _is_total(self, taxes, unit, price):
        totals = taxes.compute_all(
            unit, currency=self.currency_id, partner=self._get_invoiced_partner()
        )
        return not self.currency_id.compare_amounts(totals["total_included"], price)

    def _match_price(self, invoice, price):
        """Let a tax take the cent by which rounded amounts miss what was paid.

        :raise UserError: if it is more, so that no wrong tax is hidden.
        """
        tax_lines = invoice.line_ids.filtered("tax_line_id")
        difference = self.currency_id.round(price - invoice.amount_total)
        if not difference:
            return
        if not tax_lines or abs(difference) > len(tax_lines) * self.currency_id.rounding * 1.01:
            raise UserError(
                self.env._(
                    "With the taxes %(taxes)s, no invoice can have the total of %(price)s that was "
                    "paid. Please check the company's default sales tax.",
                    taxes=", ".join(invoice.invoice_line_ids.tax_ids.mapped("name")),
                    price=self.currency_id.format(price),
                )
            )
        # Of an invoice, taxes are credits; of a credit note, debits.
        tax_lines[0].amount_currency += invoice.direction_sign * difference
