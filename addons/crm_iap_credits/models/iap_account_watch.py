import logging
from datetime import timedelta

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_common.tools.alone import alone

from ..tools.shown import shown

_logger = logging.getLogger(__name__)

ALARM = "crm_iap_credits.mail_activity_type_watch"
#: What settles itself within minutes is told when it has not done so in this time.
PATIENCE = timedelta(hours=1)
REFUND_DAYS = 3


class IapAccount(models.Model):
    """Looks every night for what nobody would notice, and says so once."""

    # One theme a file.
    _inherit = "iap.account"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _cron_watch(self):
        """Look after each account kept here; those of copies of a database are left alone."""
        accounts = self.search([("is_kept_locally", "=", True)])
        self.env["ir.cron"]._commit_progress(remaining=len(accounts))
        for account in accounts:
            if not account._is_disabled():
                with alone(account):
                    account._tell_watched(account._watch())
            # One by one: proving a long ledger takes its time.
            if not self.env["ir.cron"]._commit_progress(1):
                return

    def _watch(self) -> list[str]:
        """Return a sentence for each thing that is wrong, in the language of who is told.

        This method serves as a hook for addons that know of more.
        """
        self.ensure_one()
        account = self.with_context(lang=self._get_watcher().lang)
        return [
            *account._watch_payments(),
            *account._watch_refunds(),
            *account._watch_waiting(),
            *account._watch_ledger(),
        ]

    # === WHAT MAY BE WRONG === #

    def _watch_payments(self):
        """Find payments that arrived, and whose credits or booking did not follow."""
        before = fields.Datetime.now() - PATIENCE
        # Sudo: payments are for system administrators, that one hangs is not.
        payments_sudo = self.env["payment.transaction"].sudo()._find_unsettled(self)
        for payment in payments_sudo:
            order = payment._get_credit_order()
            if order.account_id == self and payment.last_state_change < before:
                yield self.env._(
                    "%(order)s: the payment %(payment)s of %(amount)s has arrived and is not "
                    "settled or not booked.",
                    order=order.name,
                    payment=payment.reference,
                    amount=payment.currency_id.format(payment.amount),
                )

    def _watch_refunds(self):
        """Find refunds that were asked for, and of which nothing was heard since."""
        before = fields.Datetime.now() - timedelta(days=REFUND_DAYS)
        # Sudo: payments are for system administrators, that one hangs is not.
        refunds_sudo = (
            self.env["payment.transaction"]
            .sudo()
            .search(
                Domain("operation", "=", "refund")
                & Domain("state", "in", ("draft", "pending"))
                & Domain("create_date", "<", before)
                & self.env["payment.transaction"]._of_credit_orders(self)
            )
        )
        for refund in refunds_sudo:
            order = refund._get_credit_order()
            if order.account_id == self:
                yield self.env._(
                    "%(order)s: the refund %(refund)s of %(amount)s has not been answered for "
                    "%(days)s days.",
                    order=order.name,
                    refund=refund.reference,
                    amount=refund.currency_id.format(-refund.amount),
                    days=REFUND_DAYS,
                )

    def _watch_waiting(self):
        """Find work that waits for credits although there are enough."""
        if self.credit_holder:
            return  # what waits in this database waits for the company's own credits
        since = fields.Datetime.now() - PATIENCE
        arrived = [
            ("account_id", "=", self.id),
            ("available_delta", ">", 0),
            ("date", ">=", since),
        ]
        # What arrived a moment ago is being looked at.
        if self.env["iap.credit.entry"].search_count(arrived, limit=1):
            return
        stalled = self._count_stalled(since)
        if stalled:
            yield self.env._(
                "%(number)s requests wait for credits although there are enough: check the "
                "scheduled actions.",
                number=shown(self.env, stalled),
            )

    def _count_stalled(self, since) -> int:
        """Count what waits for the account's credits although they would reach.

        This method serves as a hook for addons whose work waits for credits.

        :param since: naive UTC; what began to wait later is not meant.
        """
        return 0

    def _watch_ledger(self):
        """Prove the ledger, and count anew what a budget would be judged wrong by."""
        proof = self.env["iap.credit.proof"].new({"account_id": self.id})
        if not proof.is_proven:
            yield self.env._(
                "The ledger does not add up: %(available)s credits are available by its entries, "
                "%(cached)s by its balance. Open Verify Ledger.",
                available=shown(self.env, proof.available),
                cached=shown(self.env, proof.cached_available),
            )
        for _id, credits, recounted in self.env["iap.credit.spending"]._mend(self):
            yield self.env._(
                "A budget was judged by %(counted)s credits spent this month instead of "
                "%(right)s. It is right again.",
                counted=shown(self.env, credits),
                right=shown(self.env, recounted),
            )

    # === PEOPLE === #

    def _get_watcher(self):
        return self._get_billing_administrator() or self.env["res.users"].browse(SUPERUSER_ID)

    def _tell_watched(self, sentences: list[str]):
        """Have one activity that says what is wrong now, and none when nothing is."""
        kind = self.env.ref(ALARM)
        told = self.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)
        if not sentences:
            if told:
                self.activity_feedback([ALARM], feedback=self.env._("Nothing is wrong any more."))
            return
        _logger.warning("%s: %s", self.name, " ".join(sentences))
        note = Markup("<ul>%s</ul>") % Markup().join(
            Markup("<li>%s</li>") % sentence for sentence in sentences
        )
        if told:
            told[0].note = note
            return
        user = self._get_watcher()
        self.activity_schedule(ALARM, user_id=user.id, note=note)
