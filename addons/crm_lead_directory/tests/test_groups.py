"""Groups from GLEIF's second level: the rows are made up, in the layout of the golden copy."""

import tempfile
from datetime import date
from pathlib import Path

from stdnum import lei as lei_number

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from odoo.addons.crm_common.tests.screens import Screen
from odoo.addons.crm_lead_mining.files.errors import FileError

from ..providers.groups import Edge, top_of
from ..registers.recipes import RECIPES
from ..registers.relations import Told, open_relations, relation_lines
from .group_case import GroupCase, lei, relation, rows_of

TODAY = date(2026, 11, 29)


@tagged("post_install", "-at_install")
class TestRelationRows(BaseCase):
    def _lines(self, *changes):
        with (
            self._file(*(relation(1, 2) | one for one in changes)) as folder,
            open_relations(RECIPES["gleif_lei"], folder) as rows,
        ):
            return [tuple(line.split("\t")) for line in relation_lines(rows, TODAY)]

    def _file(self, *rows, header=None):
        folder = tempfile.TemporaryDirectory()
        Path(folder.name, "rr").write_text(rows_of(rows, header))
        return folder

    def test_numbers_of_these_tests_are_leis(self):
        self.assertTrue(lei_number.is_valid(lei(1)))

    def test_a_row_tells_the_subsidiary_its_parent_and_since_when(self):
        self.assertEqual(
            self._lines({}, {"Relationship.RelationshipType": "IS_ULTIMATELY_CONSOLIDATED_BY"}),
            [
                (lei(1), lei(2), "direct", "2015-03-01"),
                (lei(1), lei(2), "ultimate", "2015-03-01"),
            ],
        )

    def test_what_is_no_parent_in_force_is_left_out(self):
        kept = {"": {}, "LAPSED": {"Registration.RegistrationStatus": "LAPSED"}}
        for name, changes in kept.items():
            self.assertEqual(len(self._lines(changes)), 1, name)
        for changes in (
            {"Relationship.RelationshipStatus": "INACTIVE"},
            {"Relationship.RelationshipStatus": "NULL"},
            {"Relationship.RelationshipStatus": ""},
            {"Relationship.RelationshipType": "IS_FUND-MANAGED_BY"},
            {"Relationship.RelationshipType": "IS_SUBFUND_OF"},
            {"Relationship.RelationshipType": "IS_FEEDER_TO"},
            {"Relationship.RelationshipType": "IS_INTERNATIONAL_BRANCH_OF"},
            {"Registration.RegistrationStatus": "RETIRED"},
            {"Registration.RegistrationStatus": "ANNULLED"},
            {"Relationship.Period.2.endDate": "2020-12-31T00:00:00Z"},
            {"Relationship.EndNode.NodeID": lei(1)},
            {"Relationship.EndNode.NodeID": "NO_LEI"},
            {"Relationship.EndNode.NodeID": "NATURAL_PERSONS"},
            {"Relationship.EndNode.NodeID": ""},
            {"Relationship.StartNode.NodeID": lei(1)[:-2] + "00"},
        ):
            with self.subTest(changes):
                self.assertEqual(self._lines(changes), [])

    def test_the_end_of_a_year_of_accounts_is_no_end_of_the_relation(self):
        self.assertEqual(relation(1, 2)["Relationship.Period.1.periodType"], "ACCOUNTING_PERIOD")
        [line] = self._lines({"Relationship.Period.2.endDate": "2030-01-01T00:00:00Z"})
        self.assertEqual(line[3], "2015-03-01")
        [line] = self._lines({"Relationship.Period.2.startDate": "0001-99-01"})
        self.assertEqual(line[3], "")

    def test_another_layout_is_named_and_columns_may_stand_anywhere(self):
        header = [*reversed(relation(1, 2)), "New.Column"]
        with (
            self._file(relation(1, 2), header=header) as folder,
            open_relations(RECIPES["gleif_lei"], folder) as rows,
        ):
            self.assertEqual(len(list(relation_lines(rows, TODAY))), 1)
        header.remove("Relationship.EndNode.NodeID")
        with (
            self._file(header=header) as folder,
            self.assertRaisesRegex(FileError, "Relationship.EndNode.NodeID"),
            open_relations(RECIPES["gleif_lei"], folder),
        ):
            pass

    def test_what_is_no_row_of_a_relation_is_none(self):
        told = Told(lei(1), lei(2), "", "", "")
        self.assertEqual(list(relation_lines([told], TODAY)), [])


