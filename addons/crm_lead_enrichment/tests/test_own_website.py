"""A lead whose data were paid for is completed by its company's own website, for nothing."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.crm_lead_mining.providers import errors
from odoo.addons.crm_lead_mining.tests.common import synthetic_company
from odoo.addons.crm_lead_mining.tests.kept_away_common import KeptAwayCase

from ..tools.settings import Settings
from .common import EnrichmentCase, FreeProvider, PaidProvider


class OwnWebsite(FreeProvider):
    """Stands in the place of the websites of invented companies."""

    code = "website"
    own_hosts = True
    has_contacts = False
    known = {}
    errors = []
    asked = []

    def logo(self, url):
        return None


class OwnWebsiteCase(EnrichmentCase):
    """A lead that was mined with its name and website only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.offer(OwnWebsite)
        cls.classPatch(
            cls.registry["lead.mining.provider"], "_build_website", lambda self: OwnWebsite()
        )
        cls.website = cls.env.ref("crm_lead_mining.provider_website")
        cls.website.active = True

    def setUp(self):
        super().setUp()
        OwnWebsite.known, OwnWebsite.errors, OwnWebsite.asked = {}, [], []
        self.knows(self.told(), provider=OwnWebsite)

    def told(self, **values):
        """Return what the website tells: it knows no register."""
        return synthetic_company(1, **{"registry": "", "registry_id": "", **values})

    def mined(self):
        bare = {"phone": "", "emails": (), "street": "", "city": "", "zip": "", "contacts": ()}
        self.provide(synthetic_company(1, **bare))
        lead = self.mine(lead_number=1).lead_ids
        self.assertFalse(lead.phone or lead.city)
        self.assertPaid(1)
        PaidProvider.asked.clear()
        return lead


@tagged("post_install", "-at_install")
class TestOwnWebsite(OwnWebsiteCase):
    def test_mined_lead_is_completed_by_its_own_website_at_no_cost(self):
        lead = self.mined()
        self.assertTrue(lead.can_enrich)
        attempt = self.enrich(lead)
        self.assertEqual((attempt.state, attempt.credits), ("done", 0))
        self.assertEqual(attempt.provider_ids, self.website)
        self.assertEqual((lead.city, lead.email_from), ("Bruxelles", "info@synthetic1.example"))
        self.assertIn("own website, free of charge", attempt.message)
        self.assertEqual(PaidProvider.asked + FreeProvider.asked, [])
        self.assertPaid(1)

    def test_nothing_is_paid_for_it_however_often_it_is_asked(self):
        lead = self.mined()
        other = self.lead(reveal_id="123456789", website="https://synthetic1.example")
        for _time in range(2):
            attempts = self.enrich(lead + other)
            self.assertEqual(set(attempts.mapped("credits")), {0})
        self.assertEqual(PaidProvider.asked, [])
        self.assertPaid(1)

    def test_it_needs_no_credits(self):
        lead = self.mined()
        self._set_credits(0)
        self.assertEqual(self.enrich(lead).state, "done")
        self.assertEqual(lead.city, "Bruxelles")

    def test_dialog_tells_that_it_costs_nothing(self):
        records = self.mined() + self.lead(2)
        context = {"active_model": "crm.lead", "active_ids": records.ids}
        Wizard = self.env["lead.enrichment.wizard"].with_user(self.salesperson)
        wizard = Wizard.with_context(**context).create({})
        self.assertEqual((wizard.able_count, wizard.price), (2, 1))

    def test_what_the_website_told_is_no_paid_answer_for_other_leads(self):
        self.enrich(self.mined())
        other = self.lead()
        attempt = self.enrich(other)
        self.assertEqual((attempt.state, attempt.credits), ("done", 1))
        self.assertEqual(PaidProvider.asked, ["synthetic1.example"])

    def test_a_silent_website_hides_the_company_from_nobody_else(self):
        OwnWebsite.known = {}
        lead = self.mined()
        self.assertEqual(self.enrich(lead).state, "not_found")
        with self.assertRaisesRegex(UserError, "a short while ago"):
            lead.action_enrich()
        answer = self.env["iap.enrich.api"]._request_enrich({"1": "synthetic1.example"})
        self.assertEqual(answer["1"]["name"], "Synthetic 1")

    def test_website_of_another_company_tells_nothing(self):
        self.knows(self.told(country_code="FR"), provider=OwnWebsite)
        lead = self.mined()
        self.assertEqual(self.enrich(lead).state, "not_found")
        self.assertFalse(lead.city)

    def test_website_that_does_not_answer_is_told(self):
        OwnWebsite.errors = [errors.ProviderTimeout()]
        attempt = self.enrich(self.mined())
        self.assertEqual((attempt.state, attempt.credits), ("failed", 0))
        self.assertIn("did not answer", attempt.message)

    def test_mined_leads_are_not_asked_about_by_themselves(self):
        Settings.store(self.env, {"mode": "automatic"})
        lead = self.mined()
        self.work()
        self.assertFalse(self.attempts(lead))

    def test_nobody_is_asked_where_websites_are_not_in_use_or_there_is_none(self):
        lead = self.mined()
        lead.sudo().write({"website": False, "email_from": False})
        with self.assertRaisesRegex(UserError, "already been paid for"):
            lead.action_enrich()
        lead.sudo().website = "https://synthetic1.example"
        self.website.active = False
        with self.assertRaisesRegex(UserError, "already been paid for"):
            lead.action_enrich()
        self.assertEqual(OwnWebsite.asked, [])


