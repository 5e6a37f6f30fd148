from odoo import http
from odoo.http import request

from odoo.addons.crm_common.tools.plain_text import plain_text
from odoo.addons.crm_iap_credits.controllers.credits import CreditsPortal

from ..tools.tokens import read_token, sha1

#: What the address of the page has when the link came from a client's neutralized copy.
OF_COPY = "of_copy"


class ClientCredits(CreditsPortal):
    @http.route()
    def iap_credit_link(self, service_name="", account_token="", hashed="", **kwargs):
        """Extend `crm_iap_credits`: 17.0 and 18.0 send their token itself, which leaves the
        address at once."""
        token = read_token(account_token)
        key = hashed != "1" and token.key
        # Sudo: who knows the token is the client. This database's own accounts have another link.
        tokens_sudo = request.env["iap.server.token"].sudo()
        if key and tokens_sudo.search_count([("key", "=", key)], limit=1):
            account_token, hashed = sha1(account_token.strip().partition("+")[0]), "1"
            if token.disabled:
                account_sudo = request.env["iap.account"]._find_by_link(service_name, account_token)
                url = account_sudo and account_sudo._get_signed_credits_url()
                return request.redirect(f"{url}&{OF_COPY}=1") if url else self._render_no_credits()
        elif others := self._lead_elsewhere(service_name, account_token, hashed):
            return others
        return super().iap_credit_link(service_name, account_token, hashed, **kwargs)

    def _lead_elsewhere(self, service_name, account_token, hashed):
        """Return the page of a service that is not kept here: Odoo's, or one sentence."""
        accounts = request.env["iap.account"]
        clients_sudo = request.env["iap.server.client"].sudo()  # Sudo: names of services alone.
        token_hash = plain_text(account_token)
        service_name = plain_text(service_name)
        if (
            not service_name
            or service_name in clients_sudo._kept_services()
            or (hashed == "1" and accounts._find_by_link(service_name, token_hash))
        ):
            return None
        # Sudo: who knows the token is the client; what is asked is only whether it is ours.
        url = request.env["iap.server.relay"].sudo()._buy_url(
            service_name, token_hash, hashed, request.httprequest.query_string.decode("latin-1")
        )  # fmt: skip
        if url:
            return request.redirect(url, code=302, local=False)
        return request.render("crm_iap_server.other_service_page", {}, status=404)

    def _is_credit_sale_disabled(self, account_sudo):
        """Extend `crm_iap_credits`: a client's copy buys nothing for the client."""
        return request.params.get(OF_COPY) == "1" or super()._is_credit_sale_disabled(account_sudo)

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