@tagged("post_install", "-at_install")
class TestTop(BaseCase):
    def _top(self, *edges):
        top = top_of(Edge(1, own, child, parent, None, kind) for own, child, parent, kind in edges)
        return top and top.parent

    def test_the_top_is_who_has_no_parent(self):
        for edges, top in (
            ((), None),
            (((True, "a", "b", "direct"),), "b"),
            (((True, "a", "b", "direct"), (False, "b", "c", "direct")), "c"),
            # The register knows more than the chain of direct parents.
            (((True, "a", "b", "direct"), (True, "a", "z", "ultimate")), "z"),
            # Of two tops the one that is told of the company itself.
            (((True, "a", "b", "ultimate"), (True, "a", "c", "direct")), "b"),
            # Companies that are each other's parents.
            (((True, "a", "b", "direct"), (False, "b", "a", "direct")), "b"),
            (
                (
                    (True, "a", "b", "direct"),
                    (False, "b", "c", "direct"),
                    (False, "c", "b", "direct"),
                ),
                "b",
            ),
        ):
            with self.subTest(edges):
                self.assertEqual(self._top(*edges), top)


@tagged("post_install", "-at_install")
class TestEditions(GroupCase):
    def test_an_edition_brings_parents_known_by_the_number_of_their_register(self):
        self.load((1, 2, 3), relation(1, 2), relation(1, 2, "ultimate"), relation(3, 9))
        self.assertEqual(
            self.live(),
            {
                (self.identity(1), self.identity(2), "direct"),
                (self.identity(1), self.identity(2), "ultimate"),
                (self.identity(3), f"lei:{lei(9)}", "direct"),
            },
        )
        self.assertEqual(self.record.relations_read, 3)
        self.assertEqual(self.record.state, "done")

    def test_the_same_edition_again_changes_nothing(self):
        self.load((1, 2), relation(1, 2), relation(1, 2))
        before = self.relations().read()
        self.load((1, 2), relation(1, 2))
        self.assertEqual(self.relations().read(), before)

    def test_a_later_edition_updates_and_undoing_it_gives_back(self):
        self.load((1, 2, 3), relation(1, 2), relation(3, 2))
        first = self.live()
        self.load((1, 2, 3), relation(1, 3), relation(3, 2))
        self.assertEqual(
            self.live(),
            {
                (self.identity(1), self.identity(3), "direct"),
                (self.identity(3), self.identity(2), "direct"),
            },
        )
        second = self.record
        self.load((1, 2, 3), relation(1, 2), relation(3, 2))
        self.assertEqual(self.live(), first)
        self.record.action_undo()
        self.assertIn((self.identity(1), self.identity(3), "direct"), self.live())
        second.action_undo()
        self.assertEqual(self.live(), first)

    def test_an_earlier_edition_is_undone_after_the_later_ones(self):
        self.load((1, 2), relation(1, 2))
        first = self.record
        self.load((1, 2), relation(1, 2))
        with self.assertRaisesRegex(UserError, "later imports"):
            first.action_undo()
        self.record.action_undo()
        first.action_undo()
        self.assertEqual(self.live(), set())

    def test_an_edition_is_undone_though_a_later_one_that_tells_the_same_was_deleted(self):
        self.load((1, 2, 3), relation(1, 2), relation(3, 2))
        first = self.live()
        self.load((1, 2, 3), relation(3, 2))
        second = self.record
        self.load((1, 2, 3), relation(1, 2), relation(3, 2))
        self.record.unlink()
        second.action_undo()
        self.assertEqual(self.live(), first)

    def test_half_a_file_of_relations_changes_none(self):
        self.load((1, 2, 3), relation(1, 2), relation(3, 2), relation(2, 4))
        before = self.live()
        for rows in ((), (relation(1, 2),)):
            self.load((1, 2, 3), *rows)
            self.assertEqual(self.live(), before)
            self.assertTrue(self.record.relations_kept)

    def test_without_the_file_all_stays_as_it_was(self):
        self.load((1, 2), relation(1, 2))
        self.load((1, 2), has_relations=False)
        self.assertEqual(len(self.live()), 1)

    def test_a_file_of_another_layout_stops_before_the_first_company(self):
        with self.assertRaisesRegex(UserError, "Relationship"):
            self.load((1, 2), header=["LEI", "Nothing"])
        self.assertFalse(self.companies())

    def test_what_is_gone_is_dropped_once_nobody_undoes_it(self):
        self.load((1, 2, 3), relation(1, 2), relation(3, 2))
        self.load((1, 2, 3), relation(3, 2))
        Relation = self.env["lead.directory.relation"]
        gone = Relation.search([("gone_on", "!=", False)])
        self.assertEqual(len(gone), 1)
        Relation._gc_gone()
        self.assertTrue(gone.exists())
        gone.gone_on = "2020-01-01"
        Relation._gc_gone()
        self.assertFalse(gone.exists())
        self.assertEqual(len(self.live()), 1)

    def test_groups_go_with_their_dataset(self):
        self.load((1, 2), relation(1, 2))
        self.dataset.unlink()
        self.assertFalse(self.env["lead.directory.relation"].search([]))


