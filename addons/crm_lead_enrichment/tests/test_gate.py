"""Whoever was erased, has objected or is never mined comes in by no way."""

from dataclasses import replace
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.crm_lead_mining.company import company_json
from odoo.addons.crm_lead_mining.company.types import Contact
from odoo.addons.crm_lead_mining.tests.common import synthetic_company
from odoo.addons.crm_lead_mining.tests.kept_away_common import KeptAwayCase

from .common import EnrichmentCase, FreeProvider, PaidProvider


class GateCase(EnrichmentCase, KeptAwayCase):
    """Has providers that know Anna, and ways to keep her away."""


def company(**values):
    """Return a company whose every place tells of Anna."""
    return synthetic_company(
        1,
        **{
            "emails": ("anna@synthetic1.example", "info@synthetic1.example"),
            "description": "Write to Anna@Synthetic1.example.",
            "contacts": (Contact("Anna Muster", email="anna@synthetic1.example"), Contact("Bob")),
            "sources": {"emails:anna@synthetic1.example": "https://synthetic1.example/x"},
            **values,
        },
    )


@tagged("post_install", "-at_install")
class TestNoWayIn(GateCase):
    def ways_in(self):
        yield "button", self._by_button
        yield "automatic", self._automatically
        yield "free provider", self._by_free_provider
        yield "other app", self._by_client
        yield "search", self._by_search
        yield "preview", self._by_preview
        yield "helper", self._by_helper
        yield "known lead", self._by_known_lead
        yield "stored answer", self._by_stored_answer

    def test_nothing_of_a_person_who_is_kept_away_is_stored_by_any_way_in(self):
        self.assertKeptAway(self.ways_in())

    def _by_button(self):
        self.knows(company())
        lead = self.lead(email_from="other@synthetic1.example")
        self.enrich(lead, groups={"reach"})
        self.assertEqual(lead.partner_name, "Synthetic 1", "the company itself comes in")
        self.assertEqual(lead.email_from, "info@synthetic1.example")

    def _automatically(self):
        self.knows(company())
        self.parameters.set_param("crm_lead_enrichment.mode", "automatic")
        lead = self.lead(email_from=False, website="https://synthetic1.example")
        self.work()
        self.assertEqual(lead.email_from, "info@synthetic1.example")

    def _by_free_provider(self):
        self.knows(company(emails=(), contacts=(), description="", sources={}))
        self.knows(company(), provider=FreeProvider)
        lead = self.lead(email_from=False, website="https://synthetic1.example")
        self.enrich(lead)
        self.assertEqual(lead.email_from, "info@synthetic1.example")

    def _by_client(self):
        self.knows(company())
        answer = self.env["iap.enrich.api"]._request_enrich({"1": "synthetic1.example"})
        self.assertEqual(answer["1"]["name"], "Synthetic 1")
        self.assertNotIn(self.EMAIL, str(answer))

    def _by_search(self):
        self.provide(company())
        request = self.mine(lead_number=1, target="contacts", contact_number=2)
        self.assertEqual(request.created_count, 1)

    def _by_preview(self):
        self.provide(company())
        values = {"country_ids": [self.belgium.id], "lead_number": 1}
        preview = self.env["lead.mining.request"].get_preview(
            values | {"target": "contacts", "contact_number": 2}
        )
        # They are masked: of two one is left.
        self.assertEqual({len(sample["contacts"]) for sample in preview["sample"]}, {1})
        self.assertNotIn(self.EMAIL, str(preview).lower())

    def _by_helper(self):
        bare = {"emails": (), "contacts": (), "description": "", "sources": {}, "phone": ""}
        self.provide(company(**bare))
        self.free_provider.completes = True
        FreeProvider.known = {"XX-TEST:000001": company()}
        request = self.mine(lead_number=1)
        self.assertEqual(request.lead_ids.email_from, "info@synthetic1.example")

    def _by_known_lead(self):
        known = self.lead(email_from=False, website="https://synthetic1.example")
        self.provide(company())
        request = self.mine(
            lead_number=1, target="contacts", contact_number=2, known_policy="update"
        )
        self.assertEqual((request.updated_count, known.email_from), (1, "info@synthetic1.example"))
        self.assertIn("Bob", known.sudo().mining_contact_ids.mapped("name"))

    def _by_stored_answer(self):
        lead = self.lead(email_from="other@synthetic1.example")
        lead.action_enrich()
        attempt = self.attempts(lead)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE lead_enrichment SET answer = %s WHERE id = %s",
            (self.env["lead.enrichment"]._fields["answer"].convert_to_column_insert(
                company_json.to_json(company()), attempt), attempt.id),
        )  # fmt: skip
        self.env.invalidate_all()
        self.work()
        self.assertEqual((attempt.state, lead.partner_name), ("done", "Synthetic 1"))

    def test_an_erased_person_s_name_in_another_address_is_theirs(self):
        self.provide(company())
        self.mine(lead_number=1, target="contacts", contact_number=2)
        self.erase(self.EMAIL)
        other = "Muster.Anna@synthetic1.example"
        self.knows(company(emails=(other, "info@synthetic1.example"), sources={}))
        lead = self.lead(email_from=False, website="https://synthetic1.example")
        self.enrich(lead)
        self.assertEqual(lead.email_from, "info@synthetic1.example")
        self.assertNowhere(other)

    def test_a_mailbox_is_the_same_in_every_spelling(self):
        for number, (listed, told) in enumerate((
            ("anna@bücher.example", "anna@xn--bcher-kva.example"),
            ("anna@xn--bcher-kva.example", "Anna@BÜCHER.example"),
        )):  # fmt: skip
            for kind in ("never", "blacklist", "erased"):
                with self.subTest(kind=kind, listed=listed), self.env.cr.savepoint() as savepoint:
                    if kind == "never":
                        self.never("email", listed)
                    elif kind == "erased":
                        self.erase(listed)
                    else:
                        self.env["mail.blacklist"].create({"email": listed})
                    self.knows(replace(synthetic_company(1), emails=(told,)))
                    lead = self.lead(
                        email_from=False, website=f"https://synthetic1.example/{number}"
                    )
                    self.enrich(lead)
                    self.assertEqual((lead.email_from, lead.city), (False, "Bruxelles"))
                    self.assertNowhere(told)
                    savepoint.rollback()
                    self.forget()

    def test_erased_person_without_an_address_does_not_come_back(self):
        self.knows(company(contacts=(Contact("Anna Muster"), Contact("Bob"))))
        self.env["lead.mining.suppression"]._add(
            self.env["lead.mining.suppression"]._keys().tombstones(
                "", "MUSTER Anna", ["domain:synthetic1.example"]
            ), source="erase",
        )  # fmt: skip
        lead = self.lead(email_from=False, website="https://synthetic1.example")
        attempt = self.enrich(lead)
        self.assertEqual([c["name"] for c in attempt.answer["contacts"]], ["Bob"])


