from odoo import http
from odoo.http import request

from odoo.addons.crm_iap_credits.controllers.credits import CreditsPortal

from ..tools.tokens import read_token, sha1


class ClientCredits(CreditsPortal):
    @http.route()
    def iap_credit_link(self, service_name="", account_token="", hashed="", **kwargs):
        """Extend `crm_iap_credits`: 17.0 and 18.0 send their token itself, which leaves the
        address at once."""
        key = hashed != "1" and read_token(account_token).key
        # Sudo: who knows the token is the client. This database's own accounts have another link.
        tokens_sudo = request.env["iap.server.token"].sudo()
        if key and tokens_sudo.search_count([("key", "=", key)], limit=1):
            account_token, hashed = sha1(account_token.strip().partition("+")[0]), "1"
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
