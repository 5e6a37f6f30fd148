"""Outlook around the add-in, as far as a browser can be it, for the tests of this folder.

Microsoft's script comes from its own address, as the pane asks for it, but from this machine: the
browser finds the host of that name here.
"""

import contextlib
import datetime
import http.server
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tools.browser import Browser, browser

OFFICE_HOST = "appsforoffice.microsoft.com"
STUB = Path(__file__).parent / "office_stub.js"
PANE = "/mail_plugin/outlook/pane"
WIDTH, HEIGHT = 320, 720


class _Script(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript; charset=utf-8")
        self.end_headers()
        self.wfile.write(STUB.read_bytes())

    def log_message(self, *args):
        """Say nothing."""


@contextlib.contextmanager
def outlook(folder: Path, width: int = WIDTH, height: int = HEIGHT) -> Iterator[Browser]:
    """Yield a tab as wide as a pane, in a browser to which this machine is Microsoft's host.

    :param folder: where the host's certificate is put
    """
    pages = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Script)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(folder))
    pages.socket = context.wrap_socket(pages.socket, server_side=True)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    flags = (
        f"--host-resolver-rules=MAP {OFFICE_HOST}:443 127.0.0.1:{pages.server_port}",
        "--ignore-certificate-errors",
    )
    try:
        with browser(width, height, *flags) as tab:
            tab.resize(width, height)
            yield tab
    finally:
        pages.shutdown()


def sign_in(tab: Browser, login: str, password: str) -> None:
    """Click *Sign In* in the pane, log in to Odoo in the window, and allow the add-in."""
    tab.click("button.main")
    tab.wait_for("button.main[disabled]")
    window = tab.beside(tab.evaluate("window.dialogUrl"))
    window.wait_for("form.oe_login_form input[name=password]")
    while window.evaluate("document.readyState") != "complete":
        time.sleep(0.2)
    for name, value in (("login", login), ("password", password)):
        window.evaluate(f"document.querySelector('input[name={name}]').value = '{value}'")
    window.evaluate("document.querySelector('form.oe_login_form').submit()")
    window.click("button[name=do][value='1']")
    tab.wait_for("header .user")


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, OFFICE_HOST)])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(OFFICE_HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "office.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
    return file
