import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_iap_credits.exceptions import CreditError, InsufficientCredits
from odoo.addons.crm_lead_mining.company import company_json
from odoo.addons.crm_lead_mining.company.types import Company
from odoo.addons.crm_lead_mining.providers.errors import ProviderError

from ..exceptions import NoCredits, Refused
from ..tools.settings import Settings
from .own_transaction import in_own_transaction

_logger = logging.getLogger(__name__)

HOLD_EXPIRY = timedelta(minutes=15)
#: Seconds to wait for the same question of the same client, which is being answered.
TWIN_PATIENCE = 30
#: How long it counts that nobody has found anything.
EMPTY_TIME = timedelta(minutes=10)


class IapServerDesk(models.AbstractModel):
    """Answers clients: what is told was held before, and is stored and paid at one time.

    The steps are transactions of their own, so that the end of the process, or of the client, at
    any point loses and doubles nothing: before the answer is stored the hold comes back by itself,
    afterwards the same question gets what is stored. The caller's transaction writes nothing: that
    it lasts tells others who ask the same that somebody is at it.
    """

    _name = "iap.server.desk"
    _description = "Answers for Client Databases"

    @api.model
    def _answer(
        self, client, kind: str, key: str, most: int, ask: Callable[[], list[Company]]
    ) -> list[Company]:
        """Return what is told about a question: what is stored, or what asking brings.

        :param client: an `iap.server.client`
        :param kind: of `iap.server.answer`
        :param key: by which the same question is known again
        :param most: how many companies it can bring
        :param ask: asks the providers
        :raise NoCredits: if it cannot be paid
        :raise Refused: if the client is blocked or asks too much, or nobody answers
        """
        self._check_served(client)
        price = client._price(kind)
        begun, told = self._begin(client, kind, key, most * price)
        if begun is None:
            return told
        hold = None
        account = client.account_id
        try:
            hold = most * price and self._hold(account, client, begun, most * price)
            companies = [replace(company, contacts=()) for company in ask()[:most]]
            paid = self._store(client, begun, kind, companies, price, hold)
            if hold and paid == hold.credits:
                hold = None
        except Exception as error:  # whatever it is goes on; the question may be asked again
            self._fail(begun, str(error))
            if isinstance(error, ProviderError):
                _logger.info("No answer to client %s: %s", client.id, error)
                raise Refused(
                    self.env._("The data source did not answer. Nothing was charged: try again.")
                ) from error
            raise
        finally:
            if hold:
                self._give_back(account, hold.token)
        return companies

    @api.model
    def _check_served(self, client) -> None:
        """Refuse who is nobody's client, or blocked.

        :raise NoCredits: if the client is unknown: its user is led to the place to buy
        :raise Refused: if it is blocked
        """
        if not client:
            raise NoCredits(
                self.env._(
                    "This database is not known here, or its token is that of a copy. Ask whoever "
                    "runs the service to invite it."
                )
            )
        if not client._is_served():
            raise Refused(self.env._("This database is blocked. Ask whoever runs the service."))

    # === STEPS === #

    def _begin(self, client, kind, key, credits: int) -> tuple[int | None, list[Company]]:
        """Return the id of a new question, or (None, what is stored)."""
        transaction = self.env["iap.server.answer"]._lease_transaction()
        deadline = time.monotonic() + TWIN_PATIENCE
        while True:
            found = in_own_transaction(
                self, lambda desk: desk._look(client.id, kind, key, credits, transaction)
            )
            if found:
                begun, told, left = found
                for token in left:
                    self._give_back(client.account_id, token)
                return begun, told
            if time.monotonic() > deadline:
                raise Refused(self.env._("The same question is being answered. Try again soon."))
            time.sleep(0.25)

    def _look(self, client_id, kind, key, credits: int, transaction: str):
        """Find what is stored, or begin; None while somebody else is at it.

        The client's row is locked: its limits hold over processes.

        :return: as `_begin` does, and the tokens of holds that who began before has left
        """
        client = self._locked(client_id)
        settings = Settings.of(self.env)
        Answers = self.env["iap.server.answer"]
        now = self.env.cr.now()  # by the one clock that all servers share
        mine = [("client_id", "=", client.id), ("kind", "=", kind), ("key", "=", key)]
        age = timedelta(hours=settings.retry_hours)
        if kind != "mining":
            age = max(age, timedelta(days=settings.answer_days))
        done = Answers.search(
            [*mine, ("state", "=", "done"), ("finished_at", ">", now - age)],
            order="finished_at DESC, id DESC",
            limit=1,
        )
        # What is stored no longer is asked again, and costs nothing either.
        if done.companies or (
            done and not done.company_count and done.finished_at > now - EMPTY_TIME
        ):
            done.repeats += 1
            return None, done._told(), []
        running = Answers.search([*mine, ("state", "=", "running")])
        if running and running._is_leased():
            return None
        left = self._holds_of(client.account_id, running)
        running.write({"state": "failed", "problem": "The process has ended."})
        running.flush_recordset()  # one question runs once: before the next row is there
        self._check_limits(client, credits, settings)
        answer = Answers.create(
            {
                "client_id": client.id,
                "company_id": client.company_id.id,
                "kind": kind,
                "key": key,
                "wanted": credits,
                "lease_transaction": transaction,
                "lease_expires_at": now + timedelta(seconds=settings.lease_seconds),
            }
        )
        return answer.id, [], left

    def _check_limits(self, client, credits: int, settings: Settings) -> None:
        Answers = self.env["iap.server.answer"]
        minute = self.env.cr.now() - timedelta(minutes=1)
        asked = Answers.search_count(
            [("client_id", "=", client.id), ("create_date", ">", minute)], limit=settings.rate
        )
        if asked >= settings.rate:
            raise Refused(self.env._("Too many questions in a minute. Try again soon."))
        self._check_monthly_limit(client, credits)

    @api.model
    def _check_monthly_limit(self, client, credits: int) -> None:
        """Refuse what goes beyond the client's limit of the month. Its row must be locked.

        :raise Refused: if it does
        """
        if not client.monthly_limit:
            return
        Answers = self.env["iap.server.answer"]
        month = [("client_id", "=", client.id), ("create_date", ">=", client._month_start())]
        [(spent,)] = Answers._read_group([*month, ("state", "=", "done")], [], ["credits:sum"])
        [(held,)] = Answers._read_group([*month, ("state", "=", "running")], [], ["wanted:sum"])
        spent += held + client._charged_by_providers()[client.id]
        if spent + credits > client.monthly_limit:
            raise Refused(
                self.env._(
                    "This month's limit of %(limit)s credits does not allow it: %(spent)s are "
                    "spent or set aside, and up to %(wanted)s more are needed.",
                    limit=client.monthly_limit,
                    spent=spent,
                    wanted=credits,
                )
            )

    def _hold(self, account, client, answer_id: int, credits: int):
        try:
            return account.hold(
                credits,
                reason=self.env._("Client database %s", client.name),
                idempotency_key=_hold_key(answer_id),
                document=client,
                expires_in=HOLD_EXPIRY,
            )
        except InsufficientCredits as error:
            url = account.get_base_url() + account._get_signed_credits_url()
            raise NoCredits(str(error), price=error.price, url=url) from error
        except CreditError as error:
            raise Refused(str(error)) from error

    def _holds_of(self, account, answers) -> list[str]:
        entries = self.env["iap.credit.entry"].search(
            [
                ("account_id", "=", account.id),
                ("idempotency_key", "in", [_hold_key(answer_id) for answer_id in answers.ids]),
            ]
        )
        return entries.hold_id.mapped("token")

    def _store(self, client, answer_id: int, kind, companies, price: int, hold) -> int:
        """Store the answer and pay it, in one transaction; return the credits."""

        def store(desk):
            env = desk.env
            locked = desk._locked(client.id)
            answer = env["iap.server.answer"].browse(answer_id)
            if answer.state != "running":
                raise Refused(env._("The answer came too late. Try again."))
            since = desk._paid_since(kind)
            new = env["iap.server.delivery"]._note(locked, companies, since)
            credits = new * price if hold else 0
            answer.write(
                {
                    "companies": [company_json.to_json(company) for company in companies],
                    "company_count": len(companies),
                    "state": "done",
                    "credits": credits,
                    "finished_at": env.cr.now(),
                }
            )
            if credits:
                locked.account_id.capture(
                    hold.token,
                    credits,
                    reason=env._("Client database %s", locked.name),
                    idempotency_key=f"iap-server:{answer_id}:paid",
                    document=locked,
                )
            return credits

        return in_own_transaction(self, store)

    @api.model
    def _paid_since(self, kind: str):
        """Return since when a company that was paid is told for nothing.

        A lead that a client has lost is the same lead; what is known of a company gets old.
        """
        settings = Settings.of(self.env)
        days = settings.keep_days if kind == "mining" else settings.answer_days
        age = max(timedelta(days=days), timedelta(hours=settings.retry_hours))
        return self.env.cr.now() - age

    def _fail(self, answer_id: int, problem: str) -> None:
        def fail(desk):
            answer = desk.env["iap.server.answer"].browse(answer_id)
            if answer.state == "running":
                answer.write({"state": "failed", "problem": problem[:500]})

        in_own_transaction(self, fail)

    def _give_back(self, account, token: str) -> None:
        try:
            account.release(token, reason=self.env._("Not needed"))
        except CreditError as error:
            _logger.info("A client's hold will expire by itself: %s", error)

    # === TRANSACTIONS === #

    def _locked(self, client_id: int):
        self.env.cr.execute(
            SQL("SELECT FROM iap_server_client WHERE id = %s FOR NO KEY UPDATE", client_id)
        )
        return self.env["iap.server.client"].browse(client_id)


def _hold_key(answer_id: int) -> str:
    return f"iap-server:{answer_id}"
