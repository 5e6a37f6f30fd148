from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from psycopg2.pool import PoolError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_lead_mining.providers import errors
from odoo.addons.crm_lead_mining.tests.common import synthetic_company

from .common import EnrichmentCase, FreeProvider, PaidProvider


def refusing(record, name):
    """Have a constraint on a record's model that refuses one field."""
    model = type(record)
    write = model.write

    def refuse(records, values):
        if name in values:
            raise UserError(f"No {name} here")
        return write(records, values)

    return patch.object(model, "write", refuse)


@tagged("post_install", "-at_install")
class TestEnrichLead(EnrichmentCase):
    def test_button_fills_the_empty_fields_for_one_credit(self):
        lead = self.lead(phone="+32 470 00 00 00")
        attempt = self.enrich(lead)
        self.assertRecordValues(
            lead,
            [
                {
                    "partner_name": "Synthetic 1",
                    "email_from": "jane@synthetic1.example",
                    "phone": "+32 470 00 00 00",
                    "website": "https://www.synthetic1.example",
                    "street": "Rue de l'Exemple 1",
                    "city": "Bruxelles",
                    "zip": "1000",
                    "country_id": self.belgium.id,
                    "company_employees": 41,
                    "company_size_class": "small",
                    "company_industry_id": self.env.ref("crm_lead_mining.industry_62").id,
                    "company_founded": 1999,
                    "company_legal_form": "Société anonyme",
                    "company_timezone": "Europe/Brussels",
                    "company_linkedin": "https://www.linkedin.com/company/synthetic1",
                    "reveal_id": "reg:XX-TEST:000001",
                }
            ],
        )
        self.assertEqual(set(lead.company_technology_ids.mapped("name")), {"PostgreSQL", "Python"})
        self.assertEqual((attempt.state, attempt.credits), ("done", 1))
        self.assertEqual(attempt.provider_ids, self.provider)
        self.assertPaid(1)

    def test_what_changed_is_listed_before_and_after_with_its_source(self):
        lead = self.lead()
        attempt = self.enrich(lead)
        changes = {change["field"]: change for change in attempt.changes}
        self.assertEqual(attempt.change_count, len(changes))
        city = changes["city"]
        self.assertEqual((city["old"], city["new"], city["label"]), ("", "Bruxelles", "City"))
        self.assertEqual(city["source"], "Synthetic companies")
        note = lead.message_ids[0]
        self.assertEqual(note.author_id, self.salesperson.partner_id)
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertFalse(lead.sudo().message_ids.tracking_value_ids, "the card has said it")
        for text in ("What Changed", "Bruxelles", "PostgreSQL", "Enriched with company data"):
            self.assertIn(text, note.body)
        self.assertNotIn("email_from", changes)

    def test_overwriting_takes_what_was_found_in_the_chosen_fields_only(self):
        lead = self.lead(phone="+32 470 00 00 00", city="Gent", partner_name="Mine")
        attempt = self.enrich(lead, groups={"address"})
        self.assertEqual((lead.city, lead.zip), ("Bruxelles", "1000"))
        self.assertEqual((lead.phone, lead.partner_name), ("+32 470 00 00 00", "Mine"))
        changes = {change["field"]: change for change in attempt.changes}
        self.assertEqual((changes["city"]["old"], changes["city"]["new"]), ("Gent", "Bruxelles"))

    def test_address_is_not_mixed_of_two_places(self):
        lead = self.lead(city="Gent")
        self.enrich(lead)
        self.assertEqual((lead.city, lead.street, lead.zip), ("Gent", False, False))
        self.assertFalse(lead.country_id)

    def test_part_of_an_address_is_completed_by_no_other_part(self):
        lead = self.lead(street="Rue de l'Exemple 1", city="Bruxelles")
        attempt = self.enrich(lead)
        self.assertEqual((lead.zip, lead.country_id.id), (False, False))
        self.assertEqual((attempt.state, lead.company_founded), ("done", 1999))

    def test_overwritten_address_keeps_no_part_of_the_old_one(self):
        state = self.env["res.country.state"].create(
            {"name": "Elsewhere", "code": "ELS", "country_id": self.belgium.id}
        )
        lead = self.lead(city="Gent", street2="Box 7", state_id=state.id)
        attempt = self.enrich(lead, groups={"address"})
        self.assertEqual((lead.city, lead.street2, lead.state_id.id), ("Bruxelles", False, False))
        changes = {change["field"]: change for change in attempt.changes}
        self.assertEqual((changes["street2"]["old"], changes["street2"]["new"]), ("Box 7", ""))

    def test_country_alone_overwrites_no_address(self):
        self.knows(synthetic_company(1, street="", city="", zip=""))
        lead = self.lead(city="Paris", country_id=self.env.ref("base.fr").id)
        self.enrich(lead, groups={"address"})
        self.assertEqual((lead.city, lead.country_id), ("Paris", self.env.ref("base.fr")))

    def test_size_is_not_mixed_of_two_sources(self):
        self.knows(synthetic_company(1, employees=None, employees_min=51, employees_max=200))
        lead = self.lead(company_employees=7)
        self.enrich(lead)
        self.assertEqual((lead.company_employees, lead.company_employees_range), (7, False))

    def test_exact_number_takes_the_place_of_a_range(self):
        lead = self.lead(company_employees=51, company_employees_range="51-200")
        self.enrich(lead, groups={"profile"})
        self.assertEqual((lead.company_employees, lead.company_employees_range), (41, False))

    def test_address_that_a_constraint_refuses_in_part_is_left_out_as_a_whole(self):
        lead = self.lead()
        with refusing(lead, "zip"):
            attempt = self.enrich(lead)
        self.assertEqual((lead.street, lead.city, lead.company_founded), (False, False, 1999))
        self.assertFalse({"street", "city"} & {change["field"] for change in attempt.changes})

    def test_generic_mail_providers_are_neither_asked_nor_paid(self):
        for email in ("someone@gmail.com", "someone@yahoo.co.uk", "not an address", False):
            lead = self.lead(email_from=email)
            self.assertFalse(lead.can_enrich)
            with self.assertRaisesRegex(UserError, "neither a website nor an e-mail"):
                lead.action_enrich()
        self.work()
        self.assertEqual(PaidProvider.asked + FreeProvider.asked, [])
        self.assertPaid(0)

    def test_certified_mail_providers_data_are_not_bought_for_their_customers(self):
        for domain in ("legalmail.it", "pec.it", "pec.ordineavvocatimilano.it", "arubapec.it"):
            self.knows(replace(synthetic_company(1), domain=domain))
            lead = self.lead(email_from=f"rossi@{domain}")
            with self.assertRaisesRegex(UserError, "neither a website nor an e-mail"):
                lead.action_enrich()
        self.assertEqual(PaidProvider.asked + FreeProvider.asked, [])
        self.assertPaid(0)

    def test_website_counts_where_the_email_is_of_a_mail_provider(self):
        lead = self.lead(email_from="jane@gmail.com", website="https://www.synthetic2.example/en")
        self.enrich(lead)
        self.assertEqual(PaidProvider.asked, ["synthetic2.example"])
        self.assertEqual(lead.partner_name, "Synthetic 2")

    def test_mined_lead_is_never_paid_again(self):
        lead = self.mine(lead_number=1).lead_ids
        self.assertPaid(1)
        self.assertFalse(lead.can_enrich)
        with self.assertRaisesRegex(UserError, "already been paid for"):
            lead.action_enrich()
        other = self.lead(reveal_id="123456789")
        self.assertFalse(other.can_enrich)

    def test_two_clicks_are_one_attempt(self):
        lead = self.lead()
        lead.action_enrich()
        with self.assertRaisesRegex(UserError, "already being enriched"):
            lead.action_enrich()
        self.work()
        self.assertEqual(len(self.attempts(lead)), 1)
        self.assertPaid(1)

    def test_website_that_needs_a_browser_is_told_and_costs_nothing(self):
        PaidProvider.errors = [errors.NeedsBrowser()]
        attempt = self.enrich(self.lead(9))
        self.assertEqual((attempt.state, attempt.credits), ("not_found", 0))
        self.assertIn("needs a browser", attempt.message)
        PaidProvider.errors = [errors.NeedsBrowser()]
        self.knows(synthetic_company(8), provider=FreeProvider)
        attempt = self.enrich(self.lead(8))
        self.assertEqual(attempt.state, "done")

    def test_nothing_found_costs_nothing_and_may_be_asked_again_later(self):
        lead = self.lead(9)
        attempt = self.enrich(lead)
        self.assertEqual((attempt.state, attempt.credits), ("not_found", 0))
        self.assertIn("No credits were used", attempt.message)
        self.assertPaid(0)
        with self.assertRaisesRegex(UserError, "a short while ago"):
            lead.action_enrich()
        self.knows(synthetic_company(9))
        self.parameters.set_param("crm_lead_enrichment.retry_days", "0")
        self.enrich(lead)
        self.assertEqual(lead.partner_name, "Synthetic 9")
        self.assertPaid(1)

    def test_new_address_may_be_asked_at_once_when_nothing_was_found_for_the_old_one(self):
        lead = self.lead(9)
        self.enrich(lead)
        lead.email_from = "jane@synthetic1.example"
        self.assertTrue(lead.can_enrich)

    def test_answer_that_was_paid_is_used_again_for_another_lead(self):
        first, second = self.lead(), self.lead()
        attempts = self.enrich(first + second)
        self.assertEqual(attempts.mapped("state"), ["done", "done"])
        self.assertEqual(second.city, "Bruxelles")
        self.assertEqual(PaidProvider.asked, ["synthetic1.example"])
        self.assertEqual(attempts.mapped("credits"), [1, 0])
        self.assertPaid(1)

    def test_answers_are_not_used_again_where_the_setting_is_zero_days(self):
        self.parameters.set_param("crm_lead_enrichment.cache_days", "0")
        self.enrich(self.lead() + self.lead())
        self.assertPaid(2)

    def test_price_is_a_setting_and_may_be_zero(self):
        self.parameters.set_param("crm_lead_enrichment.price", "3")
        self.enrich(self.lead())
        self.assertPaid(3)
        self.parameters.set_param("crm_lead_enrichment.price", "0")
        attempt = self.enrich(self.lead(2))
        self.assertEqual(attempt.state, "done")
        self.assertPaid(3)

    def test_record_that_was_deleted_meanwhile_costs_nothing(self):
        lead = self.lead()
        lead.action_enrich()
        lead.sudo().unlink()
        self.work()
        self.assertEqual(self.Enrichment.search([], limit=1).state, "failed")
        self.assertPaid(0)

    def test_value_that_a_constraint_refuses_is_left_out_and_the_rest_is_filled(self):
        lead = self.lead()
        with refusing(lead, "phone"):
            attempt = self.enrich(lead)
        self.assertEqual((attempt.state, lead.phone, lead.city), ("done", False, "Bruxelles"))
        self.assertNotIn("phone", [change["field"] for change in attempt.changes])

    def test_who_is_no_salesperson_cannot_enrich(self):
        nobody = new_test_user(self.env, "nobody", "base.group_user,base.group_partner_manager")
        partner = self.env["res.partner"].create({"name": "Acme", "is_company": True})
        with self.assertRaises(AccessError):
            partner.with_user(nobody).action_enrich()

    def test_foreign_lead_cannot_be_enriched(self):
        lead = self.env["crm.lead"].create(
            {"name": "Theirs", "email_from": "a@synthetic1.example", "user_id": self.env.uid}
        )
        with self.assertRaises(AccessError):
            self.env["crm.lead"].with_user(self.salesperson).browse(lead.id).action_enrich()

    def test_salesperson_sees_the_own_history_and_administrators_all(self):
        self.enrich(self.lead())
        other = new_test_user(self.env, "other", "sales_team.group_sale_salesman")
        manager = new_test_user(self.env, "boss", "sales_team.group_sale_manager")
        self.assertFalse(self.Enrichment.with_user(other).search([]))
        self.assertTrue(self.Enrichment.with_user(self.salesperson).search([]))
        self.assertTrue(self.Enrichment.with_user(manager).search([]))
        with self.assertRaises(AccessError):
            self.Enrichment.with_user(manager).search([], limit=1).write({"credits": 0})

    def test_queueing_many_leads_takes_few_queries(self):
        leads = self.env["crm.lead"].concat(*(self.lead(number) for number in range(60)))
        self.env.invalidate_all()
        few = leads[:2].with_user(self.salesperson)
        few._queue_enrichment()
        self.env.flush_all()
        with self.assertQueryCount(20):
            leads[2:].with_user(self.salesperson)._queue_enrichment()
        self.assertEqual(len(self.attempts(leads)), 60)


