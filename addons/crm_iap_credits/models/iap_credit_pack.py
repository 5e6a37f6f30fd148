from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools.misc import NON_BREAKING_SPACE, formatLang

from ..tools.fields import BigInteger
from ..tools.ledger import MAX_CREDITS
from ..tools.packs import MAX_PRICE, Offer, best_value, rate_digits


class IapCreditPack(models.Model):
    """So many credits of a service for such a price: what is offered on the page to buy them."""

    _name = "iap.credit.pack"
    _inherit = ["iap.company.mixin"]
    _description = "Credit Pack"
    _order = "sequence, price, id"

    name = fields.Char(required=True, translate=True)
    description = fields.Char(translate=True, help="One line shown below the name on the page.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    service_id = fields.Many2one(
        "iap.service",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('kept_by', '=', 'local')]",
        default=lambda self: self.env.ref("iap.iap_service_reveal", raise_if_not_found=False),
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="The company whose accounts it is offered to. Leave empty for all companies.",
    )
    credits = BigInteger(required=True)
    price = fields.Monetary(required=True, help="The price to pay, taxes included.")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    price_per_credit = fields.Char(
        string="Price per Credit",
        compute="_compute_price_per_credit",
    )
    problem = fields.Char(
        string="Not Offered",
        compute="_compute_problem",
        help="Why the pack is not on the page although it is not archived.",
    )

    _check_credits = models.Constraint(
        f"CHECK(credits BETWEEN 1 AND {MAX_CREDITS})",
        f"A pack must have between 1 and {MAX_CREDITS:,} credits.",
    )
    _check_price = models.Constraint(
        f"CHECK(price > 0 AND price <= {MAX_PRICE})",
        "The price of a pack must be above zero. Grant free credits instead.",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        self._check_shared()
        return super().write(vals)

    def unlink(self):
        self._check_shared()
        return super().unlink()

    def _check_shared(self):
        """Leave packs of all companies to who may decide for all of them."""
        if not self.env.su and not all(pack.company_id for pack in self) and not self._may_share():
            raise AccessError(
                self.env._("Only administrators can change what is offered to all companies.")
            )

    @api.model
    def _may_share(self):
        user_sudo = self.env.user.sudo()
        # Sudo: the companies that a user does not work for are to be counted too.
        others = [("id", "not in", user_sudo.company_ids.ids)]
        return user_sudo.has_group("base.group_system") or not (
            self.env["res.company"].sudo().search_count(others, limit=1)
        )

    # === COMPUTE METHODS === #

    @api.depends("credits", "price", "currency_id")
    @api.depends_context("lang")
    def _compute_price_per_credit(self):
        for pack in self:
            pack.price_per_credit = bool(pack.credits) and pack._format_price_per_credit()

    @api.depends("currency_id", "company_id", "service_id", "price")
    @api.depends_context("company")
    def _compute_problem(self):
        for pack in self:
            pack.problem = pack._find_problem(pack.company_id or self.env.company)

    def _find_problem(self, company):
        """Say why a company's accounts are not offered the pack.

        :return: one translated sentence, or False.
        """
        self.ensure_one()
        if not self.service_id._is_kept_locally():
            return self.env._("The credits of this service are not kept by this database.")
        if not self.currency_id.active:
            return self.env._("The currency %s is archived.", self.currency_id.name)
        if not self._has_price():
            return self._no_price_sentence()
        if not self._has_rate(company):
            return self.env._(
                "The currency %s has no exchange rate: limits of payment providers and invoices "
                "would convert it one to one.",
                self.currency_id.name,
            )
        return False

    def _has_rate(self, company):
        companies = self.env["res.company"], company.root_id
        return self.currency_id == company.currency_id or any(
            rate.company_id in companies for rate in self.currency_id.rate_ids
        )

    def _has_price(self):
        """Tell whether there is something to pay in the smallest coin of the currency."""
        return self.currency_id.compare_amounts(self.price, 0) > 0

    def _no_price_sentence(self):
        return self.env._(
            "The price of %(pack)s is less than the smallest amount of %(currency)s.",
            pack=self.name,
            currency=self.currency_id.name,
        )

    # === CONSTRAINT METHODS === #

    @api.constrains("price", "currency_id")
    def _check_smallest_coin(self):
        for pack in self:
            if not pack._has_price():
                raise ValidationError(pack._no_price_sentence())

    # === OFFER === #

    @api.model
    def _get_offered(self, account):
        """Return what may be bought for an account.

        :param account: a `iap.account` kept locally.
        :return: some of `iap.credit.pack`.
        """
        company = account._get_ledger_company()
        packs = self.search(
            [
                ("service_id", "=", account.service_id.id),
                ("company_id", "in", (False, company.id)),
            ]
        )
        return packs.filtered(lambda pack: not pack._find_problem(company))

    def _get_best_value(self):
        """Return the one whose credits are cheaper than those of all others, if there is one."""
        offers = [Offer(pack.credits, pack.price, pack.currency_id) for pack in self]
        best = best_value(offers)
        return self.browse() if best is None else self[best]

    def _format_price_per_credit(self) -> str:
        """Write the price of one credit with as many decimals as it needs."""
        self.ensure_one()
        rate, currency = self.price / self.credits, self.currency_id
        digits = rate_digits(rate, currency.decimal_places)
        parts = [formatLang(self.env, rate, digits=digits), currency.symbol or currency.name]
        return NON_BREAKING_SPACE.join(parts if currency.position == "after" else reversed(parts))
