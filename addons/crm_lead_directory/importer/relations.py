"""Loads who is whose parent, as a file of the register tells; needs a cursor, not the ORM."""

from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import NamedTuple

from odoo.tools import SQL

from ..registers.relations import Told, relation_lines
from .staging import copy, stage

TABLE = "lead_directory_relation_staging"
COLUMNS = ("child_lei", "parent_lei", "kind", "since")
_LINES = 50_000  # that are copied at once
#: An edition with fewer relations than this part of those that were there changes none.
FEW = 0.5


class Related(NamedTuple):
    """What an edition has done.

    :ivar told: how many relations are in force
    :ivar is_kept: whether they are so few that nothing was changed
    """

    told: int
    is_kept: bool


def load_relations(
    cr, dataset_id: int, import_id: int, rows: Iterable[Told], today: date
) -> Related:
    """Write the relations of a whole file, in the caller's transaction.

    Those that are there already stay the rows that they are. Those that the file has no more are
    marked as gone, by which import, so that it can be undone. Those that somebody has set by hand
    are left alone.
    """
    lines = relation_lines(rows, today)
    stage(cr, TABLE, COLUMNS, COLUMNS, islice(lines, _LINES))
    while some := list(islice(lines, _LINES)):
        copy(cr, TABLE, COLUMNS, some)
    cr.execute(SQL("ANALYZE %s", SQL.identifier(TABLE)))
    cr.execute("DROP TABLE IF EXISTS lead_directory_relation_told")
    values = {"dataset_id": dataset_id, "import_id": import_id, "today": today}
    cr.execute(SQL(_NAMED, **values))
    cr.execute(
        SQL(
            "SELECT (SELECT count(*) FROM lead_directory_relation_told),"
            " (SELECT count(*) FROM lead_directory_relation AS known WHERE %s)",
            SQL(_LIVE, **values),
        )
    )
    told, before = cr.fetchone()
    if told < FEW * before:
        return Related(told, is_kept=True)
    for statement in (_GONE, _CHANGED, _NEW):
        cr.execute(SQL(statement, **values, live=SQL(_LIVE, **values)))
    return Related(told, is_kept=False)


def undo_relations(cr, import_id: int) -> None:
    """Have the relations that there were before an import."""
    cr.execute(SQL("DELETE FROM lead_directory_relation WHERE import_id = %s", import_id))
    cr.execute(SQL(_BACK, import_id=import_id))


_LIVE = """
    known.dataset_id = %(dataset_id)s AND known.gone_on IS NULL AND known.is_by_hand IS NOT TRUE
"""
_SAME = """
    told.child_lei = known.child_lei AND told.parent_lei = known.parent_lei
    AND told.kind = known.kind
"""
#: Companies are known by the identity under which the dataset has them, others by their LEI.
_NAMED = """
    CREATE TEMP TABLE lead_directory_relation_told ON COMMIT DROP AS
    WITH numbers AS (
        SELECT child_lei AS lei FROM lead_directory_relation_staging
         UNION
        SELECT parent_lei FROM lead_directory_relation_staging
    ), named AS (
        SELECT DISTINCT ON (company.lei) company.lei, company.identity
          FROM numbers JOIN lead_directory_company AS company USING (lei)
         WHERE company.dataset_id = %(dataset_id)s
      ORDER BY company.lei, company.id
    )
    SELECT DISTINCT ON (told.child_lei, told.parent_lei, told.kind)
           told.child_lei, told.parent_lei, told.kind,
           coalesce(child.identity, 'lei:' || told.child_lei) AS child,
           coalesce(parent.identity, 'lei:' || told.parent_lei) AS parent,
           nullif(told.since, '')::date AS since
      FROM lead_directory_relation_staging AS told
 LEFT JOIN named AS child ON child.lei = told.child_lei
 LEFT JOIN named AS parent ON parent.lei = told.parent_lei
     WHERE told.child_lei IS NOT NULL
       AND child.identity IS DISTINCT FROM coalesce(parent.identity, '')
  ORDER BY told.child_lei, told.parent_lei, told.kind, told.since
"""
_GONE = f"""
    UPDATE lead_directory_relation AS known
       SET gone_on = %(today)s, gone_import_id = %(import_id)s
     WHERE %(live)s AND NOT EXISTS (
           SELECT FROM lead_directory_relation_told AS told WHERE {_SAME})
"""
#: What an edition tells whose import was deleted since is there already.
_BACK = f"""
    UPDATE lead_directory_relation AS known SET gone_on = NULL, gone_import_id = NULL
     WHERE known.gone_import_id = %(import_id)s AND NOT EXISTS (
           SELECT FROM lead_directory_relation AS told
            WHERE told.dataset_id = known.dataset_id AND told.gone_on IS NULL
              AND told.is_by_hand IS NOT TRUE AND {_SAME})
"""
_CHANGED = f"""
    UPDATE lead_directory_relation AS known
       SET child = told.child, parent = told.parent, since = told.since
      FROM lead_directory_relation_told AS told
     WHERE %(live)s AND {_SAME}
       AND (known.child, known.parent, known.since)
           IS DISTINCT FROM (told.child, told.parent, told.since)
"""
_NEW = f"""
    INSERT INTO lead_directory_relation (
           dataset_id, child, child_lei, parent, parent_lei, kind, since, is_by_hand, import_id)
    SELECT %(dataset_id)s, told.child, told.child_lei, told.parent, told.parent_lei, told.kind,
           told.since, FALSE, %(import_id)s
      FROM lead_directory_relation_told AS told
     WHERE NOT EXISTS (
           SELECT FROM lead_directory_relation AS known WHERE %(live)s AND {_SAME})
"""