@tagged("post_install", "-at_install")
class TestWaterfall(EnrichmentCase):
    def test_first_provider_that_knows_counts_and_a_free_one_fills_the_gaps(self):
        self.knows(synthetic_company(1, phone="", description=""))
        self.knows(
            synthetic_company(
                1, name="Other", city="Gent", phone="+32 2 200 00 00", registry="", registry_id="",
                website="https://other.example", description="Free words",
            ),
            provider=FreeProvider,
        )  # fmt: skip
        lead = self.lead()
        attempt = self.enrich(lead)
        self.assertEqual((lead.partner_name, lead.city), ("Synthetic 1", "Bruxelles"))
        self.assertEqual(lead.phone, "+32 2 200 00 00")
        self.assertEqual(attempt.provider_ids, self.provider + self.free_provider)
        self.assertPaid(1)

    def test_each_value_tells_its_source(self):
        self.knows(synthetic_company(1, phone=""))
        free = synthetic_company(1, sources={"phone": "https://synthetic1.example/contact"})
        self.knows(free, provider=FreeProvider)
        changes = {c["field"]: c["source"] for c in self.enrich(self.lead()).changes}
        self.assertEqual(changes["phone"], "https://synthetic1.example/contact")
        self.assertEqual(changes["city"], "Synthetic companies")

    def test_provider_that_costs_money_is_not_asked_to_fill_gaps(self):
        self.free_provider.sequence = 0
        self.knows(synthetic_company(1, phone=""), provider=FreeProvider)
        lead = self.lead()
        self.enrich(lead)
        self.assertEqual(PaidProvider.asked, [])
        self.assertFalse(lead.phone)

    def test_next_provider_is_asked_where_one_knows_nothing(self):
        self.knows()
        self.knows(synthetic_company(1), provider=FreeProvider)
        lead = self.lead()
        attempt = self.enrich(lead)
        self.assertEqual((lead.city, attempt.provider_ids), ("Bruxelles", self.free_provider))

    def test_answers_about_different_companies_are_not_mixed(self):
        self.knows(synthetic_company(1, phone=""))
        self.knows(synthetic_company(1, country_code="FR"), provider=FreeProvider)
        lead = self.lead()
        self.enrich(lead)
        self.assertFalse(lead.phone)

    def test_archived_provider_is_not_asked(self):
        self.provider.active = False
        self.enrich(self.lead())
        self.assertEqual(PaidProvider.asked, [])