@tagged("post_install", "-at_install")
class TestAddressBook(GateCase):
    """Who was mined, and is kept away since, gets into the address book by none of our ways."""

    def ways_in(self):
        yield "contact created", lambda lead: lead.mining_contact_ids.action_create_partner()
        yield "contacts of a lead", lambda lead: lead.action_create_mined_partners()
        yield "customer", lambda lead: lead._handle_partner_assignment(create_missing=True)

    def test_only_others_become_contacts_of_the_address_book(self):
        self.provide(company(emails=("info@synthetic1.example",), description="", sources={}))
        lead = self.mine(lead_number=1, target="contacts", contact_number=2).lead_ids.sudo()
        anna = lead.mining_contact_ids.filtered(lambda one: one.name == "Anna Muster")
        lead.write({"contact_name": "Bob", "email_from": "info@synthetic1.example"})
        listed = [one for one in self.kept_away() if one[0] in ("never", "blacklist")]
        for reason, keep_away in [("objected", anna._object), *listed]:
            for way, create in self.ways_in():
                with self.subTest(reason=reason, way=way), self.env.cr.savepoint() as savepoint:
                    keep_away()
                    self.env.flush_all()
                    create(lead)
                    made = self.env["res.partner"].search([("email", "=", self.EMAIL)])
                    self.assertFalse(made)
                    self.assertFalse(anna.partner_id)
                    self.assertTrue(self.env["res.partner"].search([("name", "=", "Bob")]))
                    savepoint.rollback()
                    self.forget()

    def test_who_is_listed_by_name_or_number_does_not_become_a_contact_either(self):
        number = "+32470123456"
        person = Contact("Anna Muster", email=self.EMAIL, phone=number)
        self.provide(company(emails=(), description="", sources={}, contacts=(person,)))
        lead = self.mine(lead_number=1, target="contacts", contact_number=1).lead_ids.sudo()
        for kind, keep_away in {
            "name": lambda: self.never("name", "Anna Muster"),
            "phone": lambda: self.never("phone", number),
            "phone blacklist": lambda: self.env["phone.blacklist"].create({"number": number}),
        }.items():
            with self.subTest(kind), self.env.cr.savepoint() as savepoint:
                keep_away()
                lead.action_create_mined_partners()
                self.assertFalse(lead.mining_contact_ids.partner_id)
                savepoint.rollback()
                self.forget()

    def test_who_is_left_out_is_told(self):
        self.provide(company(emails=(), description="", sources={}))
        lead = self.mine(lead_number=1, target="contacts", contact_number=2).lead_ids.sudo()
        self.never("email", self.EMAIL)
        told = lead.mining_contact_ids.action_create_partner()
        self.assertIn("Anna Muster", told["params"]["message"])


