"""Places of Overture: from a file to companies, and how they are forgotten."""

import base64
import sys
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..models import lead_directory_source_kept as kept
from ..registers.recipes import RECIPES
from .overture import place
from .parquet import PLACE, parquet
from .source_case import SourceCase

RECIPE = RECIPES["overture_places"]


@tagged("post_install", "-at_install")
class TestOverture(SourceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.env["lead.directory.source"].search([("code", "=", RECIPE.code)])
        cls.mine = cls.source.with_user(cls.manager)

    def use(self, *places, countries=(), version=""):
        """Import a file by hand, as who clicks does."""
        found = self.env["res.country"].search([("code", "in", countries)])
        self.mine.only_country_ids = [Command.set(found.ids)]
        record = self.Import.with_user(self.manager).browse(self.mine.action_use_file()["res_id"])
        content = base64.b64encode(parquet(places, PLACE))
        record.write({"file": content, "file_name": "milano.parquet", "version": version})
        record.action_start()
        self.work()
        return record

    def names(self):
        return set(self.companies().mapped("name"))

    def later(self, days):
        """Have the scheduled action run on a later day."""
        today = fields.Date.context_today(self.source) + timedelta(days=days)
        with patch.object(fields.Date, "context_today", lambda *_args: today), self.rolling_back():
            self.env["lead.directory.source"]._cron_look()
        self.env.invalidate_all()

    def test_a_file_by_hand_becomes_companies_without_a_question(self):
        self.assertTrue(self.source.is_by_hand and self.source.takes_file)
        closed = place(3, operating_status="permanently_closed")
        record = self.use(place(), place(2, websites=None), closed)
        self.assertEqual((record.state, record.problem_count), ("done", 0))
        self.assertEqual(self.names(), {"Officina 1 Srl", "Officina 2 Srl"})
        self.assertEqual(record.rows_named, 1)
        self.assertEqual(record.left_out, {"closed": 1})
        self.assertIn("Places that are closed", self.source.left_out_text)
        for name in ("Overture", "Meta", "Microsoft", "Foursquare", "AllThePlaces"):
            self.assertIn(name, self.companies()[0].attribution)

    def test_a_folder_of_the_server_is_imported_too(self):
        folder = Path(self.folder.name, "release")
        folder.mkdir()
        parts = [folder / f"part-{number:05}.zstd.parquet" for number in range(2)]
        for number, part in enumerate(parts):
            part.write_bytes(parquet([place(number)], PLACE))
        record = self.Import._import_path(self.dataset, str(folder), recipe=RECIPE.code)
        self.assertEqual((record.state, record.companies_created), ("done", 2))
        parts[0].unlink()
        with self.assertRaisesRegex(UserError, "lacks files of the table: part-00000"):
            self.Import._import_path(self.dataset, str(folder), recipe=RECIPE.code)

    def test_a_file_of_one_country_says_nothing_of_the_others(self):
        self.use(place(), place(2), countries=["IT"])
        self.use(place(3, country="CH"), place(4), countries=["CH"])
        self.assertEqual(self.names(), {f"Officina {number} Srl" for number in (1, 2, 3)})
        self.assertEqual(self.source.left_out_text, "")

    def test_an_edition_of_one_country_is_compared_with_those_of_that_country(self):
        italian, swiss = range(1, 21), range(21, 41)
        self.use(*map(place, italian), *(place(number, country="CH") for number in swiss))
        record = self.use(*map(place, italian[:-1]), countries=["IT"])
        self.assertEqual(record.state, "done")
        self.assertEqual(len(self.names()), 39)
        self.use(*map(place, range(1, 101)), countries=["IT"])
        record = self.use(*map(place, range(1, 96)), countries=["IT"])
        self.assertEqual(record.state, "done")
        record = self.use(*map(place, range(1, 48)), countries=["IT"])
        self.assertEqual(record.state, "asks")

    def test_what_an_edition_has_no_more_is_deleted_and_leads_stay(self):
        self.use(*map(place, range(1, 21)))
        lead = self.env["crm.lead"].create({"name": "A", "partner_name": "Officina 20 Srl"})
        record = self.use(*map(place, range(1, 20)), place(21))
        self.assertEqual(record.state, "done")
        self.assertNotIn("Officina 20 Srl", self.names())
        self.assertEqual(len(self.names()), 20)
        self.assertTrue(lead.exists())

    def test_a_place_that_closes_is_gone_and_its_company_is_not_ended(self):
        self.use(*map(place, range(1, 21)))
        self.use(*map(place, range(1, 20)), place(20, operating_status="permanently_closed"))
        self.assertEqual(len(self.names()), 19)
        self.assertFalse(self.env["lead.directory.ended"].search([]))

    def test_an_old_edition_is_forgotten_and_told_before(self):
        today = fields.Date.context_today(self.source)
        self.use(place(), place(2), version=str(today - timedelta(days=10)))
        end = today + timedelta(days=RECIPE.kept_days - 10)
        self.assertEqual(self.source.forgets_on, end)
        self.later(RECIPE.kept_days - 10 - kept.TOLD_BEFORE - 1)
        self.assertFalse(self.source.activity_ids)
        self.later(RECIPE.kept_days - 11)
        self.assertIn(str(end), self.source.activity_ids.note)
        self.later(RECIPE.kept_days - 11)
        self.assertEqual(len(self.source.activity_ids), 1)
        self.assertEqual(len(self.names()), 2)
        self.later(RECIPE.kept_days - 10)
        self.assertFalse(self.companies())
        self.assertEqual(self.source.companies_count, 0)
        self.assertIn("deleted", self.source.activity_ids.summary)

    def test_a_newer_edition_of_a_country_keeps_its_companies_alone(self):
        today = fields.Date.context_today(self.source)
        self.use(place(), place(2, country="CH"), version=str(today - timedelta(days=59)))
        self.use(place(), countries=["IT"])
        self.later(1)
        self.assertEqual(self.names(), {"Officina 1 Srl"})

    def test_no_other_file_goes_where_companies_are_deleted_with_their_edition(self):
        self.use(place())
        dataset = self.source.dataset_id
        own = "name,domain,country\nAlfa,alfa.example,IT\n"
        with self.assertRaisesRegex(UserError, "dataset of its own"):
            self.Import._import_path(dataset, self._write(own))
        self.assertEqual(self.names(), {"Officina 1 Srl"})
        self.Import._import_path(self.other_dataset(), self._write(own))
        dataset.import_ids.filtered("recipe").action_undo()
        self.Import._import_path(dataset, self._write(own))
        with self.assertRaisesRegex(UserError, "dataset of its own"):
            self.use(place())

    def other_dataset(self):
        return self.env["lead.directory.dataset"].create({"name": "One's own list"})

    def test_an_edition_that_broke_off_keeps_no_older_one_from_being_forgotten(self):
        today = fields.Date.context_today(self.source)
        old = self.use(place(), place(2), version=str(today - timedelta(days=59)))
        end = today + timedelta(days=1)
        broken = self.use(place(), version=str(today))
        self.assertEqual(self.source.forgets_on, today + timedelta(days=RECIPE.kept_days))
        broken.write({"state": "failed", "edition_step": False})
        self.env.invalidate_all()
        self.assertEqual(self.source.forgets_on, end)
        broken.state = "running"
        self.env.invalidate_all()
        self.assertGreater(self.source.forgets_on, end)
        broken.state = "cancelled"
        old.unlink()
        self.env.invalidate_all()
        self.assertEqual(self.source.forgets_on, today + timedelta(days=RECIPE.kept_days))

    def test_what_has_to_be_forgotten_is_so_in_parts(self):
        self.use(*map(place, range(1, 8)))
        with (
            patch.object(kept, "PART", 3),
            patch.object(self.registry["ir.cron"], "_commit_progress", lambda *_a, **_k: 0),
        ):
            self.source._cron_look()
            self.assertEqual(len(self.companies()), 7)
            later = fields.Date.context_today(self.source) + timedelta(days=RECIPE.kept_days)
            with patch.object(fields.Date, "context_today", lambda *_args: later):
                self.assertFalse(self.source._forget_old())
                self.assertEqual(len(self.companies()), 4)
                self.assertFalse(self.source._forget_old())
                self.assertTrue(self.source._forget_old())
        self.assertFalse(self.companies())

    def test_no_other_source_is_ever_forgotten(self):
        source = self.env["lead.directory.source"].search([("code", "=", "no_brreg")])
        self.publish()
        self.get(source)
        self.later(10_000)
        self.assertTrue(source.companies_count)
        self.assertFalse(source.forgets_on)

    def test_a_server_without_the_reader_says_so_on_the_card(self):
        self.assertFalse(self.mine.lacks)
        with patch.dict(sys.modules, duckdb=None):
            self.env.invalidate_all()
            self.assertIn("duckdb", self.mine.lacks)
            with self.assertRaisesRegex(UserError, "install “duckdb” with pip"):
                self.mine.action_use_file()
        self.env.invalidate_all()

    def test_countries_can_be_chosen_of_registers_of_all_the_world_alone(self):
        sources = self.env["lead.directory.source"].search([("publisher", "!=", False)])
        world = sources.filtered("is_of_many_countries").mapped("code")
        self.assertEqual(set(world), {"gleif_lei", "overture_places"})
