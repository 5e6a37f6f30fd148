from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import LeadMiningCase


@tagged("post_install", "-at_install")
class TestSettings(LeadMiningCase):
    def save(self, **values):
        self.env["res.config.settings"].create(values).execute()

    def test_switched_off_it_is_refused_to_everybody(self):
        self.save(lead_mining=False)
        with self.assertRaises(AccessError):
            self.request()
        self.save(lead_mining=True)
        self.assertTrue(self.request())

    def test_chosen_group_may_mine(self):
        manager = new_test_user(self.env, "manager", "sales_team.group_sale_manager")
        self.save(lead_mining_audience="manager")
        self.assertTrue(self.request(user=manager))
        with self.assertRaises(AccessError):
            self.request()

    def test_prices_and_limits_are_remembered(self):
        self.save(lead_mining_price_lead=0, lead_mining_price_contact=2, lead_mining_max_leads=50)
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(
            (
                settings.lead_mining_price_lead,
                settings.lead_mining_price_contact,
                settings.lead_mining_max_leads,
            ),
            (0, 2, 50),
        )

    def test_nonsense_is_refused(self):
        for values in (
            {"lead_mining_price_lead": -1},
            {"lead_mining_max_leads": 0},
            {"lead_mining_lanes": 0},
            {"lead_mining_lanes": 1000},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.save(**values)

    def test_lanes_are_scheduled_actions(self):
        worker = self.env["lead.mining.worker"]
        for number in (3, 1, 2):
            self.save(lead_mining_lanes=number)
            self.assertEqual(len(worker._lanes().filtered("active")), number)
        self.assertEqual(len(worker._lanes()), 3)