@tagged("post_install", "-at_install")
class TestCompanyOfGroup(GroupCase):
    def test_a_company_shows_its_group_and_its_subsidiaries(self):
        self.load((1, 2, 3), relation(1, 2), relation(2, 3), relation(1, 3, "ultimate"))
        one, two, three = (self.company(number) for number in (1, 2, 3))
        self.assertEqual((one.part_of, one.part_of_id), (three.name, three))
        self.assertEqual((three.part_of, three.part_of_id.id), (False, False))
        self.assertEqual([one.subsidiary_count, two.subsidiary_count], [0, 1])
        self.assertEqual(three.subsidiary_count, 2)
        found = three.search(three.action_view_subsidiaries()["domain"])
        self.assertEqual(found, one | two)

    def test_the_form_shows_the_group_of_who_has_one(self):
        self.load((1, 2, 3), relation(1, 2), relation(2, 9))
        one, two, three = (Screen(self.company(number), self.manager) for number in (1, 2, 3))
        self.assertLessEqual({"part_of"}, one.fields)  # a parent that only its number tells
        self.assertEqual({"part_of", "part_of_id", "relation_ids"} & three.fields, set())
        self.assertNotIn("group", three.parts)
        self.assertIn("group", two.parts)
        self.assertIn("action_view_subsidiaries", two.buttons)
        self.assertNotIn("action_view_subsidiaries", one.buttons)
        self.assertIn("action_set_parent", three.buttons)

    def test_a_parent_that_the_directory_does_not_have_is_told_by_its_number(self):
        self.load((1,), relation(1, 9))
        one = self.company(1)
        self.assertEqual((one.part_of, one.part_of_id.id), (f"LEI {lei(9)}", False))
        self.assertEqual(one.relation_ids.parent_name, f"LEI {lei(9)}")

    def test_companies_that_are_each_other_s_parents_are_shown_too(self):
        self.load((1, 2), relation(1, 2), relation(2, 1))
        one, two = self.company(1), self.company(2)
        self.assertEqual((one.part_of_id, two.part_of_id), (two, one))
        self.assertEqual((one.subsidiary_count, two.subsidiary_count), (1, 1))

    def test_a_company_of_another_register_is_of_the_group_by_its_number(self):
        self.load((1, 2), relation(1, 2))
        other = self.add_to_other(1)
        self.assertEqual(other.part_of, self.company(2).name)

    def test_a_parent_bears_the_name_of_the_company_that_it_leads_to(self):
        self.load([1, 2], relation(1, 2))
        self.add_to_other(2)
        for first, last in ((self.other, self.dataset), (self.dataset, self.other)):
            first.sequence, last.sequence = 1, 2
            self.env.invalidate_all()
            company = self.company(1)
            with self.subTest(first.name):
                self.assertEqual(company.part_of_id.dataset_id, first)
                self.assertEqual(company.part_of, company.part_of_id.name)

    def test_many_companies_are_asked_about_at_once(self):
        self.load(range(1, 11), *(relation(number, 10) for number in range(1, 10)))
        companies = self.companies()
        companies.mapped("part_of")
        few, many = [], []
        for some, counts in ((self.company(9) | self.company(10), few), (companies, many)):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("part_of")
            some.mapped("subsidiary_count")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(few, many)

    def set_parent(self, company, parent):
        wizard = self.env["lead.directory.parent"].with_user(self.manager)
        wizard = wizard.create({"directory_company_id": company.id, "parent_id": parent.id})
        wizard.action_set()
        self.env.invalidate_all()

    def test_a_parent_is_set_by_hand_and_no_edition_takes_it_away(self):
        self.load((1, 2, 3), relation(2, 3))
        one, two, three = (self.company(number) for number in (1, 2, 3))
        self.set_parent(one, two)
        self.assertEqual(one.part_of_id, three)
        self.load((1, 2, 3), relation(2, 3))
        self.record.action_undo()
        self.assertEqual(one.part_of_id, three)
        self.set_parent(one, three)
        self.assertEqual(one.relation_ids.parent, three.identity)
        Wizard = self.env["lead.directory.parent"].with_context(default_directory_company_id=one.id)
        self.assertEqual(Wizard.create({}).parent_id, three)
        self.set_parent(one, one.browse())
        self.assertFalse(one.part_of)

    def test_nobody_is_its_own_parent_or_that_of_a_company_above_it(self):
        self.load((1, 2), relation(1, 2))
        one, two = self.company(1), self.company(2)
        for company, parent in ((one, one), (two, one)):
            with self.assertRaises(UserError):
                self.set_parent(company, parent)

    def test_what_was_set_by_hand_goes_with_its_company(self):
        self.load((1, 2))
        one, two = self.company(1), self.company(2)
        self.set_parent(one, two)
        one.with_user(self.manager).unlink()
        self.assertFalse(self.relations())

    def test_what_a_dataset_of_one_company_tells_no_other_company_reads(self):
        other = self.env["res.company"].create({"name": "Second"})
        self.load((1, 2), relation(1, 2))
        self.dataset.company_id = other
        mine = self.add_to_other(1)
        self.assertFalse(mine.part_of)
        self.assertTrue(mine.with_company(other).part_of)
        self.assertFalse(
            self.env["lead.directory.relation"].with_user(self.manager).search_count([])
        )
