from odoo.tests import BaseCase, tagged

from ..registers.catalogue import newest_url

BASE = "https://data.example/dataset/1/resource"


@tagged("post_install", "-at_install")
class TestRecipesCatalogue(BaseCase):
    def _answer(self, *resources):
        return {"success": True, "result": {"resources": list(resources)}}

    def test_the_newest_file_of_the_name_is_found(self):
        answer = self._answer(
            {"url": f"{BASE}/a/download/taxes_odata.csv", "last_modified": "2025-04-20T10:00:00"},
            {"url": f"{BASE}/b/download/Taxes_odata_2.csv?x=1", "created": "2026-04-18T10:00:00"},
            {"url": f"{BASE}/c/download/other.csv", "last_modified": "2026-09-01T10:00:00"},
            {"url": f"{BASE}/d/download/taxes%5Fodata.csv", "last_modified": None},
        )
        self.assertEqual(
            newest_url(answer, "taxes_odata*.csv"), answer["result"]["resources"][1]["url"]
        )

    def test_an_answer_without_the_file_has_none(self):
        for answer in (
            {}, {"result": None}, {"result": []}, self._answer(), self._answer(None, "x", {}),
            self._answer({"url": None}), self._answer({"url": f"{BASE}/c/download/other.csv"}),
        ):  # fmt: skip
            self.assertEqual(newest_url(answer, "taxes_odata*.csv"), "")
