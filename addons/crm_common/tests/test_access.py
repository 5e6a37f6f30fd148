"""Who may do what with our models, and which menus lead whom there: tables written by hand.

An addon says it in `tests/access.py`: `MODELS` has for each model and role what is allowed of
"rwcu" (read, write, create, unlink); rules about single records are tried elsewhere. `MENUS` has
for each menu whether the role sees it ("x"), in developer mode as well. `FILLED` are the fields
that users fill in, `NEEDED` those that must be given, `LEFT` those that a copy does not take along.
`CALLS` are the methods that clients may call beside Odoo's own.

What not every addon has: `ROUTES` has for each address the ways in which it is reached: methods,
whose login, and what else it is. `TRACKED` are the fields whose changes are told, `TRANSLATED`
those that each user reads in an own language, `GUARDS` the methods that stand in the way of
uninstalling, `TIDIED` those that run every day, `SETTINGS` what is in force before anybody sets it,
with the bounds of numbers.

Of what is not seen in a small database: `QUICK` are the fields by which rows of a large table are
found at once, `STORED` the computed ones that lists are found, sorted and grouped by, `FIXED` those
that nothing makes compute again while a record is open. `TOLD_ALL` are computed for whoever asks
from what only some may read, `OWN_EYES` are read with the user's own rights, `SAME_COMPANY` take
nothing of another company, `STARTS` is what a new record has.
"""

import dataclasses
from collections import defaultdict
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from odoo import http, models
from odoo.modules import get_module_path
from odoo.tests import TransactionCase, new_test_user, tagged

from .screens import our_addons

