import csv
import io
import json

from odoo.tests import HttpCase, new_test_user, tagged

from ..common import LeadMiningCase, synthetic_company


@tagged("post_install", "-at_install")
class TestLeadMiningFiles(LeadMiningCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson.password = "salesperson-password"
        new_test_user(cls.env, "colleague", "sales_team.group_sale_salesman")

    def get(self, url):
        response = self.url_open(url, allow_redirects=False)
        return response

    def results(self, request, file_format="csv"):
        return self.get(f"/crm_lead_mining/request/{request.id}/results.{file_format}")

    def rows(self, request):
        text = self.results(request).content.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def test_results_are_downloaded_with_what_was_paid_only(self):
        self.provide(
            synthetic_company(1, description="=cmd|' /C calc'!A0"),
            synthetic_company(1),
            synthetic_company(2),
        )
        request = self.mine(lead_number=3, target="contacts", contact_number=1)
        self.authenticate("salesperson", "salesperson-password")
        self.assertEqual(
            request.action_download_csv()["url"], self.results(request).request.path_url
        )
        first, twice, second = self.rows(request)
        self.assertEqual((first["Company"], first["Outcome"]), ("Synthetic 1", "Delivered"))
        self.assertEqual((first["Domain"], first["Credits"]), ("synthetic1.example", "2"))
        self.assertEqual(first["Contact E-mail 1"], "person@synthetic1.example")
        self.assertEqual((first["Licence"], first["Provider"]), ("CC0-1.0", "synthetic"))
        self.assertTrue(first["Description"].startswith("'="))
        self.assertEqual((twice["Outcome"], twice["Domain"]), ("Already Known", ""))
        self.assertIn("twice", twice["Reason"])
        self.assertEqual(second["Lead"], "Synthetic 2")

    def test_results_are_downloaded_as_xlsx(self):
        request = self.mine()
        self.authenticate("salesperson", "salesperson-password")
        response = self.results(request, "xlsx")
        self.assertTrue(response.content.startswith(b"PK"))
        self.assertIn(f"{request.name}.xlsx", response.headers["Content-Disposition"])

    def test_files_of_others_do_not_exist(self):
        request = self.mine()
        search = self.env["lead.mining.search"].browse(request.action_save_search()["res_id"])
        self.authenticate("colleague", "colleague")
        for url in (
            f"/crm_lead_mining/request/{request.id}/results.csv",
            f"/crm_lead_mining/searches.json?ids={search.id}",
            "/crm_lead_mining/request/999999999999/results.csv",
            f"/crm_lead_mining/request/{request.id}/results.exe",
            "/crm_lead_mining/searches.json?ids=x,²,999999999999999999999",
            "/crm_lead_mining/searches.json",
        ):
            with self.subTest(url=url):
                self.assertEqual(self.get(url).status_code, 404)
        self.authenticate(None, None)
        self.assertIn(self.results(request).status_code, (302, 303))

    def test_search_is_downloaded_as_json(self):
        request = self.request()
        search = self.env["lead.mining.search"].browse(request.action_save_search()["res_id"])
        self.authenticate("salesperson", "salesperson-password")
        document = json.loads(self.get(search.action_export()["url"]).content)
        self.assertEqual(document["searches"][0]["countries"], ["BE"])
