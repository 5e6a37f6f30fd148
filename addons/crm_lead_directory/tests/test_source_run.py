"""A download at work: what is asked for, how far it is told to be, to whom, in which state."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import config

from ..models import lead_directory_source_files as source_files
from ..models import lead_directory_source_run as run
from ..registers.download import Progress
from ..registers.network import DownloadError
from ..registers.recipes import RECIPES
from .common import DirectoryCase
from .norway import HOST
from .source_case import SourceCase


@tagged("post_install", "-at_install")
class TestSourceRun(SourceCase):
    def followed(self):
        """Return the states that a source had whenever its screen was told to read it again."""
        told = []

        def bus_send(partner, name, message):
            if name == "lead_directory_source_progress":
                source = self.env["lead.directory.source"].browse(message["id"])
                told.append((partner, source.exists().download_state))

        self.enterContext(patch.object(self.registry["res.partner"], "_bus_send", bus_send))
        return told

    def test_who_began_a_download_sees_when_it_begins_and_that_it_is_done(self):
        told = self.followed()
        self.publish()
        self.get()
        mine = self.manager.partner_id
        self.assertEqual({partner for partner, _state in told}, {mine})
        self.assertEqual(told[0], (mine, "running"))
        # While it runs as well, not at its ends alone.
        self.assertEqual(told[1], (mine, "running"))
        self.assertEqual(told[-1], (mine, "done"))

    def test_who_began_a_download_sees_that_it_failed_or_was_cancelled(self):
        told = self.followed()
        with patch.object(run, "download", side_effect=DownloadError("gone", HOST)):
            self.get()
        self.assertEqual(told[-1], (self.manager.partner_id, "failed"))
        told.clear()
        with (
            patch.object(run, "download", side_effect=run._Cancelled),
            patch.object(self.env.cr, "rollback", lambda: None),
        ):
            self.source.with_user(self.manager).action_get()
            self.source._run()
        self.assertEqual(len(told), 2)

    def test_why_it_failed_is_told_in_the_language_of_who_began_it(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.manager.lang = "it_IT"
        with patch.object(run, "download", side_effect=DownloadError("gone", HOST)):
            english = self.get().problem
            self.manager.lang = "en_US"
            self.assertNotEqual(self.get().problem, english)

    def test_a_download_that_is_over_does_not_run_again(self):
        self.publish()
        self.get()
        self.publisher.asked.clear()
        for state in ("new", "done", "failed", "cancelled"):
            with self.subTest(state):
                self.source.download_state = state
                self.assertTrue(self.source._run())
                self.assertEqual(self.source.download_state, state)
        self.assertEqual(self.publisher.asked, [])

    def test_what_is_paused_is_gone_on_with_soon_and_before_the_next_one(self):
        other = self.env["lead.directory.source"].search([("code", "=", "fi_prh")])
        (self.source | other).write({"download_state": "queued"})
        ran = []

        def paused(source):
            ran.append(source)
            return False

        triggers = self.env["ir.cron.trigger"].search_count([])
        with patch.object(type(self.source), "_run", paused):
            self.env["lead.directory.source"]._cron_download()
        self.assertEqual(len(ran), 1)
        self.assertEqual(self.env["ir.cron.trigger"].search_count([]), triggers + 1)
        with patch.object(type(self.source), "_run", lambda source: ran.append(source) or True):
            self.env["lead.directory.source"]._cron_download()
        self.assertEqual(ran[1:], sorted(self.source | other, key=lambda one: one.id))

    # === HOW FAR IT IS === #

    def noted(self, progress, *, files=1, before=0, left=1.0):
        """Return what is stored of a download's progress."""
        found = []
        recipe = RECIPES["no_brreg"]
        parts = tuple(replace(recipe.files[0], key=f"part{number}") for number in range(files))
        changed = replace(recipe, files=parts, download_bytes=1000)
        self.source._folder().mkdir(parents=True, exist_ok=True)
        if before:
            (self.source._folder() / "part0").write_bytes(b"x" * before)

        def note(_source, done, total):
            found.append((done, total))
            return left

        with (
            patch.dict(RECIPES, no_brreg=changed),
            patch.object(type(self.source), "_note", note),
        ):
            self.source._note_progress()(progress)
        self.source._forget_files()
        return found[0]

    def test_how_far_it_is_counts_all_files_and_is_never_more_than_all(self):
        self.assertEqual(self.noted(Progress(10, 400, True)), (10, 400))
        self.assertEqual(self.noted(Progress(10, None, True)), (10, 1000))
        self.assertEqual(self.noted(Progress(1500, None, True)), (1500, 1500))
        self.assertEqual(self.noted(Progress(10, 400, True), files=2), (10, 1000))
        self.assertEqual(self.noted(Progress(10, 400, True), files=2, before=700), (710, 1100))

    def test_only_what_can_be_gone_on_with_is_paused_when_the_time_is_over(self):
        for left in (0, -1):
            with self.assertRaises(run._Paused):
                self.noted(Progress(10, 400, True), left=left)
            self.assertEqual(self.noted(Progress(10, 400, False), left=left), (10, 400))

    def test_how_far_it_is_is_noted_once_in_a_while(self):
        notes = []
        with (
            patch.object(run, "NOTED", 3600.0),
            patch.object(type(self.source), "_note", lambda *_args: notes.append(1) or 1.0),
        ):
            told = self.source._note_progress()
            with patch.object(run.time, "monotonic", return_value=1e6):
                told(Progress(1, 9, True))
                told(Progress(2, 9, True))
            with patch.object(run.time, "monotonic", return_value=1e6 + 3600):
                told(Progress(3, 9, True))
        self.assertEqual(len(notes), 2)

    def test_the_card_tells_how_far_a_download_is(self):
        self.source.write({"download_state": "running", "bytes_done": 10**6, "bytes_total": 0})
        self.assertEqual((self.source.progress, self.source.told), (0.0, False))
        self.source.bytes_total = 4 * 10**6
        self.assertEqual((self.source.state, self.source.progress), ("downloading", 25.0))
        self.assertEqual(self.source.told, "1.0 MB of 4.0 MB")
        self.source.bytes_done = 9 * 10**6
        self.assertEqual(self.source.progress, 100.0)
        self.source.download_state = "failed"
        self.assertEqual((self.source.progress, self.source.told), (0.0, False))

    def test_the_card_tells_how_many_companies_are_read(self):
        draft = self.drafted()
        draft.write({"state": "running", "rows_read": 12345})
        self.assertEqual(
            (self.source.state, self.source.told), ("importing", "12,345 companies read")
        )

    # === ITS STATES === #

    def drafted(self):
        """Return an import that waits for its file."""
        self.source.with_user(self.manager).action_use_file()
        return self.source.import_id

    def test_the_state_is_that_of_the_import_once_the_files_are_here(self):
        draft = self.drafted()
        for of_import, state in {
            "draft": "file", "ready": "file", "queued": "importing", "running": "importing",
            "asks": "asks", "undoing": "importing", "partial": "done", "done": "done",
            "failed": "failed", "cancelled": "cancelled", "undone": "new",
        }.items():  # fmt: skip
            with self.subTest(of_import):
                draft.state = of_import
                self.assertEqual(self.source.state, state)
        self.source.download_state = "queued"
        self.assertEqual(self.source.state, "queued")

    def test_what_is_at_work_is_neither_got_again_nor_given_a_file(self):
        mine = self.source.with_user(self.manager)
        for state in ("queued", "running"):
            self.source.download_state = state
            for act in (mine.action_get, mine.action_use_file):
                with self.subTest(state), self.assertRaisesRegex(UserError, "in the state"):
                    act()
        self.source.download_state = "new"
        draft = self.drafted()
        for state in ("queued", "running", "asks", "undoing"):
            draft.state = state
            for act in (mine.action_get, mine.action_use_file):
                with self.subTest(state), self.assertRaisesRegex(UserError, "in the state"):
                    act()

    def test_only_what_is_at_work_is_cancelled(self):
        mine = self.source.with_user(self.manager)
        for state in ("new", "done", "failed", "cancelled"):
            self.source.download_state = state
            with self.subTest(state), self.assertRaisesRegex(UserError, "in the state"):
                mine.action_cancel()
        self.source.download_state = "running"
        mine.action_cancel()
        self.assertEqual(mine.state, "cancelled")
        self.source.download_state = "new"
        draft = self.drafted()
        draft.state = "queued"
        mine.action_cancel()
        self.assertEqual((draft.state, mine.state), ("cancelled", "cancelled"))

    def test_an_import_that_stopped_halfway_goes_on_from_there(self):
        draft = self.drafted()
        draft.write({"state": "failed", "rows_read": 7})
        continued = []
        self.patch(
            self.registry["lead.directory.import"],
            "action_continue",
            lambda one: continued.append(one),
        )
        self.publish()
        self.source.with_user(self.manager).action_get()
        self.assertEqual((continued, self.source.download_state), ([], "queued"))

        self.source.write({"download_state": "done", "import_id": draft.id})
        self.source._folder().mkdir(parents=True, exist_ok=True)
        (self.source._folder() / self.source._files()[0].key).write_bytes(b"x")
        for values, is_left in (
            ({"state": "failed", "rows_read": 0}, False),
            ({"state": "done", "rows_read": 7}, False),
            ({"state": "cancelled", "rows_read": 7}, True),
            ({"state": "failed", "rows_read": 7}, True),
        ):
            with self.subTest(values):
                draft.write(values)
                self.assertIs(self.source._is_left_half_read(), is_left)
        self.source.with_user(self.manager).action_get()
        self.assertEqual((continued, self.source.import_id), ([draft], draft))

    def test_what_an_earlier_download_has_told_is_not_told_of_the_next_one(self):
        self.source.write(
            {"download_state": "failed", "failure": "x", "bytes_done": 5, "bytes_total": 9}
        )
        draft = self.drafted()
        self.assertFalse(self.source.problem)
        self.source.with_user(self.manager).action_get()
        self.assertFalse(draft.exists())
        fields = ("download_state", "failure", "import_id", "bytes_done", "bytes_total")
        self.assertEqual(
            [self.source[name] for name in fields],
            ["queued", False, draft.browse(), 0, 0],
        )
        self.assertEqual(self.source.user_id, self.manager)

    def test_another_one_s_import_is_theirs(self):
        other = new_test_user(self.env, "t_gallery_2", "sales_team.group_sale_manager")
        self.drafted()
        self.assertEqual(self.source.import_id.user_id, self.manager)
        self.assertEqual(
            self.source.with_user(other).action_use_file()["res_id"], self.source.import_id.id
        )
        self.assertEqual(self.source.user_id, self.manager)

    def test_a_source_is_kept_apart_once(self):
        mine = self.source.with_user(self.manager)
        first, second = (mine.action_keep_apart()["res_id"] for _time in range(2))
        self.assertEqual(first, second)
        self.assertNotEqual(first, self.source.id)

    def test_a_dataset_of_a_taken_name_is_counted_archived_ones_too(self):
        datasets = self.env["lead.directory.dataset"]
        name = self.source.name
        self.assertEqual(self.source._free_name(), name)
        datasets.create({"name": name, "active": False})
        self.assertEqual(self.source._free_name(), f"{name} (2)")
        datasets.create({"name": f"{name} (2)"})
        self.assertEqual(self.source._free_name(), f"{name} (3)")
        other = self.env["res.company"].create({"name": "Other"})
        datasets.create({"name": f"{name} (3)", "company_id": other.id})
        self.assertEqual(self.source._free_name(), f"{name} (3)")


