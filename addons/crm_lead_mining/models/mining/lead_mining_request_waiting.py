from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.crm_iap_credits.tools.shown import shown

from ...tools.settings import Settings
from .lead_mining_request_price import GROUP
from .lead_mining_run import OPEN_STATES


class LeadMiningRequest(models.Model):
    """Lets requests wait for credits that are missing, and go on when they have come."""

    _inherit = "lead.mining.request"  # pylint: disable=consider-merging-classes-inherited

    def _waiting_values(self, missing: int) -> dict:
        """Return the state of a run that lacks so many credits, whether or not it has begun.

        It keeps its place among those that wait; one that was started long ago, and is started
        again, begins to wait now.
        """
        run_sudo = self.sudo().run_id
        keeps_place = run_sudo.state in (*OPEN_STATES, "waiting_credits") and (
            run_sudo.queued_at >= self._waiting_since()
        )
        return {
            "state": "waiting_credits",
            "failure": "credits",
            "message": self._credits_sentence(missing),
            "credits_missing": missing,
            "queued_at": run_sudo.queued_at if keeps_place else fields.Datetime.now(),
        }

    @api.model
    def _waiting_since(self):
        return fields.Datetime.now() - timedelta(days=Settings.of(self.env).waiting_days)

    @api.model
    def _resume_waiting(self, account) -> None:
        """Queue what waits for an account's credits, oldest first, as far as they reach.

        What costs more than is left lets those after it pass.

        :param account: the `iap.account` that got credits
        """
        if not self._is_on():
            return
        # Sudo: whoever paid, everybody's requests go on.
        waiting_sudo = self.sudo().search(
            [
                ("state", "=", "waiting_credits"),
                ("queued_at", ">=", self._waiting_since()),
                ("company_id", "=", account._get_ledger_company().id),
            ]
        )
        left = account.sudo().credits_available
        for request_sudo in waiting_sudo.sorted(lambda request: (request.queued_at, request.id)):
            price = request_sudo._highest_price()
            if price <= left and request_sudo._is_still_allowed():
                left -= price
                request_sudo._queue()
                request_sudo._message_log(
                    body=self.env._("Credits have arrived: the request continues.")
                )

    @api.model
    def _count_stalled(self, account, since) -> int:
        """Count what waits for an account's credits although they would reach.

        :param since: naive UTC; what began to wait later is not meant
        """
        if not self._is_on():
            return 0
        # Sudo: whoever looks after the account need not read requests.
        waiting_sudo = self.sudo().search(
            [
                ("state", "=", "waiting_credits"),
                ("queued_at", ">=", self._waiting_since()),
                ("queued_at", "<", since),
                ("company_id", "=", account._get_ledger_company().id),
            ]
        )
        left = account.sudo().credits_available
        return len(
            waiting_sudo.filtered(
                lambda request: request._highest_price() <= left and request._is_still_allowed()
            )
        )

    def _is_still_allowed(self) -> bool:
        """Tell whether its owner could start the request now."""
        return bool(self.create_uid._still_spends_on(self, GROUP, self.company_id))

    def _not_allowed_sentence(self) -> str:
        return self.env._(
            "%s may no longer generate leads for this company. What was delivered stays; someone "
            "else can ask for the rest.",
            self.create_uid.name,
        )

    @api.autovacuum
    def _stop_waiting(self):
        """End what has waited for too long: nobody expects it to start any more."""
        overdue = self.search(
            [("state", "=", "waiting_credits"), ("queued_at", "<", self._waiting_since())]
        )
        overdue.run_id.write(
            {
                "state": "failed",
                "message": self.env._("The credits did not arrive in time. You can try again."),
            }
        )

    def _credits_sentence(self, missing: int) -> str:
        return self.env._(
            "Credits that are missing: %(missing)s. The request costs up to %(price)s, and there "
            "are %(available)s. It continues automatically once credits have been bought.",
            missing=shown(self.env, missing),
            price=shown(self.env, self._highest_price()),
            available=shown(self.env, self._credits_available()),
        )
