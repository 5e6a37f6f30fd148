"""Addons installed, updated and removed by Odoo's command line, and what it logs of it."""

import json
import re
import subprocess
from collections.abc import Collection

from tools.host import our_modules

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


#: Tables of Odoo in which administrators set something up.
SETTINGS_TABLES = (
    *("ir_act_server", "ir_config_parameter", "ir_cron", "ir_default", "ir_model_access"),
    *("ir_rule", "ir_sequence", "mail_activity_type", "mail_template", "res_company"),
    *("res_groups", "res_groups_implied_rel", "res_groups_users_rel", "res_users"),
    "rule_group_rel",
)
#: Columns that change though nobody sets anything.
MOVING = (
    *("write_date", "write_uid", "nextcall", "lastcall", "failure_count", "first_failure_date"),
    "number_next",
)
OUR_TABLES = """
    SELECT DISTINCT replace(model.model, '.', '_') FROM ir_model AS model
      JOIN ir_model_data AS data ON data.model = 'ir.model' AND data.res_id = model.id
      JOIN pg_class ON relname = replace(model.model, '.', '_') AND relkind = 'r'
     WHERE data.module = ANY(%s) AND NOT model.transient AND NOT EXISTS (
           SELECT FROM ir_model_data AS others
            WHERE others.model = 'ir.model' AND others.res_id = model.id
              AND others.module <> ALL(%s))
"""


def settings(host, database, leave_out: Collection[str] = ()) -> set[tuple[str, str]]:
    """Return (table, row) of all that is set up in a database, and of what our addons keep.

    :param leave_out: tables of ours that others write meanwhile
    """
    ours = host.sql(OUR_TABLES, database=database, parameters=[our_modules(), our_modules()])
    tables = [*SETTINGS_TABLES, *(table for (table,) in ours if table not in leave_out)]
    rows = set()
    for table in tables:
        found = host.sql(
            f"SELECT to_jsonb(one) - %s::text[] FROM {table} AS one",
            database=database,
            parameters=[list(MOVING)],
        )
        rows |= {(table, json.dumps(row, sort_keys=True)) for (row,) in found}
    return rows
