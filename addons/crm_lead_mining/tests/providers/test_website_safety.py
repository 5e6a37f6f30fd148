"""What a website cannot do to us, and what we do not do to a website."""

import gzip
import shutil
import socket
import ssl
import tempfile
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from odoo.tests import BaseCase, tagged

from ...providers.errors import (
    ProviderError,
    ProviderRateLimited,
    ProviderTimeout,
    ProviderUnavailable,
)
from ...providers.public_hosts import HostNotPublic, HostUnknown, resolve_public
from ...providers.website.provider import user_agent
from ...providers.website.visit import ROBOT, HostGate, Limits
from ..http_server import LoopbackServer
from ..internet import InternetCase, redirect, reply

CONTACT = "<p>info@acme.example</p>"


@tagged("post_install", "-at_install")
class TestPublicHosts(BaseCase):
    """What the guard refuses is tried in `crm_common`; here, that it is told as a provider's."""

    def test_host_that_is_not_public_or_does_not_exist_is_a_provider_s_error(self):
        for host, found, cause in (
            ("inside.example", {"return_value": [(2, 1, 6, "", ("10.0.0.1", 80))]}, HostNotPublic),
            ("nobody.example", {"side_effect": socket.gaierror(socket.EAI_NONAME)}, HostUnknown),
        ):
            with patch.object(socket, "getaddrinfo", **found), self.assertRaises(cause) as caught:
                resolve_public(host, 80)
            self.assertIsInstance(caught.exception, ProviderError)

    def test_name_service_that_fails_may_answer_later(self):
        later = socket.gaierror(socket.EAI_AGAIN, "try again")
        with (
            patch.object(socket, "getaddrinfo", side_effect=later),
            self.assertRaises(ProviderUnavailable) as caught,
        ):
            resolve_public("acme.example", 80)
        self.assertTrue(caught.exception.retryable)


