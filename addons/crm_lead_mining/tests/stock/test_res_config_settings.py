import re
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules import get_module_path
from odoo.tests import new_test_user, tagged

from ...models.stock.res_config_settings import NUMBERS
from ...tools.settings import Settings
from ..common import LeadMiningCase


@tagged("post_install", "-at_install")
class TestSettings(LeadMiningCase):
    def save(self, **values):
        self.env["res.config.settings"].create(values).execute()

    def test_a_new_database_begins_with_what_the_readme_says(self):
        text = Path(get_module_path("crm_lead_mining"), "README.md").read_text(encoding="utf-8")
        told = dict(re.findall(r"^\| ([^|]+) \| ([\d, ]+) \|", text, re.M))
        begins = Settings()
        for label, names in {
            "Leads per request, contacts per company": ("max_leads", "max_contacts"),
            "Credits per lead, per contact": ("price_lead", "price_contact"),
            "Days to refund credits": ("refund_days",),
            "Days to keep the answers of providers": ("keep_answers_days",),
            "Refunded credits per user and month": ("refund_monthly_credits",),
        }.items():
            with self.subTest(setting=label):
                values = [str(getattr(begins, name)) for name in names]
                self.assertEqual(", ".join(values), told[label])

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

    def test_every_setting_is_in_force_as_it_was_saved(self):
        numbers = {name: number for number, name in enumerate(NUMBERS, 7)}
        for values in (numbers, {name: 0 for name in NUMBERS if "max" not in name}):
            self.save(**{f"lead_mining_{name}": value for name, value in values.items()})
            settings = Settings.of(self.env)
            self.assertEqual({name: getattr(settings, name) for name in values}, values)

    def test_each_company_has_its_own_settings_of_privacy(self):
        values = {
            "lead_mining_legal_basis": "consent",
            "lead_mining_interest": "Ours",
            "lead_mining_privacy_contact": "privacy@ours.example",
            "lead_mining_recipients": "Nobody",
            "lead_mining_transfers": "None",
            "lead_mining_keep_companies": 5,
            "lead_mining_keep_contacts": 4,
            "lead_mining_erase_expired": False,
            "lead_mining_notice_days": 3,
            "lead_mining_create_partners": True,
        }
        other = self.env["res.company"].create({"name": "Other"})
        before = [other[name] for name in values]
        self.save(**values)
        settings = self.env["res.config.settings"].create({})
        self.assertEqual({name: settings[name] for name in values}, values)
        self.assertEqual([other[name] for name in values], before)

    def test_bounds_are_the_least_that_makes_sense(self):
        self.save(lead_mining_max_leads=1, lead_mining_max_contacts=1)
        self.assertEqual(Settings.of(self.env).max_leads, 1)
        for name in ("max_contacts", "max_leads"):
            with self.subTest(name), self.assertRaises(ValidationError):
                self.save(**{f"lead_mining_{name}": 0})
        for name in NUMBERS:
            with self.subTest(name), self.assertRaises(ValidationError):
                self.save(**{f"lead_mining_{name}": -1})

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

    def test_lanes_that_are_running_are_not_switched_off(self):
        worker = self.env["lead.mining.worker"]
        self.save(lead_mining_lanes=4)
        running = worker._lanes()[1:]
        lock = type(running).try_lock_for_update

        def idle(lanes, **options):
            return lock(lanes - running, **options)

        with (
            patch.object(type(running), "try_lock_for_update", idle),
            self.assertRaisesRegex(UserError, "^3 of these scheduled actions are running"),
        ):
            worker._set_lanes(1)
        self.assertEqual(worker._lane_count(), 4)

    def test_settings_are_saved_while_every_lane_is_switched_off(self):
        worker = self.env["lead.mining.worker"]
        for name in self.registry.descendants(["lead.lane.mixin"], "_inherit"):
            if self.env[name]._lane_xmlid:
                self.env[name]._lanes().active = False
        self.save(lead_mining_max_leads=50)
        self.assertEqual(worker._lane_count(), 0)
        self.save(lead_mining_lanes=2)
        self.assertEqual(worker._lane_count(), 2)

    def test_lane_that_an_administrator_has_switched_off_stays_off(self):
        lanes = self.env["lead.mining.worker"]._lanes()
        lanes[0].active = False
        self.save(lead_mining_max_leads=50)
        self.assertEqual(lanes.mapped("active"), [False, True])

    def test_new_lanes_have_the_interval_that_was_set(self):
        worker = self.env["lead.mining.worker"]
        worker._lanes()[0].interval_number = 7
        self.save(lead_mining_lanes=4)
        self.assertEqual(worker._lanes()[-1].interval_number, 7)

    def test_nonsense_that_was_stored_stops_nothing(self):
        for stored in ("²", str(10**12), "-1", "many"):
            for name in ("waiting_days", "refund_days", "max_leads"):
                self.env["ir.config_parameter"].set_param(Settings.PREFIX + name, stored)
            request = self.env["lead.mining.request"]
            self.assertLess(request._waiting_since(), fields.Datetime.now() + timedelta(seconds=1))
            self.assertGreater(Settings.of(self.env).limits.leads, 0)

    def test_number_that_was_not_changed_is_not_written(self):
        parameters = self.env["ir.config_parameter"]
        numbers = [("key", "in", [Settings.PREFIX + name for name in NUMBERS])]
        parameters.search(numbers).unlink()
        self.save(lead_mining_price_contact=4)
        self.assertEqual(parameters.search(numbers).key, "crm_lead_mining.price_contact")
