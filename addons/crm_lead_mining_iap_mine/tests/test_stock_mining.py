from odoo.tests import new_test_user, tagged

from odoo.addons.crm_lead_mining.company.types import Contact
from odoo.addons.crm_lead_mining.tests.common import (
    LeadMiningCase,
    SyntheticProvider,
    synthetic_company,
)
from odoo.addons.crm_lead_mining.tests.kept_away_common import KeptAwayCase


class StockMiningCase(LeadMiningCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "manager", "sales_team.group_sale_manager")

    def mine_stock(self, **values):
        request = (
            self.env["crm.iap.lead.mining.request"]
            .with_user(self.manager)
            .create(
                {
                    "lead_number": 3,
                    "country_ids": [(6, 0, self.belgium.ids)],
                    "lead_type": "opportunity",
                    **values,
                }
            )
        )
        request.action_submit()
        return request

    def commit(self):
        """Do what the end of the user's request does."""
        self.env.flush_all()
        self.env.cr.postcommit.run()


@tagged("post_install", "-at_install")
class TestStockMining(StockMiningCase):
    def test_stock_s_leads_are_made_of_our_companies(self):
        request = self.mine_stock()
        self.assertEqual((request.state, request.lead_count), ("done", 3))
        lead = request.lead_ids.sorted("id")[0]
        self.assertRecordValues(
            lead,
            [
                {
                    "name": "Synthetic 1",
                    "email_from": "info@synthetic1.example",
                    "phone": "+32 2 290 34 90",
                    "website": "https://synthetic1.example",
                    "street": "Rue de l'Exemple 1",
                    "country_id": self.belgium.id,
                    "reveal_id": "reg:XX-TEST:000001",
                }
            ],
        )
        self.assertIn("Postgresql", lead.message_ids[0].body)
        self.commit()
        self.assertPaid(3)

    def test_only_what_was_delivered_is_paid(self):
        self.provide(2)
        request = self.mine_stock(lead_number=9)
        self.assertEqual(request.lead_count, 2)
        self.commit()
        self.assertPaid(2)

    def test_nothing_is_paid_when_the_leads_are_rolled_back(self):
        self.mine_stock()
        self.env.cr.postrollback.run()
        self.assertPaid(0)

    def test_known_companies_are_not_sold_again(self):
        self.mine(lead_number=2)
        request = self.mine_stock(lead_number=9)
        self.assertEqual(request.lead_count, 3)
        self.commit()
        self.assertPaid(5)

    def test_company_without_a_country_or_anything_else_is_no_crash(self):
        self.provide(synthetic_company(1, country_code="", emails=(), phone="", employees=None,
                                       technologies=(), socials={}, contacts=()))  # fmt: skip
        request = self.mine_stock()
        self.assertEqual((request.state, request.lead_count), ("done", 1))
        self.assertFalse(request.lead_ids.country_id)

    def test_no_result_costs_nothing(self):
        self.provide()
        request = self.mine_stock()
        self.assertEqual((request.state, request.error_type), ("draft", "no_result"))
        self.commit()
        self.assertPaid(0)

    def test_missing_credits_are_stock_s_own_message(self):
        self._set_credits(2)
        request = self.mine_stock()
        self.assertEqual((request.state, request.error_type), ("error", "credits"))
        self.assertEqual(SyntheticProvider.asked, [])


@tagged("post_install", "-at_install")
class TestNoWayIn(StockMiningCase, KeptAwayCase):
    def ways_in(self):
        yield "Odoo's lead mining", self._by_stock_mining

    def test_nothing_of_a_person_who_is_kept_away_is_stored_by_any_way_in(self):
        self.assertKeptAway(self.ways_in())

    def _by_stock_mining(self):
        self.provide(
            synthetic_company(
                1,
                emails=(self.EMAIL, "info@synthetic1.example"),
                description=f"Write to {self.EMAIL}",
                contacts=(Contact("Anna Muster", email=self.EMAIL),),
            )
        )
        request = self.mine_stock(lead_number=1)
        self.assertEqual(request.lead_ids.email_from, "info@synthetic1.example")

    def test_companies_that_are_never_mined_are_neither_delivered_nor_paid(self):
        self.never("domain", "synthetic1.example")
        self.provide(2)
        request = self.mine_stock(lead_number=2)
        self.assertEqual(request.lead_ids.mapped("name"), ["Synthetic 2"])
        self.commit()
        self.assertPaid(1)
