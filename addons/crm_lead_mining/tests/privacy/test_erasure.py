import base64
import io
import json
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.mail.tests.common import MailCase

from ...company.types import Contact
from ...wizards.privacy import lead_mining_privacy
from ..common import LeadMiningCase, SyntheticProvider, synthetic_company

EMAIL = "person@synthetic1.example"
NAME = "Synthetic Person"


class OtherProvider(SyntheticProvider):
    """Knows the same people, the companies by their domain only."""

    code = "other_synthetic"


class ErasureCase(LeadMiningCase, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.name_controller()
        cls.officer = new_test_user(
            cls.env, "officer", "sales_team.group_sale_manager", name="Otto Officer"
        )
        cls.other_company = cls.env["res.company"].create({"name": "Other"})
        cls.offer(OtherProvider)

    def mined(self, number=2, **values):
        request = self.mine(lead_number=1, target="contacts", contact_number=number, **values)
        return request.lead_ids.mining_contact_ids

    def wizard(self, email=EMAIL, name=False, user=None, **context):
        return (
            self.env["lead.mining.privacy"]
            .with_user(user or self.officer)
            .with_context(**context)
            .create({"email": email, "name": name})
        )

    def found(self, *args, **values):
        wizard = self.wizard(*args, **values)
        wizard.action_search()
        return wizard

    def erase(self, *args, **values):
        wizard = self.found(*args, **values)
        wizard.action_erase()
        self.env.invalidate_all()
        return wizard

    def everything(self):
        """Return all text of each table of the database.

        But of Odoo's own structure, and of wizards that go by themselves.
        """
        self.env.flush_all()
        self.env.cr.execute(
            r"SELECT tablename FROM pg_tables"
            r" WHERE schemaname = current_schema AND tablename NOT LIKE 'ir\_%'"
        )
        wizards = {model._table for model in self.env.registry.values() if model._transient}
        wizards -= {"lead_mining_privacy", "lead_mining_privacy_line"}
        tables = {name for (name,) in self.env.cr.fetchall()} - wizards
        texts = {}
        for table in tables:
            self.env.cr.execute(f"SELECT row_to_json(t)::text FROM {table} t")  # noqa: S608
            texts[table] = " ".join(row[0] for row in self.env.cr.fetchall())
        return texts

    def assertGone(self, *words):
        for table, text in self.everything().items():
            for word in words:
                self.assertNotIn(word.lower(), text.lower(), table)


@tagged("post_install", "-at_install")
class TestAccess(ErasureCase):
    def test_report_tells_everything_that_is_held(self):
        contacts = self.mined()
        contacts.with_user(self.salesperson).action_create_partner()
        with self.mock_mail_gateway():
            contacts[0].action_send_notice()
        wizard = self.found()
        self.assertEqual(
            set(wizard.line_ids.mapped("model")),
            {
                "lead.mining.contact", "lead.mining.notice", "crm.lead", "res.partner",
                "lead.mining.result", "lead.mining.answer",
            },
        )  # fmt: skip
        report = json.loads(base64.b64decode(wizard.json_file))
        self.assertEqual(report["person"]["email"], EMAIL)
        contact = report["held"][0]["data"]
        self.assertEqual((contact["email"], contact["licence"]), (EMAIL, "CC0-1.0"))
        self.assertEqual(contact["company"], "Synthetic 1")
        self.assertNotIn("second@", json.dumps(report), "another person's data")

    def test_report_opens_in_a_spreadsheet_and_runs_nothing(self):
        self.provide(synthetic_company(1, contacts=(Contact("=cmd()", email=EMAIL),)))
        self.mined()
        book = load_workbook(io.BytesIO(base64.b64decode(self.found().xlsx_file)))
        cells = [cell for row in book.active.iter_rows() for cell in row]
        self.assertIn(EMAIL, [cell.value for cell in cells])
        self.assertIn("Legal Basis", [cell.value for cell in cells])
        self.assertEqual({cell.data_type for cell in cells}, {"s"})

    def test_nothing_held_is_told(self):
        wizard = self.found("nobody@nowhere.example")
        self.assertIn("Nothing is held", wizard.summary)

    def test_name_finds_those_without_an_address(self):
        self.provide(synthetic_company(1, contacts=(Contact("Ada Lovelace"),)))
        self.mined()
        wizard = self.found(False, "LOVELACE ada")
        self.assertIn("lead.mining.contact", wizard.line_ids.mapped("model"))
        self.assertIn("lead.mining.answer", wizard.line_ids.mapped("model"))

    def test_a_name_of_too_many_is_asked_for_with_the_address(self):
        self.mined()
        held = len(self.found(False, NAME).line_ids)
        self.assertTrue(held)
        for most in (held, held - 1):
            wizard = self.wizard(False, NAME)
            with patch.object(lead_mining_privacy, "MAX_FINDINGS", most), self.subTest(most):
                if most == held:
                    wizard.action_search()
                    self.assertEqual(len(wizard.line_ids), held)
                    continue
                with self.assertRaisesRegex(UserError, f"found in {held} places: enter the e-mail"):
                    wizard.action_search()
                self.assertFalse(wizard.line_ids, "shown all the same")

    def test_neither_address_nor_name_is_a_sentence(self):
        for email, name, sentence in (
            (False, False, "Enter an e-mail"), ("ada", False, "is not a valid e-mail"),
        ):  # fmt: skip
            with self.assertRaisesRegex(UserError, sentence):
                self.wizard(email, name).action_search()

    def test_only_officers_see_and_erase(self):
        with self.assertRaises(AccessError):
            self.wizard(user=self.salesperson)
        wizard = self.wizard()
        for action in ("action_search", "action_erase"):
            with self.assertRaises(AccessError):
                getattr(wizard.with_user(self.salesperson), action)()

    def test_what_other_companies_hold_is_only_counted(self):
        contacts = self.mined()
        contacts.lead_id.sudo().write(
            {"company_id": self.other_company.id, "team_id": False, "user_id": False}
        )
        wizard = self.found()
        self.assertNotIn("lead.mining.contact", wizard.line_ids.mapped("model"))
        self.assertEqual(wizard.elsewhere_count, 2)


@tagged("post_install", "-at_install")
class TestErasure(ErasureCase):
    def test_erased_person_is_gone_from_everywhere(self):
        contacts = self.mined()
        lead = contacts.lead_id
        contacts.with_user(self.salesperson).action_create_partner()
        with self.mock_mail_gateway():
            contacts[0].action_send_notice()
        lead._message_log(body=f"Called {NAME} <{EMAIL}>")
        lead.write({"function": "Boss", "email_from": "else@synthetic1.example"})
        lead.write({"email_from": EMAIL})
        self.flush_tracking()
        wizard = self.erase()
        self.assertGone(EMAIL, NAME)
        self.assertIn("Mined contacts: 1", wizard.summary)
        self.assertRecordValues(
            lead, [{"contact_name": False, "email_from": False, "partner_name": "Synthetic 1"}]
        )

    def test_where_an_address_was_read_goes_in_any_spelling_and_not_that_of_a_longer_one(self):
        read = {
            f"emails:{one}@bücher.example": "https://bücher.example" for one in ("anna", "joanna")
        }
        person = Contact("Anna Rossi", email="anna@bücher.example")
        self.provide(synthetic_company(1, contacts=(person,), sources=read))
        lead = self.mined(1).lead_id
        self.erase("anna@xn--bcher-kva.example")
        self.assertEqual(
            lead.mining_provenance_ids.mapped("part"), ["", "emails:joanna@bücher.example"]
        )

    def test_others_of_the_company_stay(self):
        contacts = self.mined()
        other = contacts[1]
        self.erase()
        self.assertEqual(other.lead_id.mining_contact_ids, other)
        stored = str(self.env["lead.mining.answer"].search([]).mapped("companies"))
        self.assertIn("second@synthetic1.example", stored)
        self.assertIn("info@synthetic1.example", stored)
        self.assertIn("Second Person", other.lead_id.message_ids.mapped("body")[-1])

    def test_person_leaves_the_credits_given_back_which_stay(self):
        contacts = self.mined()
        flaw = {"flaw": "wrong_email", "note": f"{EMAIL} bounces", "contact_id": contacts[0].id}
        self.env["lead.mining.bad.data"].with_user(self.salesperson).create(flaw).action_confirm()
        wizard = self.found()
        self.assertIn("lead.mining.refund", wizard.line_ids.mapped("model"))
        wizard.action_erase()
        self.env.invalidate_all()
        self.assertGone(EMAIL, NAME)
        refund = self.env["lead.mining.refund"].search([])
        self.assertRecordValues(refund, [{"credits": 1, "name": "Erased contact", "note": False}])

    def test_person_leaves_the_remark_about_a_company_s_credits(self):
        result = self.mined().lead_id.sudo().mining_result_ids
        flaw = {"flaw": "closed", "note": f"{NAME} <{EMAIL}> says so", "result_ids": result.ids}
        self.env["lead.mining.bad.data"].with_user(self.salesperson).create(flaw).action_confirm()
        self.erase()
        refund = self.env["lead.mining.refund"].search([("subject", "=", "company")])
        self.assertRecordValues(refund, [{"name": "Synthetic 1", "note": False}])

    def test_person_leaves_the_reason_why_somebody_is_never_mined(self):
        Never = self.env["lead.mining.suppression"]
        values = {"kind": "domain", "value": "acme.example", "company_id": False}
        never = Never.create({**values, "reason": f"{NAME} ({EMAIL}) complained"})
        self.erase(EMAIL, NAME)
        self.assertRecordValues(never, [{"key": "acme.example", "reason": "… (…) complained"}])

    def test_person_leaves_what_a_company_was_said_to_be_perhaps(self):
        results = self.mine(lead_number=2).result_ids.sudo()
        results.reason = f"It may be: {NAME}, Bolts."
        report = json.loads(base64.b64decode(self.found(name=NAME).json_file))
        held = [one["data"] for one in report["held"] if "It may be" in json.dumps(one)]
        self.assertEqual(len(held), 2)
        self.erase(name=NAME)
        self.assertEqual(set(results.mapped("reason")), {"It may be: …, Bolts."})
        self.assertEqual(len(results.filtered("data")), 2)

    def test_others_are_still_known_by_their_place_in_what_was_paid(self):
        other = self.mined()[1]
        self.erase()
        self.assertEqual(other.sudo()._delivered_email(), "second@synthetic1.example")
        flaw = {"flaw": "wrong_email", "contact_id": other.id}
        self.env["lead.mining.bad.data"].with_user(self.salesperson).create(flaw).action_confirm()
        self.assertEqual(self.env["lead.mining.refund"].search([]).name, "Second Person")

    def test_only_hashes_stay(self):
        self.mined()
        self.erase()
        rows = self.env["lead.mining.suppression"].search([])
        self.assertEqual(set(rows.mapped("source")), {"erase"})
        self.assertEqual(set(rows.mapped("kind")), {"email", "person"})
        self.assertFalse(any(rows.mapped("company_id")))
        for row in rows:
            self.assertRegex(row.key, r"^[0-9a-f]{64}$")

    def test_person_nothing_is_held_about_is_kept_away_too(self):
        self.erase(EMAIL)
        self.assertEqual(self.mined().mapped("name"), ["Second Person"])

    def test_erased_person_does_not_come_back_with_the_same_request(self):
        contacts = self.mined()
        lead = contacts.lead_id
        request = lead.mining_request_id
        self.erase()
        self.env["lead.mining.identity"].search([]).unlink()
        lead.sudo().unlink()
        again = self.mined()
        self.assertEqual(again.mapped("name"), ["Second Person"])
        self.assertNotEqual(again.lead_id.mining_request_id, request)

    def test_erased_person_does_not_come_back_from_another_provider(self):
        lead = self.mined().lead_id
        self.erase()
        lead.sudo().unlink()
        self.env["lead.mining.identity"].search([]).unlink()
        other = self.env["lead.mining.provider"].create(
            {"name": "Other Provider", "code": OtherProvider.code}
        )
        # It has another address of the person, and neither register nor number.
        persons = (Contact("PERSON, Synthetic", email="sp@elsewhere.example"), Contact("Zoe"))
        self.provide(synthetic_company(1, registry="", registry_id="", contacts=persons))
        again = self.mined(provider_id=other.id)
        self.assertEqual(again.mapped("name"), ["Zoe"])
        self.assertPaid(3 + 2)

    def test_who_is_erased_by_name_does_not_come_back_by_an_address_that_was_held(self):
        held = (
            lambda: self.mined(1),
            lambda: self.env["res.partner"].create({"name": NAME, "email": EMAIL, "mined": True}),
            lambda: self.env["lead.mining.contact"].create(
                {
                    "name": NAME,
                    "email": EMAIL,
                    "lead_id": self.env["crm.lead"].create({"name": "A"}).id,
                }
            ),
        )
        for number, hold in enumerate(held):
            with self.subTest(number):
                hold()
                self.erase(False, NAME)
                self.env["lead.mining.identity"].search([]).unlink()
                self.provide(
                    synthetic_company(10 + number, contacts=(Contact("S. P.", email=EMAIL),))
                )
                self.assertFalse(self.mined(1))
                self.env["lead.mining.suppression"].sudo().search([]).unlink()

    def test_namesake_at_another_company_is_somebody_else(self):
        self.mined()
        self.erase()
        self.provide(synthetic_company(2, contacts=(Contact(NAME, email="p@synthetic2.example"),)))
        self.assertEqual(self.mined().mapped("name"), [NAME])

    def test_namesakes_that_are_taken_out_stay(self):
        persons = (Contact("Ada Lovelace"),)
        self.provide(*(synthetic_company(number, contacts=persons) for number in (1, 2)))
        request = self.mine(lead_number=2, target="contacts", contact_number=1)
        mine = request.lead_ids.mining_contact_ids
        wizard = self.found(False, "Ada Lovelace")
        kept = mine.filtered(lambda contact: contact.lead_id.name == "Synthetic 2")
        held = {
            ("lead.mining.contact", kept.id), ("crm.lead", kept.lead_id.id),
            ("lead.mining.answer", self.env["lead.mining.answer"].search([]).id),
        }  # fmt: skip
        wizard.line_ids.filtered(lambda line: (line.model, line.res_id) in held).selected = False
        wizard.action_erase()
        self.env.invalidate_all()
        self.assertEqual(mine.exists(), kept)
        self.assertEqual(kept.lead_id.contact_name, "Ada Lovelace")

    def test_contact_with_documents_stays_without_its_data(self):
        contacts = self.mined(number=1)
        contacts.action_create_partner()
        partner = contacts.partner_id
        self.env["crm.lead"].create({"name": "Real deal", "partner_id": partner.id})
        wizard = self.erase()
        self.assertIn("because documents refer to", wizard.summary)
        self.assertRecordValues(
            partner, [{"name": "Erased contact", "email": False, "function": False, "mined": False}]
        )

    def test_customer_who_was_there_before_stays(self):
        contacts = self.mined(number=1)
        customer = self.env["res.partner"].create({"name": NAME, "email": EMAIL})
        contacts.action_create_partner()
        self.assertEqual(contacts.partner_id, customer)
        self.erase()
        self.assertEqual((customer.name, customer.email), (NAME, EMAIL))

    def test_lead_of_a_person_who_wrote_by_themselves_stays(self):
        lead = self.env["crm.lead"].create({"name": "Question", "email_from": EMAIL})
        self.erase()
        self.assertEqual(lead.email_from, EMAIL)

    def test_what_comes_between_search_and_erasure_is_erased_too(self):
        wizard = self.found()
        self.mined()
        wizard.action_erase()
        self.assertGone(EMAIL)

    def test_mails_that_were_exchanged_with_the_person_stay(self):
        lead = self.mined(number=1).lead_id
        posted = (
            {"body": f"Dear {NAME}", "subtype_xmlid": "mail.mt_comment"},
            {"body": NAME, "subtype_xmlid": "mail.mt_comment", "message_type": "email"},
            {"body": f"Called {NAME}"},
        )
        sent, received, note = (lead.message_post(**values) for values in posted)
        self.erase(EMAIL, NAME)
        self.assertIn(NAME, sent.body)
        self.assertIn(NAME, received.body)
        self.assertNotIn(NAME, note.body)

    def test_erasing_twice_is_fine(self):
        self.mined()
        self.erase()
        self.assertIn("Nothing was held", self.erase().summary)

    def test_other_companies_data_are_not_erased(self):
        contacts = self.mined()
        contacts.lead_id.sudo().write(
            {"company_id": self.other_company.id, "team_id": False, "user_id": False}
        )
        self.erase()
        self.assertEqual(len(contacts.exists()), 2)

    def test_time_of_search_and_erasure_does_not_grow_with_what_others_have(self):
        self.provide(50)
        self._set_credits(200)
        self.mine(lead_number=40, target="contacts", contact_number=2)
        wizard = self.wizard()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        wizard.action_search()
        self.assertLess(self.cr.sql_log_count - before, 130)
