from odoo import http

from odoo.addons.crm_iap_credits.controllers.credits import CreditsPortal

from ..tools.tokens import MAX_TOKEN, sha1


class ClientCredits(CreditsPortal):
    @http.route()
    def iap_credit_link(self, service_name="", account_token="", hashed="", **kwargs):
        """Extend `crm_iap_credits`: 17.0 and 18.0 send their token itself, which leaves the
        address at once."""
        if hashed != "1" and isinstance(account_token, str) and len(account_token) <= MAX_TOKEN:
            token, _plus, _suffix = account_token.partition("+")
            account_token, hashed = sha1(token) if token else "", "1"
        return super().iap_credit_link(service_name, account_token, hashed, **kwargs)

    @http.route(
        "/iap/1/update-auto-refill-payment-methods",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def iap_auto_refill_link(self, account_token="", **_kwargs):
        """Lead 19.1 to 19.3, which want to have credits bought by themselves, to where they are."""
        return self.iap_credit_link("reveal", account_token)
