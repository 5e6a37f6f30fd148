"""Groups of companies of which somebody has merged some."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .group_case import lei, relation
from .test_group_rules import RulesCase


class MergedCase(RulesCase):
    def merge(self, kept, merged):
        """Merge two companies, as who clicks does."""
        merging = self.env["lead.directory.merging"].with_user(self.manager)
        merging.create({"first_id": kept.id, "second_id": merged.id}).action_merge()
        self.env.flush_all()
        self.env.invalidate_all()

    def undo(self, kept):
        kept.with_user(self.manager).merge_ids.action_undo()
        self.env.invalidate_all()

    def set_parent(self, company, parent):
        wizard = self.env["lead.directory.parent"].with_user(self.manager)
        wizard.create({"directory_company_id": company.id, "parent_id": parent.id}).action_set()
        self.env.flush_all()
        self.env.invalidate_all()

    def below(self, company):
        return company.search(company.action_view_subsidiaries()["domain"])


@tagged("post_install", "-at_install")
class TestMergedOfGroup(MergedCase):
    def test_who_is_merged_takes_its_parent_along_and_has_it_again_when_that_is_undone(self):
        self.load((1, 2, 3))
        one, two, three = (self.company(number) for number in (1, 2, 3))
        nameless = self.add_to_other(0, name="Nameless GmbH")
        self.set_parent(nameless, two)
        self.merge(one, nameless)
        self.assertEqual(one.part_of_id, two)
        self.assertEqual(one.relation_ids.parent_name, two.name)
        self.assertEqual(self.below(two), one)
        self.assertEqual(two.subsidiary_count, 1)
        self.undo(one)
        self.assertFalse(one.part_of or one.relation_ids)
        self.assertEqual(nameless.part_of_id, two)
        self.merge(one, nameless)
        self.set_parent(one, three)
        self.assertEqual(one.part_of_id, three)

    def test_subsidiaries_of_a_merged_parent_are_those_of_who_stays(self):
        # One company that has two numbers in the register.
        self.load((1, 2, 3, 4, 5), relation(1, 2), relation(3, 4))
        one, two, three, four, five = (self.company(number) for number in range(1, 6))
        self.merge(three, two)
        self.assertEqual(one.part_of_id, four)
        self.assertEqual(self.below(four), one | three)
        self.assertEqual((three.subsidiary_count, two.subsidiary_count), (1, 1))
        self.merge(five, three)  # and once more
        self.assertEqual((one.part_of_id, five.part_of_id), (four, four))
        self.assertEqual(self.below(four), one | five)
        self.undo(five)
        self.undo(three)
        self.assertEqual((one.part_of_id, three.part_of_id), (two, four))

    def test_a_merged_ultimate_parent_is_shown_as_who_stays(self):
        self.load((1, 2, 3), relation(1, 2), relation(1, 2, "ultimate"))
        one, two, three = (self.company(number) for number in (1, 2, 3))
        self.merge(three, two)
        self.assertEqual((one.part_of, one.part_of_id), (three.name, three))
        self.assertEqual(set(one.relation_ids.mapped("parent_name")), {three.name})
        self.assertFalse(three.part_of)

    def test_a_company_that_is_merged_with_its_parent_is_no_subsidiary_of_itself(self):
        self.load((1, 2), relation(1, 2))
        one, two = self.company(1), self.company(2)
        self.merge(two, one)
        self.assertFalse(one.part_of or two.part_of)
        self.assertEqual((one.subsidiary_count, two.subsidiary_count), (0, 0))

    def test_an_edition_after_a_merge_changes_nothing_of_it(self):
        self.load((1, 2, 3), relation(1, 2))
        one, two, three = (self.company(number) for number in (1, 2, 3))
        self.merge(three, two)
        self.load((1, 2, 3), relation(1, 2))
        self.assertEqual(one.part_of_id, three)
        self.record.action_undo()
        self.env.invalidate_all()
        self.assertEqual(one.part_of_id, three)

    def test_the_dialog_knows_a_merged_parent_and_nobody_is_parent_of_itself(self):
        self.load((1, 2, 3), relation(3, 1))
        one, two, three = (self.company(number) for number in (1, 2, 3))
        nameless = self.add_to_other(0, name="Nameless GmbH")
        self.set_parent(one, nameless)
        self.merge(two, nameless)
        Wizard = self.env["lead.directory.parent"].with_context(default_directory_company_id=one.id)
        self.assertEqual(Wizard.create({}).parent_id, two)
        for parent in (nameless, one, three):
            with self.assertRaises(UserError):
                self.set_parent(two, parent)
        same = self.add_to_other(0, identity=f"lei:{lei(1)}", lei=lei(1))
        with self.assertRaisesRegex(UserError, "own parent"):
            self.set_parent(one, same)

    def test_lists_of_two_companies_do_not_name_each_other_s(self):
        second = self.env["res.company"].create({"name": "Second"})
        self.manager.company_ids |= second
        self.load((1,))
        one, own = self.company(1), self.add_to_other(0, name="Own GmbH")
        self.dataset.company_id, self.other.company_id = self.env.company, second
        both = self.env["lead.directory.parent"].with_user(self.manager).with_context(
            allowed_company_ids=(self.env.company | second).ids
        )  # fmt: skip
        for company, parent in ((one, own), (own, one)):
            wizard = both.create({"directory_company_id": company.id, "parent_id": parent.id})
            with self.assertRaisesRegex(UserError, "two companies"):
                wizard.action_set()
        self.assertFalse(self.relations())

    def test_a_merge_into_another_company_s_own_list_counts_for_that_company_alone(self):
        second = self.env["res.company"].create({"name": "Second"})
        self.load((1, 2), relation(1, 2))
        one, two = self.company(1), self.company(2)
        own = self.add_to_other(0, name="Own GmbH")
        self.set_parent(own, one)
        self.merge(two, own)
        self.other.company_id = second
        self.env.invalidate_all()
        self.assertEqual(self.below(one).ids, [])
        self.assertIn(two, self.below(one.with_company(second)))

    def test_many_companies_are_asked_about_at_once_whoever_is_merged(self):
        self.load(range(1, 11), *(relation(number, 10) for number in range(1, 8)))
        self.merge(self.company(10), self.company(9))
        counts = []
        companies = self.companies()
        companies.mapped("part_of")
        for some in (companies[:1] | self.company(10), companies):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("part_of")
            some.mapped("subsidiary_count")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])


@tagged("post_install", "-at_install")
class TestMergedInRules(MergedCase):
    def setUp(self):
        super().setUp()
        # 1 and 2 are of 3, which is of 4; 5 is of nobody.
        self.load(range(1, 6), relation(1, 3), relation(2, 3), relation(3, 4))
        self.company(4).sudo().domain = "holding.example"
        self.shop = self.add_to_other(
            0, name="Shop", domain="shop.example", identity="domain:shop.example"
        )

    def test_a_customer_that_the_directory_merged_into_a_parent_leaves_its_subsidiaries_out(self):
        self.customer(website="shop.example")
        self.assertEqual(self.wanted_without_shop(), {1, 2, 3, 4, 5})
        self.merge(self.company(4), self.shop)
        self.assertEqual(self.wanted(), {4, 5})
        self.undo(self.company(4))
        self.assertEqual(self.wanted_without_shop(), {1, 2, 3, 4, 5})

    def test_a_merged_subsidiary_of_a_customer_leaves_who_stays_out(self):
        self.customer(company_lei=lei(4))
        self.merge(self.company(5), self.company(3))
        self.shop.unlink()
        self.assertEqual(self.wanted(), {4})

    def test_the_group_of_who_is_known_as_merged_is_known(self):
        self.env["res.config.settings"].create({"lead_directory_known_groups": True}).set_values()
        self.env["crm.lead"].create({"name": "Known", "website": "shop.example"})
        self.merge(self.company(4), self.shop)
        self.assertEqual(self.found(), {5})

    def wanted_without_shop(self):
        self.shop.sudo().status = "ceased"
        try:
            return self.wanted()
        finally:
            self.shop.sudo().status = False


@tagged("post_install", "-at_install")
class TestParentByHandIsForgotten(MergedCase):
    def test_with_the_import_that_is_undone(self):
        self.load((1, 2))
        nameless = self.add_to_other(0, name="Rossi Mario")
        self.set_parent(self.company(1), nameless)
        self.set_parent(self.company(2), nameless)
        self.assertEqual(len(self.relations()), 2)
        self.record.action_undo()
        self.env.invalidate_all()
        self.assertFalse(self.relations())

    def test_with_the_dataset_of_the_parent(self):
        self.load((1,))
        self.set_parent(self.company(1), self.add_to_other(0, name="Rossi Mario"))
        self.other.unlink()
        self.env.invalidate_all()
        self.assertFalse(self.relations())

    def test_not_while_another_dataset_has_the_company(self):
        self.load((1, 2))
        other = self.add_to_other(1)
        self.set_parent(self.company(1), self.company(2))
        self.company(1).with_user(self.manager).unlink()
        self.env.invalidate_all()
        self.assertEqual(other.part_of_id, self.company(2))
