"""Google on loopback: its keys, the tokens it signs, and Gmail's REST for one mailbox.

It asserts what Google asks for: both tokens with each question for an e-mail.
"""

import base64
import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from ..controllers import gmail_addon
from ..tools import network, tokens

ACCOUNT = "service-42@gcp-sa-gsuiteaddons.iam.gserviceaccount.com"
CLIENT = "42-abc.apps.googleusercontent.com"
ACCESS, MESSAGE = "ya29.of-the-user", "of-the-message"
#: The open e-mail: as an event names it, and as Gmail's API does.
OPEN = "msg-f:1850000000000000001"
OPEN_ID = f"{1850000000000000001:x}"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def encode(value):
    if isinstance(value, (dict, list)):
        value = json.dumps(value).encode()
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def jwk(key, kid):
    numbers = key.public_key().public_numbers()
    size = (numbers.n.bit_length() + 7) // 8
    return {
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid,
        "n": encode(numbers.n.to_bytes(size, "big")), "e": encode(numbers.e.to_bytes(3, "big")),
    }  # fmt: skip


def sign(claims, kid="one", key=_KEY, **header):
    signed = f"{encode({'alg': 'RS256', 'typ': 'JWT', 'kid': kid, **header})}.{encode(claims)}"
    seal = key.sign(signed.encode(), padding.PKCS1v15(), SHA256())
    return f"{signed}.{encode(seal)}"


def claims(audience, email, sub="1", now=None, **changes):
    now = time.time() if now is None else now
    return {
        "iss": "https://accounts.google.com", "aud": audience, "sub": sub, "email": email,
        "email_verified": True, "iat": int(now), "exp": int(now) + 3600, **changes,
    }  # fmt: skip


def system_token(audience, **changes):
    changes = {"email": ACCOUNT, "sub": "service", **changes}
    return sign(claims(audience, **changes))


def user_token(email, sub, **changes):
    return sign(claims(changes.pop("aud", CLIENT), email, sub, **changes))


class FakeGoogle:
    """What is asked of Google, answered on loopback.

    :ivar mails: raw e-mails by id in Gmail's API
    :ivar status: of Gmail's next answers, 200 once they are used up
    :ivar size: what Gmail estimates every e-mail at, None for the truth
    :ivar asked: paths that were asked for
    :ivar keys: what is at the address of the keys
    """

    def __init__(self):
        self.mails = {}
        self.status = []
        self.size = None
        self.asked = []
        self.formats = []
        self.keys = {"keys": [jwk(_KEY, "one")]}
        self.max_age = 3600
        self.wrong = []
        google = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                google.answer(self)

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    @contextlib.contextmanager
    def in_place(self):
        """Have the addon ask here, with no key known yet."""
        with (
            patch.object(network, "KEYS_URL", self.url + "/oauth2/v3/certs"),
            patch.object(network, "GMAIL_URL", self.url),
            patch.object(gmail_addon, "KEYS", tokens.Keys(lambda: network.fetch_keys())),
        ):
            yield self

    def answer(self, handler):
        url = urlsplit(handler.path)
        self.asked.append(unquote(url.path))
        headers, status, body = {}, 200, {}
        if url.path == "/oauth2/v3/certs":
            headers["Cache-Control"] = f"public, max-age={self.max_age}"
            status, body = (200, self.keys) if self.keys else (500, {})
        else:
            status, body = self._mail(handler.headers, unquote(url.path), parse_qs(url.query))
        content = json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    def _mail(self, headers, path, query):
        if headers["Authorization"] != f"Bearer {ACCESS}":
            self.wrong.append("Authorization")
        if headers["X-Goog-Gmail-Access-Token"] != MESSAGE:
            self.wrong.append("X-Goog-Gmail-Access-Token")
        if self.wrong:
            return 401, {}
        if self.status:
            status = self.status.pop(0)
            if status == "hangs":
                time.sleep(3)
                return 200, {}
            if status == "disabled":
                return 403, {"error": {"details": [{"reason": "SERVICE_DISABLED"}]}}
            if status == "limited":
                return 403, {"error": {"errors": [{"reason": "userRateLimitExceeded"}]}}
            if status != 200:
                return status, {"error": {"code": status}}
        name = path.removeprefix("/gmail/v1/users/me/messages/")
        if name not in self.mails:
            return 404, {}
        raw = self.mails[name]
        [form] = query["format"]
        self.formats.append(form)
        answer = {
            "id": name, "threadId": name, "internalDate": "1700000000000",
            "sizeEstimate": self.size or len(raw),
        }  # fmt: skip
        if form == "raw":
            return 200, {**answer, "raw": encode(raw)}
        head, _blank, _body = raw.partition(b"\n\n")
        lines = head.decode("utf-8", "replace").replace("\n ", " ").splitlines()
        pairs = [line.partition(": ") for line in lines if ": " in line]
        wanted = {one.lower() for one in query.get("metadataHeaders", [])}
        found = [
            {"name": key, "value": value}
            for key, _colon, value in pairs
            if form == "full" or key.lower() in wanted
        ]
        payload = {"headers": found}
        if form == "full":
            payload |= {
                "mimeType": "multipart/mixed", "filename": "",
                "parts": [
                    {"mimeType": "text/html", "body": {"data": encode(b"<p>Hi</p>")}},
                    {"mimeType": "video/mp4", "filename": "film.mp4", "body": {"size": 1}},
                ],
            }  # fmt: skip
        return 200, {**answer, "payload": payload}
