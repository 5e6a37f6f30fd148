"""Scheduled actions whose records know nothing of each other."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2

_logger = logging.getLogger(__name__)


@contextmanager
def alone(record: Any) -> Iterator[None]:
    """Undo and log what fails for a record, so that those behind it have their turn.

    :param record: one record, which the log names
    :raise psycopg2.OperationalError: if others were in the way: the next run begins anew
    """
    try:
        with record.env.cr.savepoint():
            yield
    except psycopg2.OperationalError:
        raise
    except Exception:  # other addons, and what users have set up, take part in it
        _logger.exception("The scheduled action failed for %s", record)
