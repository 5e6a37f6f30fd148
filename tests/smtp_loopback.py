"""A real SMTP server on loopback, the only one that an Odoo of a test sends to."""

import contextlib
import socket
from collections.abc import Iterator
from typing import Any

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"


@contextlib.contextmanager
def listening(env: Any, mailbox: object) -> Iterator[None]:
    """Hand all mails of a database to `mailbox`, a handler of aiosmtpd; no job sends any itself."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    env["ir.cron"].search([]).active = False
    servers = env["ir.mail_server"]
    servers.search([]).active = False
    values = {"name": "loopback", "smtp_host": HOST, "smtp_port": port}
    servers.create({**values, "smtp_encryption": "none"})
    controller = Controller(mailbox, hostname=HOST, port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()
