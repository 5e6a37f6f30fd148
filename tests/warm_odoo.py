"""An Odoo with all addons loaded, from which shells and servers are forked; `warm_host` starts it.

Each message asks for a process: its arguments and variables as JSON, and four descriptors: those of
its input, output and errors, and one that is told its number, and its exit status when it ends.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import random
import select
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from tools.host import die_with_parent

NUMBER = struct.Struct("=i")
MESSAGE_BYTES = 1 << 18
#: What a registry is made of: which addons and custom fields there are, and the last change that
#: Odoo has told all of its processes, with its time: copies that were changed apart have others.
IDENTITY = """
SELECT (SELECT (id, date)::text FROM orm_signaling_registry ORDER BY id DESC LIMIT 1),
       (SELECT count(*) FROM ir_model_fields WHERE state <> 'base'),
       (SELECT count(*) FROM ir_config_parameter WHERE key = 'base.partially_updated_database'),
       (SELECT string_agg(concat_ws(' ', name, state, latest_version), ',' ORDER BY name)
          FROM ir_module_module WHERE state NOT IN ('uninstalled', 'uninstallable'))
"""


def identity_of(registry: Any) -> tuple[Any, ...]:
    """Return what two databases share for which one registry is right."""
    with registry.cursor() as cr:
        cr.execute(IDENTITY)
        return cr.fetchone()


def lend(registry: Any, identity: tuple[Any, ...]) -> None:
    """Have the first database that asks for a registry get this one, if it is like its own."""
    from odoo import sql_db
    from odoo.modules.registry import Registry

    new: Callable[..., Any] = Registry.new
    lent = [registry]
    Registry.delete(registry.db_name)

    def new_or_lent(db_name: str, **changes: Any) -> Any:
        if not lent or any(changes.values()):
            return new(db_name, **changes)
        registry = lent.pop()
        registry.db_name, registry._db = db_name, sql_db.db_connect(db_name)
        if identity_of(registry) != identity:
            return new(db_name)
        # What it remembers is of another database's records.
        for cache in registry._Registry__caches.values():
            cache.clear()
        Registry.delete(db_name)
        Registry.registries[db_name] = registry
        registry.setup_signaling()
        return registry

    Registry.new = staticmethod(new_or_lent)


def _become(job: dict[str, Any]) -> int:
    """Be the Odoo that the arguments ask for; return its exit status."""
    from odoo.cli.command import main

    os.environ.clear()
    os.environ.update(job["environment"])
    sys.argv[1:] = job["arguments"]
    random.seed()
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _fork(job: dict[str, Any], descriptors: list[int], told: int) -> int:
    """Start a process; return its number."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if job["leads"]:
            os.setsid()
        die_with_parent()
        for place, descriptor in enumerate(descriptors):
            os.dup2(descriptor, place)
            os.close(descriptor)
        os.close(told)
        status = _become(job)
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


def _ended() -> Iterator[tuple[int, int]]:
    with contextlib.suppress(ChildProcessError):
        while True:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                return
            yield child, os.waitstatus_to_exitcode(status)


def serve(requests: socket.socket) -> None:
    """Start processes as they are asked for, until nobody can ask any more."""
    told: dict[int, int] = {}
    wake, woken = os.pipe()
    os.set_blocking(woken, False)

    def note(_number: int, _frame: FrameType | None) -> None:
        pass  # the number is written to the pipe that wakes

    signal.set_wakeup_fd(woken)
    signal.signal(signal.SIGCHLD, note)
    while True:
        ready, _writable, _failed = select.select([requests, wake], [], [])
        if wake in ready:
            os.read(wake, 4096)
            for child, status in _ended():
                with contextlib.suppress(BrokenPipeError):
                    os.write(told[child], NUMBER.pack(status))
                os.close(told.pop(child))
        if requests in ready:
            message, passed, _flags, _address = socket.recv_fds(requests, MESSAGE_BYTES, 4)
            if not message:
                return
            *descriptors, tell = passed
            child = _fork(json.loads(message), descriptors, tell)
            for descriptor in descriptors:
                os.close(descriptor)
            os.write(tell, NUMBER.pack(child))
            told[child] = tell


def main(config: str, descriptor: str) -> None:
    """Load the database of a configuration, and serve at a socket that is open."""
    import odoo.cli.command
    import odoo.cli.server
    import odoo.cli.shell
    import odoo.http  # noqa: F401 - what each of them would import
    from odoo import sql_db
    from odoo.modules.registry import Registry
    from odoo.tools import config as options

    options.parse_config([f"--config={config}"], setup_logging=False)
    registry = Registry(options["db_name"][0])
    identity = identity_of(registry)
    # A connection belongs to one process.
    sql_db.close_all()
    lend(registry, identity)
    sys.argv[0] = os.path.join(os.path.dirname(odoo.cli.__path__[0]), "__main__.py")
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=int(descriptor)) as requests:
        requests.send(b"ready")
        serve(requests)


if __name__ == "__main__":
    main(*sys.argv[1:])
