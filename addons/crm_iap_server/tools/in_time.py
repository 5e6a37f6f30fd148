"""Who sends or reads slowly holds a worker for a while, and no longer.

Neither Odoo's threads nor its workers end a client that sends a byte now and then: their limits are
for each byte, or end the whole server.
"""

import contextlib
import io
import selectors
import socket
import time
from typing import Any

#: Seconds in which a request must have come, and again in which its answer must be taken.
PATIENCE = 10
#: What more is sent is read, so that its sender hears the answer, and not kept.
MAX_BODY = 16 * 2**20
_CHUNK = 2**16


def take_body(environ: dict[str, Any], length: int) -> None:
    """Take what a client sends before anybody reads it: what has not come in time is missing.

    :param environ: of a request to Odoo's own server; others have limits of their own
    :param length: how many bytes it has announced
    """
    connection, source = environ.get("werkzeug.socket"), environ["wsgi.input"]
    if not isinstance(connection, socket.socket) or isinstance(source, io.BytesIO):
        return
    body, received, may_end = bytearray(), 0, False
    end = time.monotonic() + PATIENCE
    # Not by the connection's own time limit: a source that has met it can be read no more.
    connection.settimeout(0)
    # A client that is too slow, or gone, is answered as one that has sent too little.
    with contextlib.suppress(OSError), selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        while received < length and (left := end - time.monotonic()) > 0:
            part = source.read1(min(length - received, _CHUNK))
            if part:
                received += len(part)
                body += part if length <= MAX_BODY else b""
            elif may_end or not selector.select(left):
                break
            may_end = not part
    environ["wsgi.input"] = io.BytesIO(body)
    connection.settimeout(PATIENCE)
    # Werkzeug would wait for the end of whatever else is sent.
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RD)
