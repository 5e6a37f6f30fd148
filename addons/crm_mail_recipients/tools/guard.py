"""What fails of the policy stays alone: others' work is neither undone nor done before its time."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_logger = logging.getLogger(__name__)


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
    try:
        with _undone(env):
            yield
    except Exception:  # any addon's hooks may run inside; what goes on must not pay for them
        _logger.exception("Recipient policy: %s failed", what)
