import logging
import uuid
from datetime import timedelta

from odoo import api, models

from odoo.addons.crm_iap_credits.exceptions import CreditError, InsufficientCredits

from ..exceptions import NoCredits, Refused
from ..tools import charges
from .own_transaction import in_own_transaction

_logger = logging.getLogger(__name__)


class IapServerProvider(models.Model):
    """How a provider sets credits of a client aside, and takes or gives them back.

    What it is given to name them is the hold itself. All are called in sudo.
    """

    _inherit = "iap.server.provider"  # pylint: disable=consider-merging-classes-inherited

    def _authorize(self, client, charge: charges.Charge) -> str:
        """Set credits of a client aside; return by what they are named.

        :raise NoCredits: if the client has less, or is nobody's
        :raise Refused: if it is blocked, or its limit does not allow it
        """
        self.ensure_one()
        desk = self.env["iap.server.desk"]
        desk._check_served(client)
        if client.company_id != self.company_id:
            desk._check_served(client.browse())
        name = uuid.uuid4().hex

        def hold(providers):
            desk = providers.env["iap.server.desk"]
            locked = desk._locked(client.id)
            desk._check_monthly_limit(locked, charge.credits)
            return self._hold(client.account_id, charge, name)

        if client.monthly_limit:
            return in_own_transaction(self.browse(), hold)
        return self._hold(client.account_id, charge, name)

    def _hold(self, account, charge: charges.Charge, name: str) -> str:
        try:
            return account.hold(
                charge.credits,
                reason=charge.description or self.name,
                idempotency_key=f"iap-provider:{self.id}:{name}",
                document=self,
                expires_in=min(timedelta(hours=charge.hours), timedelta(days=self.hold_days)),
            ).token
        except InsufficientCredits as error:
            url = account.get_base_url() + account._get_signed_credits_url()
            raise NoCredits(str(error), price=error.price, url=url) from error
        except CreditError as error:
            raise Refused(str(error)) from error

    def _capture(self, token: str, credits: int | None) -> None:
        """Take credits that were set aside, once, and give back the rest.

        :param credits: None for all of them, 0 for none
        :raise Refused: if the provider has set no such credits aside, or no longer, or fewer
        """
        hold = self._find_hold(token)
        if hold.captured:
            self._release(hold)
            return
        if credits == 0:
            self._cancel(token)
            return
        try:
            hold.account_id.capture(
                token,
                hold.credits if credits is None else credits,
                reason=hold.reason,
                idempotency_key=f"iap-provider-paid:{hold.id}",
                document=self,
            )
        except CreditError as error:
            raise Refused(str(error)) from error
        self._release(hold)

    def _cancel(self, token: str) -> None:
        """Give back credits that were set aside.

        :raise Refused: if the provider has set no such credits aside, or has taken them
        """
        hold = self._find_hold(token)
        if hold.captured:
            raise Refused(self.env._("These credits were taken already, and are not given back."))
        self._release(hold)

    @api.model
    def _release(self, hold) -> None:
        if hold.state == "open":
            try:
                hold.account_id.release(hold.token, reason=self.env._("Not needed"))
            except CreditError as error:
                _logger.info("A provider's hold will expire by itself: %s", error)

    def _find_hold(self, token: str):
        """Return the hold of a name that this provider was given."""
        self.ensure_one()
        hold = self.env["iap.credit.hold"].search(
            [
                ("token", "=", token),
                ("document_model", "=", self._name),
                ("document_id", "=", self.id),
            ],
            limit=1,
        )
        if not hold:
            raise Refused(self.env._("This provider has set no such credits aside."))
        return hold
