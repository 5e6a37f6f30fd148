from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.crm_iap_credits.exceptions import LedgerBusy

from ...company.status import STATUSES
from ...company.types import Company
from ...providers import errors
from .. import common
from ..common import LeadMiningCase, SyntheticProvider, synthetic_company


@tagged("post_install", "-at_install")
class TestDelivery(LeadMiningCase):
    def test_asked_number_of_leads_is_delivered_and_paid(self):
        request = self.mine(lead_number=3)
        self.assertEqual((request.state, request.lead_count), ("done", 3))
        self.assertEqual(request.credits_captured, 3)
        self.assertEqual(request.result_ids.mapped("outcome"), ["created"] * 3)
        self.assertPaid(3)

    def test_contacts_cost_one_credit_each(self):
        request = self.mine(lead_number=2, target="contacts", contact_number=2)
        self.assertEqual((request.created_count, request.contact_count), (2, 4))
        self.assertPaid(6)

    def test_contacts_that_were_not_asked_for_are_neither_delivered_nor_paid(self):
        with patch.object(common, "_with_contacts", lambda company, query: company):
            request = self.mine(lead_number=2, target="contacts", contact_number=1)
        self.assertEqual((request.state, request.contact_count), ("done", 2))
        self.assertEqual(len(request.lead_ids.mining_contact_ids), 2)
        self.assertPaid(4)

    def test_set_prices_are_paid(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("crm_lead_mining.price_lead", "0")
        parameters.set_param("crm_lead_mining.price_contact", "3")
        self.mine(lead_number=2, target="contacts", contact_number=1)
        self.assertPaid(6)

    def test_free_request_needs_no_credits(self):
        self.env["ir.config_parameter"].set_param("crm_lead_mining.price_lead", "0")
        self.assertEqual(self.mine().state, "done")
        self.assertPaid(0)

    def test_request_number_is_drawn_when_it_starts(self):
        request = self.request()
        self.assertEqual(request.name, "New")
        request.action_generate()
        self.assertRegex(request.name, r"^LMR\d{3,}$")

    def test_fewer_companies_than_asked_cost_fewer_credits(self):
        request = self.mine(lead_number=9)
        self.assertEqual((request.state, request.created_count), ("partial", 5))
        self.assertIn("5 of 9", request.message)
        self.assertPaid(5)

    def test_nothing_found_costs_nothing(self):
        self.provide()
        request = self.mine()
        self.assertEqual((request.state, request.failure), ("failed", "no_result"))
        self.assertIn("No credits were used", request.message)
        self.assertPaid(0)

    def test_many_pages_are_read_until_the_request_is_filled(self):
        known = tuple(synthetic_company(1) for _copy in range(4))
        self.provide(*known, *(synthetic_company(number) for number in range(2, 9)))
        request = self.mine(lead_number=4)
        self.assertEqual((request.state, request.created_count), ("done", 4))
        self.assertGreater(len(SyntheticProvider.asked), 1)

    def test_provider_is_asked_for_the_criteria(self):
        self.mine(
            filter_on_size=True,
            size_min=10,
            size_max=500,
            industry_ids=[(6, 0, self.env.ref("crm_lead_mining.industry_62").ids)],
            target="contacts",
            contact_number=2,
            contact_filter="role",
            preferred_role_id=self.env.ref("crm_lead_mining.role_ceo").id,
        )
        query, cursor, limit = SyntheticProvider.asked[0]
        self.assertEqual((query.countries, query.industries), (("BE",), ("62",)))
        self.assertEqual((query.size_min, query.size_max), (10, 500))
        self.assertEqual((query.contacts_per_company, query.preferred_role), (2, "ceo"))
        self.assertEqual((cursor, limit), (None, 3))

    def test_owner_is_told_when_the_leads_are_there(self):
        request = self.request()
        request.action_generate()
        with patch.object(type(self.env["bus.bus"]), "_sendone") as sendone:
            self.run_lane()
        sent = [call.args for call in sendone.call_args_list if "lead_mining" in call.args[1]]
        self.assertEqual(sent[-1][0], self.salesperson.partner_id)
        self.assertEqual(sent[-1][2]["created"], 3)
        self.assertTrue(sent[-1][2]["ended"])

    def test_companies_that_have_ceased_are_insolvent_or_protected_are_no_leads_and_cost_nothing(
        self,
    ):
        ended = [synthetic_company(n, status=status) for n, status in enumerate(STATUSES)]
        self.provide(*ended, synthetic_company(9))
        request = self.mine(lead_number=4)
        self.assertEqual((request.created_count, request.invalid_count), (1, len(STATUSES)))
        self.assertEqual(request.lead_ids.partner_name, "Synthetic 9")
        self.assertEqual(
            request.result_ids.filtered(lambda result: result.outcome == "invalid").mapped(
                "reason"
            ),
            [
                "The company has ceased to do business.",
                "The company is insolvent or in liquidation.",
                "The company may not be sent advertising.",
            ],
        )
        self.assertPaid(1)


@tagged("post_install", "-at_install")
class TestNeverTwice(LeadMiningCase):
    def test_same_request_again_delivers_only_new_companies(self):
        first = self.mine(lead_number=3)
        second = self.mine(lead_number=3)
        self.assertEqual((second.state, second.created_count), ("partial", 2))
        self.assertFalse(
            set(first.lead_ids.mapped("reveal_id")) & set(second.lead_ids.mapped("reveal_id"))
        )
        self.assertPaid(5)

    def test_company_that_the_provider_sends_twice_is_one_lead(self):
        self.provide(synthetic_company(1), synthetic_company(1, name="Other Spelling"))
        request = self.mine(lead_number=2)
        self.assertEqual(request.created_count, 1)
        self.assertEqual(request.duplicate_count, 1)
        self.assertPaid(1)

    def test_one_shared_identity_is_enough(self):
        self.provide(synthetic_company(1), synthetic_company(2, domain="synthetic1.example"))
        self.assertEqual(self.mine(lead_number=2).created_count, 1)

    def test_deleted_lead_does_not_come_back(self):
        self.mine(lead_number=5).lead_ids.sudo().unlink()
        request = self.mine(lead_number=5)
        self.assertEqual((request.created_count, request.failure), (0, "no_result"))
        self.assertIn("already known", request.message)
        self.assertPaid(5)

    def test_known_companies_are_skipped_whoever_may_see_them(self):
        other_company = self.env["res.company"].create({"name": "Other Company"})
        known = {
            "lost": {"website": "https://synthetic1.example/about", "active": False},
            "other company": {
                "website": "http://www.synthetic2.example",
                "company_id": other_company.id,
                "user_id": False,
            },
            "e-mail": {"email_from": "someone@synthetic3.example"},
        }
        for name, values in known.items():
            self.env["crm.lead"].create({"name": name, **values})
        self.env["res.partner"].create({"name": "Customer", "website": "synthetic4.example"})
        request = self.mine(lead_number=5)
        self.assertEqual(request.lead_ids.mapped("name"), ["Synthetic 5"])
        self.assertEqual(request.duplicate_count, 4)
        self.assertPaid(1)

    def test_customer_is_recognised_by_vat_number(self):
        partner = {"name": "Customer", "country_id": self.belgium.id, "vat": "BE 0477 47 27 01"}
        self.env["res.partner"].with_context(no_vat_validation=True).create(partner)
        self.provide(synthetic_company(1, vat="BE0477472701"))
        self.assertEqual(self.mine(lead_number=1).duplicate_count, 1)

    def test_free_mail_address_is_nobody_s_identity(self):
        self.env["res.partner"].create({"name": "Someone", "email": "someone@gmail.com"})
        self.provide(synthetic_company(1, emails=("synthetic1@gmail.com",)))
        self.assertEqual(self.mine(lead_number=1).created_count, 1)

    def test_request_that_loses_the_race_for_a_company_does_not_pay_it(self):
        Identity = type(self.env["lead.mining.identity"])
        reserve = Identity._reserve

        def lose_first(identity, keys, request):
            return reserve(identity, keys, request) - {"reg:XX-TEST:000001"}

        with patch.object(Identity, "_reserve", lose_first):
            request = self.mine(lead_number=5)
        self.assertEqual((request.created_count, request.duplicate_count), (4, 1))
        self.assertPaid(4)


@tagged("post_install", "-at_install")
class TestTrouble(LeadMiningCase):
    def test_each_error_of_the_provider_is_a_sentence_and_costs_nothing(self):
        cases = {
            errors.ProviderTimeout(): "did not answer in time",
            errors.ProviderUnavailable(status=500): "cannot be reached",
            errors.ProviderAnswerInvalid("<html>"): "cannot be understood",
            errors.ProviderAnswerTooLarge(10**6): "too large",
            errors.ProviderRefused(status=401): "credentials",
            errors.ProviderQuotaExceeded(): "used up",
            errors.ProviderRateLimited(retry_after=60): "too often",
            errors.ProviderRequestInvalid(status=404): "does not accept this request",
        }
        for error, sentence in cases.items():
            with self.subTest(error=error):
                self.provide(5)
                SyntheticProvider.errors = [error]
                request = self.mine()
                self.assertEqual((request.state, request.failure), ("failed", "provider"))
                self.assertIn(sentence, request.message)
                self.assertIn("Synthetic Provider", request.message)
                self.assertPaid(0)

    def test_error_nobody_foresaw_is_a_sentence_and_costs_nothing(self):
        SyntheticProvider.errors = [ZeroDivisionError()]
        with self.assertLogs("odoo.addons.crm_lead_mining", "ERROR"):
            request = self.mine()
        self.assertEqual((request.state, request.failure), ("failed", "unexpected"))
        self.assertPaid(0)

    def test_request_that_finds_its_account_busy_is_tried_again_by_itself(self):
        request = self.request()
        request.action_generate()
        busy = patch.object(
            type(self.account), "hold", side_effect=LedgerBusy("The account is busy.")
        )
        with busy:
            self.run_lane()
        self.assertEqual((request.state, request.message), ("queued", False))
        run_sudo = request.run_id.sudo()
        self.assertGreater(run_sudo.resume_at, fields.Datetime.now())
        self.run_lane()
        self.assertEqual(request.state, "queued", "it does not hammer the account")
        run_sudo.resume_at = fields.Datetime.now() - timedelta(seconds=1)
        self.run_lane()
        self.assertEqual(request.state, "done")
        self.assertPaid(3)

    def test_retry_after_an_error_delivers_the_rest_only(self):
        self.provide(*(synthetic_company(1) for _copy in range(2)), synthetic_company(2))
        SyntheticProvider.errors = []
        request = self.request(lead_number=2)
        request.action_generate()

        def fail_on_second_page():
            if len(SyntheticProvider.asked) == 2:
                SyntheticProvider.errors = [errors.ProviderTimeout()]

        SyntheticProvider.before_page = fail_on_second_page
        self.run_lane()
        self.assertEqual((request.state, request.created_count), ("partial", 1))
        self.assertPaid(1)
        request.action_retry()
        self.run_lane()
        self.assertEqual((request.state, request.created_count), ("done", 2))
        # The page that was stored is not asked for again.
        self.assertEqual([cursor for _q, cursor, _l in SyntheticProvider.asked], [None, "2", "2"])
        self.assertPaid(2)

    def test_unusable_companies_are_listed_and_cost_nothing(self):
        self.provide(
            synthetic_company(1, name=" "),
            synthetic_company(2, country_code="FR"),
            Company(name="Nobody", country_code="BE"),
            synthetic_company(4),
        )
        request = self.mine(lead_number=4)
        self.assertEqual(
            request.result_ids.mapped("outcome"), ["invalid", "invalid", "invalid", "created"]
        )
        self.assertTrue(all(result.reason for result in request.result_ids[:3]))
        self.assertPaid(1)

    def test_hostile_texts_are_kept_harmless(self):
        self.provide(synthetic_company(1, name="A\x00B" * 5000, description="<script>x</script>"))
        request = self.mine(lead_number=1)
        self.assertEqual(request.created_count, 1)
        self.assertLessEqual(len(request.lead_ids.name), 256)
        self.assertNotIn("<script>", request.lead_ids.message_ids[0].body)

    def test_lead_that_cannot_be_saved_is_the_only_one_missing(self):
        Lead = type(self.env["crm.lead"])
        create_mined = Lead._create_mined

        def refuse_third(leads, request, companies):
            if any(company.registry_id == "000003" for company in companies):
                raise ValueError("No third one.")
            return create_mined(leads, request, companies)

        with (
            patch.object(Lead, "_create_mined", refuse_third),
            self.assertLogs("odoo.addons.crm_lead_mining", "WARNING"),
        ):
            request = self.mine(lead_number=5)
        self.assertEqual((request.state, request.created_count), ("partial", 4))
        failed = request.result_ids.filtered(lambda result: result.outcome == "failed")
        self.assertEqual(failed.name, "Synthetic 3")
        self.assertIn("No third one.", failed.reason)
        self.assertPaid(4)
        # It was not delivered, so it may be delivered yet.
        self.assertEqual(self.mine(lead_number=1).lead_ids.name, "Synthetic 3")

    def test_provider_that_repeats_a_page_for_ever_is_stopped(self):
        page = SyntheticProvider.search

        def repeat(provider, query, cursor=None, limit=50):
            return replace(page(provider, query, None, 2), next_cursor="2")

        with patch.object(SyntheticProvider, "search", repeat):
            request = self.mine(lead_number=4)
        self.assertEqual((request.state, request.created_count), ("partial", 2))
        self.assertIn("cannot be understood", request.message)

    def test_cancelling_while_it_runs_keeps_and_pays_what_is_delivered(self):
        self.provide(60)
        request = self.request(lead_number=60)
        request.action_generate()
        Worker = type(self.env["lead.mining.worker"])
        deliver = Worker._deliver_batch

        def deliver_and_cancel(worker, *what):
            seconds = deliver(worker, *what)
            worker.env["lead.mining.request"].browse(request.id).action_cancel()
            return seconds

        with patch.object(Worker, "_deliver_batch", deliver_and_cancel):
            self.run_lane()
        self.assertEqual((request.state, request.created_count), ("cancelled", 50))
        self.assertPaid(50)
        request.action_retry()
        self.run_lane()
        self.assertEqual((request.state, request.created_count), ("done", 60))
        self.assertPaid(60)

    def test_cancelling_before_it_starts_costs_nothing(self):
        request = self.request()
        request.action_generate()
        request.action_cancel()
        self.assertTrue(request.cancelling)
        self.run_lane()
        self.assertEqual(request.state, "cancelled")
        self.assertPaid(0)

    def test_credits_that_vanish_before_it_starts_are_told(self):
        request = self.request()
        request.action_generate()
        self._set_credits(1)
        self.run_lane()
        self.assertEqual((request.state, request.failure), ("waiting_credits", "credits"))
        self.assertIn("missing: 2", request.message)
        self._set_credits(100)
        self.run_lane()
        self.assertEqual(request.state, "done")
        self.assertPaid(3)

    def test_abandoned_run_is_taken_over_and_pays_once(self):
        request = self.request(lead_number=4)
        request.action_generate()
        Worker = type(self.env["lead.mining.worker"])
        with patch.object(Worker, "_finish"):  # The process dies before its end.
            self.run_lane()
        self.assertEqual(request.state, "running")
        self.env.cr.execute(
            "UPDATE lead_mining_run SET lease_expires_at = '2000-01-01' WHERE id = %s",
            (request.run_id.id,),
        )
        self.run_lane()
        self.assertEqual((request.state, request.created_count), ("done", 4))
        self.assertEqual(len(SyntheticProvider.asked), 1)
        self.assertPaid(4)

    def test_lane_that_was_overtaken_writes_nothing(self):
        request = self.request()
        request.action_generate()

        def overtake():
            self.env.cr.execute("UPDATE lead_mining_run SET lease_token = 'another'")

        SyntheticProvider.before_page = overtake
        self.run_lane()
        self.assertFalse(request.lead_ids)
        self.assertEqual(request.state, "running")

    def test_hold_that_was_over_when_the_lane_came_back_is_made_anew(self):
        for moment in ("before", "meanwhile"):
            with self.subTest(moment), self.cr.savepoint() as savepoint:
                self.provide(5)
                request = self.request()
                request.action_generate()
                account = self.account.with_user(self.salesperson).sudo()

                def be_away():
                    SyntheticProvider.before_page = None
                    self.env.cr.execute("UPDATE iap_credit_hold SET expires_at = '2020-01-01'")

                if moment == "before":
                    run = request.sudo().run_id
                    run.hold_credits = 3
                    account.hold(
                        3,
                        reason="Killed",
                        idempotency_key=f"{run.run_key}:{run.attempt}",
                        document=request,
                    )
                    be_away()
                else:
                    SyntheticProvider.before_page = be_away
                self.run_lane()
                self.assertEqual((request.state, request.failure), ("done", False))
                self.assertPaid(3)
                savepoint.rollback()

    def test_who_has_left_is_delivered_and_pays_nothing_more(self):
        request = self.request()
        request.action_generate()
        self.salesperson.active = False
        self.run_lane()
        self.assertEqual((request.state, request.created_count), ("cancelled", 0))
        self.assertIn("Sally Salesperson may no longer", request.message)
        self.assertPaid(0)

    def test_lane_without_time_gives_the_request_back(self):
        self.provide(60)
        request = self.request(lead_number=60)
        request.action_generate()
        Worker = type(self.env["lead.mining.worker"])
        deliver = Worker._deliver_batch
        with patch.object(Worker, "_deliver_batch", lambda *args: deliver(*args) and 0):
            self.run_lane()
        self.assertEqual((request.state, request.created_count), ("queued", 50))
        self.run_lane()
        self.assertEqual((request.state, request.created_count), ("done", 60))
        self.assertPaid(60)
