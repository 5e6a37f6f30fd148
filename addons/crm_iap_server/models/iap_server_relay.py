from odoo import api, models

from odoo.addons.crm_common.tools.settings import is_neutralized

from ..tools import shapes, upstream
from ..tools.questions import AccountAsked, Asker
from ..tools.settings import Settings
from ..tools.tokens import key_of_link, read_token


class IapServerRelay(models.AbstractModel):
    """What clients ask of services that are not kept here, such as SMS.

    All of a client's balances and pages to buy come here once its `iap.endpoint` does. An
    administrator chooses whether Odoo is asked for them. A token that is ours, or may become ours,
    is never sent on. All are called in sudo.
    """

    _name = "iap.server.relay"
    _description = "Services of Others"

    @api.model
    def _is_open(self) -> bool:
        return Settings.of(self.env).other_services == "forward" and not is_neutralized(self.env)

    # === WHAT CLIENTS SHOW === #

    @api.model
    def _balance(self, asker: Asker, token: str, service: str) -> int | float:
        """Return the balance of an account of another service, 0 if nobody tells it."""
        asked = [AccountAsked(token, asker.token, service)]
        params = {"dbuuid": asker.uuid, "account_token": token, "service_name": service}
        told = self._ask("/iap/1/balance", params, self._foreign(asker.uuid, asked))
        found = shapes.number(told)
        return 0 if found is shapes.UNFIT else found

    @api.model
    def _information(self, uuid: str, asked: list[AccountAsked]) -> dict[str, dict]:
        """Return {token: account} of other services, as 18.0 and later read it."""
        foreign = self._foreign(uuid, asked)
        rows = [{"token": one.sent, "service": one.service} for one in foreign]
        told = self._ask("/iap/1/get-accounts-information",
                         {"iap_accounts": rows, "dbuuid": uuid}, foreign)  # fmt: skip
        found = told if isinstance(told, dict) else {}
        fitting = {
            one.sent: upstream.ACCOUNT.fit(found[one.sent]) for one in foreign if one.sent in found
        }
        return {token: account for token, account in fitting.items() if account}

    @api.model
    def _information_17(self, uuid: str, asked: list[AccountAsked]) -> list[dict]:
        """Return the accounts of other services as 17.0 reads them."""
        foreign = self._foreign(uuid, asked)
        sent = [one.sent for one in foreign]
        told = self._ask("/iap/services-token", {"iap_accounts": sent, "dbuuid": uuid}, foreign)
        rows = upstream.ACCOUNT_17.fit_all(told, "account_token")
        return [row for row in rows if row["account_token"] in sent]

    @api.model
    def _alert(self, asker: Asker, token: str, params: dict) -> None:
        """Tell Odoo when 17.0 wants to be warned; later clients do not say who they are."""
        names = ("warn_me", "warning_threshold", "warning_email")
        values = {name: params[name] for name in names if name in params}
        foreign = self._foreign(asker.uuid, [AccountAsked(token, asker.token)])
        values |= {"account_token": token, "dbuuid": asker.uuid}
        self._ask("/iap/update-warning-odoo", values, foreign)

    @api.model
    def _buy_url(self, service: str, token: str, hashed: str, query: str) -> str:
        """Return where credits of another service are bought, "" if nobody is led there."""
        sent = read_token(token)
        key = key_of_link(token) if hashed == "1" else sent.key
        is_ours = not key or sent.disabled or key in self._ours([key])
        kept = self.env["iap.server.client"]._kept_services()
        if service in kept or is_ours or not self._is_open():
            return ""
        return f"{upstream.URL}/iap/1/credit?{query}"

    # === PARTS === #

    @api.model
    def _foreign(self, uuid: str, asked: list[AccountAsked]) -> list[AccountAsked]:
        """Return those accounts of a client that Odoo may be asked about.

        17.0 does not say what a token is for: it can be one that we do not know yet, unless the
        client has one of each of our services.
        """
        client = self.env["iap.server.client"].search([("uuid", "=", uuid)], limit=1)
        if not asked or not client._is_served() or not self._is_open():
            return []
        kept = client._kept_services()
        has_all = kept <= set(client.token_ids.mapped("service_name"))
        ours = self._ours([one.token.key for one in asked])
        return [
            one
            for one in asked
            if one.token.key
            and not one.token.disabled
            and one.token.key not in ours
            and (one.service not in kept if one.service else has_all)
        ]

    @api.model
    def _ours(self, keys: list[str]) -> set[str]:
        return set(self.env["iap.server.token"].search([("key", "in", keys)]).mapped("key"))

    @api.model
    def _ask(self, path: str, params: dict, foreign: list[AccountAsked]):
        if not foreign:
            return None
        tokens = [one.sent for one in foreign]
        return upstream.ask(path, params, tokens, closed=is_neutralized(self.env))
