"""Take the pictures of README, docs and addons, most of them as the demo's salesperson sees them.

    ./run demo --once && python3 docs/screenshots.py

Without arguments it sets up the host and starts itself in the environment's Python.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPO))

from tools import setup  # noqa: E402 - the launcher's package lies beside this folder
from tools.commands import demo  # noqa: E402
from tools.host import Host  # noqa: E402

IMAGES = REPO / "docs/images"
BANNER = "addons/{}/static/description/banner.png"
#: A lead that may be written to, credit packs and a provider to pay them with.
SCENE = """
import json
company = env.company
parameters = env["ir.config_parameter"]
parameters.set_param("web.base.url", "https://odoo.yourcompany.example")
parameters.set_param("web.base.url.freeze", True)
company.write({"name": "YourCompany", "recipient_policy": True, "recipient_any_address": False})
firm = env["res.partner"].create(
    {"name": "Azure Interior", "is_company": True, "email": "office@azure.example"}
)
anna = env["res.partner"].create(
    {"name": "Anna Field", "parent_id": firm.id, "email": "anna.field@azure.example"}
)
lead = env["crm.lead"].create(
    {
        "name": "New furniture for the second floor",
        "type": "lead",
        "partner_name": "Azure Interior",
        "contact_name": "Anna Field",
        "email_from": "furniture@azure.example",
        "partner_id": anna.id,
    }
)
env.cr.commit()  # The ledger's own cursors see only what is committed.
account = env["iap.account"]._get_local("reveal", company)
packs = (("Starter", 100, 25), ("Team", 500, 99), ("Company", 2000, 299))
env["iap.credit.pack"].create(
    [
        {"name": name, "credits": credits, "price": price, "service_id": account.service_id.id}
        for name, credits, price in packs
    ]
)
env["payment.provider"].search([], limit=1).write({"state": "test", "is_published": True})
env.cr.commit()
print(json.dumps({"lead": lead.id, "account": account.id}))
"""
INSIDE = "--inside"


def main() -> int:
    """Take the pictures; return the exit status."""
    if INSIDE in sys.argv:
        host = Host.current()
        take(host)
        take_lead_mining(host)
        take_banners(host)
        return 0
    with setup.ready() as host:
        environment = host.environment()
        environment["PYTHONPATH"] += os.pathsep + str(REPO)
        command = [host.python, str(Path(__file__)), INSIDE]
        status = subprocess.run(command, env=environment).returncode
    return status or take_gallery()


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


def take_gallery() -> int:
    """Show the way from an empty directory to the first leads, as its test walks it."""
    journey = REPO / "tests/test_get_companies_journey.py"
    environment = {**os.environ, "JOURNEY_PICTURES": str(IMAGES)}
    return subprocess.run([REPO / "run", "test", journey], env=environment, cwd=REPO).returncode


def take_banners(host: Host) -> None:
    """Give each app a picture of what it is for."""
    from tools.browser import browser

    shutil.copy(IMAGES / "generate-leads.png", REPO / BANNER.format("crm_lead_mining"))
    with host.database("pictures") as database:
        made = json.loads(host.shell(database, SCENE).splitlines()[-1])
        with host.server(database, cron=0) as server, browser(height=768) as tab:
            tab.sign_in(server.url, database, "admin", "admin")
            for addon, address, click, until in (
                ("crm_iap_credits", f"iap/credits/{made['account']}", "", "main"),
                (
                    "crm_mail_plugin",
                    "odoo/action-crm_mail_plugin.mail_plugin_guide_action",
                    "",
                    ".o_form_view",
                ),
                (
                    "crm_mail_recipients",
                    f"odoo/crm.lead/{made['lead']}",
                    "button.o-mail-Chatter-sendMessage:enabled",
                    ".o_recipient_input input",
                ),
            ):
                tab.open(f"{server.url}/{address}", click or until)
                if click:
                    tab.click(click)
                    tab.wait_for(until)
                    tab.click(until)
                tab.picture(REPO / BANNER.format(addon), settle=4)


if __name__ == "__main__":
    sys.exit(main())
