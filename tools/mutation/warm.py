"""A process with Odoo and a database loaded, whose children run tests with one fault each.

Its input is a line of JSON for each fault, its output a line with pytest's exit status: null when
it took too long, "cold" when the fault cannot be planted into what is loaded, "refused" when Odoo
does not take a data file with it.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from tools.host import die_with_parent

COLD = 99
REFUSED = 98
_WORDS: dict[int | None, str] = {COLD: "cold", REFUSED: "refused"}
_PARTS = ("co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars")


class Cold(Exception):
    """What changes is no function that is loaded, so only a new process would know it."""


def functions_changed(
    old: CodeType, new: CodeType
) -> Iterator[tuple[list[str], CodeType, CodeType]]:
    """Yield the functions of a module that are others now: names that lead there, old, new code.

    :raise Cold: if anything else is another
    """
    ours, theirs = (
        [one for one in code.co_consts if isinstance(one, CodeType)] for code in (old, new)
    )
    if _own(old) != _own(new) or len(ours) != len(theirs):
        raise Cold
    for before, after in zip(ours, theirs, strict=True):
        if before == after:
            continue
        if before.co_name.startswith("<") or before.co_name != after.co_name:
            raise Cold
        if before.co_flags & 2:  # CO_NEWLOCALS: a function, and no class
            yield [before.co_name], before, after
        else:
            for names, one, other in functions_changed(before, after):
                yield [before.co_name, *names], one, other


def _own(code: CodeType) -> tuple[Any, ...]:
    consts = tuple(repr(one) for one in code.co_consts if not isinstance(one, CodeType))
    return (consts, *(getattr(code, part) for part in _PARTS))


def plant(module: ModuleType, old: str, new: str) -> None:
    """Give the functions of a loaded module the code of another text of it.

    :raise Cold: if that is not all that changes
    """
    path = module.__file__ or ""
    codes = [compile(text, path, "exec", dont_inherit=True) for text in (old, new)]
    for names, before, after in functions_changed(*codes):
        function: Any = module
        for name in names:
            function = vars(function).get(name)
        for inner in ("fget", "func", "__func__", "__wrapped__"):
            function = getattr(function, inner, None) or function
        if getattr(function, "__code__", None) != before:
            raise Cold
        try:
            function.__code__ = after
        except ValueError as error:
            raise Cold from error


def read_data(addon: str, name: str) -> None:
    """Read a data file into the database as if it came for the first time."""
    from lxml import etree

    import odoo.api
    import odoo.tools
    from odoo.fields import Command
    from odoo.modules.registry import Registry
    from odoo.tools.convert import convert_file
    from odoo.tools.misc import file_path

    with Registry(odoo.tools.config["db_name"][0]).cursor() as cr:
        env = odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {})
        convert_file(env, addon, name, {}, mode="init")
        if name.endswith(".xml"):
            # A menu keeps groups that the file no longer names.
            for menu in etree.parse(file_path(f"{addon}/{name}")).iter("menuitem"):
                if not menu.get("groups"):
                    env.ref(f"{addon}.{menu.get('id')}").group_ids = [Command.clear()]
        env.flush_all()


def _plant_where_loaded(job: dict[str, Any]) -> None:
    path = os.path.realpath(job["path"])
    loaded = [
        module
        for module in list(sys.modules.values())
        if os.path.realpath(getattr(module, "__file__", None) or "") == path
    ]
    for module in loaded:
        plant(module, job["old"], job["new"])


def _run(job: dict[str, Any]) -> int:
    """Run pytest with a fault, in a child of its own.

    :return: its exit status
    """
    try:
        if "old" in job:
            _plant_where_loaded(job)
    except Cold:
        return COLD
    with open(job["log"], "w") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        try:
            if "data" in job:
                read_data(*job["data"])
        except Exception as error:  # whatever Odoo makes of a planted fault refuses the file
            print(f"{type(error).__name__}: {error}", flush=True)
            return REFUSED
        import pytest

        status = int(pytest.main(job["arguments"]))
        sys.stdout.flush()
        sys.stderr.flush()
        return status


def _wait(child: int, seconds: float) -> int | None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.1)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def main(config: str) -> None:
    """Load the database of a configuration, and answer jobs until the input ends."""
    import threading

    import odoo
    import odoo.modules.registry
    import odoo.sql_db
    import odoo.tests
    import odoo.tools

    with contextlib.suppress(ImportError):
        import hypothesis  # noqa: F401 - what takes long to import
        import pytest  # noqa: F401
    odoo.tools.config.parse_config([f"--config={config}", "--log-level=critical"])
    threading.current_thread().testing = True  # type: ignore[attr-defined]
    odoo.modules.registry.Registry(odoo.tools.config["db_name"][0])
    # Children find them loaded: to collect a module pytest imports its whole package.
    for package in sorted(Path("addons").glob("*/tests/__init__.py")):
        importlib.import_module(f"odoo.addons.{package.parts[1]}.tests")
    # A connection belongs to one process.
    odoo.sql_db.close_all()
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if not child:
            os.setpgid(0, 0)
            die_with_parent()
            status = 1
            try:
                status = _run(job)
            finally:
                os._exit(status)
        ended = _wait(child, job["seconds"])
        print(json.dumps(_WORDS.get(ended) or ended), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
