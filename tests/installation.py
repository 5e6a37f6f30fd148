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