@tagged("post_install", "-at_install")
class TestDownloadBounds(DirectoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.env["lead.directory.source"].search([("code", "=", "no_brreg")])

    def asked(self, **recipe):
        """Return how the file is asked for."""
        found = []

        def download(url, path, **options):
            found.append(options | {"url": url, "path": path})

        changed = replace(RECIPES["no_brreg"], **recipe)
        with patch.dict(RECIPES, no_brreg=changed), patch.object(run, "download", download):
            self.source._fetch("path", "url", ("host",))
        return found[0]

    def test_a_file_may_be_four_times_what_its_recipe_says(self):
        self.assertEqual(self.asked(download_bytes=1 << 30)["max_bytes"], 4 << 30)
        self.assertEqual(self.asked(download_bytes=1)["max_bytes"], 256 << 20)
        self.assertEqual(self.asked()["hosts"], ("host",))
        self.assertFalse(self.asked()["closed"])

    def test_room_is_left_for_others_and_on_the_database_s_own_disk_for_its_rows(self):
        size = RECIPES["no_brreg"].database_bytes
        for host, more in (
            (False, size), ("", size), ("/var/run/postgresql", size), ("localhost", size),
            ("127.0.0.1", size), ("db.example", 0), ("10.0.0.7", 0),
        ):  # fmt: skip
            with self.subTest(host), patch.dict(config.options, {"db_host": host}):
                self.assertEqual(self.source._kept_free(), (256 << 20) + more)

    def test_the_edition_is_the_newest_file_s_day(self):
        for modified, day in (
            ("Sun, 01 Nov 2026 23:59:59 GMT", "2026-11-01"), ("", ""), ("yesterday", ""),
            (None, ""),
        ):  # fmt: skip
            with self.subTest(modified):
                self.assertEqual(run._day(modified), day)

    def test_files_that_nobody_goes_on_with_are_kept_for_a_week(self):
        folder = self.source._folder()
        folder.mkdir(parents=True)
        self.addCleanup(self.source._forget_files)
        now = folder.stat().st_mtime
        for days, is_kept in ((6.9, True), (7.1, False)):
            with patch.object(source_files.time, "time", return_value=now + days * 86400):
                self.source._gc_files()
            self.assertIs(folder.exists(), is_kept)

    def test_this_month_s_file_is_asked_for_before_last_month_s(self):
        file = replace(RECIPES["no_brreg"].files[0], url="https://x.example/{month}", month="%Y-%m")
        today = self.env.cr.now().date()
        last = today.replace(day=1) - timedelta(days=1)
        urls = [url for url, _hosts in self.source._addresses(file)]
        self.assertEqual(urls, [f"https://x.example/{day:%Y-%m}" for day in (today, last)])

    def test_only_a_file_that_is_gone_is_looked_for_elsewhere(self):
        file = replace(RECIPES["no_brreg"].files[0], url="https://x.example/{month}", month="%Y-%m")
        for code, times in (("gone", 2), ("busy", 1)):
            asked = []

            def ask(url, _hosts, code=code, asked=asked):
                asked.append(url)
                raise DownloadError(code, "x.example")

            with self.subTest(code), self.assertRaises(DownloadError):
                self.source._of_newest(file, ask)
            self.assertEqual(len(asked), times)
