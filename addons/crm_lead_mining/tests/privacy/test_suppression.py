import base64
from dataclasses import replace
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...company.types import Contact
from ...tools.suppression import BLACKLIST, Entry
from ...wizards.privacy import lead_mining_suppression_import
from ..common import LeadMiningCase, synthetic_company


class SuppressionCase(LeadMiningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Suppression = cls.env["lead.mining.suppression"]
        cls.keys = cls.Suppression._keys()
        cls.other_company = cls.env["res.company"].create({"name": "Other"})
        cls.manager = new_test_user(cls.env, "s-manager", "sales_team.group_sale_manager")

    def never(self, kind, value, **values):
        return self.Suppression.create({"kind": kind, "value": value, **values})


@tagged("post_install", "-at_install")
class TestNeverMined(SuppressionCase):
    def test_listed_companies_are_not_delivered_cost_nothing_and_are_told(self):
        self.never("domain", "https://synthetic1.example")
        self.never("name", "SYNTHETIC 2")
        request = self.mine(lead_number=3)
        self.assertEqual(request.state, "done")
        self.assertEqual(
            request.lead_ids.mapped("name"), ["Synthetic 5", "Synthetic 4", "Synthetic 3"]
        )
        self.assertEqual(request.skipped_count, 2)
        skipped = request.result_ids.filtered(lambda result: result.outcome == "skipped")
        self.assertEqual(skipped.mapped("name"), ["Synthetic 1", "Synthetic 2"])
        self.assertIn("Domain", skipped[0].reason)
        self.assertFalse(any(skipped.mapped("data")))
        self.assertPaid(3)

    def test_request_whose_companies_are_all_listed_says_so(self):
        self.never("domain", "synthetic1.example")
        self.provide(1)
        request = self.mine()
        self.assertEqual((request.state, request.failure), ("failed", "no_result"))
        self.assertIn("Never Mined list", request.message)
        self.assertPaid(0)

    def test_what_was_changed_a_moment_ago_counts_at_once(self):
        email, number = "b@moved.example", "+3222903499"
        row = self.never("domain", "moved.example", company_id=False)
        mail = self.env["mail.blacklist"].create({"email": email})
        phone = self.env["phone.blacklist"].create({"number": number})
        entries = {Entry("domain", row.key), Entry(BLACKLIST, email), Entry("phone", number)}
        self.env.flush_all()
        for record, values, left in (
            (row, {}, {"domain", BLACKLIST, "phone"}),
            (row, {"company_id": self.other_company.id}, {BLACKLIST, "phone"}),
            (mail, {"active": False}, {"phone"}),
            (phone, {"active": False}, set()),
            (row, {"company_id": self.env.company.id}, {"domain"}),
            (phone, {"active": True}, {"domain", "phone"}),
        ):
            record.write(values)
            with self.subTest(record=record, values=values):
                listed = self.Suppression._listed(entries, self.env.company)
                self.assertEqual({entry.kind for entry in listed}, left)
                self.assertLessEqual(left, self.Suppression._listed_kinds())

    def test_removed_from_the_list_they_are_delivered(self):
        row = self.never("domain", "synthetic1.example")
        self.provide(1)
        self.mine(lead_number=1)
        row.unlink()
        self.assertEqual(self.mine(lead_number=1).created_count, 1)

    def test_listed_person_is_left_out_and_not_paid(self):
        self.never("email", "Person@Synthetic1.example")
        request = self.mine(lead_number=1, target="contacts", contact_number=2)
        self.assertEqual(request.lead_ids.mining_contact_ids.mapped("name"), ["Second Person"])
        self.assertEqual(request.lead_ids.contact_name, "Second Person")
        self.assertNotIn("person@synthetic1", str(request.sudo().result_ids.mapped("data")))
        self.assertPaid(2)

    def test_next_person_takes_the_place_of_a_listed_one(self):
        self.never("email", "person@synthetic1.example")
        company = synthetic_company(1)
        self.provide(company)
        answer = self.env["lead.mining.worker"]
        job = type("Job", (), {"request": self.request(target="contacts", contact_number=1)})
        (item,) = answer._screen(job, [company], job.request._to_query())
        self.assertEqual([contact.name for contact in item.company.contacts], ["Second Person"])

    def test_of_a_text_only_the_listed_address_is_taken(self):
        self.never("email", "gone@elsewhere.example")
        told = "Ask gone@elsewhere.example or stays@elsewhere.example."
        company = synthetic_company(1, description=told)
        (screened,) = self.Suppression._screen([company], self.env.company)
        self.assertNotIn("gone@elsewhere", screened.company.description)
        self.assertIn("stays@elsewhere.example", screened.company.description)

    def test_addresses_of_odoo_s_blacklist_are_not_delivered(self):
        self.env["mail.blacklist"].create({"email": "person@synthetic1.example"})
        request = self.mine(lead_number=1, target="contacts", contact_number=1)
        self.assertFalse(request.lead_ids.mining_contact_ids)
        self.assertPaid(1)

    def test_address_taken_off_the_blacklist_is_delivered(self):
        self.env["mail.blacklist"].create({"email": "person@synthetic1.example"}).active = False
        request = self.mine(lead_number=1, target="contacts", contact_number=1)
        self.assertEqual(len(request.lead_ids.mining_contact_ids), 1)

    def test_numbers_of_odoo_s_phone_blacklist_are_not_delivered(self):
        self.env["phone.blacklist"].create({"number": "+3222903499"})
        person = Contact("Ada", phone="02 290 34 99")
        self.provide(synthetic_company(1, contacts=(person, Contact("Bob"))))
        request = self.mine(lead_number=1, target="contacts", contact_number=2)
        self.assertEqual(request.lead_ids.mining_contact_ids.mapped("name"), ["Bob"])

    def test_list_of_another_company_does_not_matter_here(self):
        self.never("domain", "synthetic1.example", company_id=self.other_company.id)
        self.provide(1)
        self.assertEqual(self.mine(lead_number=1).created_count, 1)

    def test_list_for_all_companies_does(self):
        self.never("domain", "synthetic1.example", company_id=False)
        self.provide(1)
        self.assertEqual(self.mine(lead_number=1).skipped_count, 1)

    def test_listed_companies_are_not_in_the_preview(self):
        self.never("domain", "synthetic1.example")
        preview = self.env["lead.mining.request"].get_preview(
            {"provider_id": self.provider.id, "lead_number": 2, "country_ids": self.belgium.ids}
        )
        self.assertEqual(len(preview["sample"]), 4)

    def test_a_batch_of_any_size_is_judged_in_as_many_queries(self):
        companies = [synthetic_company(number) for number in range(1, 51)]
        self.Suppression._screen(companies[:1], self.env.company)
        for batch in (companies[:1], companies):
            self.env.flush_all()
            # One for the list, one of the company directory.
            with self.assertQueryCount(2):
                self.Suppression._screen(batch, self.env.company)


@tagged("post_install", "-at_install")
class TestList(SuppressionCase):
    def test_address_is_nowhere_to_be_read(self):
        row = self.never("email", "ada@acme.example")
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT row_to_json(s)::text FROM lead_mining_suppression s WHERE id = %s", [row.id]
        )
        self.assertNotIn("ada", self.env.cr.fetchone()[0])
        self.assertNotIn("ada", row.value)

    def test_address_cannot_even_be_smuggled_in(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.Suppression.create({"kind": "email", "key": "ada@acme.example"})

    def test_what_cannot_be_read_is_refused_with_a_sentence(self):
        for kind, value in (("domain", "no domain"), ("email", "x"), ("person", "Ada"), (None, "")):
            with self.subTest(kind), self.assertRaisesRegex(ValidationError, "is not valid"):
                self.never(kind, value)

    def test_entry_is_not_changed_into_another(self):
        row = self.never("domain", "acme.example")
        row.reason = "They asked"
        with self.assertRaises(UserError):
            row.value = "other.example"

    def test_the_same_twice_is_one(self):
        self.never("domain", "acme.example")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.never("domain", "www.acme.example")

    def test_the_same_for_one_company_and_for_all_are_two(self):
        self.never("domain", "acme.example")
        self.never("domain", "acme.example", company_id=False)

    def test_adding_what_is_there_adds_nothing(self):
        entries = [self.keys.entry("domain", "acme.example"), self.keys.email("ada@acme.example")]
        self.assertEqual(self.Suppression._add(entries, self.env.company), 2)
        self.assertEqual(self.Suppression._add(entries, self.env.company), 0)

    def test_secret_stays_when_the_addon_is_updated(self):
        before = self.keys.secret
        self.Suppression._create_secret()
        self.assertEqual(self.Suppression._keys().secret, before)


@tagged("post_install", "-at_install")
class TestButtons(SuppressionCase):
    def test_salesperson_never_mines_the_company_of_a_lead_again(self):
        lead = self.mine(lead_number=1).lead_ids
        lead.with_user(self.salesperson).action_never_mine()
        row = self.Suppression.search([("key", "=", "synthetic1.example")])
        self.assertEqual(row.company_id, self.env.company)
        self.assertEqual(row.create_uid, self.salesperson)

    def test_company_that_was_not_delivered_is_never_mined_again(self):
        self.env["res.partner"].create({"name": "Known", "website": "synthetic1.example"})
        self.provide(synthetic_company(1, registry="", registry_id=""))
        result = self.mine(lead_number=1).result_ids
        self.assertEqual(result.outcome, "duplicate")
        result.with_user(self.salesperson).action_never_mine()
        self.assertTrue(self.Suppression.search([("key", "=", "synthetic1.example")]))

    def test_company_without_domain_and_vat_is_known_by_its_name(self):
        self.provide(synthetic_company(1, domain="", website="", emails=()))
        self.mine(lead_number=1).lead_ids.action_never_mine()
        rows = self.Suppression.search([])
        self.assertEqual(set(rows.mapped("kind")), {"name"})
        self.assertIn("synthetic 1", rows.mapped("key"))

    def test_person_is_never_mined_again_from_another_provider_either(self):
        contact = self.mine(
            lead_number=1, target="contacts", contact_number=1
        ).lead_ids.mining_contact_ids
        contact.with_user(self.salesperson).action_never_mine()
        company = synthetic_company(1)
        # The other provider knows the company by its domain and the person without an address.
        person = Contact("PERSON Synthetic")
        elsewhere = replace(company, registry="", registry_id="", contacts=(person,))
        (item,) = self.Suppression._screen([elsewhere], self.env.company)
        self.assertEqual(item.company.contacts, ())

    def test_only_administrators_decide_for_all_companies(self):
        lead = self.mine(lead_number=1).lead_ids.with_context(never_mine_globally=True)
        with self.assertRaises(AccessError):
            lead.with_user(self.salesperson).action_never_mine()
        lead.with_user(self.manager).action_never_mine()
        self.assertFalse(self.Suppression.search([("key", "=", "synthetic1.example")]).company_id)

    def test_nobody_decides_for_a_company_that_is_not_chosen(self):
        here, elsewhere = self.env.company, self.other_company
        self.manager.company_ids |= elsewhere
        as_manager = self.Suppression.with_user(self.manager)
        entries = [Entry("domain", "acme.example")]
        with self.assertRaisesRegex(AccessError, "You do not work for"):
            as_manager.with_context(allowed_company_ids=here.ids)._never_mine(
                entries, elsewhere, "x"
            )
        both = as_manager.with_context(allowed_company_ids=(here | elsewhere).ids)
        both._never_mine(entries, elsewhere, "x")
        row = self.Suppression.search([("key", "=", "acme.example")])
        self.assertEqual(row.company_id, elsewhere)

    def test_of_a_value_that_is_not_valid_eighty_letters_are_repeated(self):
        for length in (80, 81):
            with self.assertRaises(ValidationError) as caught:
                self.never("domain", "x" * length)
            self.assertEqual(str(caught.exception).count("x"), 80, length)

    def test_salesperson_adds_for_the_own_company_only(self):
        as_salesperson = self.Suppression.with_user(self.salesperson)
        as_salesperson.create({"kind": "domain", "value": "acme.example"})
        for company in (False, self.other_company.id):
            with self.assertRaises(AccessError):
                as_salesperson.create(
                    {"kind": "domain", "value": "b.example", "company_id": company}
                )

    def test_salesperson_takes_nothing_off_the_list(self):
        row = self.never("domain", "acme.example").with_user(self.salesperson)
        with self.assertRaises(AccessError):
            row.unlink()
        with self.assertRaises(AccessError):
            row.reason = "x"
        row.with_user(self.manager).unlink()

    def test_another_company_s_list_is_not_seen(self):
        theirs = self.never("domain", "acme.example", company_id=self.other_company.id)
        for user in (self.salesperson, self.manager):
            self.assertFalse(self.Suppression.with_user(user).search([("id", "=", theirs.id)]))


@tagged("post_install", "-at_install")
class TestImport(SuppressionCase):
    def wizard(self, content, **values):
        content = content if isinstance(content, bytes) else content.encode()
        return (
            self.env["lead.mining.suppression.import"]
            .with_user(self.manager)
            .create({"file": base64.b64encode(content), "file_name": "list.csv", **values})
        )

    def test_file_is_shown_then_imported(self):
        wizard = self.wizard(
            "Domain;E-mail;Reason\nacme.example;ada@acme.example;Asked\nb.example;;"
        )
        wizard.action_preview()
        self.assertEqual((wizard.state, wizard.entry_count), ("preview", 3))
        self.assertEqual(wizard.line_ids.mapped("kind"), ["Domain", "E-mail address", "Domain"])
        self.assertFalse(self.Suppression.search([]), "the preview imports nothing")
        wizard.action_import()
        self.assertEqual((wizard.state, wizard.new_count), ("done", 3))
        rows = self.Suppression.search([("source", "=", "import")])
        self.assertEqual(rows.company_id, self.env.company)
        self.assertIn("Asked", rows.mapped("reason"))

    def test_importing_again_adds_nothing(self):
        for added in (1, 0):
            wizard = self.wizard("domain\nacme.example")
            wizard.action_import()
            self.assertEqual(wizard.new_count, added)

    def test_one_column_in_an_old_encoding_is_enough(self):
        wizard = self.wizard("name\nSociété Générale\n".encode("cp1252"))
        wizard.action_import()
        self.assertEqual(self.Suppression.search([]).key, "societe generale")

    def test_unreadable_lines_are_told_in_a_file(self):
        wizard = self.wizard("domain,email\nacme.example,ada\n,=cmd@\n")
        wizard.action_preview()
        self.assertEqual((wizard.entry_count, wizard.problem_count), (1, 2))
        text = base64.b64decode(wizard.problems_file).decode("utf-8-sig")
        self.assertIn("2,Not a valid value: E-mail address,ada", text)
        self.assertIn("'=cmd@", text)
        self.assertEqual(wizard.problems_file_name, "list-problems.csv")

    def test_no_unreadable_value_is_run_as_a_formula(self):
        wizard = self.wizard("domain\n =1+1\n＝1+1\n|cmd\n")
        wizard.action_preview()
        text = base64.b64decode(wizard.problems_file).decode("utf-8-sig")
        values = [line.rpartition(",")[2] for line in text.splitlines()[1:]]
        self.assertEqual(len(values), 3)
        self.assertFalse([value for value in values if not value.startswith("'")])

    def test_file_without_known_columns_is_a_sentence(self):
        for content in ("foo,bar\n1,2", "acme.example\nb.example"):
            with self.assertRaisesRegex(UserError, "must name the columns"):
                self.wizard(content).action_preview()
        with self.assertRaisesRegex(UserError, "compressed file is incomplete"):
            self.wizard(b"PK\x03\x04 xlsx").action_preview()

    def test_more_lines_than_a_file_may_have_are_refused_and_not_left_out(self):
        lines = "domain\na.example\nb.example\n"
        with patch.object(lead_mining_suppression_import, "MAX_ROWS", 2):
            with self.assertRaisesRegex(UserError, "at most 2 lines"):
                self.wizard(lines + "c.example\n").action_import()
            self.assertFalse(self.Suppression.search([]))
            self.wizard(lines).action_import()
        self.assertEqual({*self.Suppression.search([]).mapped("key")}, {"a.example", "b.example"})

    def test_list_for_all_companies_is_imported(self):
        self.wizard("domain\nacme.example", company_id=False).action_import()
        self.assertFalse(self.Suppression.search([]).company_id)

    def test_salespeople_do_not_import(self):
        with self.assertRaises(AccessError):
            self.env["lead.mining.suppression.import"].with_user(self.salesperson).create({})
