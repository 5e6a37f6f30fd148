"""Keeps by identity who has ended, whether the directory has the company or not.

So such a company becomes a lead by no other dataset, file or provider.
"""

from collections.abc import Collection, Iterable

from odoo.tools import SQL

from ..providers.conditions import ALL_KEYS
from .converted import Ended


def record(cr, dataset_id: int, ended: Iterable[Ended]) -> None:
    """Keep what a dataset tells of companies that have ended or are protected."""
    told: dict[str, tuple[str, str | None]] = {}
    for one in ended:
        for key in one.keys:
            # A number of its own tells more than what it may share with others.
            if key == one.identity or key not in told:
                told[key] = one.status, None if key == one.identity else one.identity
    if told:
        _record(
            cr,
            dataset_id,
            SQL(
                "SELECT * FROM unnest(%s::varchar[], %s::varchar[], %s::varchar[])"
                " AS told(key, status, of_identity)",
                list(told),
                [status for status, _of in told.values()],
                [of for _status, of in told.values()],
            ),
        )


def record_marked(cr, dataset_id: int, marked: SQL) -> None:
    """Keep by identity which companies of a dataset have a status.

    :param marked: which of them, a condition on `company`
    """
    _record(
        cr,
        dataset_id,
        SQL(
            """
            SELECT DISTINCT ON (key) key, company.status,
                   nullif(company.identity, key) AS of_identity
              FROM lead_directory_company AS company
        CROSS JOIN unnest(%(keys)s) AS key
             WHERE company.dataset_id = %(dataset_id)s AND company.status IS NOT NULL
               AND key IS NOT NULL AND %(marked)s
          ORDER BY key, key <> company.identity, company.id
            """,
            keys=ALL_KEYS,
            dataset_id=dataset_id,
            marked=marked,
        ),
    )


def forget(cr, dataset_id: int, identities: Collection[str]) -> None:
    """Forget those whom a dataset tells to do business now."""
    if identities:
        cr.execute(
            SQL(
                "DELETE FROM lead_directory_ended WHERE dataset_id = %s"
                " AND (key = ANY(%s) OR of_identity = ANY(%s))",
                dataset_id,
                list(identities),
                list(identities),
            )
        )


def _record(cr, dataset_id: int, told: SQL) -> None:
    """Keep rows of (key, status, of_identity), each key once.

    What is known already takes no number of the table's sequence: registers tell it again with
    each edition.
    """
    cr.execute(
        SQL(
            """
            WITH told AS (%(told)s), known AS (
                UPDATE lead_directory_ended AS known
                   SET status = told.status, of_identity = told.of_identity
                  FROM told
                 WHERE known.dataset_id = %(dataset_id)s AND known.key = told.key
                   AND (known.status, known.of_identity)
                       IS DISTINCT FROM (told.status, told.of_identity)
                   AND (known.of_identity IS NOT NULL OR told.of_identity IS NULL)
            )
            INSERT INTO lead_directory_ended (dataset_id, key, status, of_identity)
            SELECT %(dataset_id)s, told.key, told.status, told.of_identity
              FROM told
             WHERE NOT EXISTS (
                   SELECT FROM lead_directory_ended AS known
                    WHERE known.dataset_id = %(dataset_id)s AND known.key = told.key)
            """,
            told=told,
            dataset_id=dataset_id,
        )
    )
