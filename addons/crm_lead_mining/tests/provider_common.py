"""What the tests of all adapters that ask by HTTP share."""

from odoo.tests import TransactionCase, tagged

from ..company.types import CompanyQuery
from ..providers import errors
from ..providers.base import Access
from ..providers.http import Limits
from .http_server import Answer, LoopbackCase

#: Texts that no adapter may hand on as they are.
TEN_MEGABYTES = "x" * 10_000_000
KEY = "secret-key-of-a-test"

#: HTTP status -> what it means everywhere, unless a provider documents something else.
CAUSES = {
    400: errors.ProviderRequestInvalid,
    401: errors.ProviderRefused,
    402: errors.ProviderQuotaExceeded,
    403: errors.ProviderRefused,
    429: errors.ProviderRateLimited,
    500: errors.ProviderUnavailable,
    502: errors.ProviderUnavailable,
    503: errors.ProviderUnavailable,
}


ANY_COMPANY = CompanyQuery()


class ProviderCase(LoopbackCase):
    """Asks one adapter, whose server on loopback answers what a test says.

    :cvar adapter: the adapter's class
    :cvar causes: as CAUSES, where the provider differs
    :cvar error_body: an error as the provider writes it
    """

    adapter = None
    causes = {}
    error_body = {}

    def provider(self, answers, **options):
        self.server = self.serve(answers)
        provider = self.adapter.connect(Access(KEY, self.server.url), **options)
        client = provider._client
        limits = Limits(read=2, deadline=5, attempts=2, backoff=0.01, max_bytes=12_000_000)
        object.__setattr__(client, "limits", limits)
        object.__setattr__(client, "sleep", lambda _seconds: None)
        return provider

    def all(self, provider, query=ANY_COMPANY, limit=25, pages=50):
        """Return the companies of all pages; there must be an end."""
        cursor, found = None, []
        for _page in range(pages):
            page = provider.search(query, cursor, limit)
            found.extend(page.companies)
            cursor = page.next_cursor
            if not cursor:
                return found
        raise AssertionError("The pages never end.")

    def assertDistinct(self, companies, number):
        self.assertEqual(len({company.name for company in companies}), number)
        self.assertEqual(len(companies), number)


class ErrorsMixin:
    """What happens when the provider answers something else than companies."""

    def test_each_status_is_its_own_cause(self):
        for status, cause in (CAUSES | self.causes).items():
            with self.subTest(status), self.assertRaises(cause) as caught:
                self.provider([Answer(self.error_body, status)]).search(self.query)
            self.assertEqual(caught.exception.provider, self.adapter.code)
            self.assertNotIn(KEY, str(caught.exception))

    def test_who_is_told_to_wait_is_told_how_long(self):
        status = next(s for s, c in (CAUSES | self.causes).items()
                      if c is errors.ProviderRateLimited)  # fmt: skip
        for headers, seconds in (({"Retry-After": "60"}, 60), ({}, None)):
            with self.subTest(headers), self.assertRaises(errors.ProviderRateLimited) as caught:
                self.provider([Answer(self.error_body, status, headers)]).search(self.query)
            self.assertEqual(caught.exception.retry_after, seconds)

    def test_what_is_no_answer_is_told_as_such(self):
        for content in (b"<html><body>Sign in</body></html>", b'{"data": [{"na', b"", b"null",
                        b"[]", b"7", b'{"data": 7, "items": 7, "result": 7}'):  # fmt: skip
            with self.subTest(content), self.assertRaises(errors.ProviderAnswerInvalid):
                self.provider([Answer(content)]).search(self.query)

    def test_answer_that_is_too_large_is_not_read_to_its_end(self):
        with self.assertRaises(errors.ProviderAnswerTooLarge):
            self.provider([Answer(b" " * 12_000_001)]).search(self.query)

    def test_probe_tells_what_is_wrong_and_never_raises(self):
        for status in CAUSES:
            with self.subTest(status):
                probe = self.provider([Answer(self.error_body, status)]).probe()
                if status != 400:
                    self.assertFalse(probe.ok)
                    self.assertIsInstance(probe.error, errors.ProviderError)

    def test_foreign_cursor_is_refused(self):
        for cursor in ("x", "/", "1/0", "1/9999999", "../..", "-1/5", "a/b/c/d"):
            with self.subTest(cursor), self.assertRaises(errors.ProviderAnswerInvalid):
                self.provider([Answer({})]).search(self.query, cursor)
        self.assertEqual(self.server.asked, [])

    #: A query that the provider can answer.
    query = CompanyQuery()


@tagged("post_install", "-at_install")
class NeutralizedCase(LoopbackCase, TransactionCase):
    """A neutralized copy of a database, with all providers in use."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("database.is_neutralized", "true")

    def providers(self, url):
        Provider = self.env["lead.mining.provider"].with_context(active_test=False)
        Provider.search([]).active = False
        # All of ours ask strangers; what other addons bring may not.
        ours = {
            code
            for code, adapter in Provider._adapter_classes().items()
            if adapter.__module__.startswith("odoo.addons.crm_lead_mining.")
        }
        for code in ours - set(Provider.search([]).mapped("code")):
            Provider.create({"name": code, "code": code})
        providers = Provider.search([("code", "in", list(ours))])
        providers.write({"active": True, "api_key": "secret", "base_url": url})
        return providers
