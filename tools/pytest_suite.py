"""What `./run test` adds to pytest.

Properties are given time. Beside pytest-odoo, which runs the addons' tests inside Odoo: each of
several processes has a database of its own. Instead of it, with `--fast`: only those that need no
database run, in plain pytest.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tools.host import worker_database

#: Whose database and configuration a process uses: those of its own name, or of one that crashed.
PLACE = "place"
FREE_PLACES = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fast", action="store_true", help="only tests that need no database")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, Any, Any]:
    # pytest-odoo would copy the database itself, with programs that not every machine has.
    worker = os.environ.pop("PYTEST_XDIST_WORKER", None)
    given = config.getoption("--odoo-config", default=None)
    if worker and given:
        path = Path(given)
        name = worker_database(path.stem, config.workerinput[PLACE])
        config.option.odoo_config = str(path.with_name(name + path.suffix))
    return (yield)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object | None) -> None:
    if error:
        node.config.stash.setdefault(FREE_PLACES, []).append(node.workerinput[PLACE])


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    # One that takes over from one that has crashed has a new name, for which nothing is prepared.
    free = node.config.stash.setdefault(FREE_PLACES, [])
    node.workerinput[PLACE] = free.pop() if free else node.gateway.id


def pytest_configure(config: pytest.Config) -> None:
    # Figures of time belong to the benchmarks: a busy machine fails no property.
    patient: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
    patient["max_examples"] = int(os.environ.get("PROPERTY_EXAMPLES") or 100)
    settings.register_profile("patient", **patient)
    settings.load_profile("patient")
    if not config.getoption("--fast"):
        return
    # As a library: its plugin would load the registry of a database.
    import pytest_odoo

    pytest_odoo.support_subtest()
    pytest_odoo.disable_odoo_test_retry()
    pytest_odoo.monkey_patch_resolve_pkg_root_and_module_name()


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    # Tests of bad input name it: between processes a lone surrogate cannot travel.
    return _encodable((yield))


def _encodable(data: Any) -> Any:
    if isinstance(data, str):
        return data.encode(errors="backslashreplace").decode()
    if isinstance(data, dict):
        return {_encodable(key): _encodable(value) for key, value in data.items()}
    return [_encodable(item) for item in data] if isinstance(data, list) else data


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        # What takes longest first: no process waits for a browser at the end.
        items.sort(key=lambda item: not _may_open_browser(item))
    if not config.getoption("--fast"):
        return
    needing = [item for item in items if _needs_database(item)]
    config.hook.pytest_deselected(items=needing)
    items[:] = [item for item in items if item not in set(needing)]


def _may_open_browser(item: pytest.Item) -> bool:
    # By name: the tests of processes import no Odoo.
    bases = getattr(getattr(item, "cls", None), "__mro__", ())
    return any(base.__name__ == "HttpCase" for base in bases)


def _needs_database(item: pytest.Item) -> bool:
    from odoo.tests import TransactionCase

    case = getattr(item, "cls", None)
    return case is not None and issubclass(case, TransactionCase)
