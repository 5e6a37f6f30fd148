"""A real HTTP server on loopback that answers what a test tells it."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from odoo.tests import BaseCase, common


@dataclass
class Asked:
    """One question that the server received."""

    method: str
    path: str
    params: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes


@dataclass
class Answer:
    """What to answer: JSON (or bytes as they are), or a function that writes by itself."""

    content: object = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    write: Callable[[BaseHTTPRequestHandler], None] | None = None


class LoopbackServer:
    """Answers from a list, one after the other (the last one for ever), or from a function.

    :param answers: list of `Answer`, or a function from `Asked` to `Answer`
    """

    def __init__(self, answers):
        self._answers = list(answers) if isinstance(answers, (list, tuple)) else answers
        self.asked: list[Asked] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    def __enter__(self) -> "LoopbackServer":
        self._thread.start()
        return self

    def __exit__(self, *_exc) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        if callable(self._answers):
            return self._answers(asked)
        return self._answers[min(len(self.asked), len(self._answers)) - 1]

    def _handler(self):
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_args):
                pass

            def _respond(self):
                parts = urlsplit(self.path)
                length = int(self.headers.get("Content-Length") or 0)
                answer = server._answer(
                    Asked(
                        self.command,
                        parts.path,
                        parse_qs(parts.query, keep_blank_values=True),
                        dict(self.headers),
                        self.rfile.read(length),
                    )
                )
                try:
                    self._write(answer)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def _write(self, answer):
                if answer.write:
                    self.close_connection = True
                    answer.write(self)
                    return
                content = answer.content
                if not isinstance(content, bytes):
                    content = json.dumps(content).encode()
                self.send_response(answer.status)
                headers = {"Content-Length": str(len(content)), **answer.headers}
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            do_GET = do_HEAD = do_POST = _respond

        return Handler


class LoopbackCase(BaseCase):
    """Lets a test ask a loopback server with the time-outs that it means."""

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        # Odoo's own knows only plain numbers as time-outs, and makes short ones longer.
        if urlsplit(request.url).hostname == "127.0.0.1":
            return common._super_send(session, request, **options)
        return super()._request_handler(session, request)

    def serve(self, answers) -> LoopbackServer:
        """Start a server that stops with the test."""
        server = LoopbackServer(answers).__enter__()
        self.addCleanup(server.__exit__)
        return server
