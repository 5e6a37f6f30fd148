"""Scheduled actions whose records know nothing of each other."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2

_logger = logging.getLogger(__name__)

#: Others were in the way, or the database is away: no fault of what was done, and done again later.
NOT_NOW = (psycopg2.OperationalError, psycopg2.InterfaceError)


@contextmanager
def alone(record: Any) -> Iterator[None]:
    """Undo and log what fails for a record, so that those behind it have their turn.

    :param record: one record, which the log names
    :raise psycopg2.Error: one that is `NOT_NOW`: the next run begins anew
    """
    try:
        with record.env.cr.savepoint():
            yield
    except NOT_NOW:
        raise
    except Exception:  # other addons, and what users have set up, take part in it
        _logger.exception("The scheduled action failed for %s", record)


def together_or_alone(records: Any, work: Callable[[Any], object]) -> None:
    """Do something with records at once and, where it fails, with each of them :func:`alone`.

    :param work: what is done with some of them; it may be done twice
    :raise psycopg2.Error: see :func:`alone`
    """
    try:
        with records.env.cr.savepoint():
            work(records)
    except NOT_NOW:
        raise
    except Exception:  # see above; which of them it is shows below
        for record in records:
            with alone(record):
                work(record)
