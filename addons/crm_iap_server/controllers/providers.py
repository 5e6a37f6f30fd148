"""What service providers call: published addons do it by `iap_charge` of Odoo's `iap`."""

from odoo import http

from ..exceptions import NoCredits, Refused, WrongType
from ..tools import charges
from ..tools.questions import read_asker
from .rpc import ClientRoutes, rpc


class ProviderRoutes(ClientRoutes, http.Controller):
    @rpc("/iap/1/authorize")
    def iap_authorize(self, params):
        """Set credits of a client aside for a provider, and name them."""
        provider = self._provider(params)
        charge = self._read(provider, lambda: charges.read_charge(params))
        sent = params.get("account_token")
        if provider.takes_test_tokens and sent == charges.RICH:
            return charges.DUMMY
        asker = read_asker(params)
        client = self.clients()._admit(asker, provider.service_name)
        token = client.token_ids.filtered(lambda token: token.key == asker.token.key)
        if token.service_name != provider.service_name:
            client = client.browse()
        try:
            return provider._authorize(client, charge)
        except NoCredits as error:
            raise NoCredits(
                str(error),
                price=charge.credits,
                url=error.url,
                service=provider.service_name,
                is_json=True,
            ) from error

    @rpc("/iap/1/capture")
    def iap_capture(self, params):
        """Take what was set aside, or a part of it; once, however often it is asked."""
        provider = self._provider(params)
        token = charges.read_transaction(params.get("token"))
        credits = self._read(provider, lambda: charges.read_captured(params))
        if not self._is_test(provider, token):
            provider._capture(token, credits)
        return True

    @rpc("/iap/1/cancel")
    def iap_cancel(self, params):
        """Give back what was set aside."""
        provider = self._provider(params)
        token = charges.read_transaction(params.get("token"))
        if not self._is_test(provider, token):
            provider._cancel(token)
        return True

    # === PARTS === #

    def _provider(self, params):
        """Return whose key was sent, in sudo, with its company as the current one.

        :raise Refused: if it is nobody's
        """
        providers = self.clients().env["iap.server.provider"]
        provider = providers._of_key(params.get("key"))
        self.count(provider)
        if not provider:
            raise Refused(providers.env._("This key is no provider's."))
        return provider.with_company(provider.company_id)

    def _read(self, provider, read):
        """Return what was asked, or say what is wrong with it to whoever makes the provider."""
        try:
            return read()
        except charges.NoNumber as error:
            raise WrongType(provider.env._("The credits are no number.")) from error
        except charges.NotWhole as error:
            raise Refused(provider.env._("Credits are whole numbers here.")) from error

    def _is_test(self, provider, token):
        return provider.takes_test_tokens and token == charges.DUMMY
