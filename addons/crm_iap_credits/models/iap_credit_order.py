from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.payment import utils as payment_utils

from ..tools.access import is_local_path
from ..tools.fields import BigInteger

#: An order that nobody tried to pay is cancelled after so many days: its price may have changed.
DRAFT_DAYS = 7


class IapCreditOrder(models.Model):
    """One purchase of a pack, with its terms as they were when it was ordered.

    Its payments settle it: credits come when one is confirmed, and what is unused goes when that
    one is refunded. Nobody writes it but these methods.
    """

    _name = "iap.credit.order"
    _description = "Credit Order"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _mail_post_access = "read"

    name = fields.Char(string="Number", required=True, readonly=True, copy=False)
    account_id = fields.Many2one(
        "iap.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    service_id = fields.Many2one(related="account_id.service_id")
    user_id = fields.Many2one(
        "res.users",
        string="Ordered By",
        readonly=True,
        ondelete="restrict",
        help="Empty if it was ordered through the link that another database opens.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Payer", required=True, readonly=True, ondelete="restrict"
    )
    return_path = fields.Char(readonly=True)

    received_amount = fields.Monetary(
        string="Received",
        compute="_compute_received_amount",
        store=True,
        help="What was paid, less what was refunded.",
    )

    # The terms: changing or archiving the pack changes nothing here.
    pack_id = fields.Many2one("iap.credit.pack", readonly=True, index=True, ondelete="set null")
    pack_name = fields.Char(string="Ordered", required=True, readonly=True)
    credits = BigInteger(required=True, readonly=True)
    price = fields.Monetary(required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")

    state = fields.Selection(
        selection=[
            ("draft", "Not Paid Yet"),
            ("pending", "Payment Pending"),
            ("paid", "Paid"),
            ("cancelled", "Cancelled"),
            ("refunded", "Refunded"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
        tracking=True,
    )
    paid_at = fields.Datetime(string="Paid On", readonly=True)
    entry_id = fields.Many2one("iap.credit.entry", readonly=True, ondelete="restrict")
    transaction_ids = fields.One2many(
        "payment.transaction", "credit_order_id", readonly=True, groups="base.group_system"
    )
    transaction_id = fields.Many2one(
        "payment.transaction",
        string="Confirmed Payment",
        readonly=True,
        ondelete="restrict",
        groups="base.group_system",
    )
    payment_summary = fields.Char(
        string="Payment", compute="_compute_payment_summary", compute_sudo=True
    )
    can_confirm = fields.Boolean(compute="_compute_payment_summary", compute_sudo=True)
    refunded_amount = fields.Monetary(string="Refunded", readonly=True)
    reversed_credits = BigInteger(string="Credits Taken Back", readonly=True)

    _unique_entry = models.Constraint(
        "UNIQUE(entry_id)", "Bought credits can belong to only one order."
    )
    _check_entry = models.Constraint(
        "CHECK(state <> 'paid' OR entry_id IS NOT NULL)", "A paid order must have its credits."
    )

    # === COMPUTE METHODS === #

    @api.depends("entry_id", "price", "refunded_amount")
    def _compute_received_amount(self):
        for order in self:
            order.received_amount = order.price - order.refunded_amount if order.entry_id else 0

    @api.depends("transaction_ids.state", "transaction_id")
    def _compute_payment_summary(self):
        states = dict(
            self.env["payment.transaction"]._fields["state"]._description_selection(self.env)
        )
        for order in self:
            transaction = order.transaction_id or order.transaction_ids.sorted("id")[-1:]
            order.payment_summary = bool(transaction) and self.env._(
                "%(provider)s, %(reference)s: %(state)s",
                provider=transaction.provider_id.name,
                reference=transaction.reference,
                state=states[transaction.state],
            )
            order.can_confirm = bool(order._get_transfers())

    def _get_transfers(self):
        """Return the pending payments of which no provider will ever tell that they arrived."""
        return self.sudo().transaction_ids.filtered(
            lambda tx: tx.state == "pending" and tx.provider_code == "custom"
        )

    # === ORDERING === #

    @api.model
    def _place(self, pack, account, partner, *, invoiced=None, user=None, return_path: str = ""):
        """Order a pack on the terms that it has now.

        The same order is given again while nothing was paid and its terms are the same, so that
        going back and forth on the pages leaves one order.

        :param pack: one of `iap.credit.pack`, as :meth:`_get_offered` gave it.
        :param account: the `iap.account` that gets the credits.
        :param partner: the `res.partner` who pays.
        :param invoiced: the `res.partner` that is invoiced, by default the payer's company.
        :param user: the `res.users` who orders, if one is logged in.
        :param return_path: page of this database's backend to lead back to.
        :return: the order, in sudo.
        """
        terms = {
            "account_id": account.id,
            "user_id": user.id if user else False,
            "partner_id": partner.id,
            "invoiced_partner_id": (invoiced or partner.commercial_partner_id).id,
            "pack_id": pack.id,
            "credits": pack.credits,
            "price": pack.price,
            "currency_id": pack.currency_id.id,
            "return_path": return_path if is_local_path(return_path) else False,
        }
        # Sudo: who may order is decided by the page, and no user may write orders.
        orders_sudo = self.sudo()
        domain = [("state", "=", "draft"), *((name, "=", value) for name, value in terms.items())]
        same = orders_sudo.search(domain, limit=1)
        if same and not same.transaction_ids:
            return same
        return orders_sudo.create(
            {
                **terms,
                "name": orders_sudo.env["ir.sequence"].next_by_code("iap.credit.order"),
                "company_id": account._get_ledger_company().id,
                "pack_name": pack.name,
            }
        )

    def _get_access_token(self):
        """Return what lets its holder see and pay the order: computed, never stored."""
        self.ensure_one()
        return payment_utils.generate_access_token("iap.credit.order", self.id, env=self.env)

    def _get_page_url(self) -> str:
        """Give the address of the order's page, within this database."""
        return f"/iap/credits/order/{self.id}?access_token={self._get_access_token()}"

    def _get_page_state(self) -> str:
        """Tell what its page shows.

        :return: `pay`, `checking` (money came that is not the order's price), `adding` (it came,
            and its credits come soon), `stuck` (they do not, and somebody was told), or the
            order's own state.
        """
        self.ensure_one()
        if self.state not in ("draft", "pending"):
            return self.state
        payments_sudo = self.sudo().transaction_ids
        states = payments_sudo.mapped("state")
        if "done" in states:
            done_sudo = payments_sudo.filtered(lambda payment: payment.state == "done")
            if all(done_sudo.mapped("is_credit_settled")):
                return "checking"
            return "stuck" if self.sudo()._get_told() else "adding"
        if self.state == "pending" or not {"pending", "authorized"}.isdisjoint(states):
            return "pending"
        return "pay"

    def _check_payable(self):
        """Refuse to start a payment for what is paid, or being paid, already.

        :raise UserError: with a sentence for the payer.
        """
        if self.account_id._is_disabled():
            raise UserError(self.env._("This database is a copy for tests and sells nothing."))
        if self._get_page_state() != "pay":
            raise UserError(self.env._("This order has been paid, or is being paid."))

    def _lock(self):
        """Have nobody else move money of the order until this transaction ends.

        Waits for others. The row is written, not only locked: whoever waited gets PostgreSQL's
        serialization error, which makes Odoo try all again, even if the others have changed
        nothing but a payment. With a lock alone they would go on with what they saw before.
        """
        self.ensure_one()
        self.flush_recordset()
        self.env.cr.execute(
            SQL("UPDATE iap_credit_order SET state = state WHERE id = %s", self.id),
            log_exceptions=False,
        )
        self.invalidate_recordset()

    # === ACTIONS === #

    def action_confirm_payment(self):
        """Confirm that a wire transfer arrived: its credits are added.

        :raise UserError: if none is pending.
        """
        self.ensure_one()
        transfers_sudo = self._get_own_sudo()._get_transfers()
        if not transfers_sudo:
            raise UserError(self.env._("No transfer is pending for this order."))
        transfers_sudo[0]._set_done()
        transfers_sudo[0]._post_process()

    def action_cancel(self):
        """Cancel an order that was not paid, and give up what payments have authorized for it.

        Money that arrives for it nevertheless still brings its credits.

        :raise UserError: if it was paid.
        """
        for order_sudo in self._get_own_sudo():
            if order_sudo.state not in ("draft", "pending"):
                raise UserError(self.env._("Only unpaid orders can be cancelled."))
            order_sudo._get_transfers()._set_canceled()
            authorized_sudo = order_sudo.transaction_ids.filtered(
                lambda payment: payment.state == "authorized"
            )
            if authorized_sudo:
                # The money stays blocked on the payer's card until the provider is told.
                authorized_sudo.action_void()
            order_sudo.state = "cancelled"

    def action_view_entries(self):
        """Open the order's lines of the ledger."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_iap_credits.iap_credit_entry_action"
        )
        domain = [("document_model", "=", self._name), ("document_id", "=", self.id)]
        return {**action, "domain": domain}

    def action_view_page(self):
        """Open the page that the payer sees."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": self._get_page_url(), "target": "new"}

    def _get_own_sudo(self):
        """Return the orders in sudo, as nobody may write them directly.

        :raise AccessError: if the user may not even see them: only billing administrators may.
        """
        self.check_access("read")
        return self.sudo()

    # === MAINTENANCE === #

    @api.autovacuum
    def _cancel_forgotten(self):
        limit = fields.Datetime.now() - relativedelta(days=DRAFT_DAYS)
        forgotten = self.search([("state", "=", "draft"), ("write_date", "<", limit)])
        forgotten.filtered(lambda order: order._get_page_state() == "pay").state = "cancelled"