@tagged("post_install", "-at_install")
class TestWebsiteHostility(InternetCase):
    def _misses(self, cause, domain="acme.example", **options):
        with self.assertRaises(cause) as caught:
            self.enrich(domain, **options)
        self.assertEqual(caught.exception.provider, "website")
        return caught.exception

    def test_redirect_into_our_network_is_not_followed(self):
        for target in ("http://127.0.0.1/", "http://169.254.169.254/latest/meta-data/",
                       "http://localhost:8069/", "http://[::1]/", "file:///etc/passwd",
                       "http://0x7f.1/", "//10.0.0.1/", "http://acme.example:22/"):  # fmt: skip
            with self.subTest(target):
                self.assertIsNone(self.published(redirect(target)))
                self.assertEqual(self.internet.paths("acme.example")[-1], "/")

    def test_links_into_our_network_are_not_followed(self):
        home = CONTACT + '<a href="http://127.0.0.1/contact">Contact</a><a href="//[">Contact</a>'
        self.assertEqual(self.published(home).emails, ("info@acme.example",))
        self.assertEqual(self.internet.paths("acme.example"), ["/"])

    def test_contact_page_that_redirects_into_our_network_costs_only_itself(self):
        company = self.published(
            CONTACT + '<a href="/contact">Contact</a>', contact=redirect("http://127.0.0.1/")
        )
        self.assertEqual(company.emails, ("info@acme.example",))

    def test_host_whose_address_becomes_private_is_never_connected(self):
        """DNS rebinding: each connection goes to an address that was checked just for it."""
        self.publish("acme.example", CONTACT)
        resolved = []

        def rebinding(host, port):
            resolved.append(port)
            if len(resolved) > 1:
                raise HostNotPublic(host)
            return [("127.0.0.1", 1)]

        self.assertIsNone(self.enrich("acme.example", resolve=rebinding))
        self.assertEqual((resolved, self.internet.asked), ([443, 80], []))

    def test_redirects_in_a_circle_end(self):
        self.assertIsNone(self.published(redirect("/")))
        self.assertEqual(len(self.internet.paths("acme.example")), self.limits.redirects + 1)

    def test_ten_megabytes_are_read_up_to_the_limit(self):
        home = "<html><body>" + CONTACT + "<p>x</p>" * (10 << 17)
        self.assertEqual(self.published(home).emails, ("info@acme.example",))

    def test_what_stands_behind_the_limit_is_not_read(self):
        limits = Limits(delay=0, page_bytes=1000)
        self.publish("acme.example", CONTACT + " " * 1000 + "<p>sales@acme.example</p>")
        company = self.enrich("acme.example", limits=limits)
        self.assertEqual(company.emails, ("info@acme.example",))

    def test_compressed_page_is_read(self):
        packed = reply(gzip.compress(CONTACT.encode()), headers={"Content-Encoding": "gzip"})
        self.assertEqual(self.published(packed).emails, ("info@acme.example",))

    def test_compressed_bomb_is_unfolded_up_to_the_limit(self):
        bomb = gzip.compress(CONTACT.encode() + b" " * (64 << 20), 9)
        started = time.process_time()
        company = self.published(reply(bomb, headers={"Content-Encoding": "gzip"}))
        self.assertEqual(company.emails, ("info@acme.example",))
        self.assertLess(time.process_time() - started, 5)

    def test_broken_compression_gives_what_was_read(self):
        packed = gzip.compress(CONTACT.encode()) + b"rubbish"
        for body in (packed, b"not compressed"):
            with self.subTest(body):
                self.publish("acme.example", reply(body, headers={"Content-Encoding": "gzip"}))
                self.enrich("acme.example")
                self.assertEqual(self.internet.paths("acme.example")[-1], "/")

    def test_page_that_does_not_come_times_out(self):
        self.publish("acme.example", reply(write=lambda handler: time.sleep(1)))
        error = self._misses(ProviderTimeout, limits=Limits(delay=0, timeout=0.2))
        self.assertTrue(error.retryable)

    def test_page_that_drips_ends_with_the_visit(self):
        for name, start in (
            ("header", b"HTTP/1.1 200 OK\r\nX: "),
            ("body", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
        ):
            with self.subTest(name):
                self.publish("acme.example", reply(write=_drip(start)))
                started = time.monotonic()
                self._misses(ProviderTimeout, limits=Limits(delay=0, timeout=0.5, seconds=1))
                self.assertLess(time.monotonic() - started, 3)

    def test_failing_websites_may_be_asked_again(self):
        for answer in (reply("", 500), reply("", 503), reply(write=lambda handler: None)):
            with self.subTest(status=answer.status):
                self.publish("acme.example", answer)
                self.assertTrue(self._misses(ProviderUnavailable).retryable)

    def test_nobody_there_is_unavailable(self):
        self.publish("acme.example", CONTACT)
        error = self._misses(ProviderUnavailable, resolve=lambda *_host: [("127.0.0.1", 1)])
        self.assertTrue(error.unreached)

    def test_website_that_is_busy_says_when_to_come_back(self):
        self.publish("acme.example", reply("", 429, headers={"Retry-After": "120"}))
        self.assertEqual(self._misses(ProviderRateLimited).retry_after, 120)

    def test_strange_answers_do_not_break_the_visit(self):
        lines = (
            b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n", b"rubbish",
            b"HTTP/1.1 301 X\r\n\r\n", b"HTTP/1.1 302 X\r\nLocation: \xff\xfe\r\n\r\n",
            b"HTTP/1.1 302 X\r\nLocation:\r\n\r\n", b"HTTP/1.1 302 X\r\nLocation: http://[\r\n\r\n",
            b"HTTP/1.1 200\r\nContent-Length: x\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Type: \xff; charset=\xff\r\n\r\n<p>x",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"HTTP/1.1 200 OK\r\nSet-Cookie: \xff=\xff; Expires=never\r\n\r\n",
        )  # fmt: skip
        for line in lines:
            with self.subTest(line):
                self.publish("acme.example", reply(write=_say(line)))
                try:
                    outcome = self.enrich("acme.example")
                except ProviderUnavailable as error:
                    outcome = error.provider
                self.assertIn(outcome, (None, "website"))


@tagged("post_install", "-at_install")
class TestWebsiteEncrypted(InternetCase):
    """The connection goes to an address, the certificate is checked for the name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, folder)
        cls.certificate = _make_certificate(folder, "acme.example")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(cls.certificate)
        page = reply("<p>office@acme.example</p>")
        server = LoopbackServer(lambda asked: page if asked.path == "/" else reply("", 404))
        server._server.socket = context.wrap_socket(server._server.socket, server_side=True)
        cls.port = urlsplit(server.url).port
        server.__enter__()
        cls.addClassCleanup(server.__exit__)

    def _resolve(self, host, port):
        addresses = self.internet.resolve(host, port)
        return [("127.0.0.1", self.port)] if port == 443 else addresses

    def _enrich(self, host):
        self.publish(host, CONTACT)
        return self.enrich(host, resolve=self._resolve, verify=self.certificate)

    def test_https_goes_before_http(self):
        company = self._enrich("acme.example")
        self.assertEqual(company.website, "https://acme.example")
        self.assertEqual(company.emails, ("office@acme.example",))
        self.assertEqual(self.internet.asked, [])

    def test_certificate_of_another_host_is_not_believed(self):
        company = self._enrich("other.example")
        self.assertEqual(company.website, "http://other.example")

    def test_certificate_of_nobody_known_is_not_believed(self):
        self.publish("acme.example", CONTACT)
        company = self.enrich("acme.example", resolve=self._resolve)
        self.assertEqual(company.website, "http://acme.example")


def _make_certificate(folder, host):
    """Return the path of a self-signed certificate and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
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


@tagged("post_install", "-at_install")
class TestWebsitePoliteness(InternetCase):
    def test_who_asks_is_told_with_every_request(self):
        self.publish("acme.example", CONTACT)
        self.enrich("acme.example", contact_url="https://crm.example/about-our-robot")
        agents = {asked.headers["User-Agent"] for asked in self.internet.asked}
        self.assertEqual(agents, {f"{ROBOT}/1.0 (+https://crm.example/about-our-robot)"})

    def test_contact_that_is_no_web_address_is_refused(self):
        for contact in ("acme", "https://x.example/\r\nX: y", "javascript:x", "https://x y"):
            with self.subTest(contact), self.assertRaises(ValueError):
                user_agent(contact)

    def test_robots_file_is_read_before_anything_else_and_once(self):
        self.publish("acme.example", CONTACT + '<a href="/contact">Contact</a>', contact="x")
        self.enrich("acme.example")
        self.assertEqual(
            [asked.path for asked in self.internet.asked], ["/robots.txt", "/", "/contact"]
        )

    def test_closed_website_is_not_read(self):
        for robots in ("User-agent: *\nDisallow: /", f"User-agent: {ROBOT.lower()}\nDisallow: /"):
            with self.subTest(robots):
                self.internet.asked.clear()
                self.assertIsNone(self.published(CONTACT, robots=robots))
                self.assertEqual(self.internet.paths("acme.example"), [])

    def test_closed_pages_of_an_open_website_are_not_read(self):
        home = CONTACT + '<a href="/contact">Contact</a><a href="/imprint">Imprint</a>'
        robots = "User-agent: *\nDisallow: /imprint\nAllow: /"
        company = self.published(
            home, robots=robots, contact="<p>sales@acme.example</p>", imprint="x"
        )
        self.assertEqual(company.emails, ("info@acme.example", "sales@acme.example"))
        self.assertEqual(self.internet.paths("acme.example"), ["/", "/contact"])

    def test_rules_for_others_do_not_concern_us(self):
        robots = f"User-agent: OtherBot\nDisallow: /\n\nUser-agent: {ROBOT}\nAllow: /"
        self.assertIsNotNone(self.published(CONTACT, robots=robots))

    def test_redirect_to_another_host_asks_for_its_rules(self):
        self.publish("acme.example", redirect("http://other.example/"))
        self.publish("other.example", CONTACT, robots="User-agent: *\nDisallow: /")
        self.assertIsNone(self.enrich("acme.example"))
        self.assertEqual(self.internet.paths("other.example"), [])

    def test_website_whose_rules_cannot_be_read_is_left_alone(self):
        for status in (500, 503):
            self.publish("acme.example", CONTACT, robots=reply("", status))
            with self.subTest(status), self.assertRaises(ProviderUnavailable):
                self.enrich("acme.example")
            self.assertEqual(self.internet.paths("acme.example"), [])

    def test_missing_and_broken_rules_allow_everything(self):
        for robots in (reply("", 404), reply("", 403), reply("\x00\xff<html>"), reply(b"\xff" * 99),
                       redirect("/robots.txt"), reply("Disallow: /")):  # fmt: skip
            with self.subTest(robots.content, status=robots.status):
                self.assertIsNotNone(self.published(CONTACT, robots=robots))

    def test_rules_that_have_moved_are_followed(self):
        self.publish("acme.example", CONTACT, robots=redirect("/rules"), rules=reply(
            "User-agent: *\nDisallow: /", headers={"Content-Type": "text/plain"}))  # fmt: skip
        self.assertIsNone(self.enrich("acme.example"))

    def test_host_that_asks_for_long_pauses_is_left_after_its_home_page(self):
        home = CONTACT + '<a href="/contact">Contact</a>'
        self.publish("acme.example", home, contact="x", robots="User-agent: *\nCrawl-delay: 3600")
        gate = HostGate(sleep=lambda seconds: None)
        company = self.enrich("acme.example", gate=gate, limits=Limits(delay=0))
        self.assertEqual(company.emails, ("info@acme.example",))
        self.assertEqual(self.internet.paths("acme.example"), ["/"])

    def test_pause_between_requests_is_what_limits_and_robots_ask(self):
        home = CONTACT + '<a href="/contact">Contact</a>'
        for robots, pause in (("", 1.0), ("User-agent: *\nCrawl-delay: 4", 4.0)):
            clock = Clock()
            self.publish("acme.example", home, contact="x", robots=robots)
            with self.subTest(robots):
                gate = HostGate(clock.now, clock.sleep)
                self.enrich("acme.example", gate=gate, limits=Limits(delay=1.0))
                self.assertEqual(clock.slept[-1], pause)

    def test_cookies_are_not_sent_back(self):
        home = reply(CONTACT + '<a href="/contact">x</a>', headers={"Set-Cookie": "visitor=1"})
        self.published(home, contact="x")
        self.assertEqual(self.internet.paths("acme.example"), ["/", "/contact"])
        self.assertFalse([asked for asked in self.internet.asked if "Cookie" in asked.headers])

    def test_no_more_pages_than_the_limit_are_read(self):
        links = "".join(f'<a href="/contact{number}">Contact</a>' for number in range(50))
        pages = {f"contact{number}": "x" for number in range(50)}
        self.published(CONTACT + links, **pages)
        self.assertEqual(len(self.internet.paths("acme.example")), self.limits.pages)

    def test_links_to_other_websites_are_not_followed(self):
        self.publish("partner.example", CONTACT)
        self.published(CONTACT + '<a href="http://partner.example/contact">Contact</a>')
        self.assertEqual(self.internet.paths("partner.example"), [])


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self):
        self.slept = []

    def now(self):
        return sum(self.slept)

    def sleep(self, seconds):
        self.slept.append(seconds)


