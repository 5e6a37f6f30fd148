"""Keeps by identity who has ended, whether the directory has the company or not.

So such a company becomes a lead by no other dataset, file or provider.
"""

from collections.abc import Collection, Iterable

from odoo.tools import SQL

from ..providers.conditions import ALL_KEYS
from .converted import Ended
from .staging import copy


def record(cr, dataset_id: int, ended: Iterable[Ended]) -> None:
    """Keep what a dataset tells of companies that have ended or are protected."""
    told: dict[str, tuple[str, str]] = {}  # status, and whose key it is where it may be shared
    for one in ended:
        for key in one.keys:
            if key == one.identity or key not in told:
                told[key] = one.status, "" if key == one.identity else one.identity
    if not told:
        return
    cr.execute(
        SQL(
            "SELECT key, status, coalesce(of_identity, '') FROM lead_directory_ended"
            " WHERE dataset_id = %s AND key = ANY(%s)",
            dataset_id,
            list(told),
        )
    )
    known = {key: (status, of_identity) for key, status, of_identity in cr.fetchall()}
    if new := [f"{key}\t{status}\t{of}" for key, (status, of) in told.items() if key not in known]:
        columns = ("dataset_id", "key", "status", "of_identity")
        copy(cr, "lead_directory_ended", columns, new, first=f"{dataset_id}\t")
    # A number that is the company's own stays what it is.
    changed = [
        (key, *told[key])
        for key, (status, of) in known.items()
        if told[key] != (status, of) and (of or not told[key][1])
    ]
    if changed:
        keys, statuses, owners = map(list, zip(*changed, strict=True))
        cr.execute(
            SQL(
                """
                UPDATE lead_directory_ended AS known
                   SET status = told.status, of_identity = nullif(told.of_identity, '')
                  FROM unnest(%s::varchar[], %s::varchar[], %s::varchar[])
                    AS told(key, status, of_identity)
                 WHERE known.dataset_id = %s AND known.key = told.key
                """,
                keys,
                statuses,
                owners,
                dataset_id,
            )
        )


def record_marked(cr, dataset_id: int, marked: SQL) -> None:
    """Keep by identity which companies of a dataset have a status.

    :param marked: which of them, a condition on `company`
    """
    cr.execute(
        SQL(
            """
            INSERT INTO lead_directory_ended AS known (dataset_id, key, status, of_identity)
            SELECT DISTINCT ON (key) company.dataset_id, key, company.status,
                   nullif(company.identity, key)
              FROM lead_directory_company AS company
        CROSS JOIN unnest(%(keys)s) AS key
             WHERE company.dataset_id = %(dataset_id)s AND company.status <> 'merged'
               AND key IS NOT NULL AND %(marked)s
          ORDER BY key, key <> company.identity, company.id
                ON CONFLICT (key, dataset_id) DO UPDATE
               SET status = excluded.status, of_identity = excluded.of_identity
             WHERE known.of_identity IS NOT NULL OR excluded.of_identity IS NULL
            """,
            keys=ALL_KEYS,
            dataset_id=dataset_id,
            marked=marked,
        )
    )


def forget(cr, dataset_id: int, identities: Collection[str]) -> None:
    """Forget a few whom a dataset tells to do business now."""
    for column in ("key", "of_identity"):
        if identities:
            cr.execute(
                SQL(
                    "DELETE FROM lead_directory_ended WHERE dataset_id = %s AND %s = ANY(%s)",
                    dataset_id,
                    SQL.identifier(column),
                    list(identities),
                )
            )


def forget_alive(cr, dataset_id: int, import_id: int, newest: int) -> None:
    """Forget all who do business now, once a file that tells who has ended was written.

    Of companies that the file does not have it tells nothing.

    :param newest: the highest id of a company before the file
    """
    cr.execute(
        SQL(
            """
            WITH told AS MATERIALIZED (
                SELECT ended.id, alive.id AS company_id
                  FROM lead_directory_ended AS ended
            CROSS JOIN LATERAL (
                    -- By the index, one by one: few have ended, whatever the planner knows of them.
                    SELECT company.id FROM lead_directory_company AS company
                     WHERE company.dataset_id = %(dataset_id)s
                       AND company.identity = coalesce(ended.of_identity, ended.key)
                       AND company.status IS NULL
                    OFFSET 0) AS alive
                 WHERE ended.dataset_id = %(dataset_id)s
            ), written AS (
                SELECT unnest(part.ids) AS company_id FROM lead_directory_edition_part AS part
                 WHERE part.import_id = %(import_id)s AND part.kind = 'written'
                   AND EXISTS (SELECT FROM told WHERE told.company_id <= %(newest)s)
            )
            DELETE FROM lead_directory_ended AS ended
             USING told
             WHERE ended.id = told.id
               AND (told.company_id > %(newest)s
                    OR told.company_id IN (SELECT company_id FROM written))
            """,
            dataset_id=dataset_id,
            import_id=import_id,
            newest=newest,
        )
    )
