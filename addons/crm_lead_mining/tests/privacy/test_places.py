"""A person is planted in every declared place of every addon, told from each, and then erased."""

import json
from base64 import b64decode

from odoo.tests import tagged

from ...company import company_json
from ...company.types import Contact
from ...tools.privacy import Person
from ..common import LeadMiningCase, synthetic_company
from .test_erasure import EMAIL, NAME, ErasureCase

TOLD = f"{NAME} <{EMAIL}>"
#: Correspondence, and a customer's own addresses, are told and stay.
STAY = {"mail.plugin.log", "mail.recipient.address"}


@tagged("post_install", "-at_install")
class TestPlaces(ErasureCase):
    def planted(self):
        """Yield records that hold the person, each of another model or in another column."""
        yield from self._planted_by_mining()
        for model in sorted({*self.env["person.data.mixin"]._person_models()}):
            if plant := getattr(self, f"_plant_{model.replace('.', '_')}", None):
                yield from plant(self.env[model].sudo())

    def _planted_by_mining(self):
        self.provide(
            synthetic_company(1, contacts=(Contact(NAME, "Director", email=EMAIL),)),
            # Of this one she is no contact, and her address stands beside others.
            synthetic_company(
                2,
                contacts=(),
                description=f"Ask {EMAIL}",
                emails=("info@synthetic2.example", EMAIL),
                sources={f"emails:{EMAIL}": f"https://synthetic2.example/?{EMAIL}"},
            ),
        )
        request = self.mine(lead_number=2, target="contacts", contact_number=1)
        lead, other = request.lead_ids.sorted("id").sudo()
        contact = lead.mining_contact_ids
        contact.action_create_partner()
        with self.mock_mail_gateway():
            contact.action_send_notice()
        flaw = {"flaw": "wrong_email", "note": TOLD, "contact_id": contact.id}
        self.env["lead.mining.bad.data"].with_user(self.salesperson).create(flaw).action_confirm()
        yield from (
            contact, lead, contact.partner_id, contact.notice_ids, contact.result_id.refund_ids,
            *request.sudo().result_ids, *self.env["lead.mining.answer"].search([]),
            other.message_ids.filtered(lambda one: EMAIL in one.body),
            other.mining_provenance_ids.filtered(lambda one: EMAIL in (one.part or "")),
        )  # fmt: skip

    def _plant_iap_server_answer(self, Model):
        client = self.env["iap.server.client"].sudo().create({"name": "C", "uuid": "planted-uuid"})
        contacts = (Contact(NAME, email=EMAIL),)
        answers = (synthetic_company(4, contacts=contacts), synthetic_company(5, name=TOLD))
        yield Model.create(
            [
                {
                    "client_id": client.id, "company_id": client.company_id.id, "kind": "mining",
                    "key": str(number), "state": "done",
                    "companies": [company_json.to_json(answer)],
                }
                for number, answer in enumerate(answers)
            ]
        )  # fmt: skip

    def _plant_lead_mining_suppression(self, Model):
        values = {"kind": "domain", "value": "x.example", "company_id": False, "reason": TOLD}
        yield Model.create(values)

    def _plant_iap_credit_entry(self, Model):
        self.account.adjust(1, reason=TOLD, idempotency_key="planted")
        yield Model.search([("reason", "=", TOLD)])

    def _plant_iap_credit_hold(self, Model):
        self.account.hold(1, reason=TOLD, idempotency_key="planted-hold")
        yield Model.search([("reason", "=", TOLD)])

    def _plant_lead_enrichment(self, Model):
        answer = company_json.to_json(synthetic_company(3, contacts=(Contact(NAME, email=EMAIL),)))
        change = {"field": "email_from", "label": "Email", "old": "", "new": EMAIL, "source": ""}
        for values in (
            {"record_name": TOLD}, {"message": TOLD}, {"answer": answer}, {"changes": [change]},
        ):  # fmt: skip
            yield Model.create(
                {
                    "company_id": self.env.company.id, "user_id": self.env.uid, "state": "failed",
                    "identity_key": "domain:synthetic3.example", **values,
                }
            )  # fmt: skip

    def _dataset(self, name="Planted"):
        Dataset = self.env["lead.directory.dataset"]
        return Dataset.search([("name", "=", name)]) or Dataset.create({"name": name})

    def _plant_lead_directory_company(self, Model):
        values = {
            "name": "D",
            "country_code": "BE",
            "industry": "",
            "emails": f"x@d.example, {EMAIL}",
        }
        yield Model.create(
            {**values, "dataset_id": self._dataset().id, "identity": "domain:d.example"}
        )

    def _plant_lead_directory_contact(self, Model):
        values = {"name": "E", "country_code": "BE", "industry": "", "identity": "domain:e.example"}
        company = self.env["lead.directory.company"].sudo().create(
            {**values, "dataset_id": self._dataset().id}
        )  # fmt: skip
        yield Model.create(
            {"directory_company_id": company.id, "identity": EMAIL, "name": NAME, "email": EMAIL}
        )

    def _file(self, **values):
        # Of a dataset that has nothing of her: else they are told with its companies.
        dataset = self._dataset("Planted files")
        return self.env["lead.directory.import"].sudo().create({"dataset_id": dataset.id, **values})

    def _plant_lead_directory_import(self, Model):
        yield self._file(file_name=f"{NAME}, contacts.csv")
        yield self._file(failure=TOLD)

    def _plant_lead_directory_import_column(self, Model):
        for position, values in enumerate(({"header": TOLD}, {"sample": TOLD})):
            yield Model.create({"import_id": self._file().id, "position": position, **values})

    def _plant_lead_directory_import_problem(self, Model):
        yield Model.create({"import_id": self._file().id, "code": "bad_email", "value": TOLD})

    def _plant_lead_directory_header(self, Model):
        yield Model.create({"header": TOLD, "key": TOLD.lower(), "rows_are": "persons"})

    def _plant_mail_recipient_log(self, Model):
        yield Model.create({"email": EMAIL, "email_key": EMAIL, "user_name": "Sally"})

    def _plant_mail_recipient_registration(self, Model):
        yield Model.create({"email_key": EMAIL})

    def _plant_mail_recipient_address(self, Model):
        customer = self.env["res.partner"].create({"name": "Customer"})
        yield Model.create({"partner_id": customer.id, "email": EMAIL})

    def _plant_mail_plugin_claim(self, Model):
        Model.take("contact", EMAIL)
        yield Model.search([("key", "like", EMAIL)])

    def _plant_mail_plugin_log(self, Model):
        deal = self.env["crm.lead"].create({"name": "Deal"})
        message = deal.message_post(body="Hello", email_from=TOLD, message_type="email")
        yield Model.create({"email_key": "planted", "message_id": message.id})

    def test_access_tells_every_place_and_erasure_empties_it(self):
        planted = list(self.planted())
        places = self.env["person.data.mixin"]._person_models()
        self.assertEqual({one._name for one in planted}, set(places), "a place has nothing planted")
        self.env.flush_all()
        self.env.invalidate_all()
        wizard = self.wizard(EMAIL, NAME, self.env.ref("base.user_admin"))
        wizard.action_search()
        told = {(line.model, line.res_id) for line in wizard.line_ids}
        for records in planted:
            self.assertTrue(records, records._name)
            for record in records:
                with self.subTest(record._name):
                    # A lead's notes and sources are told with it.
                    self.assertIn((record._name, record.id), told)
        report = json.loads(b64decode(wizard.json_file))
        self.assertEqual(len(report["held"]), len(told))
        self.assertEqual([item["place"] for item in report["held"] if not item["data"]], [])
        wizard.action_erase()
        self.env.invalidate_all()
        wizard = self.wizard(EMAIL, NAME, self.env.ref("base.user_admin"))
        wizard.action_search()
        self.assertLessEqual(set(wizard.line_ids.mapped("model")), STAY)


