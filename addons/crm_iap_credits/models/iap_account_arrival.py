import logging

import psycopg2

from odoo import api, models

from odoo.addons.crm_common.tools.alone import NOT_NOW

_logger = logging.getLogger(__name__)


class IapAccount(models.Model):
    """Lets what waits for credits go on, wherever they come from.

    Who waits and who brings credits may not see each other, as each sees the database as it was
    when the own transaction began. So both ask for a look at what waits that begins when they
    have committed: whichever is later sees the other.
    """

    # One theme a file.
    _inherit = "iap.account"  # pylint: disable=consider-merging-classes-inherited

    def _post(self, kind, *args, **kwargs):
        entry = super()._post(kind, *args, **kwargs)
        # Sudo: who moves credits need not be allowed to read the ledger.
        if entry.sudo().available_delta > 0:
            self._credits_arrived()
            self._wake_later()
        return entry

    @api.private
    def transfer(self, destination, credits, *, reason, idempotency_key):
        entry = super().transfer(
            destination, credits, reason=reason, idempotency_key=idempotency_key
        )
        destination._credits_arrived()
        destination._wake_later()
        return entry

    def _credits_arrived(self):
        """Let what waits for the account's credits go on, as far as they reach.

        Called in the transaction that adds them, and again after it. This method serves as a hook
        for addons whose work waits for credits.
        """

    @api.model
    def _get_waited_for(self):
        """Return the accounts that something waits for, in sudo.

        This method serves as a hook for addons whose work waits for credits. It is asked often.
        """
        return self.sudo().browse()

    @api.model
    def _wake_later(self):
        """Have what waits looked at once this transaction is committed.

        To be called by what adds credits, and by what begins to wait for some.
        """
        cron = self.env.ref("crm_iap_credits.ir_cron_wake_waiting", False)
        if cron:  # not yet while the addon is being installed
            cron._trigger()

    def _wake_waiting(self):
        """Have what waits for these accounts, or for any, looked at soon.

        To be called when the ledger has given back credits in a transaction of its own. Failing
        to do so delays what waits, and undoes nothing.
        """
        ledger = self.env["iap.credit.ledger"]
        if not ledger._has_own_cursor():
            self.sudo()._wake()
            return
        try:
            with ledger._ledger_cursor() as cr:
                accounts_sudo = self.with_env(self.env(cr=cr, su=True))
                waited_for_sudo = accounts_sudo._get_waited_for()
                if waited_for_sudo & accounts_sudo if self else waited_for_sudo:
                    accounts_sudo._wake_later()
        except psycopg2.Error as error:
            _logger.info("What waits for credits is looked at later: %s", error)

    def _wake(self):
        for account in self or self._get_waited_for():
            account._credits_arrived()

    @api.model
    def _cron_wake_waiting(self):
        """Look at what waits, whether or not somebody has told of credits.

        Between two runs nothing may have told: a process was killed, a price was lowered.
        """
        accounts = self._get_waited_for()
        self.env["ir.cron"]._commit_progress(remaining=len(accounts))
        for account in accounts:
            try:
                account._credits_arrived()
                self.env.flush_all()
            except NOT_NOW:
                self.env.cr.rollback()
                self._wake_later()  # others were in the way
            except Exception:  # what waits for one account must not stop the others
                self.env.cr.rollback()
                _logger.exception("What waits for the credits of %s did not go on", account)
            if not self.env["ir.cron"]._commit_progress(1):
                return
