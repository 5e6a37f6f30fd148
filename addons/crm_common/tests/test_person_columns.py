"""Every stored text of ours is searched for persons, or excepted by name with a reason.

An addon excepts in `tests/person_columns.py`: `EXCEPTED` is {reason: {model: "column column"}}.
"""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged

TEXTS = ("char", "text", "html", "json")


@tagged("post_install", "-at_install")
class TestPersonColumns(TransactionCase):
    def our_addons(self):
        """Return the installed addons that lie beside this one."""
        folder = Path(get_module_path("crm_common")).parent
        return {
            module
            for module in self.env.registry._init_modules
            if Path(get_module_path(module)).parent == folder
        }

    def stored_texts(self):
        """Return (model, column) of our models, and of ours in stock's."""
        ours = self.our_addons()
        return {
            (name, field.name)
            for name, model in self.env.registry.items()
            # Transient ones are emptied by themselves.
            if model._auto and not model._abstract and not model._transient
            for field in model._fields.values()
            if field.store and field.column_type and field.type in TEXTS
            if model._original_module in ours or ours.intersection(field._modules)
        }

    def declared(self):
        return {
            (model, name)
            for model in self.env["person.data.mixin"]._person_models()
            for name in self.env[model]._person_columns
        }

    def excepted(self):
        """Yield (model, column) for each time that it is excepted."""
        for module in self.our_addons():
            name = f"odoo.addons.{module}.tests.person_columns"
            if not find_spec(f"odoo.addons.{module}.tests") or not find_spec(name):
                continue
            for reason, columns in import_module(name).EXCEPTED.items():
                self.assertTrue(reason)
                for model, names in columns.items():
                    yield from ((model, column) for column in names.split())

    def test_every_stored_text_is_searched_for_persons_or_excepted_with_a_reason(self):
        self.assertEqual(sorted(self.stored_texts() - self.declared() - {*self.excepted()}), [])

    def test_a_column_is_excepted_once_and_not_searched(self):
        excepted = sorted(self.excepted())
        self.assertEqual(excepted, sorted({*excepted} - self.declared()))

    def test_what_is_excepted_is_a_stored_text_of_ours(self):
        gone = {*self.excepted()} - self.stored_texts()
        self.assertEqual(sorted(one for one in gone if one[0] in self.env), [])

    def test_what_is_declared_is_stored(self):
        for model, name in self.declared():
            self.assertTrue(self.env[model]._fields[name].store, f"{model}.{name}")