@tagged("post_install", "-at_install")
class TestLeadOfAPerson(LeadMiningCase):
    def test_of_a_lead_only_what_holds_the_person_is_emptied(self):
        Contact = self.env["lead.mining.contact"]
        values = {"contact_name": "Ada Byron", "function": "Head", "phone": "+32 2 555 12 12"}
        values |= {"name": "Lead", "email_from": "ada@alfa.example"}
        lead, empty = self.env["crm.lead"].create([values, {"name": "Lead"}])
        namesake = Contact.new({"name": "Ada Byron", "email": "ada@beta.example"})
        caller = Contact.new({"name": "Grace", "email": "g@beta.example", "phone": lead.phone})
        who = {"contact_name", "function"}
        for email, name, contacts, emptied in (
            ("ada@alfa.example", "", Contact, who | {"email_from"}),
            ("Ada@ALFA.example", "Grace", Contact, who | {"email_from"}),
            ("", "Byron Ada", Contact, who),
            ("grace@alfa.example", "Ada Lovelace", Contact, set()),
            ("grace@alfa.example", "", namesake, who),
            ("grace@alfa.example", "", caller, {"phone"}),
        ):
            person = Person.of(email, name)
            with self.subTest(email=email, name=name, contacts=contacts.mapped("name")):
                changes = lead._without_person(person, contacts)
                self.assertEqual(changes.keys(), emptied)
                self.assertFalse(any(changes.values()))
                self.assertFalse(empty._without_person(person, contacts))
