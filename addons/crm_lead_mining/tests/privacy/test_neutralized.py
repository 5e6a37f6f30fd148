from odoo.modules.neutralize import neutralize_database
from odoo.tests import BaseCase, TransactionCase, tagged

from ...company.types import CompanyQuery
from ...providers.base import Access, NetworkProvider
from ...providers.errors import NetworkClosed
from ...providers.http import HttpClient
from ...providers.registry import adapter_codes, adapter_for
from ...tools.enrichment import Subject
from ..common import LeadMiningCase
from ..directory_common import DirectoryCase
from ..http_server import LoopbackCase
from ..internet import InternetCase


class TestClosedPipeline(LoopbackCase, BaseCase):
    def test_no_adapter_asks_anything(self):
        server = self.serve([])
        adapters = [adapter_for(code) for code in adapter_codes()]
        networked = [adapter for adapter in adapters if issubclass(adapter, NetworkProvider)]
        self.assertGreaterEqual(len(networked), 6)
        for adapter in networked:
            access = Access(key="secret", base_url=server.url, closed=True)
            with self.subTest(adapter.code):
                provider = adapter.connect(access)
                self.assertIsInstance(provider.probe().error, NetworkClosed)
                self.assertIsInstance(provider.within(1).probe().error, NetworkClosed)
        self.assertEqual(server.asked, [])

    def test_it_is_not_even_a_turn_of_the_provider_s(self):
        class Pace:
            shared = True

            def take(self, patience):
                raise AssertionError("a turn was taken")

        client = HttpClient("test", "http://127.0.0.1:9", closed=True, pace=Pace())
        for ask in (client.get, client.head, lambda path: client.post(path, {})):
            with self.assertRaises(NetworkClosed):
                ask("x")


class TestClosedWebsites(InternetCase):
    def test_no_page_and_no_logo_is_read(self):
        self.publish("acme.example", "<title>Acme</title>")
        with self.assertRaises(NetworkClosed):
            self.enrich("acme.example", closed=True)
        with self.assertRaises(NetworkClosed):
            self.provider(closed=True).within(3).enrich(domain="acme.example")
        self.assertIsNone(self.provider(closed=True).logo("http://acme.example/logo.png"))
        self.assertEqual(self.internet.asked, [])


@tagged("post_install", "-at_install")
class TestNeutralized(LoopbackCase, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("database.is_neutralized", "true")

    def providers(self, url):
        Provider = self.env["lead.mining.provider"].with_context(active_test=False)
        Provider.search([]).active = False
        for code in set(adapter_codes()) - set(Provider.search([]).mapped("code")):
            Provider.create({"name": code, "code": code})
        providers = Provider.search([("code", "!=", "directory")])
        providers.write({"active": True, "api_key": "secret", "base_url": url})
        return providers

    def test_no_provider_is_asked_and_each_test_says_why(self):
        server = self.serve([])
        for provider in self.providers(server.url):
            if not issubclass(provider._adapter_class(), NetworkProvider):
                continue
            notice = provider.action_test_connection()["params"]
            self.assertEqual(notice["type"], "danger")
            self.assertEqual(
                notice["message"],
                f"{provider.name} is not asked from a neutralized copy of a database.",
            )
        self.assertEqual(server.asked, [])

    def test_nobody_is_asked_about_a_company(self):
        server = self.serve([])
        self.providers(server.url)
        subject = Subject("acme.example", "GB-COH:01234567", "domain:acme.example")
        found = self.env["lead.mining.provider"]._enrich(subject)
        self.assertFalse(found.company)
        self.assertTrue(found.problems)
        for problem in found.problems:
            self.assertIn("neutralized copy", problem)
        self.assertIsNone(self.env["lead.mining.provider"]._fetch_logo("https://acme.com/a.png"))
        self.assertEqual(server.asked, [])

    def test_a_preview_shows_nothing_of_them(self):
        server = self.serve([])
        french = self.providers(server.url).filtered(lambda p: p.code == "recherche_entreprises")
        self.assertIsNone(french._previews_of(CompanyQuery(countries=("FR",)))["count"])
        self.assertEqual(server.asked, [])


@tagged("post_install", "-at_install")
class TestNeutralizedDirectory(DirectoryCase):
    def test_the_directory_answers(self):
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "true")
        self._import_rows("Acme,FR-SIREN,123456789,acme.example,FR,,10,62,Paris,,,,")
        provider = self.env["lead.mining.provider"].search([("code", "=", "directory")])
        adapter = provider._build_adapter()
        self.assertTrue(adapter.probe().ok)
        self.assertTrue(adapter.search(self._query()).companies)


@tagged("post_install", "-at_install")
class TestCopy(LeadMiningCase):
    """A database that Odoo neutralizes, or gives an identity of its own when it is a duplicate."""

    def setUp(self):
        super().setUp()
        self.env["lead.mining.provider"].with_context(active_test=False).search([]).write(
            {"api_key": "secret", "base_url": "https://user:secret@sandbox.example"}
        )
        self.env["lead.mining.worker"]._set_lanes(4)
        self.queued = self.request()
        self.queued.action_generate()
        self.token = self.account.account_token
        self.env.flush_all()

    def neutralize(self):
        neutralize_database(self.env.cr)

    def duplicate(self):
        self.env["ir.config_parameter"].init(force=True)

    def test_copy_keeps_no_key_and_goes_on_with_nothing(self):
        for copy in (self.neutralize, self.duplicate):
            with self.subTest(copy.__name__), self.env.cr.savepoint() as savepoint:
                copy()
                self.env.invalidate_all(flush=False)
                providers = self.env["lead.mining.provider"].with_context(active_test=False)
                kept = [("api_key", "!=", False), ("base_url", "!=", False)]
                for secret in kept:
                    self.assertFalse(providers.search([secret]))
                for worker in ("lead.mining.worker", "lead.enrichment.worker"):
                    self.assertEqual(self.env[worker]._lane_count(), 0)
                crons = self.env["ir.cron"].search([]).get_external_id().values()
                ours = [name for name in crons if name.startswith(("crm_lead_", "crm_iap_cr"))]
                self.assertEqual(ours, [])
                self.assertEqual(self.queued.state, "cancelled")
                self.assertTrue(self.account.account_token.endswith("+disabled"))
                self.assertNotIn(self.token, self.account.account_token)
                savepoint.rollback()
            self.env.invalidate_all(flush=False)

    def test_settings_of_a_copy_are_saved_and_switch_nothing_on(self):
        self.neutralize()
        self.env.invalidate_all(flush=False)
        self.env["res.config.settings"].create({"lead_mining_max_leads": 50}).execute()
        self.assertEqual(self.env["lead.mining.worker"]._lane_count(), 0)
