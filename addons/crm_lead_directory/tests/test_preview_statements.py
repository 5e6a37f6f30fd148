"""A preview asks the database as often, however much there is to find."""

from odoo.tests import tagged

from odoo.addons.crm_lead_mining.models.providers import lead_mining_provider_preview
from odoo.addons.crm_lead_mining.models.providers.lead_mining_provider_preview import SAMPLE_SIZE

from .common import DirectoryCase

FEW, MANY = SAMPLE_SIZE + 1, 400


@tagged("post_install", "-at_install")
class TestPreviewStatements(DirectoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env["lead.mining.provider"].search([("code", "=", "directory")])
        cls.request_values = {
            "country_ids": cls.env.ref("base.it").ids,
            "industry_ids": cls.env["lead.mining.industry"].search([("code", "=", "62")]).ids,
            "provider_id": cls.provider.id,
            "lead_number": 3,
            "target": "companies",
        }

    def _import_numbered(self, number):
        rows = (
            f"A{one},a{one}.example,IT,10,62,Milano,+39 02 99 00 00 01,info@a{one}.example"
            for one in range(number)
        )
        header = "name,domain,country,employees,industry,city,phone,email"
        self._import("\n".join((header, *rows)))

    def _asked(self, ask):
        """Return what is answered, and how often the database was asked for it."""
        self.env.flush_all()
        self.env.invalidate_all()
        lead_mining_provider_preview._previews.clear()
        before = self.env.cr.sql_log_count
        answer = ask()
        return answer, self.env.cr.sql_log_count - before

    def test_a_preview_takes_as_many_statements_however_many_companies_match(self):
        request = self.env["lead.mining.request"]
        query = request.new(self.request_values)._to_query()
        asked = {
            "count and sample": lambda: self.provider._previews_of(query),
            "the form's answer": lambda: request.get_preview(self.request_values),
        }
        numbers = {}
        for total in (FEW, MANY):
            self._import_numbered(total)
            for name, ask in asked.items():
                self._asked(ask)  # what is remembered for longer than a request
                preview, number = self._asked(ask)
                self.assertEqual(preview["count"], total, name)
                self.assertEqual(len(preview["sample"]), SAMPLE_SIZE, name)
                numbers.setdefault(name, []).append(number)
        for name, (few, many) in numbers.items():
            self.assertEqual(few, many, name)
        self.assertLessEqual(numbers["count and sample"][0], 12)
        self.assertLessEqual(numbers["the form's answer"][0], 29)
