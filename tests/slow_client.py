"""Clients that send or read a byte now and then, for as long as a server lets them."""

import contextlib
import json
import socket
import time
from urllib.parse import urlsplit

PAUSE = 1.0
#: Small enough that an answer does not fit into what the kernel keeps on its way.
SEGMENT, WINDOW = 536, 2304
PATIENCE = 180


def request(path: str, params: dict, **headers: object) -> tuple[bytes, bytes]:
    """Return the head and the body of a client's question.

    :param headers: those that are not as they should be, with _ for -
    """
    body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
    lines = {"Host": "localhost", "Content-Type": "application/json", "Content-Length": len(body)}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = f"POST {path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items())
    return f"{head}\r\n".encode(), body


def send_slowly(url: str, at_once: bytes, slowly: bytes, pause: float = PAUSE):
    """Send some bytes at once, and others one by one until an answer is there.

    :return: seconds until the server has ended it, and the answer
    """
    with _connection(url) as connection:
        start = time.monotonic()
        connection.sendall(at_once)
        answer = b""
        with contextlib.suppress(OSError):
            connection.settimeout(pause)
            for number in range(len(slowly)):
                with contextlib.suppress(TimeoutError):
                    answer = connection.recv(2**16)
                    break
                connection.sendall(slowly[number : number + 1])
            connection.settimeout(PATIENCE)
            while part := connection.recv(2**16):
                answer += part
        return time.monotonic() - start, answer


def read_slowly(url: str, question: bytes, until: float, pause: float = PAUSE):
    """Ask, and read a byte at a time; after so many seconds what is left, at once.

    :return: the answer, as far as the server has sent it
    """
    with _connection(url) as connection:
        connection.sendall(question)
        end = time.monotonic() + until
        answer = b""
        with contextlib.suppress(OSError):
            while time.monotonic() < end:
                answer += connection.recv(1)
                time.sleep(pause)
            while part := connection.recv(2**16):
                answer += part
        return answer


def _connection(url: str) -> socket.socket:
    address = urlsplit(url)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
    connection.settimeout(PATIENCE)
    connection.connect((address.hostname, address.port))
    return connection
