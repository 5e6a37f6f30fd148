"""Google on loopback: its keys, the tokens it signs, its events, and Gmail's REST for one mailbox.

It asserts what Google asks for: both tokens with each question for an e-mail. Nothing of Odoo is
imported: processes without one use it as well.
"""

import base64
import contextlib
import json
import threading
import time
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

ACCOUNT = "service-42@gcp-sa-gsuiteaddons.iam.gserviceaccount.com"
CLIENT = "42-abc.apps.googleusercontent.com"
ACCESS, MESSAGE = "ya29.of-the-user", "of-the-message"
#: The open e-mail: as an event names it, and as Gmail's API does.
OPEN = "msg-f:1850000000000000001"
OPEN_ID = f"{1850000000000000001:x}"
#: What Gmail says with status 403.
REFUSALS = {
    "disabled": {"details": [{"reason": "SERVICE_DISABLED"}]},
    "limited": {"errors": [{"reason": "userRateLimitExceeded"}]},
    "scopes": {"errors": [{"reason": "insufficientPermissions"}]},
}
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


def event(user_token, scopes, message=OPEN, platform="WEB", locale="en-US", **parts):
    """Return the body of a request.

    :param user_token: who the user is, None where that was not granted
    :param scopes: what the user has granted
    :param message: what is open, None for nothing
    :param parts: ``parameters`` and ``inputs`` of a click, ``gmail`` and ``body_token`` in place of
        the usual ones
    """
    gmail = {"messageId": message, "threadId": message, "accessToken": MESSAGE} if message else {}
    return {
        "commonEventObject": {
            "hostApp": "GMAIL", "platform": platform, "userLocale": locale,
            "parameters": parts.pop("parameters", {}),
            "formInputs": {
                name: {"stringInputs": {"value": [value]}}
                for name, value in parts.pop("inputs", {}).items()
            },
        },
        "authorizationEventObject": {
            "userOAuthToken": ACCESS,
            "userIdToken": user_token,
            "authorizedScopes": list(scopes),
            "systemIdToken": parts.pop("body_token", None),
        },
        "gmail": parts.pop("gmail", gmail),
        **parts,
    }  # fmt: skip


class FakeGoogle:
    """What is asked of Google, answered on loopback.

    :ivar mails: raw e-mails by id in Gmail's API
    :ivar status: of Gmail's next answers, 200 once they are used up
    :ivar size: what Gmail estimates every e-mail at, None for the truth
    :ivar asked: paths that were asked for
    :ivar headers: of the last question for an e-mail
    :ivar keys: what is at the address of the keys
    :ivar seconds: that its answers have taken
    :ivar connections: how many were opened
    :ivar hangs_up: whether it closes each after an answer, and says nothing of it
    """

    def __init__(self):
        self.mails = {}
        self.status = []
        self.size = None
        self.asked = []
        self.formats = []
        self.headers = {}
        self.keys = {"keys": [jwk(_KEY, "one")]}
        self.max_age = 3600
        self.wrong = []
        self.seconds = 0.0
        self.connections = 0
        self.hangs_up = False
        google = self

        class Handler(BaseHTTPRequestHandler):
            # Connections are kept, as Google keeps them.
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self):
                super().setup()
                google.connections += 1

            def do_GET(self):
                with contextlib.suppress(BrokenPipeError):  # Who asked has given up.
                    google.answer(self)
                self.close_connection |= google.hangs_up

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def answer(self, handler):
        start = time.perf_counter()
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
        handler.send_header("Set-Cookie", "whose=somebody; Path=/")
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)
        self.seconds += time.perf_counter() - start

    def _mail(self, headers, path, query):
        self.headers = dict(headers)
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
            if status in REFUSALS:
                return 403, {"error": REFUSALS[status]}
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
        if form == "full":
            return 200, {**answer, "payload": _described(message_from_bytes(raw))}
        wanted = {one.lower() for one in query.get("metadataHeaders", [])}
        found = [one for one in _headers(raw) if one["name"].lower() in wanted]
        return 200, {**answer, "payload": {"headers": found}}


def _headers(raw):
    head, _blank, _body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    lines = head.decode("utf-8", "replace").replace("\n ", " ").splitlines()
    pairs = [line.partition(": ") for line in lines if ": " in line]
    return [{"name": name, "value": value} for name, _colon, value in pairs]


def _described(part):
    """Return a part as Gmail does in the format ``full``: a text with its bytes, a file by name."""
    name = part.get_filename() or ""
    found = {
        "mimeType": part.get_content_type(),
        "filename": name,
        "headers": [{"name": key, "value": str(value)} for key, value in part.items()],
    }
    if part.is_multipart():
        return {**found, "parts": [_described(one) for one in part.get_payload()]}
    content = part.get_payload(decode=True)
    body = {"attachmentId": "a"} if name else {"data": encode(content)}
    return {**found, "body": {"size": len(content), **body}}
