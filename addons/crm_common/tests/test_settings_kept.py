"""What is chosen in the settings of any of our addons is in force, and shown again."""

import dataclasses
from importlib import import_module
from pathlib import Path

from odoo.exceptions import ValidationError
from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged

from .screens import our_addons

FAR = str(-(10**12))


@tagged("post_install", "-at_install")
class TestSettingsKept(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Form = cls.env["res.config.settings"]
        cls.offered = [
            (settings, field, form_field)
            for addon in sorted(our_addons(cls.env))
            if Path(get_module_path(addon), "tools", "settings.py").exists()
            for settings in [
                getattr(import_module(f"odoo.addons.{addon}.tools.settings"), "Settings", None)
            ]
            if settings
            for field in dataclasses.fields(settings)
            for form_field in cls.Form._fields.values()
            if form_field._modules and form_field._modules[0] == addon
            if form_field.name.endswith(f"_{field.name}")
        ]
        # What is not in use has no limits.
        cls.used = {"lead_mining": True} if "lead_mining" in cls.Form._fields else {}

    def others(self, choose):
        """Return {field of the form: what `choose` gives of (its setting, it)} without None."""
        found = {
            form_field.name: choose(field, form_field)
            for _settings, field, form_field in self.offered
        }
        return {name: value for name, value in found.items() if value is not None}

    def assertKept(self, chosen):
        self.Form.create({**self.used, **chosen}).execute()
        shown = self.Form.create({})
        for settings, field, form_field in self.offered:
            if form_field.name in chosen:
                with self.subTest(setting=form_field.name):
                    expected = chosen[form_field.name]
                    self.assertEqual(getattr(settings.of(self.env), field.name), expected)
                    self.assertEqual(shown[form_field.name], expected)

    def test_what_is_chosen_is_in_force_and_shown_again(self):
        def another(field, form_field):
            if form_field.type == "integer":
                return field.default + 1
            if form_field.type == "boolean":
                return not field.default
            if form_field.type == "selection":
                codes = [code for code, _label in form_field._description_selection(self.env)]
                return next(code for code in reversed(codes) if code != field.default)
            return None

        chosen = self.others(another)
        self.assertGreater(len(chosen), 10)
        self.assertKept(chosen)

    def test_the_least_number_is_kept_and_one_less_is_refused(self):
        least = self.others(
            lambda field, form_field: (
                field.metadata["read"](FAR) if form_field.type == "integer" else None
            )
        )
        self.assertKept(least)
        for name, number in least.items():
            with self.subTest(setting=name), self.assertRaises(ValidationError):
                self.Form.create({**self.used, name: number - 1})
