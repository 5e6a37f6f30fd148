"""From the gallery to companies: what is downloaded, imported, left out, told and refused."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models import lead_directory_import_run as import_run
from ..models import lead_directory_source_files as source_files
from ..models import lead_directory_source_run as run
from ..registers.closed import CLOSED
from ..registers.network import DownloadError
from ..registers.protection import is_told_by_first_file
from ..registers.recipe import Column
from ..registers.recipes import RECIPES
from .norway import COLUMNS, HOST, PATH, company, packed
from .publisher import Published
from .source_case import LIMITS, ROWS, SourceCase


@tagged("post_install", "-at_install")
class TestSources(SourceCase):
    def test_a_click_brings_a_register_with_nothing_to_decide(self):
        self.publish()
        source = self.get()
        self.assertEqual((source.state, source.problem), ("done", False))
        self.assertEqual(len(self.companies()), 5)
        one = self.companies().sorted("name")[0]
        self.assertEqual(one.registry, "NO-BRC")
        self.assertEqual((one.country_code, one.city, one.employees), ("NO", "OSLO", 12))
        self.assertEqual(one.domain, "synthetic1.example")
        self.assertEqual(source.companies_count, 5)

    def test_what_is_left_out_is_told_in_words(self):
        self.publish()
        source = self.get()
        self.assertEqual(
            source.left_out_text.splitlines(),
            [
                "3 · Sole traders, who are persons",
                "1 · Associations and other bodies that are no companies",
                "1 · Companies that are insolvent or in liquidation",
            ],
        )

    def test_what_is_left_out_is_counted_once_by_an_import_in_parts(self):
        self.publish(ROWS * 3)
        self.source.with_user(self.manager).action_get()
        self.source._cron_download()
        with (
            patch.object(self.registry["ir.cron"], "_commit_progress", lambda *_a, **_k: 0),
            patch.object(import_run, "BATCH_ROWS", 2),
        ):
            for _part in range(20):
                self.Import._cron_import()
        source = self.source
        self.assertEqual(source.state, "done")
        self.assertEqual(source.import_id.left_out, {"sole_trader": 9, "no_company": 3})
        self.assertEqual(source.import_id.rows_insolvent, 3)

    def test_the_licence_s_attribution_is_shown_with_the_companies(self):
        self.publish()
        source = self.get()
        recipe = RECIPES["no_brreg"]
        self.assertEqual(self.companies().mapped("attribution"), [recipe.attribution] * 5)
        dataset = source.dataset_id
        self.assertEqual(dataset.licence, recipe.licence)
        self.assertEqual(dataset.source, recipe.publisher)
        self.assertEqual(dataset.version, "2026-11-01")
        rows = self.companies().export_data(["name", "attribution"])["datas"]
        self.assertIn(recipe.attribution, rows[0])

    def test_the_files_are_dropped_once_the_companies_are_there(self):
        self.publish()
        source = self.get()
        self.assertFalse(source._folder().exists())

    def test_a_second_time_changes_what_has_changed(self):
        self.publish()
        self.get()
        changed = [dict(row) for row in ROWS]
        changed[0]["navn"] = "RENAMED AS"
        self.publish([*changed, company(11)], etag='"2"')
        source = self.get()
        self.assertEqual(source.import_id.companies_created, 1)
        self.assertEqual(source.import_id.companies_updated, 1)
        self.assertIn("RENAMED AS", self.companies().mapped("name"))
        self.assertEqual(len(source.dataset_id.import_ids), 2)

    def test_a_download_that_fails_says_why_and_goes_on_later(self):
        content = [company(number) for number in range(3000)]
        self.publish(content, cuts=[5000] * LIMITS.attempts, ranges=False)
        source = self.get()
        self.assertEqual(source.state, "failed")
        self.assertIn("data.brreg.no broke off", source.problem)
        self.publish(content)
        self.publisher.asked.clear()
        self.get()
        self.assertEqual((source.state, source.problem), ("done", False))
        (asked,) = self.publisher.asked
        self.assertEqual(asked.headers["Range"], "bytes=5000-")

    def test_a_layout_that_is_not_known_stops_with_the_names_of_what_is_missing(self):
        self.publish(columns=tuple(one for one in COLUMNS if one not in ("navn", "konkurs")))
        source = self.get()
        self.assertEqual(source.state, "failed")
        self.assertIn("navn", source.problem)
        self.assertIn("konkurs", source.problem)
        self.assertFalse(source.dataset_id)
        self.assertFalse(source._folder().exists())

    def test_a_page_in_place_of_the_file_is_told(self):
        self.publisher.files[HOST + PATH] = Published(b"<!DOCTYPE html><p>Sorry")
        source = self.get()
        self.assertEqual(source.state, "failed")
        self.assertIn("web page", source.problem)

    def test_too_little_room_is_told(self):
        self.publish()
        with patch.object(type(self.source), "_kept_free", lambda _self: 1 << 60):
            source = self.get()
        self.assertIn("too little room", source.problem)

    @mute_logger("odoo.addons.crm_lead_directory.models.lead_directory_source_run")
    def test_what_nobody_has_thought_of_is_told_too(self):
        with patch.object(run, "download", side_effect=ZeroDivisionError):
            source = self.get()
        self.assertEqual(source.state, "failed")
        self.assertIn("server log", source.problem)

    def test_it_is_cancelled_while_it_waits_and_while_it_runs(self):
        self.publish()
        mine = self.source.with_user(self.manager)
        mine.action_get()
        self.assertEqual(mine.state, "queued")
        mine.action_cancel()
        self.work()
        self.assertEqual((mine.state, self.publisher.asked), ("cancelled", []))

        self.publish([company(number) for number in range(3000)], pause=0.001)
        mine.action_get()
        note = type(self.source)._note

        def cancel(record, done, total):
            record.sudo().download_state = "cancelled"
            return note(record, done, total)

        # Who cancels has a transaction of its own, which no rollback undoes.
        with (
            patch.object(type(self.source), "_note", cancel),
            patch.object(self.env.cr, "rollback", lambda: None),
        ):
            self.env["lead.directory.source"]._cron_download()
        self.assertEqual(mine.state, "cancelled")
        self.assertFalse(self.source._folder().exists())
        self.assertFalse(mine.dataset_id)

    def test_a_download_goes_on_when_the_scheduled_action_s_time_is_over(self):
        self.publish([company(number) for number in range(9000)], pause=0.0001)
        left = iter([1, 1, 1, 0])
        with patch.object(self.registry["ir.cron"], "_commit_progress",
                          lambda *_a, **_k: next(left, 0)):  # fmt: skip
            self.source.with_user(self.manager).action_get()
            self.env["lead.directory.source"]._cron_download()
        self.assertEqual(self.source.state, "downloading")
        self.assertGreater(self.source.progress, 0)
        self.assertIn(" of ", self.source.told)
        self.work()
        self.assertEqual(self.source.state, "done")
        self.assertIn("Range", self.publisher.asked[-1].headers)
        self.assertEqual(len(self.companies()), 9000)

    def test_a_file_that_was_downloaded_by_hand_needs_no_column_to_be_chosen(self):
        mine = self.source.with_user(self.manager)
        action = mine.action_use_file()
        record = self.Import.with_user(self.manager).browse(action["res_id"])
        self.assertEqual(mine.state, "file")
        self.assertEqual(mine.action_use_file()["res_id"], record.id)
        record.write({"file": base64.b64encode(packed(ROWS)), "file_name": "enheter.csv.gz"})
        record.action_start()
        self.work()
        self.assertEqual((record.state, mine.state), ("done", "done"))
        self.assertEqual(len(self.companies()), 5)
        self.assertEqual(record.dataset_id.attribution, RECIPES["no_brreg"].attribution)
        self.assertFalse(self.env["lead.directory.header"].search([]))

    def test_who_has_no_file_by_hand_after_all_has_it_downloaded(self):
        self.publish()
        self.source.with_user(self.manager).action_use_file()
        self.get()
        self.assertEqual(self.source.state, "done")
        self.assertEqual(len(self.source.dataset_id.import_ids), 1)

    def published_otherwise(self, **values):
        """Let Norway's file be where these values of its recipe say."""
        recipe = RECIPES["no_brreg"]
        file = replace(recipe.files[0], **values)
        self.enterContext(patch.dict(RECIPES, no_brreg=replace(recipe, files=(file,))))

    def test_last_month_s_edition_is_had_while_there_is_no_newer_one(self):
        self.published_otherwise(url=f"https://{HOST}/{{month}}.csv", month="%Y-%m")
        last = self.env.cr.now().replace(day=1) - timedelta(days=1)
        path = f"{HOST}/{last:%Y-%m}.csv"
        self.publisher.files[path] = Published(packed(ROWS))
        self.get()
        self.assertEqual(self.source.state, "done")
        self.assertEqual(len(self.publisher.asked), 2)

    def test_the_publisher_s_catalogue_tells_where_the_file_is(self):
        self.published_otherwise(catalogue=f"https://{HOST}/package_show", resource="units*.csv")
        resources = [
            {"url": f"https://{HOST}/units_2025.csv", "last_modified": "2025-01-01"},
            {"url": f"https://{HOST}/units_2026.csv", "last_modified": "2026-01-01"},
            {"url": f"https://{HOST}/other.csv", "last_modified": "2027-01-01"},
        ]
        told = json.dumps({"result": {"resources": resources}}).encode()
        self.publisher.files[f"{HOST}/package_show"] = Published(told)
        self.publisher.files[f"{HOST}/units_2026.csv"] = Published(packed(ROWS))
        self.get()
        self.assertEqual((self.source.state, self.source.problem), ("done", False))
        self.source.download_state = "running"
        for answer in (b"[]", b"{}", b'{"result": {"resources": []}}', b"no JSON"):
            self.publisher.files[f"{HOST}/package_show"] = Published(answer)
            with self.subTest(answer), self.assertRaises(DownloadError) as caught:
                self.source._folder().mkdir(parents=True, exist_ok=True)
                self.source._looked_up(RECIPES["no_brreg"].files[0])
            self.assertEqual(caught.exception.code, "gone")

    def test_a_register_is_had_without_a_further_file_that_its_catalogue_has_no_more(self):
        recipe = RECIPES["no_brreg"]
        further = replace(
            recipe.files[0],
            key="further", url="", catalogue=f"https://{HOST}/package_show", resource="more*.csv",
        )  # fmt: skip
        self.enterContext(
            patch.dict(RECIPES, no_brreg=replace(recipe, files=(*recipe.files, further)))
        )
        self.publisher.files[f"{HOST}/package_show"] = Published(b'{"result": {"resources": []}}')
        self.publish()
        with mute_logger("odoo.addons.crm_lead_directory.models.lead_directory_source_files"):
            self.get()
        self.assertEqual((self.source.state, self.source.problem), ("done", False))
        self.assertEqual(len(self.companies()), 5)

    def test_a_mirror_is_asked_in_place_of_the_publisher(self):
        self.source.mirror = "https://mirror.example/no.csv.gz"
        self.publisher.files["mirror.example/no.csv.gz"] = Published(packed(ROWS))
        self.get()
        self.assertEqual({one.host for one in self.publisher.asked}, {"mirror.example"})
        self.assertEqual(len(self.companies()), 5)

    def test_a_register_s_file_of_the_server_needs_no_column_to_be_chosen(self):
        record = self._import(packed(ROWS), recipe="no_brreg")
        self.assertEqual((record.state, record.companies_created), ("done", 5))
        self.assertEqual(record.left_out, {"sole_trader": 3, "no_company": 1})

    def test_half_a_register_that_does_not_tell_who_is_protected_is_not_imported(self):
        for code in ("fr_sirene", "se_scb"):
            with self.subTest(code), self.assertRaisesRegex(UserError, "several files"):
                self._import(packed(ROWS), recipe=code)

    def test_a_source_for_one_company_is_found_by_that_one_alone(self):
        self.publish()
        own = self.env["lead.directory.source"].browse(
            self.source.with_user(self.manager).action_keep_apart()["res_id"]
        )
        self.assertEqual(own.company_id, self.env.company)
        self.get(own)
        self.assertEqual(own.dataset_id.company_id, self.env.company)
        self.assertIn(self.env.company.name, own.scope)
        self.assertEqual(self.source.state, "new")
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env, "t_stranger", "sales_team.group_sale_manager",
            company_id=other.id, company_ids=[(6, 0, other.ids)],
        )  # fmt: skip
        sources = self.env["lead.directory.source"].with_user(stranger).search([])
        self.assertIn(self.source, sources)
        self.assertNotIn(own, sources)

    def test_an_import_that_should_not_have_been_is_undone(self):
        self.publish()
        self.get()
        first = self.source.import_id
        before = self.companies()
        self.publish([*ROWS, company(11), company(12)], etag='"2"')
        source = self.get()
        second = source.import_id
        with self.assertRaisesRegex(UserError, "later imports"):
            first.with_user(self.manager).action_undo()
        second.with_user(self.manager).action_undo()
        self.assertEqual(self.companies(), before)
        self.assertEqual((second.state, source.state), ("undone", "new"))
        self.assertEqual(source.companies_count, 5)
        first.with_user(self.manager).action_undo()
        self.assertFalse(self.companies())

    def test_companies_of_an_import_that_went_on_meanwhile_are_not_undone(self):
        self.publish()
        first = self.get().import_id
        second = self.Import._import_path(
            self.source.dataset_id, self._write("name,domain,country\nLater,later.example,NO\n")
        )
        # The first one had stopped in the middle, and has gone on after the second began.
        first.finished_at = second.started_at + timedelta(minutes=1)
        with self.assertRaisesRegex(UserError, "later imports"):
            second.action_undo()
        self.assertIn("Later", self.companies().mapped("name"))
        first.finished_at = second.started_at - timedelta(minutes=1)
        second.action_undo()
        self.assertNotIn("Later", self.companies().mapped("name"))

    def test_a_dataset_of_the_same_name_is_left_alone(self):
        taken = self.env["lead.directory.dataset"].create({"name": self.source.name})
        self.publish()
        self.get()
        self.assertFalse(taken.import_ids)
        self.assertNotEqual(self.source.dataset_id, taken)

    def test_what_nobody_goes_on_with_is_dropped_after_a_week(self):
        folder = self.source._folder()
        folder.mkdir(parents=True)
        self.source._gc_files()
        self.assertTrue(folder.exists())
        with patch.object(source_files, "KEPT_DAYS", -1):
            self.source.sudo().download_state = "queued"
            self.source._gc_files()
            self.assertTrue(folder.exists())
            self.source.sudo().download_state = "failed"
            self.source._gc_files()
        self.assertFalse(folder.exists())


