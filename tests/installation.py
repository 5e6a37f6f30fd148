"""Addons installed, updated and removed by Odoo's command line, and what it logs of it."""

import re
import subprocess

#: A line of the log that somebody has to look into.
COMPLAINT = re.compile(r"^\d{4}-\S+ \S+ \d+ (?:WARNING|ERROR|CRITICAL) .*$", re.MULTILINE)


def update(host, database, *arguments) -> str:
    """Run Odoo with `-i` or `-u`; return its log."""
    done = subprocess.run(
        host.odoo_command(database, *arguments, "--stop-after-init", "--no-http"),
        env=host.environment(),
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stderr


def states(host, database, *modules) -> set[str]:
    """Return the states that modules are in."""
    rows = host.sql(
        "SELECT DISTINCT state FROM ir_module_module WHERE name = ANY(%s)",
        database=database,
        parameters=[list(modules)],
    )
    return {state for (state,) in rows}


#: Tables that are written though nobody sets anything: what Odoo keeps of who is there, of the
#: files that it makes by itself, and of its own work.
BY_ITSELF = {
    *("bus_bus", "bus_presence", "ir_attachment", "ir_cron_progress", "ir_cron_trigger"),
    *("ir_logging", "mail_presence", "res_device_log", "res_users_log"),
    # Written anew by each update.
    *("ir_act_window_view", "ir_module_module"),
}
#: Columns of that kind.
MOVING = [
    *("write_date", "write_uid", "nextcall", "lastcall", "failure_count", "first_failure_date"),
    *("arch_prev", "arch_updated"),
]
#: All tables but those of dialogs.
TABLES = """
SELECT relname FROM pg_class
 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> ALL(%s)
   AND relname !~ '^orm_signaling_'
   AND relname NOT IN (SELECT replace(model, '.', '_') FROM ir_model WHERE transient)
 ORDER BY relname
"""
DIFFERENCES = """
(SELECT 'gone', * FROM snapshots.{old} EXCEPT SELECT 'gone', * FROM snapshots.{new})
 UNION ALL
(SELECT 'new', * FROM snapshots.{new} EXCEPT SELECT 'new', * FROM snapshots.{old})
"""


def take_snapshot(host, database, name: str, leave_out=()) -> None:
    """Remember all rows of a database, but for what changes by itself.

    :param leave_out: tables that somebody works on meanwhile
    """
    tables = host.sql(TABLES, database=database, parameters=[sorted({*BY_ITSELF, *leave_out})])
    rows = " UNION ALL ".join(
        f"SELECT '{table}' AS source, to_jsonb(one) - %s::text[] AS values FROM \"{table}\" AS one"
        for (table,) in tables
    )
    host.sql(
        "CREATE SCHEMA IF NOT EXISTS snapshots",
        f"CREATE TABLE snapshots.{name} AS {rows}",
        database=database,
        parameters=[MOVING] * len(tables),
    )


def differences(host, database, old: str, new: str) -> list[tuple[str, str, dict]]:
    """Return what differs between two snapshots, as ("gone" or "new", table, row)."""
    query = DIFFERENCES.format(old=old, new=new)
    return [tuple(row) for row in host.sql(query, database=database)]
