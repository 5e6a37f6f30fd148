import email.utils
import gzip
import socket
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from odoo.tests import tagged

from ...providers import errors, http
from ...providers.http import HttpClient, Limits
from ..http_server import Answer, LoopbackCase

KEY = "s3cr3t-key-value"
FAST = Limits(connect=2, read=1, deadline=3, attempts=3, backoff=0.01, max_bytes=1 << 20)


@tagged("post_install", "-at_install")
class TestProviderHttp(LoopbackCase):
    def setUp(self):
        super().setUp()
        self.slept = []

    def _serve(self, *answers):
        return self.serve([one if isinstance(one, Answer) else Answer(one) for one in answers])

    def _client(self, server, limits=FAST, **options):
        url = server if isinstance(server, str) else server.url
        return HttpClient("test", url, limits=limits, sleep=self.slept.append, **options)

    def _fails(self, cause, *answers, limits=FAST, **options):
        server = self._serve(*answers)
        with self.assertRaises(cause) as caught:
            self._client(server, limits, **options).get("x")
        self.assertEqual(caught.exception.provider, "test")
        return caught.exception, server

    # === WHAT IS ASKED === #

    def test_a_question_carries_path_parameters_headers_and_credentials(self):
        server = self._serve({"results": [1]})
        client = self._client(server.url + "/v2", headers={"X-Api-Key": KEY}, auth=("user", "pass"))
        self.assertEqual(client.get("/search", {"q": "è &=", "page": 1}), {"results": [1]})
        (asked,) = server.asked
        self.assertEqual((asked.method, asked.path), ("GET", "/v2/search"))
        self.assertEqual(asked.params, {"q": ["è &="], "page": ["1"]})
        self.assertEqual(asked.headers["X-Api-Key"], KEY)
        self.assertEqual(asked.headers["Authorization"], "Basic dXNlcjpwYXNz")
        self.assertIn("open-crm", asked.headers["User-Agent"])

    def test_a_posted_question_carries_json(self):
        server = self._serve({"ok": True})
        self.assertEqual(self._client(server).post("x", {"a": "è"}), {"ok": True})
        self.assertEqual(server.asked[0].body, b'{"a": "\\u00e8"}')
        self.assertEqual(server.asked[0].headers["Content-Type"], "application/json")

    # === ANSWERS THAT CANNOT BE USED === #

    def test_html_is_an_invalid_answer(self):
        error, _server = self._fails(
            errors.ProviderAnswerInvalid, b"<!DOCTYPE html><title>Sorry</title>"
        )
        self.assertIn("HTML", error.detail)

    def test_half_a_json_is_an_invalid_answer(self):
        for content in (b'{"results": [{"name": "A"', b"", b"\xff\xfe\x00", b'{"x": NaN}',
                        b"[" * 200_000, b'"\xe9"'):  # fmt: skip
            with self.subTest(content[:20]):
                self._fails(errors.ProviderAnswerInvalid, content)

    def test_two_gigabytes_are_refused_by_their_header(self):
        error, server = self._fails(
            errors.ProviderAnswerTooLarge,
            Answer(b"", headers={"Content-Length": str(2 << 30)}),
        )
        self.assertEqual(error.limit, FAST.max_bytes)
        self.assertEqual(len(server.asked), 1)

    def test_an_endless_answer_is_cut_after_the_limit(self):
        sent = []

        def write(handler):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
            for _number in range(40_000):  # 2.6 GB
                handler.wfile.write(piece)
                sent.append(len(piece))

        self._fails(errors.ProviderAnswerTooLarge, Answer(write=write))
        self.assertLess(sum(sent), 50 << 20)

    def test_an_answer_may_have_as_many_bytes_as_the_limit_says(self):
        content = b'{"a": "' + b"x" * 99 + b'"}'

        def write_pieces(handler):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            handler.wfile.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(content), content))

        for way in ({"content": content}, {"write": write_pieces}):
            with self.subTest(*way):
                limits = replace(FAST, max_bytes=len(content))
                server = self._serve(Answer(**way))
                self.assertEqual(self._client(server, limits).get("x"), {"a": "x" * 99})
                limits = replace(FAST, max_bytes=len(content) - 1)
                self._fails(errors.ProviderAnswerTooLarge, Answer(**way), limits=limits)

    def test_a_compressed_bomb_is_cut_after_the_limit(self):
        content = gzip.compress(b"x" * (64 << 20))
        self._fails(
            errors.ProviderAnswerTooLarge, Answer(content, headers={"Content-Encoding": "gzip"})
        )

    def test_a_compressed_answer_is_read(self):
        server = self._serve(
            Answer(gzip.compress(b'{"a": 1}'), headers={"Content-Encoding": "gzip"})
        )
        self.assertEqual(self._client(server).get("x"), {"a": 1})

    def test_an_answer_that_breaks_off_is_unavailable(self):
        def write(handler):
            handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a"')

        error, server = self._fails(errors.ProviderUnavailable, Answer(write=write))
        self.assertIsNone(error.status)
        self.assertEqual(len(server.asked), 3)

    # === TIME === #

    def test_a_provider_that_says_nothing_times_out(self):
        done = threading.Event()
        self.addCleanup(done.set)
        limits = Limits(read=0.1, deadline=5, attempts=2, backoff=0.01)
        _error, server = self._fails(
            errors.ProviderTimeout, Answer(write=lambda _handler: done.wait(5)), limits=limits
        )
        self.assertEqual(len(server.asked), 2)

    def test_a_provider_that_stops_in_the_middle_times_out(self):
        done = threading.Event()
        self.addCleanup(done.set)

        def write(handler):
            handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a"')
            handler.wfile.flush()
            done.wait(5)

        limits = Limits(read=0.1, deadline=5, attempts=1)
        self._fails(errors.ProviderTimeout, Answer(write=write), limits=limits)

    def test_a_provider_that_drips_ends_at_the_deadline(self):
        def write(handler):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            for _number in range(100):
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(0.05)

        limits = Limits(read=1, deadline=0.4, attempts=1)
        started = time.monotonic()
        self._fails(errors.ProviderTimeout, Answer(write=write), limits=limits)
        self.assertLess(time.monotonic() - started, 2)

    def test_nobody_there_is_unavailable(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with self.assertRaises(errors.ProviderUnavailable):
            self._client(f"http://127.0.0.1:{port}").get("x")
        self.assertEqual(len(self.slept), 2)

    # === STATUSES === #

    def test_each_status_has_one_error(self):
        for status, cause, asked in (
            (400, errors.ProviderRequestInvalid, 1),
            (401, errors.ProviderRefused, 1),
            (402, errors.ProviderQuotaExceeded, 1),
            (403, errors.ProviderRefused, 1),
            (404, errors.ProviderRequestInvalid, 1),
            (408, errors.ProviderUnavailable, 3),
            (422, errors.ProviderRequestInvalid, 1),
            (500, errors.ProviderUnavailable, 3),
            (503, errors.ProviderUnavailable, 3),
            (304, errors.ProviderRequestInvalid, 1),
        ):
            with self.subTest(status):
                error, server = self._fails(cause, Answer({"error": "why"}, status))
                self.assertEqual(getattr(error, "status", status), status)
                self.assertEqual(len(server.asked), asked)
                self.assertEqual(error.retryable, asked > 1)

    def test_a_status_may_mean_nothing_found(self):
        server = self._serve(Answer({"error": "no match"}, 404))
        self.assertIsNone(self._client(server).get("x", missing=(404,)))

    def test_a_server_that_recovers_is_asked_again(self):
        server = self._serve(Answer({}, 500), Answer({}, 502), {"ok": 1})
        self.assertEqual(self._client(server).get("x"), {"ok": 1})
        self.assertEqual(len(server.asked), 3)
        self.assertEqual(len(self.slept), 2)
        self.assertLess(self.slept[0], self.slept[1])

    def test_too_many_questions_wait_as_long_as_the_provider_says(self):
        server = self._serve(Answer({}, 429, {"Retry-After": "2"}), {"ok": 1})
        self.assertEqual(self._client(server).get("x"), {"ok": 1})
        self.assertEqual(self.slept, [2.0])

    def test_too_many_questions_without_a_time_wait_for_the_back_off(self):
        server = self._serve(Answer({}, 429), {"ok": 1})
        self.assertEqual(self._client(server).get("x"), {"ok": 1})
        (waited,) = self.slept
        self.assertTrue(FAST.backoff <= waited <= 1.25 * FAST.backoff)

    def test_a_wait_beyond_the_deadline_is_handed_on_instead_of_slept(self):
        error, server = self._fails(
            errors.ProviderRateLimited, Answer({}, 429, {"Retry-After": "3600"})
        )
        self.assertEqual(error.retry_after, 3600)
        self.assertEqual((len(server.asked), self.slept), (1, []))

    def test_every_spelling_of_retry_after_is_read(self):
        soon = datetime.now(timezone.utc) + timedelta(seconds=100)
        self.assertAlmostEqual(
            http._retry_after(email.utils.format_datetime(soon, usegmt=True)), 100, delta=2
        )
        for value, seconds in ((None, None), ("", None), ("soon", None), ("-5", None), ("0", 0),
                               (" 7 ", 7), ("9" * 30, http.MAX_RETRY_AFTER),
                               ("Thu, 01 Jan 1970 00:00:00 GMT", 0)):  # fmt: skip
            with self.subTest(value):
                self.assertEqual(http._retry_after(value), seconds)

    # === QUESTIONS THAT MAY COST TWICE === #

    def test_what_may_cost_twice_is_not_asked_twice(self):
        for answer in (Answer({}, 500), Answer(write=lambda _handler: None)):
            server = self._serve(answer)
            with self.assertRaises(errors.ProviderUnavailable):
                self._client(server).post("x", {})
            self.assertEqual(len(server.asked), 1)

    def test_what_may_cost_twice_is_asked_again_when_the_provider_did_nothing(self):
        server = self._serve(Answer({}, 429), {"ok": 1})
        self.assertEqual(self._client(server).post("x", {}), {"ok": 1})
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.slept.clear()
        with self.assertRaises(errors.ProviderUnavailable):
            self._client(f"http://127.0.0.1:{port}").post("x", {})
        self.assertEqual(len(self.slept), 2)

    # === REDIRECTS === #

    def test_a_redirect_on_the_same_host_is_followed(self):
        server = self._serve(Answer({}, 301, {"Location": "/y?z=1"}), {"ok": 1})
        self.assertEqual(self._client(server).get("x", {"a": 1}), {"ok": 1})
        self.assertEqual(server.asked[1].path, "/y")
        self.assertEqual(server.asked[1].params, {"z": ["1"]})

    def test_our_key_is_not_carried_to_another_host(self):
        other = self._serve({"ok": 1})
        error, _server = self._fails(
            errors.ProviderAnswerInvalid,
            Answer({}, 302, {"Location": other.url}),
            headers={"X-Api-Key": KEY},
        )
        self.assertIn("redirect", error.detail)
        self.assertEqual(other.asked, [])

    def test_redirects_in_a_circle_end(self):
        _error, server = self._fails(
            errors.ProviderAnswerInvalid, Answer({}, 302, {"Location": "/x"})
        )
        self.assertEqual(len(server.asked), http.MAX_REDIRECTS + 1)

    def test_a_posted_question_is_not_redirected(self):
        server = self._serve(Answer({}, 307, {"Location": "/y"}))
        with self.assertRaises(errors.ProviderAnswerInvalid):
            self._client(server).post("x", {})
        self.assertEqual(len(server.asked), 1)

    # === SECRETS === #

    def test_no_secret_reaches_log_or_error(self):
        server = self._serve(
            Answer(f'{{"error": "key {KEY} is wrong"}}'.encode(), 401),
            Answer(f"key {KEY}".encode()),
        )
        client = self._client(
            server, headers={"X-Api-Key": KEY}, secrets=(KEY,), auth=("user", "pa55word")
        )
        with self.assertLogs(http._logger, "DEBUG") as logs:
            for cause in (errors.ProviderRefused, errors.ProviderAnswerInvalid):
                with self.assertRaises(cause) as caught:
                    client.get("x", {"api_key": KEY, "p": "pa55word"})
                self.assertNotIn(KEY, repr(caught.exception))
        self.assertTrue(logs.output)
        for secret in (KEY, "pa55word"):
            self.assertNotIn(secret, "\n".join(logs.output))

    def test_no_secret_is_in_the_error_of_a_failed_connection(self):
        with self.assertRaises(errors.ProviderUnavailable) as caught:
            self._client("http://127.0.0.1:1", secrets=(KEY,)).get("x", {"api_key": KEY})
        error = caught.exception
        self.assertNotIn(KEY, f"{error!r} {error.__cause__!r}")