@tagged("post_install", "-at_install")
class TestProviderErrors(EnrichmentCase):
    ALL = (
        errors.ProviderTimeout(),
        errors.ProviderUnavailable(status=503),
        errors.ProviderAnswerInvalid("no JSON"),
        errors.ProviderAnswerTooLarge(1),
        errors.ProviderRequestInvalid(status=400),
        errors.ProviderRefused(status=401),
        errors.ProviderQuotaExceeded(),
        errors.ProviderRateLimited(retry_after=60),
    )

    def test_every_error_is_a_sentence_costs_nothing_and_can_be_tried_again(self):
        self.knows()
        for error in self.ALL:
            with self.subTest(error=type(error).__name__):
                lead = self.lead()
                PaidProvider.errors = [error]
                attempt = self.enrich(lead)
                self.assertEqual((attempt.state, attempt.credits), ("failed", 0))
                self.assertIn("Synthetic Provider", attempt.message)
                self.assertPaid(0)
                self.assertTrue(lead.can_enrich)

    def test_failed_attempt_is_tried_again_by_its_button(self):
        lead = self.lead()
        PaidProvider.errors = [errors.ProviderTimeout()]
        attempt = self.enrich(lead)
        attempt.with_user(self.salesperson).action_retry()
        self.work()
        self.assertEqual(lead.city, "Bruxelles")
        self.assertPaid(1)

    def test_next_provider_answers_where_one_fails(self):
        PaidProvider.errors = [errors.ProviderRefused(status=403)]
        self.knows(synthetic_company(1), provider=FreeProvider)
        lead = self.lead()
        self.assertEqual(self.enrich(lead).state, "done")
        self.assertEqual(lead.city, "Bruxelles")

    def test_bug_in_a_provider_stops_one_attempt_and_not_the_lane(self):
        PaidProvider.errors = [ZeroDivisionError()]
        first, second = self.lead(1), self.lead(2)
        with self.assertLogs("odoo.addons.crm_lead_enrichment", "ERROR"):
            attempts = self.enrich(first + second)
        self.assertEqual(attempts.mapped("state"), ["failed", "done"])
        self.assertPaid(1)

    def test_logo_is_taken_only_from_public_hosts(self):
        self.env.ref("crm_lead_mining.provider_website").active = True
        for url in ("http://127.0.0.1/logo.png", "http://localhost/a.png", "file:///etc/passwd"):
            self.assertIsNone(self.env["lead.mining.provider"]._fetch_logo(url))


