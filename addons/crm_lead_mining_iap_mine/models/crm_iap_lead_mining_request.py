import uuid

from odoo import models

from odoo.addons.crm_iap_credits.exceptions import CreditError, InsufficientCredits
from odoo.addons.crm_lead_mining.models.mining.lead_mining_request_price import SERVICE
from odoo.addons.crm_lead_mining.tools.settings import Settings
from odoo.addons.crm_lead_mining.tools.stock_answers import mining_answer
from odoo.addons.crm_lead_mining.tools.stock_query import company_query, wanted
from odoo.addons.iap.tools import iap_tools

#: Seconds that a provider may take, while a user waits for stock's one answer.
PATIENCE = 30


class CrmIapLeadMiningRequest(models.Model):
    _inherit = "crm.iap.lead.mining.request"

    def _perform_request(self):
        """Extend `crm_iap_mine`: nothing is bought while lead mining is switched off."""
        self.env["lead.mining.request"]._check_is_on()
        return super()._perform_request()

    def _iap_contact_mining(self, params, timeout=300):
        """Override of `crm_iap_mine` to answer here while this database keeps the credits.

        The credits are set aside before anybody is asked. They are spent when the transaction that
        makes the leads is committed, and come back when it is not.
        """
        if not self.env["iap.service"]._get_kept_locally(SERVICE):
            return super()._iap_contact_mining(params, timeout=timeout)
        number = wanted(params["query"])
        price = Settings.of(self.env).price_lead
        account = self.env["iap.account"]._get_local(SERVICE)
        key = f"stock-mining:{uuid.uuid4().hex}"
        hold = price and self._hold(account, number * price, key)
        try:
            companies = self._companies(params, number)
        except Exception:  # whatever it is goes on, but not with the credits
            if hold:
                account.release(hold.token, reason=self._reason())
            raise
        if hold:
            self._settle(account, hold, len(companies) * price, key)
        return {"data": [mining_answer(c) for c in companies], "credit_error": False}

    def _reason(self):
        return self.env._("Odoo's lead mining %s", self.name)

    def _hold(self, account, credits, key):
        try:
            return account.hold(credits, reason=self._reason(), idempotency_key=key)
        except InsufficientCredits as error:
            stock_error = iap_tools.InsufficientCreditError(str(error))
            stock_error.data = {
                "credit": float(error.price),
                "service_name": SERVICE,
                "base_url": error.buy_url,
                "message": str(error),
            }
            raise stock_error from error

    def _companies(self, params, number):
        query = company_query(params["query"], tuple(params.get("reveal_ids") or ()))
        # Sudo: which providers there are is no secret of those who may mine.
        Provider = self.env["lead.mining.provider"].sudo()
        return Provider._first_companies(
            query, number, PATIENCE, self.env["lead.mining.identity"]._known_keys
        )

    def _settle(self, account, hold, credits, key):
        """Pay what was delivered when the leads are committed, and give back the rest."""
        reason = self._reason()

        @self.env.cr.postcommit.add
        def pay():
            with self.env["iap.credit.ledger"]._ledger_cursor() as cr:
                env = self.env(cr=cr, su=True)
                if credits:
                    account.with_env(env).capture(
                        hold.token, credits, reason=reason, idempotency_key=f"{key}:paid"
                    )
            if credits < hold.credits:
                account.release(hold.token, reason=reason)

        @self.env.cr.postrollback.add
        def give_back():
            try:
                account.release(hold.token, reason=reason)
            except CreditError:
                return  # It expires.