@tagged("post_install", "-at_install")
class TestHostGate(BaseCase):
    def test_first_request_does_not_wait(self):
        clock = Clock()
        with HostGate(clock.now, clock.sleep).turn("acme.example", 5, 10):
            self.assertEqual(clock.slept, [])

    def test_second_request_waits_for_the_delay(self):
        clock = Clock()
        gate = HostGate(clock.now, clock.sleep)
        for _turn in range(3):
            with gate.turn("acme.example", 5, 10):
                pass
        self.assertEqual(clock.slept, [5, 5])

    def test_failed_request_counts_as_one(self):
        clock = Clock()
        gate = HostGate(clock.now, clock.sleep)
        with self.assertRaises(KeyError), gate.turn("acme.example", 5, 10):
            raise KeyError
        with gate.turn("acme.example", 5, 10):
            self.assertEqual(clock.slept, [5])

    def test_other_hosts_do_not_wait(self):
        clock = Clock()
        gate = HostGate(clock.now, clock.sleep)
        for host in ("a.example", "b.example"):
            with gate.turn(host, 5, 10):
                self.assertEqual(clock.slept, [])

    def test_waiting_longer_than_there_is_time_is_refused(self):
        clock = Clock()
        gate = HostGate(clock.now, clock.sleep)
        with gate.turn("acme.example", 5, 10):
            pass
        with self.assertRaises(ProviderTimeout), gate.turn("acme.example", 5, 4):
            self.fail("came too early")

    def test_one_at_a_time(self):
        gate, inside, most = HostGate(), [], []

        def visit():
            with gate.turn("acme.example", 0, 10):
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.01)
                inside.pop()

        threads = [threading.Thread(target=visit) for _number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(most, [1] * len(threads))

    def test_busy_host_is_given_up_when_there_is_no_time(self):
        gate = HostGate()
        with (
            gate.turn("acme.example", 0, 1),
            self.assertRaises(ProviderTimeout),
            gate.turn("acme.example", 0, 0.01),
        ):
            self.fail("two at a time")

    def test_hosts_are_forgotten_in_the_end(self):
        gate = HostGate(lambda: 0.0)
        for number in range(3000):
            with gate.turn(f"{number}.example", 0, 1):
                pass
        self.assertLessEqual(len(gate._hosts), gate._REMEMBERED)


def _drip(start):
    def write(handler):
        handler.wfile.write(start)
        for _second in range(50):
            time.sleep(0.1)
            handler.wfile.write(b"x")

    return write


def _say(line):
    return lambda handler: handler.wfile.write(line)