@tagged("post_install", "-at_install")
class TestMissingCredits(EnrichmentCase):
    def setUp(self):
        super().setUp()
        self._set_credits(0)

    def test_lead_waits_gets_its_website_and_is_enriched_when_credits_arrive(self):
        lead = self.lead()
        attempt = self.enrich(lead)
        self.assertEqual((attempt.state, attempt.credits_missing), ("waiting_credits", 1))
        self.assertEqual((lead.website, lead.city), ("https://synthetic1.example", False))
        self.assertEqual(lead.enrichment_state, "waiting_credits")
        self.assertIn("credits are missing: 1", lead.enrichment_message)
        self.assertIn("/iap/credits/", lead.enrichment_buy_url)
        self.assertIn("Not enough credits", lead.message_ids[0].body)
        self.assertEqual(PaidProvider.asked, [])
        self._set_credits(100)
        self.work()
        self.assertEqual((attempt.state, lead.city), ("done", "Bruxelles"))
        self.assertPaid(1)

    def test_lead_waits_for_credits_even_if_its_logo_breaks_something(self):
        lead = self.lead()
        Lead = self.env.registry["crm.lead"]
        with (
            patch.object(Lead, "_apply_enrichment", side_effect=ValueError("unforeseen")),
            self.assertLogs("odoo.addons.crm_lead_enrichment", "ERROR"),
        ):
            attempt = self.enrich(lead)
        self.assertEqual(attempt.state, "waiting_credits")
        self._set_credits(100)
        self.work()
        self.assertEqual((attempt.state, lead.city), ("done", "Bruxelles"))

    def test_new_credits_wake_the_lanes(self):
        cron = self.env.ref("crm_lead_enrichment.ir_cron_enrichment_lane")
        triggers = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self._set_credits(5)
        after = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.assertGreater(after, triggers)

    def test_lead_that_waits_is_looked_at_again_and_goes_on_with_released_credits(self):
        self._set_credits(5)
        hold = self.account.hold(5, reason="Test", idempotency_key="keep")
        look, lane = (
            [("cron_id", "=", self.env.ref(xmlid).id)]
            for xmlid in (
                "crm_iap_credits.ir_cron_wake_waiting",
                "crm_lead_enrichment.ir_cron_enrichment_lane",
            )
        )
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count(look)
        attempt = self.enrich(self.lead())
        self.assertEqual(attempt.state, "waiting_credits")
        self.assertGreater(triggers.search_count(look), before)
        before = triggers.search_count(lane)
        self.account.release(hold.token, reason="Test")
        self.assertGreater(triggers.search_count(lane), before)
        self.work()
        self.assertEqual(attempt.state, "done")

    def test_nothing_goes_on_while_enrichment_is_switched_off(self):
        group = self.env.ref("crm_lead_enrichment.group_lead_enrichment_user")
        waiting, queued = self.lead(1), self.lead(2)
        self.enrich(waiting)
        self._set_credits(100)
        queued._enrich()
        self.env.ref("sales_team.group_sale_salesman").implied_ids -= group
        self.work()
        self.assertEqual(self.attempts(waiting).state, "waiting_credits")
        self.assertEqual(self.attempts(queued).state, "failed")
        self.assertIn("switched off", self.attempts(queued).message)
        self.assertEqual(PaidProvider.asked, [])
        self.assertPaid(0)

    def test_as_many_as_can_be_paid_go_on_the_oldest_first(self):
        leads = self.lead(1) + self.lead(2) + self.lead(3)
        self.enrich(leads)
        self._set_credits(2)
        self.work()
        self.assertEqual(self.attempts(leads).mapped("state"), ["done", "done", "waiting_credits"])

    def test_who_has_left_spends_nothing_and_others_can_ask_about_the_record(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        employees = self.env.ref("base.group_user")
        leaves = {
            "archived": lambda user, lead: user.write({"active": False}),
            "rights": lambda user, lead: user.write({"group_ids": [Command.set(employees.ids)]}),
            "company": lambda user, lead: user.write(
                {"company_ids": [Command.set(other.ids)], "company_id": other.id}
            ),
            "record": lambda user, lead: lead.sudo().write({"user_id": self.salesperson.id}),
        }
        attempts = self.Enrichment
        for number, name in enumerate(leaves, 1):
            leaver = new_test_user(self.env, name, "sales_team.group_sale_salesman")
            lead = self.lead(number).sudo()
            lead.user_id = leaver
            attempts |= self.enrich(lead.with_user(leaver))
        self.assertEqual(set(attempts.mapped("state")), {"waiting_credits"})
        for attempt, leave in zip(attempts, leaves.values(), strict=True):
            leave(attempt.user_id, self.env["crm.lead"].browse(attempt.res_id))
        self.knows(*map(synthetic_company, range(1, 6)))
        stays = self.enrich(self.lead(5))
        self._set_credits(1)
        self.work()
        self.assertEqual(set(attempts.mapped("state")), {"failed"})
        self.assertIn("may no longer enrich this record", attempts[0].message)
        self.assertEqual(stays.state, "done", "the credit is for who still may ask")
        self._set_credits(100)
        lead = self.env["crm.lead"].browse(attempts[-1].res_id)
        self.assertEqual(self.enrich(lead.with_user(self.salesperson))[-1].state, "done")

    def test_who_retries_for_somebody_who_has_left_pays_from_the_own_budget(self):
        leaver = new_test_user(self.env, "leaver", "sales_team.group_sale_salesman")
        manager = new_test_user(self.env, "manager", "sales_team.group_sale_manager")
        lead = self.lead().sudo()
        lead.user_id = leaver
        attempt = self.enrich(lead.with_user(leaver))
        leaver.active = False
        self._set_credits(1)
        attempt.with_user(manager).action_retry()
        self.work()
        first, second = self.attempts(lead)
        self.assertEqual((first.user_id, first.state), (leaver, "failed"))
        self.assertEqual((second.user_id, second.state), (manager, "done"))

    def test_what_new_leads_asked_for_by_themselves_goes_on(self):
        self.parameters.set_param("crm_lead_enrichment.mode", "automatic")
        lead = self.lead()
        self.work()
        attempt = self.attempts(lead)
        self.assertEqual((attempt.origin, attempt.state), ("automatic", "waiting_credits"))
        self._set_credits(1)
        self.work()
        self.assertEqual(attempt.state, "done")

    def test_waiting_note_is_written_once(self):
        lead = self.lead()
        attempt = self.enrich(lead)
        notes = len(lead.message_ids)
        attempt.with_user(self.salesperson).action_retry()
        self.work()
        self.assertEqual(attempt.state, "waiting_credits")
        self.assertEqual(len(lead.message_ids), notes)

    def test_free_enrichment_needs_no_credits(self):
        self.parameters.set_param("crm_lead_enrichment.price", "0")
        self.assertEqual(self.enrich(self.lead()).state, "done")


@tagged("post_install", "-at_install")
class TestAutomaticMode(EnrichmentCase):
    def setUp(self):
        super().setUp()
        self.set_mode("automatic")

    def set_mode(self, mode):
        self.env["res.config.settings"].create({"lead_enrichment_mode": mode}).execute()

    def test_new_leads_are_enriched_by_themselves(self):
        lead = self.lead()
        self.work()
        self.assertEqual(lead.city, "Bruxelles")
        attempt = self.attempts(lead)
        self.assertEqual((attempt.origin, attempt.credits), ("automatic", 1))

    def test_on_demand_nothing_happens_by_itself(self):
        self.set_mode("manual")
        lead = self.lead()
        self.work()
        self.assertFalse(self.attempts(lead))

    def test_nothing_happens_where_enrichment_is_off(self):
        self.env["res.config.settings"].create({"lead_enrichment": False}).execute()
        self.assertFalse(self.attempts(self.lead()))

    def test_mined_leads_and_mail_providers_are_left_out(self):
        lead = self.mine(lead_number=1).lead_ids + self.lead(email_from="x@gmail.com")
        self.assertFalse(self.attempts(lead))

    def test_provider_that_does_not_answer_is_asked_again_later_three_times_at_most(self):
        PaidProvider.errors = [errors.ProviderTimeout() for _try in range(9)]
        lead = self.lead()
        attempt = self.attempts(lead)
        for tries in (1, 2, 3):
            self.work()
            self.assertEqual(attempt.tries, tries)
            if tries < 3:
                self.assertEqual(attempt.state, "queued")
                self.assertGreater(attempt.next_try_at, self.env.cr.now())
                attempt.next_try_at = self.env.cr.now()
        self.assertEqual(attempt.state, "failed")
        self.assertPaid(0)

    def test_leads_made_while_credits_were_missing_are_enriched_whenever_they_arrive(self):
        self._set_credits(0)
        lead = self.lead()
        self.work()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = create_date - interval '9 days' WHERE id = %s",
            [lead.id],
        )
        self._set_credits(10)
        self.work()
        self.assertEqual(lead.city, "Bruxelles")


