import dataclasses
import logging

from odoo import http

from ..exceptions import Refused
from ..models.iap_server_admission import SERVICES
from ..tools import shapes
from ..tools.questions import read_accounts, read_alert, read_text
from .rpc import TRIED_AGAIN, ClientRoutes, rpc

_logger = logging.getLogger(__name__)


class AccountRoutes(ClientRoutes, http.Controller):
    """What clients show of their credits. None of these is an error to them: it would keep their
    settings, or the list of their accounts, shut."""

    @rpc("/iap/1/balance", readonly=True)
    def iap_balance(self, params):
        """Tell the credits, 0 if nobody knows the client."""
        asker = self.asker(params)
        client = self.find(asker)
        service = read_text(params.get("service_name"))
        if not client and asker.token.key and service:
            return self.others()._balance(asker, params["account_token"], service)
        return client.credits_available if client._is_served() else 0

    @rpc("/iap/1/get-accounts-information", readonly=True)
    def iap_accounts_information(self, params):
        """Tell of each account that is ours, for 18.0 and later; of others, what Odoo tells.

        From 19.1 on an account cannot be opened in the client while this answers with an error.
        """
        try:
            return self._information(params)
        except TRIED_AGAIN:
            raise
        except Refused as error:
            _logger.info("A client's list of accounts is not told: %s", error)
        except Exception:  # whatever it is, the client's form stays open
            _logger.exception("A client's list of accounts cannot be told")
            http.request.env.cr.rollback()
        return {}

    def _information(self, params):
        asker = self.asker(params)
        asked = read_accounts(params.get("iap_accounts"))
        self._count_all(asker, asked)
        self._meet(asker, asked)
        return self.others()._information(asker.uuid, asked) | {
            one.sent: self._account(client, one) for one, client in self._clients_of(asker, asked)
        }

    @rpc("/iap/services-token", readonly=True)
    def iap_services_token(self, params):
        """The same for 17.0, which takes an error for no accounts."""
        asker = self.asker(params)
        asked = read_accounts(params.get("iap_accounts"))
        self._count_all(asker, asked)
        rows = []
        for one, client in self._clients_of(asker, asked):
            account = client.account_id
            emails = client.alert_emails or []
            service = self._service(client, one)
            rows.append(
                {
                    "account_token": one.sent,
                    "balance": client.credits_available if client._is_served() else 0,
                    "service_name": self._service_name(client, one),
                    "description": service.name or self._service_name(client, one),
                    "warn_me": bool(emails and account.warning_threshold),
                    "warning_threshold": account.warning_threshold,
                    "warning_email": emails[0][0] if emails else "",
                    "unit_name": account.service_id.unit_name,
                }
            )
        others = self.others()._information_17(asker.uuid, asked)
        return shapes.ACCOUNT_17.fit_all(rows) + others

    @rpc("/iap/1/update-warning-email-alerts", "/iap/update-warning-odoo")
    def iap_update_warning(self, params):
        """Keep when and whom to warn of a low balance; all of it is from the client's own form."""
        asker = self.asker(params)
        client = self.find(asker)
        if not client and asker.token.key:
            self.others()._alert(asker, params["account_token"], params)
        if client._is_served():
            alert = read_alert(params)
            if alert.emails is not None:
                client.alert_emails = [list(one) for one in alert.emails]
            if alert.threshold is not None:
                client.account_id.warning_threshold = alert.threshold
        return True

    @rpc("/iap/1/update-auto-refill-settings", readonly=True)
    def iap_update_auto_refill(self, _params):
        """Refuse what 19.1 to 19.3 offer: nothing is bought by itself here."""
        return {"status": "error", "error": "Credits are never bought automatically here."}

    # === PARTS === #

    def _count_all(self, asker, asked):
        """Count one question of whoever has one of the accounts."""
        keys = [one.token.key for one in asked if one.token.key]
        found = self.clients().env["iap.server.token"].search([("key", "in", keys)]).client_id
        self.count(found.filtered(lambda client: client.uuid == asker.uuid)[:1])

    def _meet(self, asker, asked):
        """Take tokens at first sight: whoever sets a client up looks at its accounts first."""
        clients = self.clients(asker)
        kept = clients._kept_services()
        for one in [one for one in asked if one.service in kept and one.token.key][:1]:
            whose = dataclasses.replace(asker, token=one.token)
            if client := clients._admit(whose, one.service):
                client._see(whose)
        clients._join(asker.uuid, asked)

    def _clients_of(self, asker, asked):
        """Yield those accounts that are a client's of ours, each with its client."""
        for one in asked:
            client = self.clients(asker)._find(dataclasses.replace(asker, token=one.token))
            if client or (one.token.disabled and one.service in self.clients()._kept_services()):
                yield one, client

    def _service_name(self, client, one):
        known = client.token_ids.filtered(lambda token: token.key == one.token.key)
        return one.service or known.service_name or SERVICES[0]

    def _service(self, client, one):
        services = client.env["iap.service"]
        return services.search([("technical_name", "=", self._service_name(client, one))], limit=1)

    def _account(self, client, one):
        if not client or not client._is_served():
            state = "banned" if client else "unregistered"
            return shapes.ACCOUNT.fit({"registered": state})
        packs = client.env["iap.credit.pack"]._get_offered(client.account_id)
        return shapes.ACCOUNT.fit(
            {
                "balance": client.credits_available,
                "warning_threshold": client.account_id.warning_threshold,
                "registered": "registered",
                "service": {
                    "description": self._service(client, one).name
                    or self._service_name(client, one),
                    "packs": [
                        {
                            "id": pack.id,
                            "name": pack.name,
                            "credit": pack.credits,
                            "price": f"{pack.price:.2f} {pack.currency_id.name}",
                        }
                        for pack in packs
                    ],
                },
            }
        )
