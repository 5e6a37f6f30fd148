import os
from fractions import Fraction
from itertools import cycle, islice, product

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_iap_credit_order import InvoiceCase

#: Of the odd prices, so many for each case; `./run test` takes fewer.
PRICES_EACH = int(os.environ.get("INVOICE_PRICES") or 3)


@tagged("post_install", "-at_install")
class TestTaxesOfInvoice(InvoiceCase):
    """The invoice has the total that was paid, and the tax that the rates ask for."""

    def taxes(self, *kinds):
        """Make taxes from words: amount, kind, whether it is in prices, in a group, a base."""
        taxes = self.env["account.tax"]
        for number, (amount, *words) in enumerate(kinds):
            taxes += taxes.create(
                {
                    "name": f"{amount} {words} {next(self._keys)}",
                    "amount": amount,
                    "sequence": number,
                    "amount_type": next(
                        (w for w in words if w in ("fixed", "division")), "percent"
                    ),
                    "type_tax_use": "none" if "group" in words else "sale",
                    "price_include_override": "tax_included" if "in" in words else "tax_excluded",
                    "include_base_amount": "base" in words,
                    "company_id": self.env.company.id,
                }
            )
        children = taxes.filtered(lambda tax: tax.type_tax_use == "none")
        if not children:
            return taxes
        group = taxes.create(
            {
                "name": f"Group of {children.ids}",
                "amount_type": "group",
                "type_tax_use": "sale",
                "children_tax_ids": [Command.set(children.ids)],
                "company_id": self.env.company.id,
            }
        )
        return group | (taxes - children)

    #: No multiple of what the rates make of a round price; 40 cases take them in turn.
    PRICES = (79, 19.99, 1234.57)
    #: Taxes, and the price as (factor of the net price, amount on top), from the rates alone.
    CASES = (
        ([(21,)], "1.21", 0),
        ([(21, "in")], "1.21", 0),
        ([(9, "group", "in"), (9, "group", "in")], "1.18", 0),
        ([(9, "group"), (9, "group")], "1.18", 0),
        ([(22, "group", "in")], "1.22", 0),
        ([(22, "group")], "1.22", 0),
        ([(9, "group", "in"), (9, "group")], "1.18", 0),
        ([(9, "group", "in"), (9, "group", "in"), (4,)], "1.22", 0),
        ([(10, "in"), (5, "in")], "1.15", 0),
        ([(10,), (5,)], "1.15", 0),
        ([(10, "in"), (5,)], "1.15", 0),
        ([(10, "base"), (5,)], "1.155", 0),
        ([(10, "in", "base"), (5, "in")], "1.155", 0),
        ([(2, "fixed"), (10,)], "1.1", 2),
        ([(2, "fixed", "in"), (10, "in")], "1.1", 2),
        ([(2, "fixed", "base"), (10,)], "1.1", "2.2"),
        ([(20, "division")], "1.25", 0),
        ([(20, "division", "in")], "1.25", 0),
        ([(22,), (-22,)], "1", 0),
        ([(0,)], "1", 0),
    )

    def assertTax(self, taxes, price, factor, fixed, currency=None):
        currency = currency or self.currency_euro
        self.env.company.account_sale_tax_id = taxes[:1]
        order = self._order(pack=self._pack(price=price, currency_id=currency.id))
        self._confirm(self._payment(order))
        invoice = self.invoice(order)
        net = (Fraction(str(price)) - Fraction(str(fixed))) / Fraction(factor)
        self.assertEqual(currency.compare_amounts(invoice.amount_total, price), 0)
        # Each tax may be rounded on its own.
        lines = max(len(invoice.line_ids.filtered("tax_line_id")), 1)
        wrong = abs(invoice.amount_tax - float(Fraction(str(price)) - net))
        self.assertLessEqual(wrong, lines * currency.rounding * 1.001)
        lot = order.entry_id.allocation_ids.lot_id
        self.assertEqual(currency.compare_amounts(lot.untaxed_cost, invoice.amount_untaxed), 0)
        return invoice

    def all_of(self, taxes):
        """Have several taxes on the invoice, which a company's one default tax cannot give."""
        return taxes if len(taxes) == 1 else self.taxes_as_group(taxes)

    def taxes_as_group(self, taxes):
        taxes = taxes.flatten_taxes_hierarchy()
        taxes.type_tax_use = "none"
        return taxes.create(
            {
                "name": f"All {taxes.ids}",
                "amount_type": "group",
                "type_tax_use": "sale",
                "children_tax_ids": [Command.set(taxes.ids)],
                "company_id": self.env.company.id,
            }
        )

    def test_every_kind_of_tax_is_what_the_rates_ask_for(self):
        odd = cycle(self.PRICES)
        for method, (kinds, factor, fixed) in product(
            ("round_per_line", "round_globally"), self.CASES
        ):
            self.env.company.tax_calculation_rounding_method = method
            taxes = self.all_of(self.taxes(*kinds))
            nice = float(100 * Fraction(factor) + Fraction(str(fixed)))
            for price in (nice, *islice(odd, PRICES_EACH)):
                with self.subTest(method=method, kinds=kinds, price=price):
                    invoice = self.assertTax(taxes, price, factor, fixed)
                    if price == nice:
                        self.assertAlmostEqual(invoice.amount_untaxed, 100, places=2)

    def test_group_of_indian_taxes_is_nine_and_nine(self):
        for words in (("group", "in"), ("group",)):
            taxes = self.taxes((9, *words), (9, *words))
            invoice = self.assertTax(taxes, 118, "1.18", 0)
            parts = invoice.line_ids.filtered("tax_line_id").mapped("amount_currency")
            self.assertEqual(parts, [-9, -9])

    def test_currency_without_cents(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        yen.rate_ids = [Command.clear(), Command.create({"name": "2026-01-01", "rate": 160})]
        self.provider.available_currency_ids |= yen
        prices = cycle((500, 1, 12345))
        for kinds, factor, _fixed in self.CASES[:9]:
            taxes = self.all_of(self.taxes(*kinds))
            for price in islice(prices, PRICES_EACH):
                with self.subTest(kinds=kinds, price=price):
                    self.assertTax(taxes, price, factor, 0, yen)

    def test_company_whose_prices_include_taxes(self):
        self.env.company.account_price_include = "tax_included"
        taxes = self.taxes((22,))
        taxes.price_include_override = False
        self.assertTrue(taxes.price_include)
        self.assertTax(taxes, 122, "1.22", 0)

    def test_fiscal_position_replaces_included_by_excluded_tax_and_by_a_group(self):
        home = self.taxes((22, "in"))
        self.users["billing"].partner_id.country_id = self.country_france
        position = self.env["account.fiscal.position"].create(
            {"name": "Abroad", "auto_apply": True, "country_id": self.country_france.id}
        )
        for kinds, factor in (
            ([(20,)], "1.2"),
            ([(5, "group", "in"), (5, "group", "in")], "1.1"),
            ([(0,)], "1"),
        ):
            with self.subTest(kinds):
                abroad = self.taxes(*kinds)
                position.tax_ids = [Command.clear()]
                abroad.write(
                    {
                        "fiscal_position_ids": [Command.link(position.id)],
                        "original_tax_ids": [Command.link(home.id)],
                    }
                )
                invoice = self.assertTax(home, 120, factor, 0)
                self.assertEqual(invoice.invoice_line_ids.tax_ids, abroad)

    def test_more_than_a_cent_is_never_hidden_in_a_tax(self):
        invoice = self.invoice(self._buy())
        order = self.env["iap.credit.order"].search([], limit=1)
        invoice.invoice_line_ids.price_unit += 1
        with self.assertRaisesRegex(UserError, "no invoice can have"):
            order._match_price(invoice.sudo(), order.price)
