from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.questions import AccountAsked, Asker
from ..tools.settings import Settings
from .iap_server_client import OPEN_TIME
from .own_transaction import in_own_transaction

#: Services of clients that are paid from their one account here.
SERVICES = ("reveal", "partner_autocomplete")
SEEN_EVERY = timedelta(hours=1)
#: Tokens of one client: a database has one of each service for each of its companies.
MAX_TOKENS = 100
#: Requests of one client that may wait for data at one time.
AT_ONCE = 4
#: Fields that are read at each call.
READ_WITH_TOKEN = ("uuid", "active", "blocked", "account_id", "company_id", "version",
                   "last_seen_at")  # fmt: skip


class IapServerClient(models.Model):
    """Who a call comes from, and how a database becomes a client.

    A uuid is no secret, a token is. So a new token of a known database is taken only for a day
    after its first call, for a service that it has none of; or with a known token in one list of
    accounts; or when an administrator says so.
    """

    _inherit = "iap.server.client"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _kept_services(self) -> set[str]:
        """Return the services that clients pay from their account here: ours, and providers'."""
        return {*SERVICES, *self.env["iap.server.provider"]._services()}

    @api.model
    def _find(self, asker: Asker):
        """Return the client that a call is from, in sudo; empty if its token is nobody's.

        Blocked and archived ones are found too. A token with the suffix of copies is nobody's, nor
        is one that comes from a database with another uuid.
        """
        # Sudo: who knows the token is the client.
        clients_sudo = self.sudo()
        if not asker.token.key or asker.token.disabled:
            return clients_sudo.browse()
        # Each call of each client comes here: one statement finds it and reads what all need.
        found_sudo = clients_sudo.with_context(active_test=False).search_fetch(
            [("token_ids.key", "=", asker.token.key)], READ_WITH_TOKEN, limit=1, order="id"
        )
        client_sudo = clients_sudo.browse(found_sudo.id)
        if asker.uuid and asker.uuid != client_sudo.uuid:
            return clients_sudo.browse()
        return client_sudo

    @api.model
    def _admit(self, asker: Asker, service_name: str):
        """Return the client that a call is from, in sudo; made if that is how clients come.

        What is made is committed at once, by a cursor of its own, and the caller's transaction
        begins anew: it must have written nothing.
        """
        client_sudo = self._find(asker)
        if client_sudo or not asker.token.key or asker.token.disabled or not asker.uuid:
            return client_sudo
        made = in_own_transaction(self.browse(), lambda clients: clients._take(asker, service_name))
        self._begin_anew(made)
        return self.sudo().browse(made).exists()

    @api.model
    def _begin_anew(self, made):
        """Let this transaction, which has written nothing, see what another one has made."""
        if made and self.env["iap.credit.ledger"]._has_own_cursor():
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)

    def _take(self, asker: Asker, service_name: str) -> int | bool:
        """Take a new token, with its database if that may come by itself.

        :return: id of the client, False if the token is nobody's
        """
        self._lock_uuid(asker.uuid)
        token = self.env["iap.server.token"].search([("key", "=", asker.token.key)])
        if token:
            return token.client_id.uuid == asker.uuid and token.client_id.id
        client = self.with_context(active_test=False).search([("uuid", "=", asker.uuid)])
        if client:
            now = fields.Datetime.now()
            is_open = not client.open_until or client.open_until > now
            if not is_open or service_name in client.token_ids.mapped("service_name"):
                return False
            client.open_until = client.open_until or now + OPEN_TIME
        else:
            client = self._enroll(asker)
        if client:
            client._add_token(asker.token.key, service_name)
        return client.id

    def _lock_uuid(self, uuid: str) -> None:
        """First calls come several at once: of a database's, one at a time is looked at."""
        self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", uuid))

    def _enroll(self, asker: Asker):
        """Make a client of a database that nobody has invited, if that is wanted."""
        settings = Settings.of(self.env)
        hour = fields.Datetime.now() - timedelta(hours=1)
        if (
            settings.registration != "first_call"
            or self.with_context(active_test=False).search_count([("create_date", ">", hour)])
            >= settings.max_new
        ):
            return self.browse()
        client = self.create(
            {
                "name": self.env._("Database %s", asker.uuid[:8]),
                "uuid": asker.uuid,
                "company_id": self.env["res.company"].search([], order="id", limit=1).id,
            }
        )
        client.open_until = fields.Datetime.now() + OPEN_TIME
        return client

    def _add_token(self, key: str, service_name: str) -> None:
        self.ensure_one()
        is_first = not self.token_ids
        self.env["iap.server.token"].create(
            {"client_id": self.id, "key": key, "service_name": service_name}
        )
        trial = Settings.of(self.env).trial_credits
        if is_first and trial:
            # Once for ever: the key is the account's, which stays.
            self.account_id.grant(
                trial, reason=self.env._("Trial credits"), idempotency_key="trial"
            )

    @api.model
    def _join(self, uuid: str, accounts: list[AccountAsked]) -> None:
        """Take the tokens that come in one list with a known one: who sends it has them all."""
        Tokens_sudo = self.env["iap.server.token"].sudo()
        services = {*self._kept_services(), ""}
        sent = {
            one.token.key: one.service or SERVICES[0]
            for one in accounts
            if one.token.key and not one.token.disabled and one.service in services
        }
        known_sudo = Tokens_sudo.search([("key", "in", list(sent))])
        clients_sudo = known_sudo.client_id.filtered(lambda client: client.uuid == uuid)
        # Sudo: keys are compared, and told to nobody.
        new = sent.keys() - set(known_sudo.mapped("key"))
        services = {
            key: sent[key] for key in new if any(a.token.key == key and a.service for a in accounts)
        }
        left = MAX_TOKENS - len(clients_sudo.token_ids)
        if len(clients_sudo) != 1 or not services or left <= 0:
            return

        def take(clients):
            clients._lock_uuid(uuid)
            client = clients.browse(clients_sudo.id)
            # Another process may have taken them a moment ago.
            found = clients.env["iap.server.token"].search([("key", "in", list(services))])
            missing = sorted(services.keys() - set(found.mapped("key")))
            for key in missing[: MAX_TOKENS - len(client.token_ids)]:
                client._add_token(key, services[key])
            return client.id

        self._begin_anew(in_own_transaction(self.browse(), take))

    def _take_place(self, places=range(AT_ONCE)) -> bool:
        """Take one of the client's places until this transaction ends, so that slow questions of
        one client do not hold all workers of the server.

        The places are PostgreSQL's own locks: they hold over processes, and end with them.

        :return: whether there was one left
        """
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT place FROM unnest(%s) AS place
                 WHERE pg_try_advisory_xact_lock(
                           hashtextextended('iap_server_client ' || %s || ' ' || place, 0))
                 LIMIT 1
                """,
                list(places),
                self.id,
            )
        )
        return bool(rows)

    def _see(self, asker: Asker) -> None:
        """Note that the client was here, and its version; once an hour, or when that changes."""
        now = fields.Datetime.now()
        is_old = not self.last_seen_at or self.last_seen_at < now - SEEN_EVERY
        values = {"last_seen_at": now} if is_old else {}
        if asker.version and asker.version != self.version:
            values["version"] = asker.version
        if values:
            in_own_transaction(self.browse(), lambda clients: clients.browse(self.id).write(values))
