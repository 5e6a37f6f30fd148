"""Subsidiaries of customers, and companies that are known by their group."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..tools.settings import Settings
from .group_case import GroupCase, lei, relation


class RulesCase(GroupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.mining.provider"].search([("code", "!=", "directory")]).active = False
        cls.germany = cls.env.ref("base.de")
        cls.company_id = cls.env.company

    def request(self, **values):
        return self.env["lead.mining.request"].create(
            {"country_ids": self.germany.ids, "lead_number": 50, **values}
        )

    def found(self, **values):
        """Return the numbers of the companies that a request would find, all ways agreeing."""
        self.env.flush_all()
        query = self.request(**values)._to_query()
        provider = self.env["lead.mining.provider"].search([("code", "=", "directory")])
        adapter = provider._build_adapter()
        names = [one.name for one in adapter.search(query, None, 50).companies]
        self.assertEqual(adapter.count(query), len(names))
        return {int(name.split()[1]) for name in names}

    def wanted(self):
        return self.found(no_subsidiaries=True)

    def customer(self, **values):
        return self.env["res.partner"].create({"name": "Holding", "is_company": True, **values})


@tagged("post_install", "-at_install")
class TestSubsidiariesOfCustomers(RulesCase):
    def setUp(self):
        super().setUp()
        # 1 and 2 are of 3, which is of 4; 5 is of 6; 7 is of nobody.
        self.load(
            range(1, 8),
            relation(1, 3), relation(2, 3), relation(3, 4), relation(1, 4, "ultimate"),
            relation(5, 6),
        )  # fmt: skip

    def test_without_the_filter_and_without_customers_all_are_found(self):
        self.assertEqual(self.wanted(), {1, 2, 3, 4, 5, 6, 7})
        self.customer(company_lei=lei(4))
        self.assertEqual(self.found(), {1, 2, 3, 4, 5, 6, 7})

    def test_all_below_a_customer_are_left_out_and_nobody_else(self):
        self.customer(company_lei=lei(3))
        self.assertEqual(self.wanted(), {3, 4, 5, 6, 7})
        self.customer(company_lei=lei(4))
        self.assertEqual(self.wanted(), {4, 5, 6, 7})

    def test_a_customer_who_is_a_subsidiary_leaves_out_neither_parent_nor_sister(self):
        self.customer(company_lei=lei(1))
        self.assertEqual(self.wanted(), {1, 2, 3, 4, 5, 6, 7})

    def test_a_parent_is_a_customer_by_vat_domain_or_lei_alone(self):
        self.company(4).sudo().write({"vat": "DE136695976", "domain": "holding.example"})
        for values in (
            {"vat": "DE136695976"},
            {"vat": "DE 136 695 976"},
            {"website": "https://www.holding.example/de"},
            {"email": "info@holding.example"},
            {"company_lei": lei(4)},
        ):
            with self.subTest(values):
                customer = self.customer(**values)
                self.assertEqual(self.wanted(), {4, 5, 6, 7})
                customer.unlink()
        # Another company of the group, as its number tells, has the site of the parent.
        self.customer(website="holding.example", vat="DE811907980")
        self.assertEqual(self.wanted(), {1, 2, 3, 4, 5, 6, 7})

    def test_a_parent_is_a_customer_by_what_another_register_knows_of_it(self):
        self.add_to_other(4, domain="holding.example", country_code="FR")
        self.customer(website="holding.example")
        self.assertEqual(self.wanted(), {4, 5, 6, 7})

    def test_a_company_of_another_register_is_left_out_by_its_number(self):
        self.add_to_other(5, name="Other 55")
        self.customer(company_lei=lei(6))
        self.assertEqual(self.wanted(), {1, 2, 3, 4, 6, 7})

    def test_an_archived_contact_or_a_person_is_no_customer(self):
        customer = self.customer(company_lei=lei(4))
        customer.active = False
        self.assertEqual(len(self.wanted()), 7)
        customer.write({"active": True, "is_company": False})
        self.assertEqual(len(self.wanted()), 7)

    def test_a_customer_that_was_merged_stays_one(self):
        one = self.customer(website="other.example")
        two = self.customer(company_lei=lei(4))
        self.env["base.partner.merge.automatic.wizard"]._merge((one | two).ids, two)
        self.assertFalse(one.exists())
        self.assertEqual(self.wanted(), {4, 5, 6, 7})

    def test_customers_of_another_company_are_none_of_ours(self):
        other = self.env["res.company"].create({"name": "Second"})
        customer = self.customer(company_lei=lei(4), company_id=other.id)
        self.assertEqual(len(self.wanted()), 7)
        customer.company_id = self.env.company
        self.assertEqual(self.wanted(), {4, 5, 6, 7})

    def test_relations_of_a_dataset_of_another_company_or_archived_tell_nothing(self):
        self.customer(company_lei=lei(6))
        self.add_to_other(5, name="Other 55")
        other = self.env["res.company"].create({"name": "Second"})
        self.dataset.company_id = other
        self.assertEqual(self.wanted(), {55})
        self.dataset.write({"company_id": False, "active": False})
        self.assertEqual(self.wanted(), {55})

    def test_companies_in_a_ring_are_left_out_when_one_is_a_customer(self):
        self.load((1, 2, 3), relation(1, 2), relation(2, 1), relation(3, 1))
        self.customer(company_lei=lei(1))
        self.assertEqual(self.wanted() & {1, 2, 3}, set())

    def test_what_the_preview_counts_is_what_is_delivered(self):
        self.customer(company_lei=lei(4))
        values = {"country_ids": self.germany.ids, "lead_number": 50, "no_subsidiaries": True}
        preview = self.env["lead.mining.request"].get_preview(values)
        self.assertEqual(preview["count"], 4)
        provider = self.env["lead.mining.provider"].search([("code", "=", "directory")])
        self.assertIn("subsidiaries of customers", provider.abilities.lower())

    def test_customers_are_looked_for_once_however_many_pages_and_counts(self):
        self.customer(company_lei=lei(4))
        query = self.request(no_subsidiaries=True)._to_query()
        adapter = self.env["lead.directory.dataset"]._directory_provider().within(10)
        adapter.count(query)
        asked = []
        fetch = adapter._fetch
        adapter._fetch = lambda statement, timeout: (
            asked.append(statement) or fetch(statement, timeout)
        )
        page = adapter.search(query, None, 2)
        adapter.search(query, page.next_cursor, 2)
        adapter.count(query)
        self.assertFalse([one for one in asked if "res_partner" in one.code])

    def test_a_lead_s_company_tells_what_it_is_part_of(self):
        adapter = self.env["lead.directory.dataset"]._directory_provider()
        companies = adapter.search(self._query(countries=("DE",))).companies
        self.assertEqual(
            {one.name: one.part_of for one in companies if one.part_of},
            {f"Synthetic {n} GmbH": "Synthetic 4 GmbH" for n in (1, 2, 3)}
            | {"Synthetic 5 GmbH": "Synthetic 6 GmbH"},
        )


@tagged("post_install", "-at_install")
class TestKnownByGroup(RulesCase):
    def setUp(self):
        super().setUp()
        self.load(range(1, 8), relation(1, 3), relation(2, 3), relation(3, 4), relation(5, 6))
        self.switch(on=True)

    def switch(self, *, on):
        settings = self.env["res.config.settings"].create({"lead_directory_known_groups": on})
        settings.set_values()
        self.assertEqual(Settings.of(self.env).known_groups, on)

    def lead(self, **values):
        return self.env["crm.lead"].create({"name": "Known", **values})

    def test_the_whole_group_is_known_with_one_of_it_if_that_is_wanted(self):
        self.lead(company_lei=lei(2))
        # Who is known itself is told so at the delivery, as ever.
        self.assertEqual(self.found(), {2, 5, 6, 7})
        self.switch(on=False)
        self.assertEqual(self.found(), {1, 2, 3, 4, 5, 6, 7})

    def test_a_company_is_known_by_a_contact_a_lead_or_an_earlier_delivery(self):
        self.company(1).sudo().domain = "one.example"
        for make in (
            lambda: self.lead(website="one.example"),
            lambda: self.lead(website="one.example", active=False),
            lambda: self.lead(reveal_id=self.identity(1)),
            lambda: self.customer(website="one.example"),
            lambda: self.customer(company_lei=lei(1)),
            lambda: self.customer(company_lei=lei(1), active=False),
        ):
            record = make()
            self.assertEqual(self.found() - {1}, {5, 6, 7}, record)
            record.unlink()
        self.assertEqual(len(self.found()), 7)
        self.env["lead.mining.identity"]._reserve([self.identity(1)], self.request())
        self.assertEqual(self.found(), {5, 6, 7})

    def test_known_companies_that_are_to_be_filled_are_found_and_their_group_is_not(self):
        self.lead(company_lei=lei(2))
        self.assertEqual(self.found(known_policy="update"), {2, 5, 6, 7})

    def test_a_request_makes_no_company_known_by_its_own_deliveries(self):
        begun = fields.Datetime.now() - timedelta(hours=1)
        lead = self.lead(company_lei=lei(2))
        known = self.env["lead.mining.known"]
        self.assertEqual(known._keys_of_known_groups(self.env.company, begun), frozenset())
        keys = known._keys_of_known_groups(self.env.company)
        self.assertIn(self.identity(1), keys)
        self.assertIn(f"lei:{lei(4)}", keys)
        self.assertNotIn(self.identity(2), keys)
        lead.unlink()
        self.assertFalse(known._keys_of_known_groups(self.env.company))

    def test_it_is_a_setting_of_the_form(self):
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.lead_directory_known_groups)
