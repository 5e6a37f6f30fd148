"""What fails of the policy stays alone: others' work is neither undone nor done before its time."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg2 import DatabaseError

from odoo.exceptions import ConcurrencyError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

#: Seconds during which nothing is left to be tried again, after the database has refused something.
GUARDED_SECONDS = 600
# By database, until when; as `time.monotonic`.
_guarded_until: dict[str, float] = {}


@contextmanager
def undone(env: Any) -> Iterator[None]:
    """Undo in the database what fails inside, and raise it.

    `cr.savepoint()` would run what waits for the end of the transaction as well: a stage that is
    changed before and after a mail would be tracked twice.
    """
    # Written before, or it would be undone as well.
    env.flush_all()
    with _undone(env):
        yield


@contextmanager
def _undone(env: Any) -> Iterator[None]:
    """See `undone`; nothing is left to be written."""
    try:
        with env.cr.savepoint(flush=False):
            yield
            env.flush_all()
    except BaseException:
        env.clear()
        raise


@contextmanager
def guarded(env: Any, what: str) -> Iterator[None]:
    """Undo what fails inside, and tell the server's log: these mails and messages go on.

    The queue and a mail that has left already must not pay for it: marked as failed, it would be
    sent a second time. An incoming message is kept.

    :param what: what is done inside, for the log
    """
    # What others have left to be written is not ours to judge.
    env.flush_all()
    with _told(what), _undone(env):
        yield


@contextmanager
def guarded_if_tried_again(env: Any, what: str) -> Iterator[None]:
    """Do the same for what a person waits for and Odoo does again as a whole.

    A savepoint at each message costs more than judging it. Where the database refuses something
    inside, Odoo is asked to begin anew, and for a while all such blocks are `guarded`.

    :param what: see `guarded`; nothing is written inside
    :raise ConcurrencyError: once, when the database has refused something
    """
    if _guarded_until.get(env.cr.dbname, 0) > time.monotonic():
        with guarded(env, what):
            yield
        return
    try:
        with _told(what, but=DatabaseError):
            yield
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except DatabaseError as error:
        _guarded_until[env.cr.dbname] = time.monotonic() + GUARDED_SECONDS
        raise ConcurrencyError(f"Recipient policy: {what} failed") from error


@contextmanager
def _told(what: str, but: type[Exception] | tuple[()] = ()) -> Iterator[None]:
    """Tell the server's log what fails inside, and raise only what is `but`."""
    try:
        yield
    except but:
        raise
    except Exception:  # any addon's hooks may run inside; what goes on must not pay for them
        _logger.exception("Recipient policy: %s failed", what)
