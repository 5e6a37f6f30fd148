"""A publisher on loopback: files over TLS, in pieces, slowly, cut off, elsewhere, or not at all."""

import contextlib
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

MODIFIED = "Sun, 01 Nov 2026 00:00:00 GMT"


@dataclass
class Published:
    """One file, and how its publisher serves it.

    :ivar cuts: after how many bytes the first answers break off, one each
    :ivar claims: what is said to be the length, if it is not the true one
    :ivar heeds: whether If-Range is heeded; otherwise each Range is served
    :ivar conditions: whether a file that is had already is answered with 304
    :ivar pause: seconds between two pieces
    """

    content: bytes = b""
    etag: str = '"1"'
    modified: str = MODIFIED
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    ranges: bool = True
    heeds: bool = True
    conditions: bool = True
    cuts: list[int] = field(default_factory=list)
    claims: int | None = None
    chunked: bool = False
    pause: float = 0.0
    before: Callable[["Published"], None] = lambda published: None


@dataclass
class Asked:
    """One question that was received."""

    host: str
    path: str
    headers: dict[str, str]


class Publisher:
    """Serves `files` ("host/path" -> `Published`) with one certificate for all its hosts."""

    def __init__(self, folder: str | Path, *hosts: str):
        self.files: dict[str, Published] = {}
        self.asked: list[Asked] = []
        self.hosts = hosts
        self.certificate = make_certificate(folder, *hosts)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_who: None  # who does not believe the certificate goes
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate)
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self.port = self._server.server_port

    def __enter__(self) -> "Publisher":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def resolve(self, host: str, _port: int) -> list[tuple[str, int]]:
        return [("127.0.0.1", self.port)]


def _handler(publisher: Publisher) -> type[BaseHTTPRequestHandler]:  # noqa: C901 one answer
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_args):
            pass

        def do_GET(self):
            host = self.headers["Host"].partition(":")[0]
            publisher.asked.append(Asked(host, self.path, dict(self.headers)))
            one = publisher.files.get(host + self.path, Published(status=404))
            one.before(one)
            with contextlib.suppress(OSError):  # who asked has gone
                self._serve(one)
            self.close_connection = True

        def _serve(self, one: Published):
            if one.conditions and self._is_had(one):
                one = replace(one, content=b"", status=304)
            begin, status = self._begin(one), one.status
            body, headers = one.content[begin:], {}
            if begin:
                status = 206 if body else 416
                last, size = len(one.content) - 1, len(one.content)
                headers["Content-Range"] = f"bytes {begin}-{last}/{size}"
            if one.chunked:
                headers["Transfer-Encoding"] = "chunked"
            else:
                claimed = len(body) if one.claims is None else one.claims
                headers["Content-Length"] = str(claimed)
            headers |= {"ETag": one.etag, "Last-Modified": one.modified, **one.headers}
            self.send_response(status)
            for name, value in headers.items():
                if value:
                    self.send_header(name, value)
            self.end_headers()
            body = body[: one.cuts.pop(0)] if one.cuts else body
            size = 512 if one.pause else 1 << 16
            for place in range(0, len(body), size):
                piece = body[place : place + size]
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if one.chunked else piece)
                time.sleep(one.pause)
            if one.chunked and not one.cuts:
                self.wfile.write(b"0\r\n\r\n")

        def _is_had(self, one: Published) -> bool:
            if etag := self.headers.get("If-None-Match"):
                return etag == one.etag
            return bool(one.modified) and self.headers.get("If-Modified-Since") == one.modified

        def _begin(self, one: Published) -> int:
            asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
            if not (asked and one.ranges and one.status == 200):
                return 0
            condition = self.headers.get("If-Range")
            is_same = condition in (None, one.etag, one.modified) or not one.heeds
            return int(asked[1]) if is_same else 0

    return Handler


class Proxy:
    """A proxy for CONNECT that leads wherever it is asked for to one port of loopback."""

    def __init__(self, port: int):
        self.asked: list[str] = []
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_args):
                pass

            def do_CONNECT(self):
                proxy.asked.append(self.path)
                with socket.create_connection(("127.0.0.1", port)) as there:
                    self.send_response(200)
                    self.end_headers()
                    back = threading.Thread(target=_pump, args=(there, self.connection))
                    back.start()
                    _pump(self.connection, there)
                    back.join()
                self.close_connection = True

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Proxy":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(1 << 16):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # one side has gone


def make_certificate(folder: str | Path, *hosts: str) -> str:
    """Return the path of a self-signed certificate of hosts, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, hosts[0])])
    now = datetime.now(timezone.utc)
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    path = Path(folder) / "certificate.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return str(path)
