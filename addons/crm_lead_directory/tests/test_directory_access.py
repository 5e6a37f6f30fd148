from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import DirectoryCase


@tagged("post_install", "-at_install")
class TestDirectoryAccess(DirectoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "d-manager", "sales_team.group_sale_manager")
        cls.salesperson = new_test_user(cls.env, "d-salesperson", "sales_team.group_sale_salesman")
        cls.other_company = cls.env["res.company"].create({"name": "Other company"})

    def test_salespeople_do_not_read_what_is_not_paid(self):
        self._import_rows("A,,,a.example,FR,,,,,Test Person,CEO,p@a.example,1")
        for model in ("company", "contact", "dataset", "import", "import.column", "import.problem"):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[f"lead.directory.{model}"].with_user(self.salesperson).search([])
        self.assertTrue(
            self.env["lead.mining.industry"].with_user(self.salesperson).search([], limit=1)
        )

    def test_salespeople_search_through_the_adapter(self):
        self._import_rows("A,,,a.example,FR")
        provider = self.dataset.with_user(self.salesperson)._directory_provider()
        self.assertIsNotNone(provider.enrich(domain="a.example"))

    def test_nobody_writes_companies_by_hand(self):
        self._import_rows("A,,,a.example,FR")
        company = self.env["lead.directory.company"].search([("identity", "=", "domain:a.example")])
        as_manager = company.with_user(self.manager)
        self.assertEqual(as_manager.name, "A")
        with self.assertRaises(AccessError):
            as_manager.name = "B"
        with self.assertRaises(AccessError):
            as_manager.create({"name": "B"})

    def test_another_company_s_dataset_is_not_seen(self):
        theirs = self.dataset.copy({"name": "Theirs", "company_id": self.other_company.id})
        record = self._import_rows(
            "A,,,a.example,FR,,,,,Test Person,CEO,p@a.example,1", "B,,,,FR", dataset=theirs
        )
        for records in (
            theirs,
            record,
            record.column_ids,
            record.problem_ids,
            self.env["lead.directory.company"].search([("dataset_id", "=", theirs.id)]),
            self.env["lead.directory.contact"].search([("email", "=", "p@a.example")]),
        ):
            with self.subTest(records._name):
                self.assertTrue(records)
                found = records.with_user(self.manager).search([("id", "in", records.ids)])
                self.assertFalse(found)
        provider = self.env["lead.directory.dataset"]._directory_provider(self.env.company)
        self.assertIsNone(provider.enrich(domain="a.example"))
        theirs_provider = self.env["lead.directory.dataset"]._directory_provider(self.other_company)
        self.assertEqual(theirs_provider.enrich(domain="a.example").name, "A")

    def test_archived_datasets_are_not_searched(self):
        self._import_rows("A,,,a.example,FR")
        self.dataset.active = False
        provider = self.env["lead.directory.dataset"]._directory_provider()
        self.assertIsNone(provider.enrich(domain="a.example"))

    @mute_logger("odoo.models")
    def test_even_administrators_cannot_open_files_of_the_server(self):
        imports = self.Import.with_user(self.env.ref("base.user_admin"))
        with self.assertRaises(AccessError):
            imports.create({"dataset_id": self.dataset.id, "path": "/etc/hostname"})
        record = imports.create({"dataset_id": self.dataset.id})
        with self.assertRaises(AccessError):
            record.path = "/etc/hostname"
        with self.assertRaises(AccessError):
            record.read(["path"])
        with self.assertRaises(AccessError):
            imports.search([("path", "!=", False)])

    def test_dataset_is_neither_moved_to_nor_made_for_another_company(self):
        own = self.env["lead.directory.dataset"].with_user(self.manager)
        record = own.create({"name": "Ours", "company_id": self.env.company.id})
        with self.assertRaises(UserError), self.cr.savepoint():
            record.write({"company_id": self.other_company.id})
        record.invalidate_recordset()
        self.assertEqual(record.sudo().company_id, self.env.company)
        record.sudo().unlink()
        with self.assertRaises(UserError), self.cr.savepoint():
            own.create({"name": "Ours", "company_id": self.other_company.id})

    def test_managers_still_share_datasets(self):
        own = self.env["lead.directory.dataset"].with_user(self.manager)
        self.assertFalse(own.create({"name": "Ours", "company_id": False}).company_id)

    def test_import_is_not_turned_to_another_companys_dataset(self):
        ours, theirs = self.env["lead.directory.dataset"].create(
            [
                {"name": "Bound", "company_id": self.env.company.id},
                {"name": "Bound", "company_id": self.other_company.id},
            ]
        )
        record = self.Import.with_user(self.manager).create({"dataset_id": ours.id})
        with self.assertRaises(AccessError), self.cr.savepoint():
            record.write({"dataset_id": theirs.id})
