from odoo.modules.neutralize import neutralize_database
from odoo.tests import tagged

from odoo.addons.crm_lead_mining.tests.provider_common import NeutralizedCase

from ..tools.enrichment import Subject
from .common import EnrichmentCase


@tagged("post_install", "-at_install")
class TestNeutralized(NeutralizedCase):
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


@tagged("post_install", "-at_install")
class TestCopy(EnrichmentCase):
    def test_copy_goes_on_with_nothing(self):
        self.env["lead.enrichment.worker"]._set_lanes(3)
        lead = self.lead()
        lead.with_user(self.salesperson).action_enrich()
        attempt = self.Enrichment.search([("res_id", "=", lead.id)])
        self.assertEqual(attempt.state, "queued")
        self.env.flush_all()
        for copy in (
            lambda: neutralize_database(self.env.cr),
            lambda: self.env["ir.config_parameter"].init(force=True),
        ):
            with self.env.cr.savepoint() as savepoint:
                copy()
                self.env.invalidate_all(flush=False)
                self.assertEqual(self.env["lead.enrichment.worker"]._lane_count(), 0)
                self.assertEqual(attempt.state, "failed")
                savepoint.rollback()
            self.env.invalidate_all(flush=False)
