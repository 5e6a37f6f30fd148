import base64
import csv
import io

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ...models.privacy.lead_mining_suppression import SECRET_PARAMETER
from ..common import LeadMiningCase

KEEPER = "sales_team.group_sale_manager,base.group_system"
URL = "/crm_lead_mining/never-mined.csv"


class SavedCase(LeadMiningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Other"})
        cls.keeper = new_test_user(cls.env, "s-keeper", KEEPER)
        cls.Suppression = cls.env["lead.mining.suppression"]
        cls.Suppression.create(
            [
                {"kind": "domain", "value": "acme.example", "reason": "=HYPERLINK(1)"},
                {"kind": "email", "value": "ada@acme.example", "company_id": False},
                {"kind": "phone", "value": "+32 2 290 34 90"},
                {"kind": "name", "value": "Acme", "company_id": cls.other_company.id},
            ]
        )
        company = cls.other_company
        cls.Suppression._add([cls.Suppression._keys().person("Ada", "x")], company, "", "erase")

    def listed(self):
        return {
            (row.kind, row.key, row.company_id.name, row.reason, row.source)
            for row in self.Suppression.search([])
        }

    def put_back(self, content: bytes, user=None):
        wizard = (
            self.env["lead.mining.suppression.import"]
            .with_user(user or self.keeper)
            .create({"file": base64.b64encode(content), "file_name": "never-mined.csv"})
        )
        wizard.action_preview()
        wizard.action_import()
        return wizard

    def reinstall(self, secret="00" * 32):
        self.Suppression.search([]).unlink()
        self.env["ir.config_parameter"].set_param(SECRET_PARAMETER, secret)


@tagged("post_install", "-at_install")
class TestSavedList(SavedCase):
    def test_after_an_uninstallation_the_list_is_put_back_as_it_was(self):
        before = self.listed()
        content = self.Suppression.with_user(self.keeper)._saved_list()
        self.reinstall()
        wizard = self.put_back(content)
        self.assertEqual((wizard.entry_count, wizard.new_count), (5, 5))
        self.assertFalse(wizard.problem_count)
        self.assertEqual(self.listed(), before)
        address = {"ada@acme.example"}
        self.assertEqual(self.Suppression._listed_addresses(address, self.env.company), address)

    def test_putting_it_back_again_changes_nothing(self):
        before = self.listed()
        self.put_back(self.Suppression.with_user(self.keeper)._saved_list())
        self.assertEqual(self.listed(), before)

    def test_hashes_of_two_databases_are_not_mixed(self):
        content = self.Suppression.with_user(self.keeper)._saved_list()
        self.reinstall()
        self.Suppression.create({"kind": "email", "value": "bob@acme.example"})
        before = self.listed()
        with self.assertRaisesRegex(UserError, "hashed in another database"):
            self.put_back(content)
        self.assertEqual(self.listed(), before)

    def test_the_preview_changes_nothing(self):
        content = self.Suppression.with_user(self.keeper)._saved_list()
        self.reinstall()
        wizard = self.env["lead.mining.suppression.import"].with_user(self.keeper)
        wizard.create({"file": base64.b64encode(content)}).action_preview()
        self.assertFalse(self.listed())
        parameter = self.env["ir.config_parameter"].get_param(SECRET_PARAMETER)
        self.assertEqual(parameter, "00" * 32)

    def test_what_a_company_that_is_gone_had_listed_is_for_all(self):
        content = self.Suppression.with_user(self.keeper)._saved_list()
        self.reinstall()
        self.other_company.name = "Renamed"
        self.put_back(content)
        row = self.Suppression.search([("kind", "=", "name")])
        self.assertFalse(row.company_id)

    def test_no_cell_is_run_as_a_formula(self):
        text = self.Suppression.with_user(self.keeper)._saved_list().decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        self.assertIn("'=HYPERLINK(1)", cells)
        self.assertFalse([cell for cell in cells if cell.startswith(("=", "+", "-", "@"))])

    def test_only_an_administrator_of_both_takes_it_out_or_puts_it_back(self):
        content = self.Suppression.with_user(self.keeper)._saved_list()
        for login, groups in (
            ("s-head", "sales_team.group_sale_manager,base.group_allow_export"),
            ("s-admin", "base.group_user,base.group_system"),
        ):
            user = new_test_user(self.env, login, groups)
            with self.subTest(login):
                for refused in (
                    lambda user=user: self.Suppression.with_user(user)._saved_list(),
                    lambda user=user: self.Suppression.with_user(user).action_export_list(),
                    lambda user=user: self.put_back(content, user),
                ):
                    with self.assertRaises(AccessError):
                        refused()


@tagged("post_install", "-at_install")
class TestSavedDownload(SavedCase, HttpCase):
    def test_the_button_downloads_the_list(self):
        action = self.Suppression.with_user(self.keeper).action_export_list()
        self.assertEqual(action["url"], URL)
        self.authenticate("s-keeper", "s-keeper")
        answer = self.url_open(URL)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("never-mined.csv", answer.headers["Content-Disposition"])
        self.assertIn("acme.example", answer.text)

    def test_to_others_there_is_no_such_file(self):
        new_test_user(self.env, "s-seller", "sales_team.group_sale_salesman")
        self.authenticate("s-seller", "s-seller")
        self.assertEqual(self.url_open(URL).status_code, 404)
