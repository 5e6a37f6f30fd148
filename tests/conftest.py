"""What the tests against real servers share."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.host import Host  # noqa: E402 - the launcher's package lies beside this folder


@pytest.fixture(scope="session")
def host() -> Host:
    """The Odoo that `./run test` has set up."""
    return Host.current()
