import dataclasses

from odoo.tests import TransactionCase, new_test_user

from ..tools import settings


@dataclasses.dataclass(frozen=True)
class Trial(settings.Settings):
    PREFIX = "crm_common_trial."

    days: int = settings.number(30, lowest=1, highest=365)
    price: int = settings.number(1)
    mode: str = settings.choice("manual", "automatic")
    enabled: bool = settings.flag(True)
    hidden: bool = settings.flag(False)
    note: str = settings.text()


class TestSettings(TransactionCase):
    def _read(self, **stored):
        for name, value in stored.items():
            self.env["ir.config_parameter"].set_param(Trial.PREFIX + name, value)
        return Trial.of(self.env)

    def test_what_nobody_has_set_is_the_default(self):
        self.assertEqual(Trial.of(self.env), Trial(30, 1, "manual", True, False, ""))

    def test_what_is_stored_is_in_force_for_every_user(self):
        stored = {"days": "7", "price": "0", "mode": "automatic", "enabled": "False",
                  "hidden": "True", "note": "x"}  # fmt: skip
        expected = Trial(7, 0, "automatic", False, True, "x")
        self.assertEqual(self._read(**stored), expected)
        user = new_test_user(self.env, "anybody", groups="base.group_user")
        self.assertEqual(Trial.of(self.env(user=user)), expected)

    def test_nonsense_counts_as_the_default(self):
        for nonsense in ("many", "7.5", "²", "0x7", "None", "9" * 5000):
            wrong = dict.fromkeys(("days", "price", "mode", "enabled", "hidden"), nonsense)
            self.assertEqual(self._read(**wrong), Trial(), nonsense)

    def test_a_number_out_of_bounds_counts_as_the_nearest_bound(self):
        for stored, days in (("0", 1), ("-5", 1), ("1", 1), ("365", 365), ("366", 365)):
            self.assertEqual(self._read(days=stored).days, days, stored)
        self.assertEqual(self._read(price="-5").price, 0)

    def test_what_is_written_holds_also_where_it_is_nothing(self):
        chosen = {"days": 9, "price": 0, "mode": "automatic", "enabled": False, "note": "x"}
        Trial.store(self.env, chosen)
        self.assertEqual(Trial.of(self.env), Trial(**chosen))
        Trial.store(self.env, {"note": False, "enabled": True})
        self.assertEqual(Trial.of(self.env), Trial(**chosen | {"note": "", "enabled": True}))

    def test_only_what_is_changed_is_written(self):
        Trial.store(self.env, {"days": 30, "price": 2, "hidden": False})
        written = self.env["ir.config_parameter"].search([("key", "like", Trial.PREFIX)])
        self.assertEqual(written.mapped("key"), [Trial.PREFIX + "price"])

    def test_a_neutralized_copy_is_told_from_its_original(self):
        self.assertFalse(settings.is_neutralized(self.env))
        self.env["ir.config_parameter"].set_param("database.is_neutralized", "true")
        self.assertTrue(settings.is_neutralized(self.env))
