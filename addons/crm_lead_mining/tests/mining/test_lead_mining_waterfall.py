from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ...company.gaps import completed, has_gaps
from ...company.types import Contact, Provenance
from ...models.mining import lead_mining_worker_answers as worker_answers
from ...providers import errors
from ...providers.base import FILTERS
from ..common import LeadMiningCase, SyntheticProvider, synthetic_company


class SecondProvider(SyntheticProvider):
    """Another one with its own companies, contacts apart, and what it knows of others'."""

    code = "second"
    filters = frozenset(FILTERS)
    companies = ()
    errors = []
    asked = []
    known = {}
    enriched = []
    contacts = {}
    contact_errors = []

    def enrich(self, *, domain=None, registry_id=None):
        type(self).enriched.append(domain or registry_id)
        found = type(self).known.get(domain or registry_id)
        if isinstance(found, Exception):
            raise found
        return found

    def contacts_of(self, company, query):
        cls = type(self)
        if cls.contact_errors:
            raise cls.contact_errors.pop(0)
        return cls.contacts.get(company.domain, ())[: query.contacts_per_company]


class WaterfallCase(LeadMiningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.offer(SecondProvider)
        cls.second = cls.env["lead.mining.provider"].create(
            {"name": "Second Provider", "code": SecondProvider.code, "sequence": 2}
        )

    def setUp(self):
        super().setUp()
        self.provide(2)
        SecondProvider.companies = tuple(synthetic_company(n) for n in range(11, 14))
        SecondProvider.errors, SecondProvider.asked = [], []
        SecondProvider.known, SecondProvider.enriched = {}, []
        SecondProvider.contacts, SecondProvider.contact_errors = {}, []
        SecondProvider.contacts_apart = False
        SecondProvider.enrich_is_free = False
        SecondProvider.before_page = None

    def answers(self, request):
        return self.env["lead.mining.answer"].search([("request_id", "=", request.id)])


@tagged("post_install", "-at_install")
class TestWaterfall(WaterfallCase):
    def test_next_provider_is_asked_when_one_has_nothing_more(self):
        request = self.mine(lead_number=4)
        self.assertEqual((request.state, request.created_count), ("done", 4))
        self.assertEqual(len(SecondProvider.asked), 1)
        self.assertEqual(SecondProvider.asked[0][2], 2)  # no more than are missing
        self.assertEqual(self.answers(request).mapped("provider_id"), self.provider + self.second)
        self.assertPaid(4)

    def test_next_provider_is_not_asked_when_the_request_is_filled(self):
        self.mine(lead_number=2)
        self.assertEqual(SecondProvider.asked, [])

    def test_chosen_provider_is_the_only_one(self):
        request = self.mine(lead_number=4, provider_id=self.second.id)
        self.assertEqual((request.state, request.created_count), ("partial", 3))
        self.assertEqual(SyntheticProvider.asked, [])

    def test_order_of_the_list_is_the_order_of_asking(self):
        self.second.sequence = 0
        self.mine(lead_number=3)
        self.assertEqual((len(SecondProvider.asked), SyntheticProvider.asked), (1, []))

    def test_provider_that_is_not_in_use_is_not_asked(self):
        self.provider.active = False
        self.mine(lead_number=3)
        self.assertEqual(SyntheticProvider.asked, [])

    def test_each_provider_goes_on_from_its_own_page(self):
        self.provide(synthetic_company(1), synthetic_company(1), synthetic_company(2))
        SecondProvider.companies = (*SyntheticProvider.companies, *SecondProvider.companies)
        request = self.mine(lead_number=5)
        self.assertEqual((request.state, request.created_count), ("done", 5))
        sequences = self.answers(request).mapped("sequence")
        self.assertEqual(sequences, list(range(1, len(sequences) + 1)))
        self.assertPaid(5)

    def test_provider_that_fails_is_skipped_with_a_note(self):
        for error in (
            errors.ProviderTimeout(),
            errors.ProviderQuotaExceeded(),
            errors.ProviderRefused(status=401),
            errors.ProviderRateLimited(retry_after=60),
        ):
            with self.subTest(error=error):
                SyntheticProvider.errors = [error]
                SecondProvider.companies = (synthetic_company(100 + len(self.account.ids)),)
                request = self.mine(lead_number=9)
                self.assertIn(self.provider._error_sentence(error), request.message)
        self.assertTrue(SecondProvider.asked)

    def test_skipped_provider_is_told_in_the_chatter_of_a_filled_request(self):
        SyntheticProvider.errors = [errors.ProviderTimeout()]
        request = self.mine(lead_number=3)
        self.assertEqual((request.state, request.message), ("done", False))
        self.assertIn("did not answer in time", request.message_ids[0].body)
        self.assertPaid(3)

    def test_request_fails_when_none_delivers_and_says_why_each_failed(self):
        SyntheticProvider.errors = [errors.ProviderTimeout()]
        SecondProvider.errors = [errors.ProviderQuotaExceeded()]
        request = self.mine()
        self.assertEqual((request.state, request.failure), ("failed", "provider"))
        first, second = request.message.splitlines()
        self.assertIn("Synthetic Provider did not answer in time", first)
        self.assertIn("What was bought from Second Provider is used up", second)
        self.assertPaid(0)

    def test_provider_that_cannot_answer_the_query_is_never_asked(self):
        self.patch(SyntheticProvider, "filters", frozenset())
        request = self.mine(lead_number=9, filter_on_size=True, size_min=1, size_max=999)
        self.assertEqual(SyntheticProvider.asked, [])
        self.assertEqual(request.created_count, 3)
        self.assertIn("Synthetic Provider cannot search by size", request.message)

    def test_provider_without_its_key_is_skipped(self):
        self.patch(SyntheticProvider, "needs_key", True)
        self.patch(SecondProvider, "needs_key", False)
        request = self.mine(lead_number=9)
        self.assertEqual(request.created_count, 3)
        self.assertIn("Synthetic Provider has no key yet", request.message)

    def test_capture_is_at_the_price_of_the_provider_that_delivered(self):
        self.second.write({"own_price": True, "price_lead": 5, "price_contact": 0})
        request = self.mine(lead_number=4)
        self.assertEqual(request.credits_captured, 2 * 1 + 2 * 5)
        self.assertPaid(12)

    def test_run_that_is_taken_over_does_not_ask_a_failed_provider_again(self):
        SyntheticProvider.errors = [errors.ProviderTimeout()]
        request = self.request(lead_number=3)
        request.action_generate()
        Worker = type(self.env["lead.mining.worker"])
        with patch.object(Worker, "_finish"):  # The process dies before its end.
            self.run_lane()
        self.env.cr.execute(
            "UPDATE lead_mining_run SET lease_expires_at = '2000-01-01' WHERE id = %s",
            (request.run_id.id,),
        )
        self.run_lane()
        self.assertEqual((request.state, request.created_count), ("done", 3))
        self.assertEqual(len(SyntheticProvider.asked), 1)
        self.assertPaid(3)

    def test_retry_asks_a_failed_provider_again(self):
        SyntheticProvider.errors = [errors.ProviderTimeout()]
        request = self.mine(lead_number=5)
        self.assertEqual(request.created_count, 3)
        request.action_retry()
        self.run_lane()
        self.assertEqual((request.state, request.created_count), ("done", 5))
        self.assertPaid(5)


@tagged("post_install", "-at_install")
class TestWaiting(WaterfallCase):
    def limited(self, seconds):
        return errors.ProviderRateLimited(retry_after=seconds, remembered=True)

    def test_provider_whose_turn_comes_later_gets_the_request_back_then(self):
        SyntheticProvider.errors = [self.limited(30)]
        request = self.request(lead_number=2)
        request.action_generate()
        self.run_lane()
        self.assertEqual((request.state, request.created_count), ("queued", 0))
        due = request.resume_at - fields.Datetime.now()
        self.assertAlmostEqual(due.total_seconds(), 30, delta=5)
        triggers = self.env["ir.cron.trigger"].search([("call_at", "=", request.resume_at)])
        self.assertEqual(triggers.cron_id, self.env["lead.mining.worker"]._lanes())
        self.run_lane()  # not yet
        self.assertEqual(len(SyntheticProvider.asked), 1)
        self.env.cr.execute("UPDATE lead_mining_run SET resume_at = '2000-01-01'")
        self.run_lane()
        self.assertEqual((request.state, request.created_count), ("done", 2))
        self.assertPaid(2)

    def test_other_requests_go_on_meanwhile(self):
        waiting, other = self.request(lead_number=2), self.request(lead_number=2)
        SyntheticProvider.errors = [self.limited(30)]
        waiting.action_generate()
        other.action_generate()
        self.run_lane()
        self.assertEqual((waiting.state, other.state), ("queued", "done"))

    def test_too_long_a_wait_is_not_waited_for(self):
        SyntheticProvider.errors = [self.limited(worker_answers.MAX_PAUSE + 1)]
        request = self.mine(lead_number=3)
        self.assertEqual((request.state, request.created_count), ("done", 3))
        self.assertEqual(len(SecondProvider.asked), 1)

    def test_nobody_waits_for_ever(self):
        SyntheticProvider.errors = [self.limited(30)]
        request = self.request(lead_number=3)
        request.action_generate()
        request.run_id.sudo().queued_at -= timedelta(seconds=worker_answers.MAX_PATIENCE)
        self.run_lane()
        self.assertEqual(request.state, "done")
        self.assertEqual(len(SecondProvider.asked), 1)


@tagged("post_install", "-at_install")
class TestGaps(WaterfallCase):
    """What a company lacks is asked of the providers that complete others."""

    def setUp(self):
        super().setUp()
        self.second.completes = True
        SecondProvider.enrich_is_free = True
        bare = {"domain": "", "website": "", "phone": "", "emails": ()}
        self.provide(synthetic_company(1, **bare), synthetic_company(2))
        SecondProvider.known = {
            "XX-TEST:000001": replace(
                synthetic_company(1, name="Other Name", phone="+32 2 000 00 00"),
                provenance=Provenance("second", url="https://second.example/1"),
            )
        }

    def data(self, request):
        return {one.name: one.data for one in request.result_ids}

    def test_gap_is_filled_and_the_source_is_kept(self):
        request = self.mine(lead_number=2)
        lead = request.lead_ids.filtered(lambda one: one.name == "Synthetic 1")
        self.assertEqual(lead.website, "https://www.synthetic1.example")
        self.assertEqual(lead.phone, "+32 2 000 00 00")
        data = self.data(request)["Synthetic 1"]
        self.assertEqual(data["sources"]["phone"], "https://second.example/1")
        self.assertEqual(data["provenance"]["provider"], "synthetic")
        self.assertEqual(SecondProvider.enriched, ["XX-TEST:000001"])

    def test_company_without_gaps_is_not_asked_about(self):
        self.provide(2)
        self.mine(lead_number=2)
        self.assertEqual(SecondProvider.enriched, [])

    def test_known_and_unusable_companies_are_not_asked_about(self):
        self.mine(lead_number=1)
        SecondProvider.enriched = []
        self.mine(lead_number=1)
        self.assertEqual(SecondProvider.enriched, [])

    def test_provider_that_charges_is_asked_for_contacts_only(self):
        SecondProvider.enrich_is_free = False
        self.mine(lead_number=1)
        self.assertEqual(SecondProvider.enriched, [])

    def test_chosen_provider_is_not_completed_by_others(self):
        self.mine(lead_number=1, provider_id=self.provider.id)
        self.assertEqual(SecondProvider.enriched, [])

    def test_identity_that_another_provider_tells_may_be_known_already(self):
        self.env["crm.lead"].create({"name": "Known", "website": "synthetic1.example"})
        request = self.mine(lead_number=1)
        self.assertEqual(request.lead_ids.mapped("name"), ["Synthetic 2"])
        self.assertEqual(request.duplicate_count, 1)
        self.assertPaid(1)

    def test_failing_helper_costs_no_lead(self):
        SecondProvider.known = {"XX-TEST:000001": errors.ProviderTimeout()}
        request = self.mine(lead_number=2)
        self.assertEqual((request.state, request.created_count), ("done", 2))
        self.assertIn("Second Provider did not answer", request.message_ids[0].body)

    def own_hosts(self, *answers):
        """Let each company lack its telephone, and its own host answer so, or fail."""
        self.patch(SecondProvider, "own_hosts", True)
        self.provide(*(synthetic_company(n, phone="") for n in range(1, len(answers) + 1)))
        SecondProvider.known = {
            f"XX-TEST:{number:06d}": answer for number, answer in enumerate(answers, 1)
        }
        request = self.mine(lead_number=len(answers))
        self.assertEqual((request.state, request.created_count), ("done", len(answers)))
        return request

    def test_one_website_that_fails_gives_up_no_other_one(self):
        for error in (
            errors.ProviderTimeout(),
            errors.ProviderUnavailable(status=503),
            errors.ProviderUnavailable(unreached=True),
            errors.ProviderRateLimited(retry_after=60),
            errors.ProviderAnswerTooLarge(9),
            errors.NeedsBrowser(),
        ):
            with self.subTest(error=error), self.env.cr.savepoint() as savepoint:
                request = self.own_hosts(error, synthetic_company(2))
                phones = {lead.name: lead.phone for lead in request.lead_ids}
                self.assertEqual(phones, {"Synthetic 1": False, "Synthetic 2": "+32 2 290 34 90"})
                self.assertNotIn("Second Provider", request.message_ids[0].body)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_many_websites_in_a_row_that_fail_are_our_own_network(self):
        dead = [errors.ProviderTimeout()] * worker_answers.MAX_DEAD_HOSTS
        request = self.own_hosts(*dead, synthetic_company(len(dead) + 1))
        self.assertEqual(len(SecondProvider.enriched), len(dead))
        self.assertIn("Second Provider did not answer", request.message_ids[0].body)

    def test_company_without_a_website_is_not_asked_about_at_its_own_host(self):
        self.patch(SecondProvider, "own_hosts", True)
        self.mine(lead_number=1)
        self.assertEqual(SecondProvider.enriched, [])

    def test_second_run_asks_nothing_twice(self):
        request = self.request(lead_number=2)
        request.action_generate()
        Worker = type(self.env["lead.mining.worker"])
        with (
            patch.object(Worker, "_deliver_batch", side_effect=SystemError("power cut")),
            patch.object(Worker, "_finish"),
            self.assertLogs("odoo.addons.crm_lead_mining", "ERROR"),
        ):
            self.run_lane()
        self.env.cr.execute("UPDATE lead_mining_run SET lease_expires_at = '2000-01-01'")
        self.run_lane()
        self.assertEqual((request.state, request.created_count), ("done", 2))
        self.assertEqual(SecondProvider.enriched, ["XX-TEST:000001"])
        self.assertPaid(2)

    def test_what_one_provider_told_is_kept_when_the_next_one_s_answer_is_lost(self):
        asked = []
        self.patch(SyntheticProvider, "contacts_apart", True)
        self.patch(
            SyntheticProvider, "contacts_of", lambda _own, one, _query: asked.append(one) or ()
        )
        request = self.request(lead_number=1, target="contacts", contact_number=1)
        self.provide(replace(SyntheticProvider.companies[0], contacts=()))
        request.action_generate()
        lost = patch.object(SecondProvider, "enrich", side_effect=SystemError("power cut"))
        with (
            lost,
            patch.object(type(self.env["lead.mining.worker"]), "_finish"),
            self.assertLogs("odoo.addons.crm_lead_mining", "ERROR"),
        ):
            self.run_lane()
        self.env.cr.execute("UPDATE lead_mining_run SET lease_expires_at = '2000-01-01'")
        self.run_lane()
        self.assertEqual((request.state, request.created_count), ("done", 1))
        self.assertEqual((len(asked), SecondProvider.enriched), (1, ["XX-TEST:000001"]))

    def test_gaps_are_filled_field_by_field_and_nothing_is_overwritten(self):
        company = synthetic_company(1, phone="", founded=None, city="", street="Own Street")
        found = replace(
            synthetic_company(1, phone="1", founded=1980, city="Elsewhere", revenue="7"),
            socials={"linkedin": "x", "facebook": "https://f.example"},
            sources={"phone": "https://second.example/contact"},
        )
        result = completed(company, found)
        self.assertEqual((result.phone, result.founded, result.revenue), ("1", 1980, "7"))
        # An address is one thing: no city of another one beside the own street.
        self.assertEqual((result.street, result.city), ("Own Street", ""))
        self.assertEqual(result.socials["linkedin"], company.socials["linkedin"])
        self.assertEqual(result.socials["facebook"], "https://f.example")
        self.assertEqual(result.sources["phone"], "https://second.example/contact")
        self.assertEqual(result.sources["founded"], "Synthetic companies")
        self.assertFalse(has_gaps(result))
        abroad = replace(found, country_code="FR")
        self.assertEqual(completed(company, abroad), company)


@tagged("post_install", "-at_install")
class TestContactsApart(WaterfallCase):
    """Contacts of a provider that tells, and charges, them company by company."""

    PERSON = Contact("Apart Person", "CEO", "ceo", "executive", "apart@synthetic11.example")

    def setUp(self):
        super().setUp()
        SecondProvider.contacts_apart = True
        companies = tuple(replace(one, contacts=()) for one in SecondProvider.companies)
        SecondProvider.companies = companies
        SecondProvider.contacts = {"synthetic11.example": (self.PERSON, self.PERSON)}
        self.criteria = {
            "provider_id": self.second.id, "target": "contacts", "contact_number": 1,
            "lead_number": 2,
        }  # fmt: skip

    def test_contacts_are_asked_for_companies_that_are_delivered(self):
        request = self.mine(**self.criteria)
        self.assertEqual((request.created_count, request.contact_count), (2, 1))
        self.assertEqual(request.lead_ids.mining_contact_ids.name, "Apart Person")
        self.assertPaid(3)

    def test_companies_alone_need_no_further_question(self):
        SecondProvider.contact_errors = [AssertionError("asked")]
        self.mine(**self.criteria | {"target": "companies"})

    def test_provider_that_fails_in_the_middle_still_delivers_the_companies(self):
        SecondProvider.contact_errors = [errors.ProviderQuotaExceeded()]
        request = self.mine(**self.criteria)
        self.assertEqual((request.created_count, request.contact_count), (2, 0))
        self.assertPaid(2)

    def test_provider_whose_turn_comes_later_gets_the_request_back_then(self):
        SecondProvider.contact_errors = [
            errors.ProviderRateLimited(retry_after=30, remembered=True)
        ]
        request = self.mine(**self.criteria)
        self.assertEqual((request.state, request.created_count), ("queued", 0))
        self.env.cr.execute("UPDATE lead_mining_run SET resume_at = '2000-01-01'")
        self.run_lane()
        self.assertEqual((request.state, request.contact_count), ("done", 1))
        self.assertEqual(len(SecondProvider.asked), 1)  # the answer was stored
        self.assertPaid(3)
