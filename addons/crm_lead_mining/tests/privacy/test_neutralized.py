from odoo.modules.neutralize import neutralize_database
from odoo.tests import TransactionCase, tagged

from ...company.types import CompanyQuery
from ...providers.base import Access, NetworkProvider
from ...providers.errors import NetworkClosed
from ...providers.http import HttpClient
from ..common import LeadMiningCase
from ..http_server import LoopbackCase
from ..internet import InternetCase
from ..provider_common import NeutralizedCase


@tagged("post_install", "-at_install")
class TestClosedPipeline(LoopbackCase, TransactionCase):
    def test_no_adapter_asks_anything(self):
        server = self.serve([])
        adapters = self.env["lead.mining.provider"]._adapter_classes().values()
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
class TestNeutralized(NeutralizedCase):
    def test_no_provider_is_asked_and_each_test_says_why(self):
        server = self.serve([])
        for provider in self.providers(server.url):
            if not issubclass(provider._adapter_class(), NetworkProvider):
                continue
            notice = provider.action_test_connection()["params"]
            self.assertEqual(notice["type"], "danger")
            self.assertEqual(
                notice["message"],
                f"A neutralized copy of a database does not contact {provider.name}.",
            )
        self.assertEqual(server.asked, [])

    def test_a_preview_shows_nothing_of_them(self):
        server = self.serve([])
        french = self.providers(server.url).filtered(lambda p: p.code == "recherche_entreprises")
        self.assertIsNone(french._previews_of(CompanyQuery(countries=("FR",)))["count"])
        self.assertEqual(server.asked, [])


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
        self.env.flush_all()

    def test_copy_keeps_no_key_and_goes_on_with_nothing(self):
        for copy in (self.neutralize, self.duplicate):
            with self.subTest(copy.__name__), self.env.cr.savepoint() as savepoint:
                copy()
                self.env.invalidate_all(flush=False)
                providers = self.env["lead.mining.provider"].with_context(active_test=False)
                kept = [("api_key", "!=", False), ("base_url", "!=", False)]
                for secret in kept:
                    self.assertFalse(providers.search([secret]))
                self.assertEqual(self.env["lead.mining.worker"]._lane_count(), 0)
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
