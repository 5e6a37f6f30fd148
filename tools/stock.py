"""Stock's own test suites, run on stock, beside our recipient policy, and under it.

A stock suite has failures of its own (library versions differ from what its tests expect), so sets
are compared: what passes without our addons has to pass with `crm_mail_recipients` while the policy
is off. With registered mode on, every difference has to be listed with its reason in `DIFFERENCES`.
"""

import json
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from pathlib import Path

from tools import paths
from tools.console import Failure, say, step
from tools.host import Host, die_with_parent, free_port

# Test files and folders below the folder of stock addons.
SUITES = {
    "account": ("account/tests/test_account_move_send.py",),
    "crm": ("crm/tests",),
    "mail": ("mail/tests",),
    "sale": ("sale/tests",),
    "test_mail": ("test_mail/tests",),
}
DIFFERENCES = paths.REPO / "tests/stock_differences.txt"
REGISTERED_MODE = """
env["res.company"].search([]).write({"recipient_policy": True, "recipient_any_address": False})
env.cr.commit()
"""
WHERE = "import odoo.addons.mail as mail; print(mail.__path__[0])"


def compare(host: Host, names: Iterable[str]) -> int:
    """Run the suites `names`, all by default, in the three set-ups; return the exit status.

    :raise Failure: for a name that is no suite's.
    """
    names = tuple(names) or tuple(SUITES)
    if unknown := set(names) - set(SUITES):
        raise Failure(f"There is no suite {', '.join(unknown)}: choose from {', '.join(SUITES)}.")
    status = 0
    for name in names:
        alone = _alone(host, name)
        off = _results(host, name, "off")
        registered = _results(host, name, "registered")
        status |= _report(f"{name}, policy off", alone, off, {})
        status |= _report(f"{name}, registered mode", alone, registered, _explained())
    return status


def _alone(host: Host, name: str) -> dict[str, str]:
    """Return a suite's outcomes without our addons, remembered in the cache."""
    cached = paths.cache() / f"stock-{host.fingerprint}-{name}.json"
    if not cached.exists():
        cached.write_text(json.dumps(_results(host, name, "alone")), encoding="utf-8")
    return json.loads(cached.read_text(encoding="utf-8"))


def _results(host: Host, name: str, setup: str) -> dict[str, str]:
    """Run a suite on a database of its own.

    :param setup: alone (without our addons), off or registered.
    :return: for each test passed, failed or skipped.
    """
    with_ours = setup != "alone"
    host = host if with_ours else host.without_ours()
    report = paths.STATE / f"stock-{name}-{setup}.xml"
    report.unlink(missing_ok=True)
    with (
        host.database("stock", ours=False) as database,
        step(f"Stock's tests of {name} ({setup})"),
    ):
        if with_ours:
            host.install(database, ["test_mail", "crm_mail_recipients"])
        else:
            host.install(database, ["test_mail"])
        if setup == "registered":
            host.shell(database, REGISTERED_MODE)
        with (paths.LOGS / f"stock-{name}-{setup}.log").open("wb") as log:
            subprocess.run(
                [
                    *(host.python, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
                    *("--import-mode=importlib", f"--junit-xml={report}", "--odoo-http"),
                    f"--odoo-config={host.config(database, http_port=free_port())}",
                    *(str(_stock_addons(host) / path) for path in SUITES[name]),
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=host.environment(),
                preexec_fn=die_with_parent,
            )
    if not report.exists():
        raise Failure(f"Stock's tests of {name} did not run: {log.name} says why.")
    return {
        f"{name}.{case.get('classname')}.{case.get('name')}": _outcome(case)
        for case in ElementTree.parse(report).iter("testcase")
    }


def _stock_addons(host: Host) -> Path:
    done = subprocess.run(
        [host.python, "-c", WHERE], env=host.environment(), capture_output=True, text=True
    )
    return Path(done.stdout.strip()).parent


def _outcome(case: ElementTree.Element) -> str:
    if case.find("skipped") is not None:
        return "skipped"
    failed = case.find("failure") is not None or case.find("error") is not None
    return "failed" if failed else "passed"


def _report(
    title: str, alone: dict[str, str], ours: dict[str, str], explained: dict[str, str]
) -> int:
    """Print how `ours` differs from `alone`; return 1 when a difference is not explained."""
    differing = sorted(
        name for name in alone.keys() | ours.keys() if alone.get(name) != ours.get(name)
    )
    missing = [name for name in differing if name not in explained]
    passed = sum(outcome == "passed" for outcome in ours.values())
    say(f"{title}: {passed} of {len(ours)} passed, {len(differing)} differ from stock alone.")
    for name in differing:
        change = f"{alone.get(name, 'absent')} → {ours.get(name, 'absent')}"
        say(f"  {name}: {change}. {explained.get(name, 'NOT EXPLAINED')}")
    return 1 if missing else 0


def _explained() -> dict[str, str]:
    """Return the reason for each test that may differ in registered mode."""
    lines = DIFFERENCES.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("#") for line in lines if not line.startswith("#"))
    return {name.strip(): reason.strip() for name, _mark, reason in pairs if reason.strip()}