@tagged("post_install", "-at_install")
class TestListedCompany(GateCase):
    def listings(self):
        yield "domain", "synthetic1.example"
        yield "vat", "BE0477472701"
        yield "name", "Synthetic 1"

    def test_a_listed_company_is_neither_asked_about_nor_paid_nor_written(self):
        self.knows(replace(synthetic_company(1), vat="BE0477472701"))
        for kind, value in self.listings():
            with self.subTest(kind), self.env.cr.savepoint() as savepoint:
                self.never(kind, value)
                lead = self.lead(partner_name="Synthetic 1")
                lead.partner_id = self.env["res.partner"].create(
                    {"name": "Synthetic 1", "is_company": True, "vat": "BE0477472701"}
                )
                lead.email_from = "jane@synthetic1.example"
                PaidProvider.asked.clear()
                self.assertFalse(lead.can_enrich)
                with self.assertRaisesRegex(UserError, "Never Mined list"):
                    lead.action_enrich()
                self.assertFalse(lead.street)
                self.assertEqual(PaidProvider.asked, [])
                savepoint.rollback()
                self.forget()

    def test_what_a_provider_tells_to_be_a_listed_company_is_not_paid_nor_kept(self):
        self.knows(replace(synthetic_company(1), vat="BE0477472701"))
        self.never("vat", "BE0477472701")
        lead = self.lead(email_from="other@synthetic1.example")
        attempt = self.enrich(lead)
        self.assertEqual((attempt.state, attempt.credits), ("failed", 0))
        self.assertFalse(attempt.answer or lead.street or FreeProvider.asked)
        self.assertPaid(0)

    def test_what_is_listed_while_it_waits_is_not_asked_about(self):
        lead = self.lead(email_from="other@synthetic1.example")
        lead.action_enrich()
        self.never("domain", "synthetic1.example")
        self.work()
        self.assertEqual((PaidProvider.asked, lead.street), ([], False))
        self.assertIn("Never Mined list", self.attempts(lead).message)
        self.assertPaid(0)

    def test_a_paid_answer_is_not_used_again_once_it_is_listed(self):
        self.enrich(self.lead(email_from="other@synthetic1.example"))
        self.never("name", "Synthetic 1")
        second = self.lead(email_from="third@synthetic1.example")
        self.enrich(second)
        self.assertFalse(second.street)

    def test_other_apps_get_nothing_of_a_listed_company(self):
        self.never("domain", "synthetic1.example")
        answer = self.env["iap.enrich.api"]._request_enrich({"1": "synthetic1.example"})
        self.assertEqual((answer, PaidProvider.asked), ({"1": False}, []))

    def test_a_listed_address_leads_to_nobody(self):
        self.never("email", "jane@synthetic1.example")
        lead = self.lead()
        with self.assertRaises(UserError):
            lead.action_enrich()
        self.assertEqual(PaidProvider.asked, [])


