"""What our views show, ask for and let change at times only, and to some only; what buttons open.

An addon says it in `tests/conditions.py`. `EMPTY` has for each view what stands under a condition
and is seen of a record in which nothing is filled in; `:edit` is what can be changed then, `:need`
what has to be given. What differs with the state of a record is asked on real ones elsewhere; here
no condition is left out, so that none says the contrary unseen. `ONLY_FOR` has what only a group
sees, but for what `test_screens.py` has a rule about: companies, currencies, kinds of leads.

`OPENS` has for each model the buttons that open a list, each with the fields by which the list is
of that record alone.

What has no name is called by what it is: `.div`. As often as it stands here, it is there.
"""

import ast
import re
from importlib import import_module
from importlib.util import find_spec

from lxml import etree

from odoo.tests import TransactionCase, tagged
from odoo.tools.safe_eval import safe_eval

from .screens import our_addons

RULED = ("base.group_multi_company", "base.group_multi_currency", "crm.group_use_lead")
#: The id of a record that there is not.
FAR = 10**6
#: Attribute: whether what is told is that it holds, and how that is marked.
CONDITIONS = {
    "invisible": (False, ""),
    "column_invisible": (False, ""),
    "readonly": (False, ":edit"),
    "required": (True, ":need"),
}


@tagged("post_install", "-at_install")
class TestConditions(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ours = our_addons(cls.env)
        cls.tables = [
            import_module(name)
            for addon in sorted(ours)
            if find_spec(f"odoo.addons.{addon}.tests")
            if find_spec(name := f"odoo.addons.{addon}.tests.conditions")
        ]
        data_sudo = cls.env["ir.model.data"].sudo()
        found = data_sudo.search([("model", "=", "ir.ui.view"), ("module", "in", [*ours])])
        # The views as they are written: those that others are put into as well.
        cls.archs = {
            data.complete_name: etree.fromstring(cls.env["ir.ui.view"].browse(data.res_id).arch_db)
            for data in found
        }

    def assertTables(self, kind, told):
        """What is told of the nodes of each view is what the tables of all addons say."""
        expected = {}
        for table in self.tables:
            expected.update(getattr(table, kind, {}))
        found = {
            view: sorted(word for node in arch.iter(etree.Element) for word in told(node))
            for view, arch in self.archs.items()
        }
        for view in sorted(found.keys() | expected.keys()):
            with self.subTest(view=view):
                self.assertEqual(found.get(view, []), sorted(expected.get(view, "").split()))

    def test_an_empty_record_shows_asks_for_and_lets_change_what_the_table_says(self):
        def told(node):
            for attribute, (holds, mark) in CONDITIONS.items():
                condition = node.get(attribute)
                if condition and _holds_for_nothing(condition) is holds:
                    yield _called(node) + mark

        self.assertTables("EMPTY", told)

    def test_only_members_of_a_group_see_what_the_table_says(self):
        def told(node):
            if node.get("groups") and node.get("groups") not in RULED:
                yield f"{_called(node)}:{node.get('groups')}"

        self.assertTables("ONLY_FOR", told)

    def test_lists_that_a_button_opens_are_those_of_its_record_alone(self):
        for table in self.tables:
            for name, words in getattr(table, "OPENS", {}).items():
                # Nothing is read of them.
                record, other = self.env[name].browse(FAR), self.env[name].browse(FAR + 1)
                for method, _colon, links in (word.partition(":") for word in words.split()):
                    action = getattr(record, method)()
                    own = {link: _linked(record, link) for link in links.split(",")}
                    found = [own, *({**own, link: _linked(other, link)} for link in own)]
                    with self.subTest(model=name, button=method):
                        shown = [self._is_shown(action, values) for values in found]
                        self.assertEqual(shown, [True, *(False for _link in own)])

    def _is_shown(self, action, values):
        line = self.env[action["res_model"]].new(values)
        return bool(line.filtered_domain(action["domain"]))


def _linked(record, link):
    """Return what a field of a line has that links it to this record."""
    if link.endswith("model"):
        return record._name if record.id == FAR else "res.partner"
    return record.id


class _Parent(dict):
    __getattr__ = dict.get


def _holds_for_nothing(condition):
    """Say whether a condition holds for a record in which nothing is filled in."""
    names = {one.id for one in ast.walk(ast.parse(condition)) if isinstance(one, ast.Name)}
    return bool(
        safe_eval(condition, dict.fromkeys(names, False) | {"parent": _Parent(), "context": {}})
    )


def _called(node):
    name = node.get("name") or node.get("for") or node.get("id") or node.get("special") or ""
    if not name or re.fullmatch(r"\d+", name):
        return "." + node.tag
    return name