@tagged("post_install", "-at_install")
class TestEnrichPartner(EnrichmentCase):
    def company(self, **values):
        return self.env["res.partner"].create(
            {"name": "Acme", "is_company": True, "website": "synthetic1.example", **values}
        )

    def test_company_is_enriched_and_keeps_its_name(self):
        self.salesperson.group_ids += self.env.ref("base.group_partner_manager")
        partner = self.company().with_user(self.salesperson)
        self.enrich(partner)
        self.assertRecordValues(
            partner,
            [
                {
                    "name": "Acme",
                    "city": "Bruxelles",
                    "email": "info@synthetic1.example",
                    "company_employees": 41,
                    "company_size_class": "small",
                    "industry_id": self.env.ref("base.res_partner_industry_J").id,
                }
            ],
        )
        self.assertIn("o_lead_mining_card", partner.message_ids[0].body)

    def test_of_a_person_the_company_is_enriched_once(self):
        company = self.company()
        people = self.env["res.partner"].create(
            [{"name": name, "parent_id": company.id} for name in ("Jane", "John")]
        )
        self.enrich(people)
        self.assertEqual(company.city, "Bruxelles")
        self.assertEqual(len(self.attempts(company)), 1)

    def test_person_without_a_company_is_left_out(self):
        person = self.env["res.partner"].create({"name": "J", "email": "j@synthetic1.example"})
        self.assertFalse(person.can_enrich)
        with self.assertRaisesRegex(UserError, "person without a company"):
            person.action_enrich()

    def test_vat_number_with_a_register_is_asked_before_the_domain(self):
        known = replace(synthetic_company(1), registry="BE-BCEKBO", registry_id="0477472701")
        PaidProvider.known = {"BE-BCEKBO:0477472701": known}
        partner = self.company(website=False, vat="BE0477472701", country_id=self.belgium.id)
        self.enrich(partner)
        self.assertEqual(PaidProvider.asked, ["BE-BCEKBO:0477472701"])
        self.assertEqual(partner.city, "Bruxelles")