ROLES = {
    "staff": "base.group_user",
    "miner": "crm_lead_mining.group_lead_mining_user",
    "enrich": "crm_lead_enrichment.group_lead_enrichment_user",
    "seller": "sales_team.group_sale_salesman",
    "head": "sales_team.group_sale_manager",
    "officer": "crm_lead_mining.group_lead_mining_privacy",
    "billing": "crm_iap_credits.group_billing_administrator",
    "sender": "crm_mail_recipients.group_recipient_manager",
    "admin": "base.group_system",
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


#: Odoo's own, of every model.
AUTOMATIC = {*models.MAGIC_COLUMNS, "display_name"}


def rows(table):
    """Return {first column: {role: what stands there}}."""
    if not table:
        return {}
    header, *lines = (line.split() for line in table.strip().splitlines())
    return {name: dict(zip(header[1:], cells, strict=True)) for name, *cells in lines}


@tagged("post_install", "-at_install")
class TestAccess(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, f"t_{role}", f"base.group_user,{group}")
            for role, group in ROLES.items()
            if cls.env.ref(group, raise_if_not_found=False)
        }
        cls.tables = {
            addon: import_module(name)
            for addon in sorted(our_addons(cls.env))
            if find_spec(f"odoo.addons.{addon}.tests")
            if find_spec(name := f"odoo.addons.{addon}.tests.access")
        }

    def expected(self, kind):
        """Yield (name, role, what stands in the table) of all addons, for roles that exist."""
        for addon, table in self.tables.items():
            prefix = f"{addon}." if kind == "MENUS" else ""
            for name, cells in rows(getattr(table, kind, "")).items():
                yield from (
                    (prefix + name, role, self.users[role], cell)
                    for role, cell in cells.items()
                    if role in self.users
                )

    def test_nobody_may_do_more_or_less_with_a_model_than_the_table_says(self):
        for name, role, user, expected in self.expected("MODELS"):
            model = self.env[name].with_user(user)
            allowed = "".join(key for key, way in OPERATIONS.items() if model.has_access(way))
            with self.subTest(model=name, role=role):
                self.assertEqual(allowed or "-", expected)

    def test_nobody_from_outside_may_do_anything_with_our_models(self):
        outsiders = {
            "portal": new_test_user(self.env, "t_portal", "base.group_portal"),
            "public": self.env.ref("base.public_user"),
        }
        for name in self._our_models():
            for role, user in outsiders.items():
                model = self.env[name].with_user(user)
                with self.subTest(model=name, role=role):
                    self.assertFalse([way for way in OPERATIONS.values() if model.has_access(way)])

    def test_nobody_sees_more_or_less_menus_than_the_table_says(self):
        menus = self.env["ir.ui.menu"]
        seen = {
            role: menus.with_user(user)._visible_menu_ids(debug=True)
            for role, user in self.users.items()
        }
        for name, role, _user, expected in self.expected("MENUS"):
            with self.subTest(menu=name, role=role):
                path = map(int, self.env.ref(name).sudo().parent_path.strip("/").split("/"))
                self.assertEqual("x" if seen[role].issuperset(path) else "-", expected)

    def test_users_fill_in_what_the_table_says_and_the_program_keeps_the_rest(self):
        self.assertFields("FILLED", lambda field: not field.readonly)

    def test_what_must_be_given_is_what_the_table_says(self):
        self.assertFields("NEEDED", lambda field: field.required)

    def test_a_copy_leaves_behind_what_the_table_says(self):
        self.assertFields(
            "LEFT",
            lambda field: (
                field.store
                and not (field.copy or field.type == "one2many")
                and not (field.compute and field.readonly)
                and not self.env[field.model_name]._transient
            ),
        )

    def test_a_copy_takes_along_lines_where_the_table_says(self):
        self.assertFields("TAKEN", lambda field: field.copy and field.type == "one2many")

    def test_clients_may_call_what_the_table_says_and_nothing_else(self):
        self.assertTables("CALLS", {name: self._calls(name) for name in self.env.registry})

    def _calls(self, name):
        """Return the public methods that our addons add to a model."""
        ours = tuple(f"odoo.addons.{addon}." for addon in our_addons(self.env))
        found, others = set(), set()
        for cls in self.env.registry[name].mro():
            if not cls.__module__.startswith(ours):
                others |= vars(cls).keys()
            elif cls._name == name:
                found |= {method for method, value in vars(cls).items() if _is_public(value)}
        model = self.env.registry[name]
        private = {method for method in found if _is_private(model, method)}
        return {method for method in found - others - private if not method.startswith("_")}

    def test_clients_reach_the_addresses_of_the_table_in_its_ways(self):
        ours = tuple(f"odoo.addons.{addon}." for addon in our_addons(self.env))
        found = defaultdict(set)
        modules = sorted(self.env.registry._init_modules)
        for address, endpoint in http._generate_routing_rules(modules, nodb_only=False):
            method = endpoint.func
            mro = type(method.__self__).mro()
            if any(method.__name__ in vars(cls) for cls in mro if cls.__module__.startswith(ours)):
                found[address].add(_way(endpoint.routing))
        self.assertTables("ROUTES", found)

    def test_changes_that_are_told_are_those_of_the_table(self):
        self.assertFields("TRACKED", lambda field: getattr(field, "tracking", None))

    def test_what_is_read_in_an_own_language_is_what_the_table_says(self):
        self.assertFields("TRANSLATED", lambda field: field.translate and not field.related)

    def test_rows_of_large_tables_are_found_at_once_by_what_the_table_says(self):
        self.assertFields(
            "QUICK",
            lambda field: field.store and field.index and not self.env[field.model_name]._transient,
        )

    def test_lists_are_sorted_by_what_is_computed_where_the_table_says(self):
        self.assertFields("STORED", lambda field: field.compute and field.store)

    def test_what_is_computed_follows_what_it_is_made_of_but_where_the_table_says(self):
        depends = self.env.registry.field_depends
        contexts = self.env.registry.field_depends_context
        self.assertFields(
            "FIXED",
            lambda field: (
                field.compute and not field.related and not depends[field] and not contexts[field]
            ),
        )

    def test_everybody_is_told_of_hidden_records_what_the_table_says(self):
        self.assertFields(
            "TOLD_ALL",
            lambda field: (
                field.compute and not (field.store or field.related) and field.compute_sudo
            ),
        )
        self.assertFields("OWN_EYES", lambda field: field.related and not field.compute_sudo)

    def test_nothing_of_another_company_is_taken_where_the_table_says(self):
        self.assertFields("SAME_COMPANY", lambda field: getattr(field, "check_company", False))

    def test_a_new_record_starts_with_what_the_table_says(self):
        plain = ("boolean", "integer", "float", "selection")
        self.assertFields(
            "STARTS",
            lambda field: field.default and not field.compute and field.type in plain,
            lambda field: f"{field.name}={field.default(self.env[field.model_name])}",
        )

    def test_settings_begin_and_are_bounded_as_the_table_says(self):
        found = defaultdict(set)
        for addon in our_addons(self.env) - {"crm_common"}:
            if not Path(get_module_path(addon), "tools", "settings.py").exists():
                continue
            declared = import_module(f"odoo.addons.{addon}.tools.settings").Settings
            for field in dataclasses.fields(declared):
                found[addon].add(f"{field.name}={_bounded(field)}")
        self.assertTables("SETTINGS", found)

    def test_what_is_old_is_tidied_up_every_day_as_the_table_says(self):
        found = {name: self._methods(name, "_autovacuum") for name in self.env.registry}
        self.assertTables("TIDIED", found)

    def _methods(self, name, mark):
        """Return the methods of ours of a model that have a mark."""
        ours = tuple(f"odoo.addons.{addon}." for addon in our_addons(self.env))
        return {
            method
            for cls in self.env.registry[name].mro()
            if cls.__module__.startswith(ours)
            for method, value in vars(cls).items()
            if getattr(value, mark, False)
        }

    def test_an_addon_goes_whatever_records_there_are_but_where_the_table_says(self):
        found = {
            name: self._methods(name, "_ondelete")
            for name, model in self.env.registry.items()
            if not model._abstract
        }
        self.assertTables("GUARDS", found)

    def assertFields(self, kind, condition, told=lambda field: field.name):
        """The fields of ours for which a condition holds are those of the tables.

        :param told: what the tables say of such a field
        """
        ours = our_addons(self.env)
        self.assertTables(
            kind,
            {
                name: {
                    told(field)
                    for field in model._fields.values()
                    if field._modules and field._modules[0] in ours and not field.inherited
                    if field.name not in AUTOMATIC and condition(field)
                }
                for name, model in self.env.registry.items()
                if not model._abstract
            },
        )

    def assertTables(self, kind, found):
        """What was found for each model is what the tables of all addons say."""
        expected = {}
        for table in self.tables.values():
            for name, words in getattr(table, kind, {}).items():
                expected.setdefault(name, set()).update(words.split())
        for name in sorted(found.keys() | expected.keys()):
            with self.subTest(model=name):
                self.assertEqual(found.get(name, set()), expected.get(name, set()))

    def test_every_model_and_menu_of_ours_is_in_a_table(self):
        data = self.env["ir.model.data"].search(
            [("model", "=", "ir.ui.menu"), ("module", "in", [*our_addons(self.env)])]
        )
        self.assertEqual(self._our_models(), {name for name, *_rest in self.expected("MODELS")})
        self.assertEqual(
            set(data.mapped("complete_name")), {name for name, *_rest in self.expected("MENUS")}
        )

    def _our_models(self):
        ours = our_addons(self.env)
        return {
            name
            for name, model in self.env.registry.items()
            if model._original_module in ours and not model._abstract
        }


def _bounded(setting):
    """Return what a setting is by default, and between which bounds a number is kept."""
    if type(setting.default) is not int:
        return str(setting.default)
    least, most = map(setting.metadata["read"], (f"-{10**12}", f"{10**12}"))
    return f"{setting.default}[{least}..{most}]"


def _is_public(value):
    return callable(value) and not isinstance(value, type)


def _way(routing):
    """Return in which way an address is reached, as the table says it."""
    flags = {
        "readonly": routing.get("readonly"),
        "website": routing.get("website"),
        "unlisted": routing.get("sitemap") is False,
        "unchecked": routing.get("csrf") is False,
        "anywhere": routing.get("cors"),
        "sessionless": routing.get("save_session") is False,
    }
    methods = "|".join(routing["methods"] or ["any"])
    return ":".join([methods, routing["auth"], *(flag for flag, is_so in flags.items() if is_so)])


def _is_private(model, method):
    return any(getattr(vars(cls).get(method), "_api_private", False) for cls in model.mro())
