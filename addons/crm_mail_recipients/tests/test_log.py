import io
import json
import zipfile

from openpyxl import load_workbook

from odoo import http
from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestLogExport(HttpCase):
    def export(self, kind, lines, **values):
        self.authenticate("admin", "admin")
        response = self.url_open(
            f"/web/export/{kind}",
            data={
                "data": json.dumps(
                    {
                        "model": lines._name,
                        "ids": lines.ids,
                        "domain": [],
                        "fields": [{"name": "email", "label": "Address", "type": "char"}],
                        "import_compat": False,
                        **values,
                    }
                ),
                "csrf_token": http.Request.csrf_token(self),
            },
        )
        response.raise_for_status()
        return response.content

    def test_a_line_says_in_words_what_kind_of_document_was_written_from(self):
        lines = self.env["mail.recipient.log"].create(
            [{"res_model": model} for model in ("crm.lead", "gone.model", False)]
        )
        known = self.env["ir.model"]._get("crm.lead").name
        self.assertEqual(lines.mapped("model_name"), [known, False, False])
        self.env["res.lang"]._activate_lang("it_IT")
        self.env["ir.model"]._get("crm.lead").with_context(lang="it_IT").name = "Contatto utile"
        self.assertEqual(lines[0].with_context(lang="it_IT").model_name, "Contatto utile")

    def test_what_somebody_typed_as_an_address_is_no_formula_in_an_export(self):
        texts = ("=1+1", " =1+1", "＝1+1", "|cmd", "@SUM(A1)", "\t=1")
        lines = self.env["mail.recipient.log"].create(
            [{"email": text, "verdict": "refused"} for text in (*texts, "bob@acme.example")]
        )
        table = self.export("csv", lines).decode()
        for text in texts:
            self.assertIn(f'''"'{text}"'''.replace("\t=", "\t'="), table)
        self.assertIn('"bob@acme.example"', table)
        with zipfile.ZipFile(io.BytesIO(self.export("xlsx", lines))) as archive:
            self.assertNotIn(b"<f>", archive.read("xl/worksheets/sheet1.xml"))

    def test_what_somebody_typed_as_an_address_is_no_formula_as_the_title_of_a_group(self):
        lines = self.env["mail.recipient.log"].create(
            [{"email": text, "verdict": "refused"} for text in ("=1+1", "{=1+1}", "x@y.example")]
        )
        content = self.export("xlsx", lines, groupby=["email"])
        sheet = load_workbook(io.BytesIO(content)).active
        cells = [cell for row in sheet for cell in row if cell.value]
        self.assertFalse([cell.value for cell in cells if cell.data_type == "f"])
        self.assertIn("'=1+1 (1)", [cell.value for cell in cells])
        self.assertIn("x@y.example (1)", [cell.value for cell in cells])
