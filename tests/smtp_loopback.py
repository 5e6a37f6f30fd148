"""A real SMTP server on loopback, the only one that an Odoo of a test sends to."""

import contextlib
import socket
from collections.abc import Iterator
from typing import Any

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"

#: Has a database send all its mails there; run inside an Odoo shell.
ONLY_SERVER = """
env["ir.mail_server"].search([]).active = False
env["ir.mail_server"].create({{"name": "loopback", "smtp_host": {host!r}, "smtp_port": {port},
                               "smtp_encryption": "none"}})
"""


@contextlib.contextmanager
def serving(mailbox: object) -> Iterator[int]:
    """Hand all mails that come to a port, which is yielded, to a handler of aiosmtpd."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    controller = Controller(mailbox, hostname=HOST, port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@contextlib.contextmanager
def listening(env: Any, mailbox: object) -> Iterator[None]:
    """Hand all mails of a database to `mailbox`, a handler of aiosmtpd; no job sends any itself."""
    env["ir.cron"].search([]).active = False
    with serving(mailbox) as port:
        exec(ONLY_SERVER.format(host=HOST, port=port), {"env": env})
        yield
