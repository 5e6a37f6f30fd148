from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ...company.types import Contact
from ..common import LeadMiningCase, synthetic_company


@tagged("post_install", "-at_install")
class TestKnownCompanies(LeadMiningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(cls.env, "colleague", "sales_team.group_sale_salesman")
        cls.tag = cls.env["crm.tag"].create({"name": "Autumn"})

    def lead(self, user=None, **values):
        return self.env["crm.lead"].create(
            {
                "name": "Known Lead",
                "website": "https://synthetic1.example",
                "type": "opportunity",
                "user_id": (user or self.salesperson).id,
                **values,
            }
        )

    def first_result(self, **values):
        self.request_done = self.mine(lead_number=2, **values)
        return self.request_done.result_ids.sorted("id")[0]

    def test_a_provider_that_results_name_is_kept_and_the_database_is_not_even_asked(self):
        provider = self.first_result().provider_id.sudo()
        with (
            self.assertRaisesRegex(UserError, "Archive it instead"),
            self.assertNoLogs("odoo.sql_db"),
        ):
            provider.unlink()
        provider.active = False

    # === SKIP === #

    def test_skipped_company_is_listed_with_the_name_of_what_is_known(self):
        self.lead()
        result = self.first_result()
        self.assertEqual((result.outcome, result.credits), ("duplicate", 0))
        self.assertIn("the lead “Known Lead”", result.reason)
        self.assertFalse(result.data)
        self.assertPaid(2)

    def test_name_of_what_the_user_may_not_see_is_not_told(self):
        self.lead(self.colleague)
        result = self.first_result()
        self.assertEqual(result.outcome, "duplicate")
        self.assertNotIn("Known Lead", result.reason)
        self.assertIn("do not have access", result.reason)

    def test_lost_lead_and_contact_are_named_as_such(self):
        self.lead(active=False, probability=0)
        self.assertIn("lost or archived lead", self.first_result().reason)
        self.env["res.partner"].create({"name": "Customer", "website": "synthetic4.example"})
        result = self.mine(lead_number=1).result_ids.filtered(lambda r: "Customer" in r.reason)
        self.assertIn("the contact “Customer”", result.reason)

    def test_deleted_lead_is_told_as_such(self):
        self.mine(lead_number=1).lead_ids.sudo().unlink()
        result = self.first_result()
        self.assertEqual(result.reason, "Delivered before; its lead has been deleted since.")

    # === LINK === #

    def test_linked_lead_is_among_the_results_with_its_tags_and_free(self):
        lead = self.lead()
        result = self.first_result(known_policy="link", tag_ids=[(6, 0, self.tag.ids)])
        self.assertEqual((result.outcome, result.lead_id, result.credits), ("linked", lead, 0))
        self.assertEqual(lead.tag_ids, self.tag)
        self.assertEqual((self.request_done.linked_count, self.request_done.created_count), (1, 2))
        self.assertEqual(lead.name, "Known Lead")
        self.assertPaid(2)

    def test_linked_contact_gets_a_tag_of_the_same_name(self):
        partner = self.env["res.partner"].create(
            {"name": "Customer", "website": "synthetic1.example", "is_company": True}
        )
        result = self.first_result(known_policy="link", tag_ids=[(6, 0, self.tag.ids)])
        self.assertEqual((result.outcome, result.partner_id), ("linked", partner))
        self.assertEqual(partner.category_id.mapped("name"), ["Autumn"])
        self.assertEqual(result.action_open_lead()["res_id"], partner.id)
        self.mine(lead_number=1, known_policy="link", tag_ids=[(6, 0, self.tag.ids)])
        self.assertEqual(
            self.env["res.partner.category"].search_count([("name", "=", "Autumn")]), 1
        )

    def test_lead_of_a_colleague_is_neither_linked_nor_changed(self):
        lead = self.lead(self.colleague)
        for policy in ("link", "update"):
            result = self.first_result(known_policy=policy, tag_ids=[(6, 0, self.tag.ids)])
            self.assertEqual((result.outcome, result.lead_id.id), ("duplicate", False))
        self.assertFalse(lead.tag_ids)
        self.assertFalse(lead.city)

    # === UPDATE === #

    def test_update_fills_only_what_is_empty_and_costs_a_lead(self):
        lead = self.lead(phone="+32 2 000 00 00")
        result = self.first_result(known_policy="update")
        self.assertEqual((result.outcome, result.credits), ("updated", 1))
        self.assertEqual((lead.name, lead.phone), ("Known Lead", "+32 2 000 00 00"))
        self.assertEqual((lead.city, lead.company_employees), ("Bruxelles", 41))
        self.assertIn("Employees", result.reason)
        self.assertIn("Employees", "".join(lead.message_ids.mapped("body")))
        request = self.request_done
        self.assertEqual((request.updated_count, request.created_count), (1, 1))
        self.assertEqual((request.state, request.progress), ("done", 100.0))
        self.assertPaid(2)

    def test_update_that_finds_nothing_new_is_free(self):
        self.lead()
        self.first_result(known_policy="update")
        result = self.first_result(known_policy="update")
        self.assertEqual((result.outcome, result.credits), ("linked", 0))
        self.assertIn("Nothing was missing", result.reason)

    def test_address_is_filled_as_a_whole_or_not_at_all(self):
        lead = self.lead(city="Gent")
        self.first_result(known_policy="update")
        self.assertEqual((lead.city, lead.street, lead.zip), ("Gent", False, False))

    def test_address_of_another_state_is_not_put_beside_a_known_one(self):
        belgium = self.env.ref("base.be")
        state = self.env["res.country.state"].create(
            {"name": "Elsewhere", "code": "ELS", "country_id": belgium.id}
        )
        lead = self.lead(country_id=belgium.id, state_id=state.id)
        self.first_result(known_policy="update")
        self.assertEqual((lead.city, lead.street, lead.state_id), (False, False, state))
        self.assertEqual(lead.company_founded, 1999)

    def test_lead_of_one_person_gets_nothing_of_another_person(self):
        people = {"target": "contacts", "contact_number": 1, "known_policy": "update"}
        lead = self.lead(contact_name="Anna")
        self.first_result(**people)
        self.assertEqual((lead.contact_name, lead.function), ("Anna", False))
        self.assertEqual(lead.email_from, "info@synthetic1.example")
        self.assertEqual(lead.mining_contact_ids.mapped("name"), ["Synthetic Person"])

    def test_lead_with_an_address_gets_the_name_of_nobody_else(self):
        people = {"target": "contacts", "contact_number": 1, "known_policy": "update"}
        lead = self.lead(email_from="anna@synthetic1.example")
        self.first_result(**people)
        self.assertEqual((lead.contact_name, lead.function), (False, False))

    def test_lead_of_the_found_person_gets_what_is_missing_of_the_person(self):
        people = {"target": "contacts", "contact_number": 1, "known_policy": "update"}
        lead = self.lead(email_from="Person@synthetic1.example")
        self.first_result(**people)
        self.assertEqual((lead.contact_name, lead.function), ("Synthetic Person", "Director"))

    def test_size_is_not_mixed_of_two_sources(self):
        lead = self.lead(company_employees=7)
        self.provide(synthetic_company(1, employees=None, employees_min=51, employees_max=200))
        self.mine(lead_number=1, known_policy="update")
        self.assertEqual((lead.company_employees, lead.company_employees_range), (7, False))
        self.assertEqual(lead.company_founded, 1999)

    def test_update_adds_and_charges_new_contacts_only(self):
        lead = self.lead()
        lead.mining_contact_ids = [(0, 0, {"name": "X", "email": "person@synthetic1.example"})]
        result = self.first_result(known_policy="update", target="contacts", contact_number=2)
        self.assertCountEqual(lead.mining_contact_ids.mapped("name"), ["X", "Second Person"])
        self.assertEqual((result.contact_count, result.credits), (1, 2))
        self.assertPaid(2 + 3)

    def test_update_fills_a_contact_of_the_address_book(self):
        partner = self.env["res.partner"].create(
            {"name": "Customer", "website": "synthetic1.example", "is_company": True}
        )
        result = self.first_result(known_policy="update")
        self.assertEqual(result.outcome, "updated", result.reason)
        self.assertEqual(result.partner_id, partner)
        self.assertEqual((partner.name, partner.city), ("Customer", "Bruxelles"))
        self.assertPaid(2)

    def test_record_that_refuses_the_update_costs_nothing(self):
        lead = self.lead()
        Lead = type(lead)

        def refuse(records, values):
            raise ValueError("Not this one.")

        self.patch(Lead, "_message_log", lambda *args, **kwargs: refuse(None, None))
        self.provide(1)
        result = self.mine(lead_number=1, known_policy="update").result_ids
        self.assertEqual((result.outcome, result.credits), ("failed", 0))
        self.assertIn("Not this one.", result.reason)
        self.assertFalse(lead.city)
        self.assertPaid(0)

    def test_companies_delivered_before_are_asked_for_when_they_are_not_skipped(self):
        self.assertFalse(self.request()._to_query().include_known)
        self.assertTrue(self.request(known_policy="update")._to_query().include_known)

    # === CONTACTS === #

    def test_person_of_the_address_book_is_linked_and_not_paid(self):
        person = self.env["res.partner"].create(
            {"name": "Known Person", "email": "Person@Synthetic1.example", "is_company": False,
             "website": "https://another.example"}
        )  # fmt: skip
        self.provide(synthetic_company(1))
        request = self.mine(lead_number=1, target="contacts", contact_number=2)
        contacts = request.lead_ids.mining_contact_ids
        self.assertEqual(contacts.mapped("name"), ["Second Person", "Synthetic Person"])
        self.assertEqual(contacts.mapped("partner_id"), person)
        self.assertEqual((request.contact_count, request.credits_captured), (1, 2))
        self.assertPaid(2)

    def test_person_whose_mailbox_is_known_in_another_spelling_is_not_paid(self):
        for number, (known, sold) in enumerate(
            (("anna@bücher.example", "anna@xn--bcher-kva.example"),
             ("bea@xn--bcher-kva.example", "Bea@Bücher.example")), 1
        ):  # fmt: skip
            person = self.env["res.partner"].create({"name": "Known Person", "email": known})
            self.provide(synthetic_company(number, contacts=(Contact("New Name", email=sold),)))
            request = self.mine(lead_number=1, target="contacts", contact_number=1)
            self.assertEqual(request.lead_ids.mining_contact_ids.partner_id, person, sold)
            self.assertEqual((request.contact_count, request.credits_captured), (0, 1), sold)

    def test_price_of_many_known_companies_does_not_grow(self):
        self.provide(40)
        for number in range(1, 41):
            self.lead(website=f"https://synthetic{number}.example")
        from ...models.mining.lead_mining_job import Row
        from ...tools.judgement import candidate

        request = self.request(lead_number=40).sudo()
        rows = [
            Row(candidate(synthetic_company(number)), outcome="duplicate", known=True)
            for number in range(1, 41)
        ]
        known, prices = self.env["lead.mining.known"], self.provider._prices()
        known._treat(request, rows[:1], prices)
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            known._treat(request, rows, prices)
        self.assertIn("Known Lead", rows[-1].reason)
