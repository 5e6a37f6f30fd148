"""Writes converted rows with COPY and set-based SQL; needs a database cursor, not the ORM."""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import psycopg2

from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company.names import company_name_key

from .changes import TOLD, noted
from .converted import COMPANY_COLUMNS, CONTACT_COLUMNS, Converted, Ended
from .ended import record
from .filled import complete_staged, filled
from .groups import other_name
from .named import apart_of
from .staging import copy, names, stage
from .stored import Known, Written, by_index, companies_after, known_companies, newest_company


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one batch did; companies that were there and did not change count as unchanged.

    :ivar known_ids: the companies that were there
    :ivar ids: identity -> company, of those that have the row's values now
    :ivar ended_ids: those that were there, and have ended as the file tells
    :ivar marked_ids: those of them that did business before
    """

    created: int
    updated: int
    unchanged: int
    contacts_created: int
    contacts_updated: int
    known_ids: tuple[int, ...] = ()
    ended_ids: tuple[int, ...] = ()
    marked_ids: tuple[int, ...] = ()
    ids: Mapping[str, int] = field(default_factory=dict)


def load(
    cr,
    dataset_id: int,
    columns: Sequence[str],
    converted: Converted,
    *,
    all_new: bool = False,
    written: Written | None = None,
    import_id: int | None = None,
    with_ids: bool = False,
) -> Loaded:
    """Write companies and contacts to a dataset, in the caller's transaction.

    Companies are the same by identity, contacts by e-mail address or name. Loading them again
    changes nothing. One that has ended is not written, but marked if it is there. A company that
    the same file has written already keeps its values; what it has none of is filled, and a row
    that gives it another name is taken out of `converted`, with a problem.

    :param cr: database cursor
    :param columns: which of `COMPANY_COLUMNS` the companies' values are; the others become empty
    :param converted: settled (see `groups`)
    :param all_new: that the dataset has none of the companies yet is likely, and is tried first
    :param import_id: for which it is noted what changes of companies
    :param with_ids: whether `Loaded.ids` are told
    """
    companies = dict(converted.companies)
    newest = newest_company(cr) if with_ids else 0
    known: dict[str, Known] = {}
    updated = 0
    if not (all_new and _insert_if_new(cr, dataset_id, columns, companies.values())):
        known = known_companies(cr, dataset_id, list(companies))
        ours = {one for one, company in known.items() if written and company.id in written}
        if ours:
            _drop_strangers(columns, converted, {one: known[one].name for one in ours})
            companies = dict(converted.companies)
            known = {one: known[one] for one in known if one in companies}
        new = [one for identity, one in companies.items() if identity not in known]
        _insert_companies(cr, dataset_id, columns, new)
        _bring_back(cr, dataset_id, [one for one in known if known[one].is_gone])
        for is_ours in (False, True):
            changed = [companies[one] for one in known if (one in ours) is is_ours]
            updated += _update_companies(
                cr, dataset_id, columns, changed, fill=is_ours, import_id=import_id
            )
    ended = _mark_ended(cr, dataset_id, converted.ended, companies, written)
    contacts = [contact for contact in converted.contacts if contact]
    contacts_created = contacts_updated = 0
    if contacts:
        lines = map("\t".join, contacts)
        stage(cr, "lead_directory_contact_staging", CONTACT_COLUMNS, CONTACT_COLUMNS, lines)
        contacts_created, contacts_updated = _upsert_contacts(cr, dataset_id)
    return Loaded(
        len(companies) - len(known),
        updated + ended.changed,
        len(known) - updated,
        contacts_created,
        contacts_updated,
        tuple(one.id for one in known.values()),
        ended.ids,
        ended.marked_ids,
        # Into one that is merged nothing was written.
        {identity: one.id for identity, one in known.items() if one.status != "merged"}
        | companies_after(cr, dataset_id, newest)
        if with_ids
        else {},
    )


def _bring_back(cr, dataset_id: int, identities: Collection[str]) -> None:
    """Have companies do business again that an earlier edition had no more."""
    if identities:
        cr.execute(
            SQL(
                "UPDATE lead_directory_company SET vanished_on = NULL,"
                " status = nullif(status, 'ceased') WHERE dataset_id = %s AND identity = ANY(%s)",
                dataset_id,
                list(identities),
            )
        )


class _Ends(NamedTuple):
    """What has become of companies that a file tells to have ended; see `Loaded`."""

    changed: int = 0
    ids: tuple[int, ...] = ()
    marked_ids: tuple[int, ...] = ()


def _mark_ended(
    cr, dataset_id: int, ended: Iterable[Ended], alive: Container[str], written: Written | None
) -> _Ends:
    """Mark the companies that a file tells to have ended.

    A closed branch does not end a company that another row of the file tells to be alive.
    """
    told = [
        (one.identity, apart_of(one.identity, one.street), one) for one in ended if one.identity
    ]
    # Of two of one name and place the one that is kept apart by its street, if there is one.
    apart = known_companies(cr, dataset_id, [street for own, street, _one in told if street != own])
    found = {street if street in apart else own: one for own, street, one in told}
    found = {identity: one for identity, one in found.items() if identity not in alive}
    if not found:
        return _Ends()
    known = known_companies(cr, dataset_id, list(found))
    statuses, marked = {}, []
    for identity, company in known.items():
        if (written and company.id in written) or not _is_same(found[identity], company.name):
            del found[identity]
        else:
            statuses[company.id] = found[identity].status
            if not company.status:
                marked.append(company.id)
    record(cr, dataset_id, found.values())
    cr.execute(
        SQL(
            """
            UPDATE lead_directory_company AS known SET status = told.status, vanished_on = NULL
              FROM unnest(%s::int4[], %s::varchar[]) AS told(id, status)
             WHERE known.id = told.id AND known.status IS DISTINCT FROM 'merged'
               AND (known.status IS DISTINCT FROM told.status OR known.vanished_on IS NOT NULL)
            """,
            list(statuses),
            list(statuses.values()),
        )
    )
    return _Ends(cr.rowcount, tuple(one.id for one in known.values()), tuple(marked))


def _is_same(one: Ended, name: str) -> bool:
    """Whether a row is the company of that name: many may have pages on its site."""
    is_known = not one.identity.startswith("domain:")
    return is_known or company_name_key(one.name) == company_name_key(name)


def _drop_strangers(columns: Sequence[str], converted: Converted, names: Mapping[str, str]) -> None:
    """Drop the rows whose identity an earlier row of the file has under another name.

    :param names: identity -> the company's name
    """
    position = columns.index("name")
    strangers = set()
    for place, (identity, line) in enumerate(converted.companies):
        if known := names.get(identity):
            name = line.split("\t")[position]
            if name != known and company_name_key(name) != company_name_key(known):
                strangers.add(place)
                converted.note(place, "other_name", other_name(name, known))
    converted.drop(strangers)


def _insert_if_new(cr, dataset_id: int, columns: Sequence[str], companies: Collection[str]) -> bool:
    """Return whether the companies were inserted; none is when the dataset has one of them."""
    try:
        with cr.savepoint(flush=False):
            _insert_companies(cr, dataset_id, columns, companies)
    except psycopg2.errors.UniqueViolation:
        return False
    return True


def _insert_companies(
    cr, dataset_id: int, columns: Sequence[str], companies: Collection[str]
) -> None:
    if companies:
        columns = ("dataset_id", *columns)
        copy(cr, "lead_directory_company", columns, companies, first=f"{dataset_id}\t")


def _update_companies(
    cr,
    dataset_id: int,
    columns: Sequence[str],
    companies: Collection[str],
    *,
    fill: bool,
    import_id: int | None,
) -> int:
    """Return how many of the companies have changed.

    :param fill: write only what is empty, and what belongs together only as a whole
    :param import_id: see `load`
    """
    if not companies:
        return 0
    stage(cr, "lead_directory_company_staging", COMPANY_COLUMNS, columns, companies)
    complete_staged(cr, dataset_id)
    # A file that does not tell who has ended revives nobody.
    kept = {"identity"} if "status" in columns else {"identity", "status"}
    columns = [column for column in COMPANY_COLUMNS if column not in kept]
    old = SQL(", ").join(
        SQL("known.%s AS %s", SQL.identifier(column), SQL.identifier(f"old_{column}"))
        for column in TOLD
    )
    with by_index(cr):
        cr.execute(
            SQL(
                """
            WITH changed AS MATERIALIZED (
                SELECT known.id, %(old)s, new.*
                  FROM lead_directory_company_staging AS staging
            CROSS JOIN LATERAL (
                    SELECT * FROM lead_directory_company AS company
                     WHERE company.dataset_id = %(dataset_id)s
                       AND company.identity = staging.identity OFFSET 0) AS known
            CROSS JOIN LATERAL (SELECT %(new)s) AS new(%(columns)s)
                 WHERE known.status IS DISTINCT FROM 'merged'
                   AND (%(before)s) IS DISTINCT FROM (%(after)s)
            ) %(noted)s
            UPDATE lead_directory_company AS known
               SET (%(columns)s) = ROW(%(values)s)
              FROM changed
             WHERE known.id = changed.id
            """,
                old=old,
                columns=names(columns),
                new=filled(columns, "known", "staging") if fill else names(columns, "staging"),
                before=names(columns, "known"),
                after=names(columns, "new"),
                values=names(columns, "changed"),
                dataset_id=dataset_id,
                noted=SQL(", noted AS (%s)", noted(import_id)) if import_id else SQL(),
            )
        )
        return cr.rowcount


def _upsert_contacts(cr, dataset_id: int) -> tuple[int, int]:
    columns = [column for column in CONTACT_COLUMNS if column != "company_identity"]
    changing = [column for column in columns if column != "identity"]
    cr.execute(
        SQL(
            """
            WITH written AS (
                INSERT INTO lead_directory_contact AS known (directory_company_id, %(columns)s)
                SELECT company.id, %(values)s
                  FROM lead_directory_contact_staging AS staging
                  JOIN lead_directory_company AS company
                    ON company.dataset_id = %(dataset_id)s
                   AND company.identity = staging.company_identity
                 WHERE NOT EXISTS (
                       SELECT FROM lead_directory_contact_staging AS later
                        WHERE later.company_identity = staging.company_identity
                          AND later.identity = staging.identity
                          AND later.ctid > staging.ctid
                       )
              ORDER BY company.id, staging.ctid
                    ON CONFLICT (directory_company_id, identity) DO UPDATE
                   SET (%(changing)s) = ROW(%(new)s)
                 WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
             RETURNING (xmax = 0) AS created
            )
            SELECT count(*) FILTER (WHERE created), count(*) FILTER (WHERE NOT created)
              FROM written
            """,
            columns=names(columns),
            values=names(columns, "staging"),
            dataset_id=dataset_id,
            changing=names(changing),
            new=names(changing, "excluded"),
            old=names(changing, "known"),
        )
    )
    return cr.fetchone()
