"""A host whose shells and servers do not load Odoo and all addons each time anew.

They are what `python -m odoo` would be, in a fork of a process that has loaded a database as the
template makes it. One on another Odoo, with other addons or with changed models loads its own, as
do those that a test starts by Odoo's command.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import os
import select
import socket
import subprocess
from collections.abc import Sequence
from typing import IO

from tests.warm_odoo import NUMBER
from tools import paths
from tools.host import Host, worker_database


class WarmHost(Host):
    """The same host, warm."""

    #: The process of pytest that this is: each has a warm Odoo of its own.
    worker = "gw"

    @classmethod
    def of(cls, host: Host) -> WarmHost:
        return cls(**{one.name: getattr(host, one.name) for one in dataclasses.fields(host)})

    def addons_fingerprint(self) -> str:
        return _fingerprint()

    def start(
        self, command: Sequence[str], files: Sequence[IO], *, leads: bool = False
    ) -> subprocess.Popen | Process:
        # Workers in processes of their own are started by Odoo's own program.
        several = any(one.startswith("--workers") for one in command)
        if several or self != WarmHost.of(Host.current()):
            return super().start(command, files, leads=leads)
        return _warm_odoo().start(command[3:], self.environment(), files, leads)


class Process:
    """A process of the warm Odoo, with what is used of `subprocess.Popen`."""

    def __init__(self, arguments: Sequence[str], told: int):
        self.args = arguments
        self.returncode: int | None = None
        self._told = told
        self.pid = self._read()

    def poll(self) -> int | None:
        if self.returncode is None and select.select([self._told], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self._told], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            self.returncode = self._read()
            os.close(self._told)
        return self.returncode

    def _read(self) -> int:
        told = os.read(self._told, NUMBER.size)
        assert told, "the warm Odoo has ended: its log says why"
        return NUMBER.unpack(told)[0]


class WarmOdoo:
    """The process that they are forks of."""

    def __init__(self, host: Host, label: str):
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        log = paths.LOGS / f"{label}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with theirs, log.open("w") as file, host.database(label) as database:
            config, descriptor = host.config(database), theirs.fileno()
            subprocess.Popen(
                [host.python, "-m", "tests.warm_odoo", str(config), str(descriptor)],
                cwd=paths.REPO,
                env=host.environment(),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                pass_fds=[descriptor],
            )
            theirs.close()
            assert self._socket.recv(16) == b"ready", log.read_text(encoding="utf-8")

    def start(
        self,
        arguments: Sequence[str],
        environment: dict[str, str],
        files: Sequence[IO],
        leads: bool,
    ) -> Process:
        """Start an Odoo with these arguments.

        :param files: its input, output and errors
        :param leads: whether it leads a session of its own
        """
        told, tell = os.pipe()
        job = {"arguments": list(arguments), "environment": environment, "leads": leads}
        descriptors = [*(file.fileno() for file in files), tell]
        socket.send_fds(self._socket, [json.dumps(job).encode()], descriptors)
        os.close(tell)
        return Process(arguments, told)


@functools.cache
def _fingerprint() -> str:
    """Return what the addons are known by: no test changes them."""
    return Host.current().addons_fingerprint()


@functools.cache
def _warm_odoo() -> WarmOdoo:
    return WarmOdoo(Host.current(), worker_database("warm", WarmHost.worker))
