"""Nothing of who is kept away is stored here, or sent, when a client database asks."""

from odoo.tests import tagged

from odoo.addons.crm_lead_enrichment.tests.common import EnrichmentCase
from odoo.addons.crm_lead_mining.company.types import Contact
from odoo.addons.crm_lead_mining.tests.common import synthetic_company
from odoo.addons.crm_lead_mining.tests.kept_away_common import KeptAwayCase

from ..tools.questions import read_mining
from .common import UUID


@tagged("post_install", "-at_install")
class TestNoWayIn(EnrichmentCase, KeptAwayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client_db = cls.env["iap.server.client"].create({"name": "Alfa", "uuid": UUID})
        cls.client_db.account_id.grant(100, reason="Test", idempotency_key="test")
        cls.data = cls.env["iap.server.data"]
        dataset = cls.env["lead.directory.dataset"].create({"name": "Test register"})
        cls.env["lead.directory.company"].create(
            {
                "dataset_id": dataset.id,
                "identity": "reg:XX-TEST:000001",
                "name": "Synthetic 1",
                "registry": "XX-TEST",
                "registry_id": "000001",
                "domain": "synthetic1.example",
                "country_code": "BE",
            }
        )

    def ways_in(self):
        yield "client's lead mining", self._by_mining
        yield "client's enrichment", self._by_enrichment
        yield "client's choice of a suggestion", self._by_choice

    def test_nothing_of_a_person_who_is_kept_away_is_stored_by_any_way_in(self):
        self.assertKeptAway(self.ways_in())

    def company(self):
        return synthetic_company(
            1,
            emails=(self.EMAIL, "info@synthetic1.example"),
            description=f"Write to {self.EMAIL}",
            contacts=(Contact("Anna Muster", email=self.EMAIL),),
        )

    def assertSent(self, answer):
        self.assertIn("Synthetic 1", str(answer))
        self.assertNotIn(self.EMAIL, str(answer).lower())

    def _by_mining(self):
        self.provide(self.company())
        question = read_mining({"lead_number": 1, "countries": ["BE"]})
        self.assertSent(self.data._mined(self.data._mine(self.client_db, question)))

    def _by_enrichment(self):
        self.knows(self.company())
        self.assertSent(self.data._enrich(self.client_db, {"1": "synthetic1.example"}))

    def _by_choice(self):
        self.knows(self.company())
        subject, known = self.data._subject_of_id("reg:XX-TEST:000001")
        self.assertSent(self.data._complete(self.client_db, subject, known))

    def test_what_was_stored_before_somebody_said_no_is_not_sent_again(self):
        self.knows(self.company())
        first = self.data._enrich(self.client_db, {"1": "synthetic1.example"})
        self.assertIn(self.EMAIL, str(first))
        self.never("email", self.EMAIL)
        self.assertSent(self.data._enrich(self.client_db, {"2": "synthetic1.example"}))

    def test_an_erased_person_leaves_the_stored_answers(self):
        self.knows(self.company())
        self.data._enrich(self.client_db, {"1": "synthetic1.example"})
        self.assertIn(self.EMAIL, str(self.client_db.answer_ids.companies))
        self.erase(self.EMAIL, "Anna Muster")
        self.assertNowhere(self.EMAIL)
