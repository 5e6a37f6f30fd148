import base64
import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.models import MAGIC_COLUMNS
from odoo.tests import new_test_user, tagged

from ...tools import search_document
from .test_lead_mining_search import SearchCase

#: What a file does not keep of a search, and why.
STAYS = {
    "owner_id": "who imports it owns it",
    "company_id": "it is imported for the company of who imports it",
    "active": "whoever imports a search wants to use it",
    "paused": "what is imported waits until somebody has looked at it",
    "pause_reason": "as paused",
    "next_run": "the schedule begins when it is resumed",
    "month_day": "as next_run",
    "last_run": "it has not run where it is imported",
    "last_request_id": "as last_run",
    "request_ids": "as last_run",
    "failure_count": "as last_run",
    "told_count": "as last_run",
}


@tagged("post_install", "-at_install")
class TestSearchFile(SearchCase):
    def import_text(self, text, user=None):
        wizard = self.env["lead.mining.search.import"].with_user(user or self.salesperson)
        content = text if isinstance(text, bytes) else text.encode()
        return wizard._import(content)

    def full_search(self, **values):
        """Return a search none of whose fields has the value that it has in a new one."""
        colleague = self.colleague
        return self.search(
            **{
                "name": "Full",
                "provider_id": self.provider.id,
                "target": "contacts",
                "lead_number": 7,
                "country_ids": [Command.set((self.belgium | self.env.ref("base.us")).ids)],
                "state_ids": [Command.set(self.env.ref("base.state_us_5").ids)],
                "industry_ids": [Command.set(self.env.ref("crm_lead_mining.industry_62").ids)],
                "filter_on_size": True,
                "size_min": 10,
                "size_max": 500,
                "technology_ids": [Command.create({"name": "Synthetic Shop"})],
                "contact_number": 2,
                "contact_filter": "seniority",
                "preferred_role_id": self.env.ref("crm_lead_mining.role_ceo").id,
                "role_ids": [Command.set(self.env.ref("crm_lead_mining.role_finance").ids)],
                "seniority": "director",
                "lead_type": "lead",
                "user_id": colleague.id,
                "team_id": self.env["crm.team"].create({"name": "Own Team"}).id,
                "tag_ids": [Command.create({"name": "Autumn"})],
                "campaign_id": self.env["utm.campaign"].create({"title": "Fair"}).id,
                "known_policy": "update",
                "no_subsidiaries": True,
                "with_email": True,
                "with_phone": True,
                "with_website": True,
                "places": "Gent, 10",
                "words": "organic",
                "founded_from": 1990,
                "founded_to": 2020,
                "legal_form": "SA",
                "revenue_from": "from_10",
                "dataset": "GLEIF",
                "not_these": "synthetic9.example\nSynthetic 8, Inc.",
                "delivery_order": "shuffled",
                "schedule": "weekly",
                "tells_only": True,
                "max_credits": 50,
                **values,
            }
        )

    def kept_fields(self):
        """Return the names of what a search keeps, and its file too."""
        mixins = self.env["mail.thread"]._fields.keys() | self.env["mail.activity.mixin"]._fields
        besides = mixins | STAYS.keys() | set(MAGIC_COLUMNS)
        fields = self.env["lead.mining.search"]._fields
        return {name for name, field in fields.items() if field.store} - besides

    def test_exported_search_comes_back_with_all_that_it_keeps(self):
        search, new = self.full_search(), self.search()
        copy = self.import_text(search._export_text())
        for name in sorted(self.kept_fields()):
            with self.subTest(field=name):
                self.assertEqual(copy[name], search[name])
                self.assertNotEqual(search[name], new[name], "the same in a new search: no proof")

    def test_nobody_s_search_comes_back_without_salesperson_and_team(self):
        search = self.search(user_id=False, team_id=False, campaign_id=False)
        copy = self.import_text(search._export_text())
        self.assertFalse(copy.user_id or copy.team_id or copy.campaign_id)

    def test_colleague_who_reads_another_language_imports_the_file(self):
        self.env["res.lang"]._activate_lang("it_IT")
        search = self.full_search()
        for record in (search.team_id, search.tag_ids, search.campaign_id):
            record.sudo().with_context(lang="it_IT")[record._rec_name] = "Nome"
        copy = self.import_text(search.with_context(lang="it_IT")._export_text())
        self.assertEqual((copy.team_id, copy.tag_ids), (search.team_id, search.tag_ids))

    def test_imported_search_is_paused_and_of_who_imports_it(self):
        search = self.full_search()
        copy = self.import_text(search._export_text(), self.colleague)
        self.assertEqual((copy.paused, copy.owner_id), (True, self.colleague))
        self.assertFalse(copy.last_run or copy.request_ids)

    def test_salesperson_of_another_company_cannot_be_imported(self):
        text = self.full_search()._export_text()
        other = self.env["res.company"].create({"name": "Other Company"})
        self.colleague.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        with self.assertRaisesRegex(UserError, "Salesperson: there is no “colleague” here"):
            self.import_text(text)

    def test_unknown_things_are_listed_in_plain_words_and_nothing_is_imported(self):
        search = self.full_search()
        document = json.loads(search._export_text())
        row = document["searches"][0]
        before = self.env["lead.mining.search"].search_count([])
        document["searches"].append(
            row
            | {
                "name": "Bad",
                "countries": ["XX"],
                "states": ["US-ZZ"],
                "industries": ["999"],
                "technologies": ["Nothing"],
                "preferred_role": "wizard",
                "team": "No Team",
                "salesperson": "no.user",
                "campaign": "No Campaign",
                "tags": ["No Tag"],
                "provider": "nobody",
                "seniority": "lord",
                "lead_type": "person",
            }
        )
        with self.assertRaises(UserError) as caught:
            self.import_text(json.dumps(document))
        sentence = str(caught.exception)
        for thing in (
            "Countries: there is no “XX” here",
            "States: there is no “US-ZZ” here",
            "Industries: there is no “999” here",
            "Technologies: there is no “Nothing” here",
            "Preferred Role: there is no “wizard” here",
            "Sales Team: there is no “No Team” here",
            "Salesperson: there is no “no.user” here",
            "Campaign: there is no “No Campaign” here",
            "Default Tags: there is no “No Tag” here",
            "Provider: there is no “nobody” here",
            "Seniority: there is no “lord” here",
            "Type: there is no “person” here",
        ):
            self.assertIn(thing, sentence)
        self.assertIn("Nothing was imported", sentence)
        self.assertEqual(self.env["lead.mining.search"].search_count([]), before)

    def test_of_many_unknown_things_it_is_told_how_many_more_there_are(self):
        document = json.loads(self.full_search()._export_text())
        row = document["searches"][0]
        for count, more in ((20, ""), (23, "and 3 more.")):
            row["tags"] = [f"No Tag {number}" for number in range(count)]
            with self.assertRaises(UserError) as caught:
                self.import_text(json.dumps(document))
            _title, *lines = str(caught.exception).splitlines()
            self.assertEqual(len([line for line in lines if line.startswith("- ")]), 20)
            self.assertEqual("".join(lines[20:]), more)

    def test_values_that_requests_refuse_are_refused(self):
        document = json.loads(self.full_search()._export_text())
        before = self.env["lead.mining.search"].search_count([])
        for values in (
            {"lead_number": 5000},
            {"contact_number": 99},
            {"countries": ["BE"]},
            {"target": ""},
        ):
            rows = [document["searches"][0], document["searches"][0] | values]
            with self.subTest(values=values), self.assertRaises(UserError):
                self.import_text(json.dumps(document | {"searches": rows}))
        self.assertEqual(self.env["lead.mining.search"].search_count([]), before)

    def test_hostile_files_are_refused_with_a_sentence(self):
        for content in (b"", b"[" * 10_000, b"\xff", b"{}", b'{"format": "lead-mining-searches"}'):
            with self.subTest(content=content[:20]), self.assertRaises(UserError):
                self.import_text(content)

    def test_user_without_the_right_imports_nothing(self):
        outsider = new_test_user(self.env, "outsider", "base.group_user")
        with self.assertRaises(AccessError):
            self.import_text(self.search()._export_text(), outsider)

    def test_wizard_imports_an_uploaded_file(self):
        text = self.search(name="Uploaded")._export_text()
        wizard = (
            self.env["lead.mining.search.import"]
            .with_user(self.salesperson)
            .create({"file": base64.b64encode(text.encode())})
        )
        action = wizard.action_import()
        search = self.env["lead.mining.search"].browse(action["res_id"])
        self.assertEqual(search.name, "Uploaded")

    def test_wizard_lists_several_imported_searches(self):
        known = self.env["lead.mining.search"].search([])
        exported = self.search(name="One") | self.search(name="Two")
        action = (
            self.env["lead.mining.search.import"]
            .with_user(self.salesperson)
            .create({"file": base64.b64encode(exported._export_text().encode())})
            .action_import()
        )
        found = self.env["lead.mining.search"].search(action["domain"])
        self.assertEqual(sorted(found.mapped("name")), ["One", "Two"])
        self.assertFalse(found & (known | exported))
        self.assertNotIn("search_default_mine", action["context"])

    def test_wizard_says_that_an_upload_is_no_file_or_too_large(self):
        limit = search_document.MAX_BYTES
        text = self.search(name="Large")._export_text().encode()
        for content, sentence in (
            (b"no base64!", "could not be read"),
            (base64.b64encode(text.ljust(limit + 1)), "larger than 256 kB"),
            (base64.b64encode(text.ljust(limit * 3)), "larger than 256 kB"),
        ):
            wizard = self.env["lead.mining.search.import"].with_user(self.salesperson).new({})
            wizard.file = content
            with self.subTest(sentence), self.assertRaisesRegex(UserError, sentence):
                wizard.action_import()
        wizard.file = base64.b64encode(text.ljust(limit))
        self.assertTrue(wizard.action_import()["res_id"])
