"""Publishers that offer what has changed: a new edition is that alone, and misses nobody."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from ..registers.recipes import RECIPES
from .norway import HOST, PATH, company, packed
from .publisher import Published
from .test_editions import MANY, EditionCase, names

WEEK, MONTH = "?delta=LastWeek", "?delta=LastMonth"


@tagged("post_install", "-at_install")
class TestDeltas(EditionCase):
    def setUp(self):
        super().setUp()
        recipe = RECIPES["no_brreg"]
        file = replace(recipe.files[0], deltas=((7, WEEK), (31, MONTH)))
        self.enterContext(patch.dict(RECIPES, no_brreg=replace(recipe, files=(file,))))

    def load_changes(self, rows, address=WEEK):
        """Have what has changed, while the whole edition is another one than was had."""
        self.publisher.files[HOST + PATH + address] = Published(packed(rows), etag='"changes"')
        return self.load([company(99)])

    def age(self, record, **age):
        """Let an import have been made so long ago."""
        self.env.cr.execute(
            "UPDATE lead_directory_import SET create_date = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(**age), record.id],
        )
        record.invalidate_recordset()

    def fetched(self):
        return [one.path for one in self.publisher.asked if one.headers.get("Range") != "bytes=0-0"]

    def test_what_has_changed_is_read_and_nobody_else_is_missed(self):
        self.load(MANY)
        self.publisher.asked.clear()
        changed = [company(1, navn="Another Name AS"), company(2, konkurs="true"), company(41)]
        record = self.load_changes(changed)
        self.assertEqual(self.fetched(), [PATH + WEEK])
        self.assertTrue(record.is_delta)
        self.assertEqual((record.companies_vanished, record.rows_read), (0, 3))
        expected = names(MANY[2:]) | {"Another Name AS", company(41)["navn"]}
        self.assertEqual(self.living(), expected)

    def test_the_next_whole_edition_is_read_anew_where_changes_came_between(self):
        whole = self.load(MANY)
        record = self.load_changes([company(1, navn="Another Name AS"), company(41)])
        self.age(whole, days=120)
        self.age(record, days=90)
        # The name is what it was; who came with the changes has gone.
        again = self.load(MANY)
        self.assertFalse(again.is_delta)
        self.assertEqual(self.living(), names(MANY))
        self.assertEqual((again.companies_updated, again.companies_vanished), (1, 1))

    def test_who_comes_with_the_changes_is_told_as_new(self):
        self.load(MANY)
        self.env["lead.mining.search"].create(
            {
                "name": "Norway",
                "owner_id": self.manager.id,
                "company_id": self.env.company.id,
                "country_ids": [Command.set(self.country_ids)],
            }
        )
        record = self.load_changes([company(1, navn="Another Name AS"), company(41)])
        signals = self.env["lead.directory.signal"].search([("import_id", "=", record.id)])
        self.assertEqual(
            [(one.name, one.kind) for one in signals], [(company(41)["navn"], "founded")]
        )

    def test_a_new_edition_is_seen_by_the_whole_file(self):
        self.load(MANY)
        self.load_changes([company(41)])
        self.source.schedule = "published"
        self.publisher.asked.clear()
        self.look()
        self.assertEqual(self.fetched(), [])
        self.publish([company(99)], etag='"yet another"')
        self.look()
        self.assertEqual(self.fetched(), [PATH + WEEK])

    def test_as_few_days_are_asked_for_as_bring_it_up_to_date(self):
        whole = self.load(MANY)
        days = {0: 7, 5: 7, 6: 31, 29: 31, 30: 0}
        for age, asked in days.items():
            with self.subTest(age):
                self.age(whole, days=age)
                self.assertEqual(self.source._days_to_ask(), asked)

    def test_a_chain_of_changes_begins_with_a_whole_edition_of_three_months_at_most(self):
        whole = self.load(MANY)
        self.age(whole, days=80)
        self.assertEqual(self.source._days_to_ask(), 0)
        self.age(whole, days=20)
        changes = self.load_changes([company(41)], MONTH)
        self.assertTrue(changes.is_delta)
        self.age(whole, days=80)
        self.assertEqual(self.source._days_to_ask(), 7)
        self.age(whole, days=95)
        self.assertEqual(self.source._days_to_ask(), 0)

    def test_all_there_is_is_asked_for_where_changes_are_not_enough(self):
        self.assertEqual(self.source._days_to_ask(), 0)
        record = self.load(MANY)
        spoilt = {
            "other countries": (record, {"only_country_ids": [Command.set(self.country_ids)]}),
            "a mirror": (self.source, {"mirror": "https://mirror.example/file"}),
            "not finished": (record, {"state": "cancelled"}),
            "undone": (record, {"state": "undone"}),
            "another file": (record, {"recipe": False}),
        }
        for name, (changed, values) in spoilt.items():
            with self.subTest(name):
                before = {key: changed[key] for key in values}
                changed.sudo().write(values)
                self.assertEqual(self.source._days_to_ask(), 0)
                changed.sudo().write(before)
                self.assertEqual(self.source._days_to_ask(), 7)

    @property
    def country_ids(self):
        return self.env.ref("base.no").ids

    def test_where_the_changes_are_gone_all_there_is_comes(self):
        self.load(MANY)
        self.publisher.asked.clear()
        record = self.load([*MANY, company(41)])
        self.assertEqual(self.fetched(), [PATH + WEEK, PATH])
        self.assertFalse(record.is_delta)
        self.assertEqual(self.living(), names([*MANY, company(41)]))

    def test_a_part_of_the_whole_file_is_no_part_of_the_changes(self):
        self.load(MANY)
        self.source._folder().mkdir(parents=True, exist_ok=True)
        (self.source._folder() / "rest").write_bytes(b"x")
        self.load_changes([company(41)])
        self.assertFalse((self.source._folder() / "rest").exists())
        self.assertIn(company(41)["navn"], self.living())

    def test_gleif_s_changes_have_the_columns_of_its_golden_copy(self):
        file = RECIPES["gleif_lei"].files[0]
        self.assertEqual([days for days, _address in file.deltas], [7, 31])
        self.assertTrue(all(address.startswith("?delta=") for _days, address in file.deltas))