@tagged("post_install", "-at_install")
class TestErasedPlaces(GateCase):
    def test_director_in_an_answer_of_a_register_is_found_and_erased(self):
        self.knows(company(contacts=(Contact("Anna Muster", "Director"), Contact("Bob"))))
        lead = self.lead(email_from="other@synthetic1.example")
        attempt = self.enrich(lead)
        wizard = self.env["lead.mining.privacy"].create({"name": "MUSTER Anna"})
        wizard.action_search()
        self.assertIn("lead.enrichment", wizard.line_ids.mapped("model"))
        wizard.action_erase()
        self.env.invalidate_all()
        self.assertEqual([c["name"] for c in attempt.answer["contacts"]], ["Bob"])
        self.assertEqual(lead.street, "Rue de l'Exemple 1")
        self.assertNowhere("Anna Muster")

    def test_director_of_an_answer_does_not_come_back(self):
        self.knows(company(contacts=(Contact("Anna Muster", "Director"), Contact("Bob"))))
        self.enrich(self.lead(email_from="other@synthetic1.example"))
        self.erase(name="Anna Muster")
        self._mine_anew(company(contacts=(Contact("MUSTER Anna"), Contact("Bob"))))
        self.assertNowhere("Anna Muster", "Muster Anna")

    def test_person_whose_address_and_name_were_given_is_known_at_their_company(self):
        self.erase("anna@synthetic1.example", "Anna Muster")
        self._mine_anew(company(contacts=(Contact("Anna Muster", email="x@y.example"),)))
        self.assertNowhere("Anna Muster", "x@y.example")

    def test_person_at_a_company_is_known_by_another_spelling_of_its_legal_form(self):
        nameless = {"domain": "", "website": "", "emails": (), "registry": "", "registry_id": ""}
        anna = Contact("Anna Muster")
        first = replace(synthetic_company(1), **nameless, vat="BE0477472701")
        self._mine_anew(replace(first, name="Muster S.r.l.", contacts=(anna,)))
        self.erase(name="Anna Muster")
        self._mine_anew(replace(first, name="MUSTER", contacts=(anna,), vat="BE0403170701"))
        self.assertNowhere("Anna Muster")

    def _mine_anew(self, *companies):
        self.env["crm.lead"].search([("reveal_id", "!=", False)]).unlink()
        self.env["lead.mining.identity"].search([]).unlink()
        self.provide(*companies)
        self.assertEqual(self.mine(target="contacts", contact_number=2).created_count, 1)

    def test_address_that_enrichment_wrote_is_gone_wherever_the_record_was_merged_to(self):
        self.knows(replace(synthetic_company(1), emails=("anna@synthetic1.example",)))
        partners = self.env["res.partner"].create(
            [{"name": "Synthetic", "is_company": True, "website": "https://synthetic1.example"},
             {"name": "Synthetic", "is_company": True}]
        )  # fmt: skip
        leads = self.lead(email_from=False, website="https://synthetic1.example", type="lead")
        leads |= self.lead(email_from=False, type="opportunity")
        self.enrich(partners[0])
        self.enrich(leads[0])
        self.env["base.partner.merge.automatic.wizard"]._merge(partners.ids, partners[1])
        lead = leads.sudo()._merge_opportunity()
        self.assertEqual(lead, leads[1].sudo(), "the enriched one is gone")
        self.assertEqual((partners[1].email, lead.email_from), ("anna@synthetic1.example",) * 2)
        self.erase("anna@synthetic1.example")
        self.assertNowhere("anna@synthetic1.example")

    def test_address_that_enrichment_wrote_is_gone_from_lead_changes_and_notes(self):
        self.knows(replace(synthetic_company(1), emails=("anna@synthetic1.example",)))
        lead = self.lead(email_from=False, website="https://synthetic1.example")
        self.enrich(lead)
        self.assertEqual(lead.email_from, "anna@synthetic1.example")
        self.erase("anna@synthetic1.example")
        self.assertFalse(lead.email_from)
        self.assertNowhere("anna@synthetic1.example")

    def test_address_that_enrichment_wrote_is_gone_long_after_its_values_were_forgotten(self):
        self.knows(replace(synthetic_company(1), emails=("anna@synthetic1.example",)))
        lead = self.lead(email_from=False, website="https://synthetic1.example")
        attempts = self.enrich(lead)
        attempts.sudo().finished_at = fields.Datetime.now() - timedelta(days=999)
        self.Enrichment._gc_answers()
        self.Enrichment._gc_changes()
        self.assertNotIn("anna@", str(attempts.mapped("changes")))
        wizard = self.env["lead.mining.privacy"].create({"email": "anna@synthetic1.example"})
        wizard.action_search()
        self.assertIn("lead.enrichment", wizard.line_ids.mapped("model"))
        wizard.unlink()
        self.erase("anna@synthetic1.example")
        self.assertFalse(lead.email_from)

    def test_address_that_somebody_wrote_since_is_theirs(self):
        lead = self.lead(email_from=False, website="https://synthetic1.example")
        attempt = self.enrich(lead)
        self.assertEqual(lead.email_from, "info@synthetic1.example")
        attempt.sudo().finished_at = fields.Datetime.now() - timedelta(days=999)
        self.Enrichment._gc_answers()
        self.Enrichment._gc_changes()
        lead.email_from = self.EMAIL
        self.erase(self.EMAIL)
        self.assertEqual(lead.email_from, self.EMAIL)

    def test_address_that_enrichment_replaced_is_gone_from_its_history(self):
        self.knows(replace(synthetic_company(1), emails=("info@synthetic1.example",)))
        lead = self.lead(email_from="anna@synthetic1.example")
        self.enrich(lead, groups={"reach"})
        self.erase("anna@synthetic1.example")
        self.assertEqual(lead.email_from, "info@synthetic1.example")
        self.assertNowhere("anna@synthetic1.example")
