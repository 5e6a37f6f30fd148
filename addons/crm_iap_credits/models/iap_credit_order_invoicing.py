import logging
from typing import NamedTuple

from odoo import fields, models

from odoo.addons.crm_common.tools.alone import NOT_NOW

from ..tools.ledger import Cost

_logger = logging.getLogger(__name__)


class PriceParts(NamedTuple):
    """What a price is made of, for people.

    :ivar untaxed: of it without taxes
    :ivar tax: of it as taxes
    :ivar taxes: their names, empty if they are unknown
    """

    untaxed: float
    tax: float
    taxes: str


class IapCreditOrder(models.Model):
    """Who is invoiced, and what of the price is taxes."""

    # One theme a file.
    _inherit = "iap.credit.order"  # pylint: disable=consider-merging-classes-inherited

    invoiced_partner_id = fields.Many2one(
        "res.partner",
        string="Invoiced To",
        readonly=True,
        ondelete="restrict",
        help="The company that the payer has told, or works for.",
    )

    def _get_invoiced_partner(self):
        """Return who is invoiced: the company that was told, or where who has ordered works."""
        return self.invoiced_partner_id or self.partner_id.commercial_partner_id

    def _get_cost(self) -> Cost:
        """Tell what the price is without taxes.

        This method serves as a hook for addons that know taxes: here there are none.
        """
        return Cost(self.price, 0, self.currency_id.id)

    def _find_cost(self, tell=lambda error: None) -> Cost | None:
        """Tell what the price is without taxes; None where they cannot be reckoned.

        A tax that is set up wrongly keeps nobody from paying, nor from what was paid for.

        :param tell: function of the error.
        """
        try:
            with self.env.cr.savepoint():
                return self._get_cost()
        except NOT_NOW:
            raise  # others were in the way: all is tried again
        except Exception as error:  # taxes may be set up in any way
            _logger.exception("The taxes of credit order %s are unknown", self.name)
            tell(error)
            return None

    def _get_tax_names(self) -> str:
        """Name the taxes of the price.

        This method serves as a hook for addons that know taxes.
        """
        return ""

    def _get_price_parts(self):
        """Tell what of the price is taxes, as it was when it was paid.

        :return: None where no taxes are known.
        """
        self.ensure_one()
        cost = self._get_paid_cost() or self._find_cost()
        if not cost or not cost.tax:
            return None
        untaxed, tax = (self.currency_id.round(float(part)) for part in (cost.untaxed, cost.tax))
        return PriceParts(untaxed, tax, self._get_tax_names())

    def _get_paid_cost(self):
        # Sudo: lots are for administrators; what somebody has paid is told on the receipt.
        lots_sudo = self.env["iap.credit.lot"].sudo()
        entry_sudo = self.sudo().entry_id
        lot_sudo = entry_sudo and lots_sudo.search([("entry_id", "=", entry_sudo.id)], limit=1)
        if not lot_sudo or not lot_sudo.currency_id:
            return None
        return Cost(lot_sudo.untaxed_cost, lot_sudo.tax_cost, lot_sudo.currency_id.id)
