import random
import time
from contextlib import contextmanager

from psycopg2 import errors
from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED

from odoo import api, models
from odoo.exceptions import UserError
from odoo.modules import module
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..exceptions import (
    AccountDisabled,
    IdempotencyConflict,
    InsufficientCredits,
    LedgerBusy,
    NotKeptLocally,
)
from ..tools.shown import shown

# The database's clock is the only one that all workers and machines share.
NOW = SQL("statement_timestamp() AT TIME ZONE 'UTC'")
LOCK_TIMEOUT = 3000  # ms
ATTEMPTS = 4
# So many times as long as for one lock nobody waits before giving up: whoever waits may stand in
# the way of an update of addons, which gives up itself after 15 s.
PATIENCE = 2


class BalanceMoved(Exception):
    """Others moved the balance between two statements: the first one is worth another try."""


RETRIED = (
    BalanceMoved,
    *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
    errors.UniqueViolation,  # a twin with the same key came first: the next try finds it
)


class IapCreditLedger(models.AbstractModel):
    """What the ledger's tables have in common: only its own statements write them."""

    _name = "iap.credit.ledger"
    _description = "Credit Ledger Table"
    _log_access = False

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        self._refuse()

    def write(self, vals):  # pylint: disable=method-required-super
        self._refuse()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self._refuse()

    def _refuse(self):
        raise UserError(
            self.env._("The ledger is append-only: credits can be moved only by its methods.")
        )

    # === OWN CURSOR === #

    @api.model
    def _has_own_cursor(self):
        """Tell whether :meth:`_ledger_cursor` is another transaction than the caller's."""
        return not module.current_test

    @contextmanager
    def _ledger_cursor(self, *, begins: bool = False):
        """Open the short READ COMMITTED transaction in which a movement is made and committed.

        At Odoo's REPEATABLE READ a movement would see the balance as it was when the transaction
        began. Under tests it is a savepoint of the test's transaction, as nothing of a test may
        be committed (stock `iap.account.get` does likewise).

        :param begins: whether who asks for it calls :meth:`_begin`, if the cursor is another.
        :return: a context manager that gives the cursor, and commits unless an error leaves it.
        """
        if not self._has_own_cursor():
            self.env.flush_all()
            with self.env.cr.savepoint(flush=False):
                yield self.env.cr
            return
        with self.env.registry.cursor() as cr:
            if not begins:
                self._begin(cr)
            yield cr

    @api.model
    def _begin(self, cr, first: SQL | None = None):
        """Begin a transaction of the ledger's own cursor, which has none yet.

        :param first: a statement to begin with, in the same call of the database.
        """
        # It is Odoo's again when the cursor is given back.
        cr.connection.set_isolation_level(ISOLATION_LEVEL_READ_COMMITTED)
        begin = SQL("SET LOCAL lock_timeout = %s", LOCK_TIMEOUT)
        cr.execute(SQL("%s; %s", begin, first) if first else begin, log_exceptions=False)

    @api.model
    def _run(self, account, operation, *, begins: bool = False):
        """Run an operation in the ledger's own cursor, again when others were in its way.

        :param account: the `iap.account` whose credits move.
        :param operation: function of a cursor.
        :param begins: whether the operation does so, see :meth:`_ledger_cursor`.
        :return: what the operation returns, once that is committed.
        :raise LedgerBusy: if the account stays locked, or this very transaction keeps it so.
        """
        if self._is_locked_here(account.id):
            raise LedgerBusy(
                self.env._(
                    "Credits have already been moved in this transaction, which must end first."
                )
            )
        end = time.monotonic() + PATIENCE * LOCK_TIMEOUT / 1000
        for attempt in range(ATTEMPTS):
            try:
                with self._ledger_cursor(begins=begins) as cr:
                    result = operation(cr)
                break
            except RETRIED:
                if time.monotonic() > end:
                    raise self._busy() from None
                time.sleep(random.uniform(0, 0.02 * 2**attempt))
        else:
            raise self._busy()
        account._invalidate_credits()
        return result

    @api.model
    def _busy(self) -> LedgerBusy:
        return LedgerBusy(self.env._("The credit account is busy. Please try again in a moment."))

    # === LOCKS OF THE CALLER === #

    @api.model
    def _lock_here(self, name: str | int):
        """Remember that the caller's transaction locked a row until it ends.

        :param name: a hold's token or an account's id.
        """
        if self._has_own_cursor():
            self._locks_here().add(name)

    @api.model
    def _is_locked_here(self, name):
        return name in self._locks_here()

    @api.model
    def _locks_here(self):
        # Emptied by Odoo when the transaction ends, unlike `precommit.data` not by a flush.
        return self.env.cr.postcommit.data.setdefault("crm_iap_credits.locks", set())

    # === REFUSALS === #

    @api.model
    def _get_facts(self, cr, account, idempotency_key: str) -> dict:
        """Read what explains why a movement found no row to change.

        :param cr: the cursor that the movement was tried on.
        :param account: the `iap.account`.
        :param idempotency_key: the movement's key.
        :return: available (credits of lots whose time is not over), now, service_name,
            service_label, disabled, entry_id, request_hash, hold_id; None where there is no such
            row.
        :raise NotKeptLocally: if the account has no balance here.
        """
        cr.execute(
            SQL(
                """
                SELECT COALESCE((
                           SELECT SUM(remaining) FROM iap_credit_lot
                            WHERE account_id = account.id
                              AND (expires_at IS NULL OR expires_at > %(now)s)
                       ), 0)::bigint AS available,
                       %(now)s AS now,
                       service.technical_name AS service_name,
                       service.name AS service_label,
                       account.account_token LIKE '%%+disabled' AS disabled,
                       entry.id AS entry_id,
                       entry.request_hash,
                       entry.hold_id
                  FROM iap_account AS account
                  JOIN iap_credit_balance AS balance ON balance.account_id = account.id
                  JOIN iap_service AS service ON service.id = account.service_id
             LEFT JOIN iap_credit_entry AS entry
                    ON entry.account_id = account.id
                   AND entry.idempotency_key = %(idempotency_key)s
                 WHERE account.id = %(account_id)s
                """,
                account_id=account.id,
                idempotency_key=idempotency_key,
                now=NOW,
            )
        )
        facts = cr.dictfetchone()
        if not facts:
            raise NotKeptLocally(
                self.env._(
                    "This account's credits are not kept here, or only since this transaction "
                    "began."
                )
            )
        return facts

    @api.model
    def _is_repeated(self, facts, idempotency_key, request_hash) -> bool:
        """Tell whether the same movement was made before.

        :raise IdempotencyConflict: if another movement was made with its key.
        """
        if not facts["entry_id"]:
            return False
        if facts["request_hash"] != request_hash:
            raise IdempotencyConflict(
                self.env._(
                    "The key %s was already used for another movement of this account.",
                    idempotency_key,
                ),
                idempotency_key=idempotency_key,
            )
        return True

    @api.model
    def _refuse_spending(self, account, facts, credits):
        """Say why the account cannot spend.

        :raise AccountDisabled: if its token is disabled.
        :raise InsufficientCredits: if less is available.
        :raise BalanceMoved: if it could by now.
        """
        if facts["disabled"]:
            raise AccountDisabled(
                self.env._(
                    "%s is disabled here, as on every copy of a database.",
                    facts["service_label"],
                )
            )
        if facts["available"] >= credits:
            raise BalanceMoved
        raise InsufficientCredits(
            self.env._(
                "Not enough credits for %(service)s: %(price)s needed, %(balance)s available.",
                service=facts["service_label"],
                price=shown(self.env, credits),
                balance=shown(self.env, facts["available"]),
            ),
            balance=facts["available"],
            price=credits,
            service_name=facts["service_name"],
            buy_url=account._get_local_credits_url(),
        )
