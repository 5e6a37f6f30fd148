"""Take the pictures of README and docs from the database of the demo, as its salesperson sees it.

    ./run demo --once && python3 docs/screenshots.py

Without arguments it sets up the host and starts itself in the environment's Python.
"""

import os
import subprocess
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPO))

from tools import setup  # noqa: E402 - the launcher's package lies beside this folder
from tools.commands import demo  # noqa: E402
from tools.host import Host  # noqa: E402

IMAGES = REPO / "docs/images"
INSIDE = "--inside"


def main() -> int:
    """Take the pictures; return the exit status."""
    if INSIDE in sys.argv:
        host = Host.current()
        take(host)
        take_lead_mining(host)
        return 0
    with setup.ready() as host:
        environment = host.environment()
        environment["PYTHONPATH"] += os.pathsep + str(REPO)
        command = [host.python, str(Path(__file__)), INSIDE]
        return subprocess.run(command, env=environment).returncode


def take(host: Host) -> None:
    """Walk through the product and write one PNG for each station."""
    from tools.browser import browser

    IMAGES.mkdir(exist_ok=True)
    database = demo.ensure_database(host, demo.ONCE_LABEL)
    with (
        host.claim(database, shared=True),
        host.server(database, cron=0) as server,
        browser(height=850) as tab,
    ):
        tab.sign_in(server.url, database, demo.LOGIN, demo.PASSWORD)
        tab.open(f"{server.url}/odoo/crm", ".o_kanban_record")
        tab.picture(IMAGES / "pipeline.png", settle=3)
        tab.press("Generate Leads")
        tab.wait_for(".modal .o_form_view")
        tab.picture(IMAGES / "generate-leads.png", settle=4)


def take_lead_mining(host: Host) -> None:
    """Show what half a year of lead mining looks like, in a database of its own."""
    from tools.browser import browser

    job = {"login": "sally", "password": "sally-secret"}
    with host.database("pictures") as database:
        made = demo.script(host, database, "history", job)
        with host.server(database, cron=0) as server, browser(height=900) as tab:
            tab.sign_in(server.url, database, job["login"], job["password"])
            for address, until, name in (
                ("lead-mining-analysis", ".o_graph_renderer canvas", "lead-mining-analysis"),
                (f"lead-mining-searches/{made['search']}", ".o_form_view", "lead-mining-search"),
                (f"lead.mining.request/{made['request']}", ".o_form_view", "lead-mining-request"),
            ):
                tab.open(f"{server.url}/odoo/{address}", until)
                tab.picture(IMAGES / f"{name}.png", settle=4)
            tab.click("button[name=action_view_results]")
            tab.wait_for(".o_data_row")
            tab.picture(IMAGES / "lead-mining-results.png", settle=2)


if __name__ == "__main__":
    sys.exit(main())