@tagged("post_install", "-at_install")
class TestWizard(EnrichmentCase):
    def wizard(self, records, **values):
        return (
            self.env["lead.enrichment.wizard"]
            .with_user(self.salesperson)
            .with_context(active_model=records._name, active_ids=records.ids)
            .create(values)
        )

    def test_nothing_but_leads_and_contacts_is_enriched(self):
        for records in (self.salesperson, self.env["crm.lead"]):
            with self.assertRaisesRegex(UserError, "Choose the leads or contacts"):
                self.wizard(records)
        wizard = self.wizard(self.lead(), res_model="res.users", res_ids=self.salesperson.ids)
        with self.assertRaisesRegex(UserError, "Only leads and contacts"):
            wizard.action_enrich()

    def test_wizard_tells_price_balance_and_who_is_left_out(self):
        leads = self.lead(1) + self.lead(2) + self.lead(3, email_from="x@gmail.com")
        wizard = self.wizard(leads)
        self.assertEqual((wizard.able_count, wizard.price, wizard.balance), (2, 2, 100))
        self.assertIn("1 left out", wizard.skipped)
        self.assertFalse(wizard.buy_url)

    def test_wizard_tells_the_balance_of_who_pays_whichever_company_is_active(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.salesperson.company_ids += other
        account = self.env["iap.account"]._get_local("reveal", company=other)
        account.adjust(1 - account.credits_available, reason="Test", idempotency_key="other")
        ours = self.lead(1, company_id=self.env.company.id)
        theirs = self.lead(2, company_id=other.id) + self.lead(3, company_id=other.id)
        wizard = self.wizard(theirs)
        self.assertEqual((wizard.price, wizard.balance), (2, 1))
        self.assertIn(f"/iap/credits/{account.id}", wizard.buy_url)
        wizard = self.wizard(ours + theirs[0])
        self.assertEqual((wizard.price, wizard.balance, wizard.buy_url), (2, 101, False))
        self.assertIn(f"/iap/credits/{account.id}", self.wizard(ours + theirs).buy_url)

    def test_wizard_overwrites_what_is_chosen(self):
        lead = self.lead(company_employees=7, city="Gent")
        self.wizard(lead, fill="overwrite", overwrite_profile=True).action_enrich()
        self.work()
        self.assertEqual((lead.company_employees, lead.city), (41, "Gent"))

    def test_list_action_opens_the_wizard(self):
        action = self.env.ref("crm_lead_enrichment.action_enrich_leads").with_user(self.salesperson)
        lead = self.lead()
        opened = action.with_context(
            active_model="crm.lead", active_ids=lead.ids, active_id=lead.id
        ).run()
        self.assertEqual(opened["res_model"], "lead.enrichment.wizard")
        self.assertEqual(opened["context"]["active_ids"], lead.ids)

    def test_other_models_are_refused(self):
        with self.assertRaises(UserError):
            self.wizard(self.env["res.users"].browse(1))

    def test_that_no_server_works_is_told_once_not_once_a_queue(self):
        for name in self.env.registry.descendants(["lead.lane.mixin"], "_inherit"):
            if name != "lead.lane.mixin":
                self.env[name]._lanes().lastcall = False
        lines = [line for _is_well, line in self.env["lead.lane.mixin"]._health()]
        self.assertEqual(sum("max_cron_threads" in line for line in lines), 1)
        self.assertEqual(sum("last seen never" in line for line in lines), 2)

    def test_attempt_without_a_connection_to_the_database_waits_and_is_told(self):
        PaidProvider.errors = [PoolError("The Connection Pool Is Full")]
        lead = self.lead()
        with self.assertLogs("odoo.addons.crm_lead_mining", "WARNING") as logs:
            attempt = self.enrich(lead)
        self.assertIn("db_maxconn", logs.output[0])
        self.assertEqual((attempt.state, attempt.message), ("queued", False))
        lines = self.env["lead.lane.mixin"]._health()
        [told] = [line for is_well, line in lines if not is_well and "connection" in line]
        self.assertIn("Enrichment", told)
        attempt.sudo().unconnected_at -= timedelta(minutes=1)
        self.work()
        self.assertEqual((attempt.state, lead.city), ("done", "Bruxelles"))
        self.assertPaid(1)