@tagged("post_install", "-at_install")
class TestNoWayIn(OwnWebsiteCase, KeptAwayCase):
    def ways_in(self):
        yield "own website", self._by_own_website
        yield "no credits", self._without_credits

    def test_nothing_of_a_person_who_is_kept_away_is_stored_by_any_way_in(self):
        self.assertKeptAway(self.ways_in())

    def knows_anna(self):
        told = self.told(
            emails=(self.EMAIL, "info@synthetic1.example"),
            description=f"Write to {self.EMAIL}",
            website=f"https://www.synthetic1.example/?to={self.EMAIL}",
            contacts=(),
        )
        self.knows(told, provider=OwnWebsite)

    def _by_own_website(self):
        self.knows_anna()
        lead = self.lead(reveal_id="123456789", website="https://synthetic1.example", email_from="")
        self.assertEqual(self.enrich(lead).state, "done")
        self.assertEqual(lead.email_from, "info@synthetic1.example")

    def _without_credits(self):
        self.knows_anna()
        Settings.store(self.env, {"price": 1000})
        lead = self.lead(email_from="other@synthetic1.example")
        self.assertEqual(self.enrich(lead).state, "waiting_credits")
        self.assertIn("synthetic1.example", lead.website)


@tagged("post_install", "-at_install")
class TestStatus(EnrichmentCase):
    """Who has ceased, is insolvent or may not be sent advertising is enriched by nobody."""

    SENTENCES = {
        "ceased": "has ceased to do business",
        "insolvent": "is insolvent",
        "protected": "may not be sent advertising",
    }

    def test_company_with_a_status_is_refused_in_one_sentence_and_costs_nothing(self):
        for status, sentence in self.SENTENCES.items():
            with self.subTest(status):
                self.knows(synthetic_company(1, status=status))
                lead = self.lead()
                attempt = self.enrich(lead)
                self.assertEqual((attempt.state, attempt.credits), ("failed", 0))
                self.assertRegex(attempt.message, f"{sentence}.* No credits were used")
                self.assertFalse(lead.city or attempt.sudo().answer)
        self.assertPaid(0)

    def test_nobody_else_is_paid_for_what_a_register_tells_to_have_ceased(self):
        self.free_provider.sequence = 0
        self.knows(synthetic_company(1, status="ceased"), provider=FreeProvider)
        self.assertEqual(self.enrich(self.lead()).state, "failed")
        self.assertEqual(PaidProvider.asked, [])
        self.assertPaid(0)

    def test_register_that_is_asked_last_is_believed(self):
        self.knows(synthetic_company(1, status="insolvent"), provider=FreeProvider)
        attempt = self.enrich(self.lead())
        self.assertEqual((attempt.state, attempt.credits), ("failed", 0))
        self.assertPaid(0)

    def test_other_apps_get_nothing_of_it_and_pay_nothing(self):
        self.knows(synthetic_company(1, status="ceased"))
        answer = self.env["iap.enrich.api"]._request_enrich({"1": "synthetic1.example"})
        self.assertEqual(answer, {"1": False})
        attempt = self.Enrichment.search([], limit=1)
        self.assertEqual((attempt.state, attempt.credits), ("failed", 0))
        self.assertIn("has ceased", attempt.message)
        self.assertPaid(0)
