"""What the tests against real servers share."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.warm_host import WarmHost  # noqa: E402 - the launcher's package lies beside this folder
from tools.host import Host  # noqa: E402

#: The files that take longest, first: no process waits for one of them at the end. Near the front
#: are those that `--full` makes longer still.
LONGEST = (
    "test_screens.py",
    "test_recipients_sends.py",
    "test_chaos.py",
    "test_credit_play.py",
    "test_accessibility.py",
    "test_mail_plugin_server.py",
    "test_large_database.py",
    "test_lane_at_work.py",
    "test_odoo_requirements.py",
    "test_lead_mining_parts.py",
    "test_glue.py",
    "test_recipients_fuzz.py",
    "test_mining_providers.py",
    "test_uninstallation.py",
    "test_recipients_beside.py",
    "test_stock_mail_plugin.py",
    "test_warm_host.py",
    "test_copies.py",
    "test_iap_server_replica.py",
    "test_launcher.py",
    "test_lead_mining_installation.py",
    "test_mining_crash.py",
    "test_main_job.py",
    "test_iap_server_hostile.py",
    "test_wheels.py",
    "test_guides.py",
)


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        WarmHost.worker = config.workerinput["workerid"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: (*LONGEST, item.path.name).index(item.path.name))


@pytest.fixture(scope="session")
def host() -> Host:
    """The Odoo that `./run test` has set up."""
    return WarmHost.of(Host.current())
