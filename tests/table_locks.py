"""Which tables an installation keeps others from writing to, as PostgreSQL itself tells."""

import dataclasses

#: Each change of the schema notes which tables of before its transaction has, and how.
WATCH = (
    "CREATE TABLE watched_tables AS SELECT oid, relname FROM pg_class"
    " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
    """
    CREATE TABLE watched_changes (
        id serial, transaction bigint, moment text, statement text, locks text[]
    )
    """,
    """
    CREATE FUNCTION watch_changes() RETURNS event_trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO watched_changes (transaction, moment, statement, locks)
        SELECT txid_current(), tg_event, current_query(), array(
            SELECT CASE mode WHEN 'AccessExclusiveLock' THEN 'reading ' ELSE 'writing ' END
                   || relname
              FROM pg_locks JOIN watched_tables ON oid = relation
             WHERE pid = pg_backend_pid() AND granted AND mode IN (
                   'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'));
    END $$
    """,
    "CREATE EVENT TRIGGER watch_starts ON ddl_command_start EXECUTE FUNCTION watch_changes()",
    "CREATE EVENT TRIGGER watch_ends ON ddl_command_end EXECUTE FUNCTION watch_changes()",
)


@dataclasses.dataclass
class Change:
    """A statement that changed the schema.

    :ivar had: what its transaction kept others from before, as "writing crm_lead"
    :ivar took: what it keeps them from since
    """

    statement: str
    had: set[str]
    took: set[str]


def watch(host, database: str) -> None:
    """Note from now on which tables of a database are locked by changes of its schema."""
    host.sql(*WATCH, database=database)


def changes(host, database: str) -> list[Change]:
    """Return the changes that were committed since, in their order."""
    rows = host.sql(
        "SELECT moment, statement, locks FROM watched_changes ORDER BY transaction, id",
        database=database,
    )
    found, had = [], set()
    for moment, statement, locks in rows:
        if moment == "ddl_command_start":
            had = set(locks)
        else:
            found.append(Change(" ".join(statement.split()), had, set(locks) - had))
    return found
