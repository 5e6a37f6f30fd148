import io
import json
import zipfile

from odoo import http
from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestLogExport(HttpCase):
    def export(self, kind, lines):
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
                    }
                ),
                "csrf_token": http.Request.csrf_token(self),
            },
        )
        response.raise_for_status()
        return response.content

    def test_what_somebody_typed_as_an_address_is_no_formula_in_an_export(self):
        texts = ("=1+1", " =1+1", "＝1+1", "|cmd", "@SUM(A1)", "\t=1")
        lines = self.env["mail.recipient.log"].create(
            [{"email": text, "verdict": "refused"} for text in (*texts, "bob@acme.example")]
        )
        table = self.export("csv", lines).decode()
        for text in texts:
            self.assertIn(f'''"'{text}"''', table)
        self.assertIn('"bob@acme.example"', table)
        with zipfile.ZipFile(io.BytesIO(self.export("xlsx", lines))) as archive:
            self.assertNotIn(b"<f>", archive.read("xl/worksheets/sheet1.xml"))
