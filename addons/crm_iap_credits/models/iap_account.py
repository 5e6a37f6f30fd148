from odoo import api, models


class IapAccount(models.Model):
    _inherit = "iap.account"

    # === LEDGER API === #

    @api.model
    @api.private
    def _get_local(self, service_name, company=None):
        """Return the company's local account of a service, made with its trial when missing.

        :param str service_name: technical name of a service that is kept locally.
        :param company: a `res.company`, by default the current one.
        :return: the account, in sudo.
        :rtype: recordset of `iap.account`
        :raise NotKeptLocally: if the service is kept by a remote server.
        """
        raise NotImplementedError

    @api.private
    def hold(self, credits, *, reason, idempotency_key, document=None, expires_in=None):
        """Set credits aside; committed on return, whatever becomes of the caller's transaction.

        :return: the hold; the same one for the same key.
        :rtype: Hold
        :raise InsufficientCredits, InvalidAmount, IdempotencyConflict, NotKeptLocally,
            AccountDisabled, LedgerBusy: nothing was moved.
        """
        raise NotImplementedError

    @api.private
    def capture(self, token, credits, *, reason, idempotency_key, document=None):
        """Spend credits of an open hold, in the caller's transaction.

        The caller's transaction must have begun after :meth:`hold` returned (commit between).

        :return: the ledger entry.
        :rtype: record of `iap.credit.entry`
        :raise HoldNotFound, HoldExpired, HoldClosed, CaptureExceedsHold, InvalidAmount,
            IdempotencyConflict: nothing was moved.
        """
        raise NotImplementedError

    @api.private
    def release(self, token, *, reason):
        """Close a hold and give back what was not captured; committed on return, idempotent.

        :return: credits given back.
        :rtype: int
        :raise HoldNotFound, LedgerBusy: nothing was moved.
        """
        raise NotImplementedError

    @api.private
    def grant(self, credits, *, reason, idempotency_key, document=None):
        """Give credits for free, in the caller's transaction; return the entry."""
        raise NotImplementedError

    @api.private
    def purchase(self, credits, *, reason, idempotency_key, document=None):
        """Add bought credits, in the caller's transaction; return the entry."""
        raise NotImplementedError

    @api.private
    def refund(self, capture, credits, *, reason, idempotency_key, document=None):
        """Give back credits of a capture entry, in the caller's transaction; return the entry."""
        raise NotImplementedError

    @api.private
    def adjust(self, credits, *, reason, idempotency_key, document=None):
        """Correct the balance by a signed number, in the caller's transaction; return the entry."""
        raise NotImplementedError

    @api.private
    def expire(self, credits, *, reason, idempotency_key, document=None):
        """Take granted credits whose time is over, in the caller's transaction; return the entry."""
        raise NotImplementedError