@tagged("post_install", "-at_install")
class TestGallery(SourceCase):
    def test_each_recipe_and_each_country_without_one_has_a_card(self):
        sources = self.env["lead.directory.source"].search([("company_id", "=", False)])
        self.assertEqual(sorted(sources.mapped("code")), sorted([*RECIPES, *CLOSED]))
        for source in sources:
            with self.subTest(source.code):
                self.assertTrue(source.name)
                if source.closed:
                    self.assertEqual(source.country_ids.mapped("code"), [source.code])
                    self.assertIn("What helps", source.closed)
                    continue
                for told in ("publisher", "companies", "download_size", "database_size",
                             "rhythm", "licence", "attribution", "brings", "page"):  # fmt: skip
                    self.assertTrue(source[told], told)

    def test_what_can_be_had_comes_before_what_cannot(self):
        sources = self.env["lead.directory.source"].search([("company_id", "=", False)])
        self.assertEqual(set(sources[: len(RECIPES)].mapped("code")), set(RECIPES))

    def test_one_file_by_hand_is_taken_only_if_it_tells_all_who_are_no_leads(self):
        sources = self.env["lead.directory.source"].search([("company_id", "=", False)])
        taken = {one.code for one in sources if one.takes_file}
        self.assertLessEqual({"no_brreg", "gb_companies_house", "be_kbo"}, taken)
        for source in sources.filtered(lambda one: not one.takes_file and not one.closed):
            with self.subTest(source.code), self.assertRaisesRegex(UserError, "several files"):
                source.with_user(self.manager).action_use_file()
        recipe = RECIPES["lv_ur"]
        first, second = recipe.files
        joined = Column(f"{second.key}:status")
        apart = replace(recipe, columns={**recipe.columns, "status": joined})
        self.assertFalse(is_told_by_first_file(apart))
        within = replace(second, inside=first.key)
        self.assertTrue(is_told_by_first_file(replace(apart, files=(first, within))))

    def test_a_register_that_is_given_to_who_asks_is_not_downloaded(self):
        source = self.env["lead.directory.source"].search([("code", "=", "be_kbo")])
        self.assertTrue(source.is_by_hand)
        with self.assertRaisesRegex(UserError, "use the file"):
            source.with_user(self.manager).action_get()

    def test_countries_without_an_open_register_exist(self):
        known = self.env["res.country"].search([("code", "in", [*CLOSED])])
        self.assertEqual(len(known), len(CLOSED))

    def test_what_has_only_some_of_a_country_s_companies_is_named_as_a_help(self):
        closed = self.env["lead.directory.source"].search([("code", "=", "IT")])
        self.assertIn(RECIPES["it_indicepa"].title, closed.closed)
        self.assertIn(RECIPES["gleif_lei"].title, closed.closed)

    def test_cards_of_recipes_that_are_gone_go(self):
        with patch.dict(RECIPES, clear=True):
            self.env["lead.directory.source"]._sync()
        self.assertFalse(self.source.exists())
        self.env["lead.directory.source"]._sync()
        self.assertTrue(self.env["lead.directory.source"].search([("code", "=", "no_brreg")]))

    def test_the_country_tells_what_can_be_done_about_it(self):
        advice = self.env["lead.directory.source"]._advice
        country = {code: self.env.ref(f"base.{code}") for code in ("no", "it", "mx")}
        self.assertIn("InfoCamere", advice(country["it"]))
        self.assertIn("There is no source of companies for Italy", advice(country["it"]))
        self.assertIn("There is no source of companies for Mexico", advice(country["mx"]))
        self.assertIn("get them from their register", advice(country["no"]))
        self.publish()
        self.get()
        self.assertEqual(advice(country["no"]), "")

    def test_companies_that_another_company_keeps_for_itself_are_no_advice_less(self):
        norway = self.env.ref("base.no")
        self.publish()
        self.get()
        dataset = self.source.dataset_id
        dataset.company_id = self.env["res.company"].create({"name": "Another"})
        Source = self.env["lead.directory.source"]
        self.assertIn("get them from their register", Source._advice(norway))
        self.assertEqual(Source.with_company(dataset.company_id)._advice(norway), "")
        dataset.active = False
        self.assertIn("get them", Source.with_company(dataset.company_id)._advice(norway))

    def test_where_nothing_is_found_the_dialog_leads_to_the_gallery(self):
        asked = self.env["lead.mining.request"].with_user(self.manager)
        for code, told in (("it", "InfoCamere"), ("no", "get them from their register")):
            values = {"country_ids": self.env.ref(f"base.{code}").ids, "lead_number": 3}
            preview = asked.get_preview(values)
            with self.subTest(code):
                self.assertEqual((preview["count"], preview["problem"]), (0, ""))
                self.assertIn(told, preview["advice"]["text"])
                action = self.env.ref(preview["advice"]["action"])
                self.assertEqual(action.res_model, "lead.directory.source")
        self.publish()
        self.get()
        self.assertEqual(asked.get_preview(values)["advice"], {})
        seller = new_test_user(self.env, "t_seller", "sales_team.group_sale_salesman")
        values = {"country_ids": self.env.ref("base.it").ids, "lead_number": 3}
        advice = asked.with_user(seller).get_preview(values)["advice"]
        self.assertEqual({*advice}, {"text"})

    def test_only_who_has_the_right_gets_companies(self):
        right = self.env.ref("crm_lead_directory.group_lead_directory_source")
        self.env.ref("sales_team.group_sale_manager").implied_ids -= right
        self.manager.group_ids -= right
        mine = self.source.with_user(self.manager)
        schedule = mine._fields["schedule"].get_values(self.env)[0]
        for act in (
            mine.action_get, mine.action_use_file, mine.action_cancel, mine.action_apply_vanished,
            mine.action_keep_vanished, mine.action_keep_apart, mine.action_resume,
            lambda: mine.write({"schedule": schedule}),
        ):  # fmt: skip
            refused = self.assertRaisesRegex(AccessError, "may not get companies")
            with self.subTest(act.__name__), refused:
                act()
        with self.assertRaises(AccessError):
            mine.mirror = "https://mirror.example/"
        for kind in ("kanban", "form"):
            arch = mine.get_view(view_type=kind)["arch"]
            self.assertIn("action_generate_leads", arch)
            for offered in ("action_get", "action_use_file", "action_cancel"):
                self.assertNotIn(offered, arch, kind)

    def test_a_source_without_an_open_file_is_not_asked(self):
        closed = self.env["lead.directory.source"].search([("code", "=", "IT")])
        with self.assertRaisesRegex(UserError, "InfoCamere"):
            closed.with_user(self.manager).action_get()
        with self.assertRaisesRegex(UserError, "InfoCamere"):
            closed.with_user(self.manager).action_use_file()

    def test_a_neutralized_copy_downloads_nothing(self):
        self.publish()
        self.source.with_user(self.manager).action_get()
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "true")
        self.work()
        self.assertIn("neutralized copy", self.source.problem)
        with self.assertRaisesRegex(UserError, "neutralized copy"):
            self.source.with_user(self.manager).action_get()
        self.assertEqual(self.publisher.asked, [])

    def test_leads_are_asked_for_in_the_source_s_countries(self):
        context = self.source.with_user(self.manager).action_generate_leads()["context"]
        request = self.env["lead.mining.request"].with_context(**context).new({})
        self.assertEqual(request.country_ids.mapped("code"), ["NO"])
        self.assertEqual(request.lead_number, 25)
