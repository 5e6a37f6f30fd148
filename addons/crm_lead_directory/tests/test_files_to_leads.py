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
    """Return the digits of a telephone number without prefixes, which a lead has added."""
    return re.sub(r"\D", "", text or "")[-7:]


def _handle(url):
    return (url or "").rpartition("/")[2]


#: Key of leads.json -> what a lead, or else its company, has there.
READERS = {
    "host": lambda lead, _company: normalise_domain(lead.website or ""),
    "country": lambda lead, _company: lead.country_id.code,
    "email": lambda lead, _company: lead.email_from or "",
    "contact": lambda lead, _company: lead.contact_name or "",
    "founded": lambda lead, _company: str(lead.company_founded),
    "linkedin": lambda lead, _company: lead.company_linkedin or "",
    "employees": lambda lead, _company: lead.company_employees_range or str(lead.company_employees),
    "phone": lambda lead, _company: _digits(lead.phone),
    "vat": lambda _lead, company: company.vat or "",
    "register": lambda lead, _company: lead.company_registry_id or "",
    "state": lambda lead, _company: lead.state_id.code or "",
    "legal_form": lambda lead, _company: lead.company_legal_form or "",
    "industry": lambda lead, _company: lead.company_industry_id.code or "",
    "facebook": lambda lead, _company: _handle(lead.company_facebook),
    "x": lambda lead, _company: _handle(lead.company_x),
    "description": lambda _lead, company: company.description or "",
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

    def _leads(self, companies):
        """Return the lead of each company, mined by a salesperson."""
        codes = set(companies.mapped("country_code"))
        countries = self.env["res.country"].search([("code", "in", codes)])
        request = self.mine(
            country_ids=[(6, 0, countries.ids)], lead_number=len(companies), target="contacts"
        )
        by_name = {lead.partner_name: lead for lead in request.lead_ids}
        return [by_name.get(company.name) for company in companies]

    def _assert_leads(self, name):
        """Check that the leads of a file are its rows, field by field."""
        record = self._upload(name)
        self.assertFalse(record.problem_ids.mapped("value"))
        self.assertEqual((record.state, record.rows_dropped), ("done", 0), record.failure)
        companies = self.env["lead.directory.company"].search(
            [("dataset_id", "=", record.dataset_id.id)]
        )
        rows = FILES[name]
        self.assertEqual(companies.mapped("name"), [row["partner_name"] for row in rows])
        for row, company, lead in zip(rows, companies, self._leads(companies), strict=True):
            self.assertTrue(lead, row)
            found = {
                key: READERS[key](lead, company) if key in READERS else lead[key] or ""
                for key in row
            }
            wanted = row | {"phone": _digits(row["phone"])} if "phone" in row else row
            self.assertEqual(found, wanted)

    def test_there_are_files_of_twelve_origins(self):
        self.assertGreaterEqual(len(FILES), 12)
        names = {path.name for path in DATA.iterdir() if path.is_file()} - {"leads.json"}
        self.assertEqual(names, set(FILES))

    def test_the_columns_are_recognised_by_their_names_and_their_values(self):
        record = self._upload("hubspot.csv")
        told = dict(zip(record.column_ids.mapped("header"), record.column_ids, strict=True))
        self.assertEqual(told["Phone Number"].told_by, "both")
        self.assertEqual(told["Company name"].told_by, "name")
        self.assertFalse(told["Record ID"].told_by)
        self.assertEqual(record.rows_are, "companies")
        self.assertEqual(self._upload("lusha.csv").rows_are, "persons")


def _test_of(name):
    return lambda self: self._assert_leads(name)


for _name in FILES:
    _method = f"test_each_lead_of_{_name.partition('.')[0]}_is_as_its_row_says"
    setattr(TestFilesToLeads, _method, _test_of(_name))
