"""Files of many origins become leads without a decision, each as its row says.

The rows in data/ are invented, in the layouts of real exports; leads.json was written from them
alone.
"""

import json
import re
from pathlib import Path

from odoo.tests import tagged

from odoo.addons.crm_lead_mining.company.identity import normalise_domain
from odoo.addons.crm_lead_mining.tests.common import LeadMiningCase

DATA = Path(__file__).with_name("data")
FILES = json.loads((DATA / "leads.json").read_text("utf-8"))


def _digits(text):
    return re.sub(r"\D", "", text or "")


#: Key of leads.json -> what a lead has there.
READERS = {
    "host": lambda lead: normalise_domain(lead.website or ""),
    "country": lambda lead: lead.country_id.code,
    "email": lambda lead: lead.email_from or "",
    "contact": lambda lead: lead.contact_name or "",
    "founded": lambda lead: str(lead.company_founded),
    "linkedin": lambda lead: lead.company_linkedin or "",
    "employees": lambda lead: lead.company_employees_range or str(lead.company_employees),
    "phone": lambda lead: _digits(lead.phone),
}


@tagged("post_install", "-at_install")
class TestFilesToLeads(LeadMiningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider.active = False
        cls.classPatch(cls.registry["ir.cron"], "_commit_progress", lambda *_args, **_kw: 1e9)
        cls._set_credits(1000)

    def _upload(self, name):
        """Import a file as it is recognised, changing nothing."""
        dataset = self.env["lead.directory.dataset"].create({"name": name})
        record = (
            self.env["lead.directory.import"]
            .sudo()
            .create({"dataset_id": dataset.id, "path": str(DATA / name), "file_name": name})
        )
        record.action_read_header()
        record.action_start()
        record._run()
        return record

    def _leads(self, record):
        """Mine all companies of the import."""
        companies = self.env["lead.directory.company"].search(
            [("dataset_id", "=", record.dataset_id.id)]
        )
        countries = self.env["res.country"].search(
            [("code", "in", companies.mapped("country_code"))]
        )
        request = self.mine(
            country_ids=[(6, 0, countries.ids)],
            lead_number=len(companies),
            target="contacts",
        )
        return request.lead_ids.sorted(
            lambda lead: companies.mapped("name").index(lead.partner_name)
        )

    def test_there_are_files_of_twelve_origins(self):
        self.assertGreaterEqual(len(FILES), 12)
        names = {path.name for path in DATA.iterdir()} - {"leads.json"}
        self.assertEqual(names, set(FILES))

    def test_each_lead_of_each_file_is_as_its_row_says(self):
        for name, rows in FILES.items():
            with self.subTest(name):
                self.env["lead.directory.dataset"].search([]).action_archive()
                record = self._upload(name)
                self.assertEqual(record.state, "done", record.failure)
                self.assertEqual(record.rows_dropped, 0, record.problem_ids.mapped("value"))
                leads = self._leads(record)
                self.assertEqual(len(leads), len(rows))
                for lead, row in zip(leads, rows, strict=True):
                    found = {
                        key: READERS[key](lead) if key in READERS else lead[key] or ""
                        for key in row
                    }
                    wanted = row | {"phone": _digits(row["phone"])} if "phone" in row else row
                    self.assertEqual(found, wanted)

    def test_the_columns_are_recognised_by_their_names_and_their_values(self):
        record = self._upload("hubspot.csv")
        told = dict(zip(record.column_ids.mapped("header"), record.column_ids, strict=True))
        self.assertEqual(told["Phone Number"].told_by, "both")
        self.assertEqual(told["Company name"].told_by, "name")
        self.assertFalse(told["Record ID"].told_by)
        self.assertEqual(record.rows_are, "companies")
        self.assertEqual(self._upload("lusha.csv").rows_are, "persons")
