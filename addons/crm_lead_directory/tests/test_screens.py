from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_common.tests.screens import Screen, Search

from .common import DirectoryCase

#: By state of an import that has read nothing yet: buttons, colours of alerts.
IMPORTS = {
    "draft": ({"action_read_header", "action_cancel"}, set()),
    "ready": ({"action_start", "action_read_header", "action_cancel"}, {"info"}),
    "queued": ({"action_cancel"}, {"info"}),
    "running": ({"action_cancel"}, {"info"}),
    "asks": ({"action_apply_vanished", "action_keep_vanished", "action_undo"}, {"warning"}),
    "done": (set(), set()),
    "undoing": (set(), {"info"}),
    "failed": (set(), {"danger"}),
    "cancelled": (set(), set()),
}
FILE = {"dataset_id", "version"}
LAYOUT = {"country_id", "registry", "encoding", "delimiter"}
RESULT = {
    "progress", "rows_read", "rows_dropped", "problem_count", "companies_created",
    "companies_updated", "companies_unchanged", "contacts_created", "contacts_updated",
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestScreens(DirectoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "t_manager", "sales_team.group_sale_manager")
        cls.job = cls.Import.create({"dataset_id": cls.dataset.id, "file": b"bmFtZQo="})

    def screen(self, record):
        self.env.flush_all()
        record.invalidate_recordset()
        return Screen(record, self.manager)

    def in_state(self, state, **values):
        self.job.sudo().write({"state": state, **values})
        return self.screen(self.job)

    def test_an_import_offers_what_its_state_allows(self):
        for state, (buttons, alerts) in IMPORTS.items():
            screen = self.in_state(state)
            with self.subTest(state=state):
                self.assertEqual(screen.buttons, buttons)
                self.assertEqual(screen.alerts, alerts)
        self.job.sudo().column_ids = [(0, 0, {"header": "name", "position": 1})]
        for state in IMPORTS:
            screen = self.in_state(state)
            with self.subTest(state=state, columns=1):
                is_left = state in ("failed", "cancelled")
                self.assertIs("action_continue" in screen.buttons, is_left)

    def test_columns_without_names_are_told_to_be_guessed(self):
        told = "The file has no names of columns: they were told by what stands in them."
        for has_header in (True, False):
            screen = self.in_state("ready", has_header=has_header)
            with self.subTest(has_header=has_header):
                self.assertIs(told in screen.texts, not has_header)

    def test_a_company_is_marked_while_only_its_name_and_place_are_known(self):
        company = self.env["lead.directory.company"].create(
            {
                "name": "Alfa",
                "country_code": "IT",
                "dataset_id": self.dataset.id,
                "identity": "record:1:IT:alfa:z20121",
            }
        )
        for values, is_marked in (
            ({}, True), ({"status": "merged"}, False), ({"status": False}, True),
            ({"identity": "vat:IT00743110157"}, False),
        ):  # fmt: skip
            company.write(values)
            with self.subTest(values):
                self.assertIs("Without Identity" in self.screen(company).texts, is_marked)

    def test_a_new_import_cannot_be_cancelled(self):
        new = self.Import.new({"dataset_id": self.dataset.id})
        self.assertNotIn("action_cancel", Screen(new, self.manager).buttons)

    def test_a_register_s_import_asks_for_the_file_alone(self):
        self.job.sudo().recipe = "no_brreg"
        for state in ("draft", "ready"):
            screen = self.in_state(state)
            with self.subTest(state=state):
                self.assertEqual(screen.buttons, {"action_start", "action_cancel"})
                self.assertNotIn("columns", screen.parts)
        self.assertEqual(self.in_state("draft", file=False).buttons, {"action_cancel"})

    def test_an_import_that_has_made_companies_can_be_undone_once_it_is_over(self):
        for state in IMPORTS:
            screen = self.in_state(state, companies_created=1)
            with self.subTest(state=state):
                is_over = state in ("asks", "done", "failed", "cancelled")
                self.assertIs("action_undo" in screen.buttons, is_over)
        self.assertNotIn("action_undo", self.in_state("done", companies_created=0).buttons)
        self.assertIn("action_undo", self.in_state("done", companies_marked=1).buttons)

    def test_what_a_state_does_not_offer_is_refused_to_whoever_has_the_screen_open_still(self):
        self.job.sudo().column_ids = [(0, 0, {"header": "name", "position": 1})]
        offered = set().union(*(buttons for buttons, _alerts in IMPORTS.values()))
        for state in IMPORTS:
            screen = self.in_state(state, companies_created=1)
            for name in sorted((offered | {"action_continue"}) - screen.buttons):
                told = "while the import is in the state"
                refused = self.assertRaisesRegex(UserError, told)
                with self.subTest(state=state, action=name), refused:
                    getattr(screen.record, name)()
        Source = self.env["lead.directory.source"]
        source = Source.search([("code", "=", "no_brreg")], limit=1)
        for state in ("new", "queued", "running", "failed", "cancelled"):
            source.download_state = state
            screen = self.screen(source)
            for name in sorted({"action_get", "action_use_file", "action_cancel"} - screen.buttons):
                told = "while the source is in the state"
                refused = self.assertRaisesRegex(UserError, told)
                with self.subTest(source=state, action=name), refused:
                    getattr(source.with_user(self.manager), name)()

    def test_a_source_offers_what_its_state_allows(self):
        Source = self.env["lead.directory.source"]
        source = Source.search([("code", "=", "no_brreg")], limit=1)
        source.import_id = self.job.sudo()
        idle, busy = {"action_get", "action_use_file"}, {"action_cancel"}
        for state, buttons, alerts in (
            ("new", idle, set()), ("queued", busy, {"info"}), ("running", busy, {"info"}),
            ("failed", idle, {"danger"}), ("cancelled", idle, set()),
        ):  # fmt: skip
            source.download_state = state
            screen = self.screen(source)
            with self.subTest(state=state):
                self.assertEqual(screen.buttons, buttons)
                self.assertEqual(screen.alerts, alerts)
        source.download_state = "done"
        for state, buttons in (
            ("asks", {"action_apply_vanished", "action_keep_vanished"}),
            ("draft", idle), ("running", busy), ("done", idle), ("failed", idle),
        ):  # fmt: skip
            self.job.sudo().state = state
            with self.subTest(importing=state):
                self.assertEqual(self.screen(source).buttons, buttons)
        source.dataset_id = self.dataset
        self.dataset.sudo().companies_count = 3
        offered = {"action_generate_leads", "action_view_companies"}
        self.assertLessEqual(offered, self.screen(source).buttons)
        closed = self.screen(Source.search([("code", "=", "IT")]))
        self.assertEqual((closed.buttons, closed.alerts), (set(), {"info"}))
        self.assertIn("closed", closed.fields)

    def test_companies_of_an_import_and_of_a_source_are_those_of_their_dataset(self):
        source = self.env["lead.directory.source"].search([("code", "=", "no_brreg")], limit=1)
        source.dataset_id = self.dataset
        for record in (self.job, source):
            opened = record.with_user(self.manager).action_view_companies()
            self.assertEqual(opened["res_model"], "lead.directory.company")
            self.assertEqual(opened["domain"], [("dataset_id", "=", self.dataset.id)])

    def test_a_source_tells_of_its_result_what_there_is(self):
        Source = self.env["lead.directory.source"]
        source = Source.search([("code", "=", "no_brreg")], limit=1)
        told = {"progress", "told", "left_out_text", "imported_on", "import_id", "dataset_id"}
        self.assertEqual(self.screen(source).fields & told, set())
        for state, shown in (
            ("queued", set()), ("running", {"progress"}), ("failed", set()), ("cancelled", set()),
        ):  # fmt: skip
            source.download_state = state
            with self.subTest(state=state):
                self.assertEqual(self.screen(source).fields & told, shown)
        source.write({"download_state": "done", "import_id": self.job.sudo().id})
        for state, shown in (
            ("running", {"progress", "told", "import_id"}), ("done", {"import_id"}),
            ("asks", {"import_id"}),
        ):  # fmt: skip
            self.job.sudo().state = state
            with self.subTest(importing=state):
                self.assertEqual(self.screen(source).fields & told, shown)
        source.dataset_id = self.dataset
        self.dataset.sudo().imported_on = "2026-01-01"
        self.assertEqual(
            self.screen(source).fields & told, {"import_id", "dataset_id", "imported_on"}
        )

    def test_what_an_import_reads_can_be_changed_until_it_starts(self):
        for state in IMPORTS:
            screen = self.in_state(state)
            is_begun = state not in ("draft", "ready")
            with self.subTest(state=state):
                self.assertIs(screen.readonly >= FILE, is_begun)
                self.assertIs(FILE.isdisjoint(screen.readonly), not is_begun)
                self.assertIs("file" in screen.readonly, is_begun and state != "failed")
                self.assertEqual(screen.fields & LAYOUT, set() if state == "draft" else LAYOUT)
                if state != "draft":
                    self.assertIs(screen.readonly >= LAYOUT, state != "ready")
                    self.assertIs("column_ids" in screen.readonly, state != "ready")
                self.assertIs("column_ids" in screen.fields, state != "draft")
                self.assertEqual(screen.fields & RESULT, RESULT if is_begun else set())

    def test_a_file_that_lies_on_the_server_is_asked_for_by_nobody_once_it_is_read(self):
        for state in IMPORTS:
            is_asked = state in ("draft", "ready")
            with self.subTest(state=state):
                self.assertIn("file", self.in_state(state, file=b"bmFtZQo=").fields)
                self.assertIs("file" in self.in_state(state, file=False).fields, is_asked)

    def test_an_import_tells_what_there_is_to_tell(self):
        told = {"rows_withheld", "problem_ids", "problems_file"}
        screen = self.in_state("done")
        self.assertFalse(screen.fields & told)
        self.assertNotIn("problems", screen.parts)
        self.assertNotIn("action_view_companies", screen.buttons)
        problem = {"line": 1, "code": "no_name", "value": "x"}
        screen = self.in_state(
            "done", rows_withheld=1, rows_read=3, problem_count=1,
            problem_ids=[(0, 0, problem)],
        )  # fmt: skip
        self.assertLessEqual(told, screen.fields)
        self.assertIn("problems", screen.parts)
        self.assertIn("action_view_companies", screen.buttons)
        self.assertFalse({"file_name", "problems_file_name"} & screen.fields)

    def test_a_dataset_is_filled_once_it_is_saved(self):
        opened = {"action_import", "action_view_companies"}
        self.assertEqual(self.screen(self.dataset).buttons & opened, opened)
        new = self.env["lead.directory.dataset"].new({"name": "New"})
        self.assertFalse(Screen(new, self.manager).buttons & opened)

    def test_an_archived_dataset_says_so(self):
        self.assertNotIn("web_ribbon", self.screen(self.dataset).parts)
        self.dataset.active = False
        screen = self.screen(self.dataset)
        self.assertIn("web_ribbon", screen.parts)
        self.assertNotIn("active", screen.fields)
        self.assertIn("import_ids", screen.readonly)

    def companies(self):
        self._import_rows(
            "Small,,,small.example,FR,,20,62,Paris,,,,",
            "Medium,FR-SIREN,732829320,,FR,,60,62,Paris,Ada Byron,Director,,",
            "Large,,,large.example,FR,,300,62,Paris,,,,",
        )
        return self.env["lead.directory.company"].search([("dataset_id", "=", self.dataset.id)])

    def test_filters_find_the_companies_that_they_name(self):
        companies = self.companies()
        search = Search(
            self.env, "crm_lead_directory.lead_directory_company_view_search", self.manager
        )
        found = {
            name: {*search.filtered(name, companies).mapped("name")} for name in search.filters
        }
        with_domain, large = {"Small", "Large"}, {"Medium", "Large"}
        self.assertEqual(found["has_domain"], with_domain)
        self.assertEqual(found["size_50"], large)
        self.assertEqual(found["size_250"], {"Large"})
        self.assertIn({"Medium"}, [*found.values()])

    def test_what_is_not_known_of_a_company_is_not_shown(self):
        company = self.companies()[:1]
        values = {
            "founded": 1999, "street2": "x", "linkedin": "x", "facebook": "x", "twitter": "x",
            "description": "x",
        }  # fmt: skip
        company.sudo().write(dict.fromkeys(values, False))
        self.assertFalse(self.screen(company).fields & {*values})
        company.sudo().write(values)
        self.assertLessEqual({*values}, self.screen(company).fields)
