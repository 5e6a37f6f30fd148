import base64

from odoo.tests import tagged

from odoo.addons.crm_lead_mining.tests.privacy.test_erasure import ErasureCase

from .common import DirectoryCase


@tagged("post_install", "-at_install")
class TestDirectoryErasure(ErasureCase, DirectoryCase):
    ROW = "Acme,,,acme.example,FR,,,,,Ada Lovelace,CEO,ada@acme.example,1"

    def contacts(self):
        return self.env["lead.directory.contact"].search(
            [("directory_company_id.dataset_id", "=", self.dataset.id)]
        )

    def test_person_is_erased_from_the_directory_and_not_imported_again(self):
        other = "Acme,,,acme.example,FR,,,,,Bob,CFO,bob@acme.example,2"
        self._import_rows(self.ROW, other)
        self.erase("ada@acme.example")
        self.assertEqual(self.contacts().name, "Bob")
        self._import_rows(self.ROW, other)
        self.assertEqual(self.contacts().name, "Bob")

    def test_person_is_not_imported_under_another_address_either(self):
        self._import_rows(self.ROW)
        self.erase("ada@acme.example")
        self._import_rows("Acme,,,acme.example,FR,,,,,LOVELACE Ada,CEO,al@acme.example,1")
        self.assertFalse(self.contacts())

    def test_who_is_erased_by_name_is_not_imported_by_the_address_that_was_held(self):
        self._import_rows(self.ROW)
        self.erase(False, "Ada Lovelace")
        self.assertFalse(self.contacts())
        self._import_rows("Acme,,,acme.example,FR,,,,,A. L.,CEO,ada@acme.example,1")
        self.assertFalse(self.contacts())

    def test_company_of_the_person_is_imported_all_the_same(self):
        self.erase("ada@acme.example")
        record = self._import_rows(self.ROW)
        self.assertEqual((record.companies_created, record.contacts_created), (1, 0))

    def test_company_s_addresses_lose_the_person_s(self):
        self._import(
            "name,domain,country,email\nAcme,acme.example,FR,info@acme.example; ada@acme.example"
        )
        self.erase("ada@acme.example")
        company = self.env["lead.directory.company"].search([("domain", "=", "acme.example")])
        self.assertEqual(company.emails, "info@acme.example")

    def test_uploaded_file_and_remarks_go_as_well(self):
        record = self._import_rows(self.ROW, "B,,,b.example,FR,,,,,Ada Lovelace,,ada@,")
        record.sudo().file = base64.b64encode(b"ada@acme.example")
        self.assertIn("ada@", record.problem_ids.mapped("value"))
        self.erase("ada@acme.example")
        self.assertFalse(record.file)

    def test_a_trader_without_identity_is_erased_and_not_imported_again_at_that_place(self):
        text = "name,city,country\n{},Milano,IT\n{},Roma,IT"
        self._import(text.format("Ada Lovelace", "Ada Lovelace Studio"), name_is_enough=True)
        held = self.found(False, "Lovelace Ada").line_ids.mapped("label")
        self.assertIn("Ada Lovelace", held)
        self.erase(False, "Lovelace Ada")
        companies = self.env["lead.directory.company"]
        mine = [("dataset_id", "=", self.dataset.id)]
        self.assertEqual(companies.search(mine).mapped("name"), ["Ada Lovelace Studio"])
        record = self._import(text.format("LOVELACE ADA", "Ada Lovelace"), name_is_enough=True)
        self.assertEqual(record.problem_ids.mapped("code"), ["never"])
        found = companies.search([*mine, ("name", "=", "Ada Lovelace")])
        self.assertEqual(found.city, "Roma")

    def test_another_company_s_dataset_is_not_touched(self):
        theirs = self.dataset.copy({"name": "Theirs", "company_id": self.other_company.id})
        self._import_rows(self.ROW, dataset=theirs)
        wizard = self.found("ada@acme.example")
        self.assertFalse(wizard.line_ids)
        self.assertEqual(wizard.elsewhere_count, 1)
