"""What users see of our views: for tests that ask a view on real records, as a certain user.

Conditions are judged as the web client does: by the record's values, from the outside inwards.
"""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from odoo import models
from odoo.modules import get_module_path
from odoo.tools.safe_eval import safe_eval


def our_addons(env) -> set[str]:
    """Return the installed addons that lie beside this one."""
    folder = Path(get_module_path("crm_common")).parent
    return {
        module
        for module in env.registry._init_modules
        if Path(get_module_path(module)).parent == folder
    }


def our_views(env, *kinds: str) -> models.Model:
    """Return the views of our addons that others build on, of some kinds."""
    data_sudo = env["ir.model.data"].sudo()
    found = data_sudo.search([("model", "=", "ir.ui.view"), ("module", "in", [*our_addons(env)])])
    views = env["ir.ui.view"].sudo().browse(found.mapped("res_id"))
    return views.filtered(lambda view: view.type in kinds and view.mode == "primary")


class Screen:
    """A form that shows a record to a user.

    :ivar buttons: those that are seen, by method, or by the XML id of their action
    :ivar fields: those that are seen, but not those of lists within the form
    :ivar readonly: those of them that this user cannot change here
    :ivar required: those of them that have to be given
    :ivar parts: groups, pages and other named parts that are seen
    :ivar alerts: colours of the boxes that are seen
    :ivar texts: words of hints, badges and boxes that are seen, each up to what stands within it
    """

    def __init__(self, record, user=None, view: str | None = None):
        self.record = record.with_user(user or record.env.user)
        env = self.record.env
        view_id = view and env.ref(view).id
        self.arch = etree.fromstring(self.record.get_view(view_id, "form")["arch"])
        names = {node.get("name") for node in self.arch.iter("field")} & set(record._fields)
        # A new record has its values nowhere else.
        self.values = (
            {name: _plain(self.record[name]) for name in names}
            if not isinstance(self.record.id, int)
            else self.record.read([*names], load="")[0]
        )
        self.values |= {"context": dict(env.context), "uid": env.uid, "id": self.record.id or False}
        nodes = [node for node in self.arch.iter(etree.Element) if self._is_seen(node)]
        fields = [node for node in nodes if node.tag == "field"]
        self.fields = {node.get("name") for node in fields}
        self.readonly = {node.get("name") for node in fields if self._is_readonly(node)}
        self.required = {node.get("name") for node in fields if self._is(node, "required")}
        self.buttons = {self._name(node) for node in nodes if node.tag == "button"}
        named = {"group", "page", "div", "label", "setting", "widget", "a"}
        self.parts = {
            node.get("name") or node.get("id") or node.get("for")
            for node in nodes
            if node.tag in named
        } - {None}
        self.alerts = {
            part.removeprefix("alert-")
            for node in nodes
            if node.get("role") in ("alert", "status")
            for part in node.get("class", "").split()
            if part.startswith("alert-")
        }

        self.texts = {" ".join(node.text.split()) for node in nodes if (node.text or "").strip()}

    def columns(self, field: str) -> set[str]:
        """Return which columns of a list within the form are seen."""
        [node] = self.arch.iterfind(f".//field[@name='{field}']/list")
        return _columns(node, {"parent": _Values(self.values)})

    def buttons_of(self, field: str, line) -> set[str]:
        """Return which buttons a line of a list within the form offers."""
        [node] = self.arch.iterfind(f".//field[@name='{field}']/list")
        names = {one.get("name") for one in node.iter("field")} & set(line._fields)
        [values] = line.with_user(self.record.env.user).read([*names], load="")
        values["parent"] = _Values(self.values)
        return {
            one.get("name")
            for one in node.iter("button")
            if not _judged(one.get("invisible"), values)
        }

    def _is_seen(self, node) -> bool:
        # Fields within fields are those of other records.
        above = list(node.iterancestors())
        return not any(one.tag == "field" for one in above) and not any(
            self._is(one, "invisible") for one in (node, *above)
        )

    def _is_readonly(self, node) -> bool:
        own = node.get("readonly")
        field = self.record._fields[node.get("name")]
        return self._is(node, "readonly") if own is not None else bool(field.readonly)

    def _is(self, node, modifier: str) -> bool:
        return _judged(node.get(modifier), self.values)

    def _name(self, node) -> str:
        name = node.get("name") or node.get("special") or ""
        if node.get("type") == "action" and name.isdigit():
            action_sudo = self.record.env["ir.actions.actions"].sudo().browse(int(name))
            return action_sudo.get_external_id()[action_sudo.id]
        return name


def _plain(value):
    return value.ids if isinstance(value, models.BaseModel) else value


class _Values(dict):
    __getattr__ = dict.get


def _judged(condition: str | None, values: dict) -> bool:
    return bool(safe_eval(condition or "False", dict(values)))


def _columns(node, values: dict) -> set[str]:
    return {
        one.get("name")
        for one in node.iter("field", "button")
        if not _judged(one.get("column_invisible"), values)
        # What is never seen in any line is no column either.
        if one.get("invisible") not in ("1", "True")
    }


def columns(env, view: str, user) -> set[str]:
    """Return the columns and buttons of a list that a user sees."""
    view_sudo = env.ref(view).sudo()
    model = env[view_sudo.model].with_user(user)
    return _columns(etree.fromstring(model.get_view(view_sudo.id, "list")["arch"]), {})


class Search:
    """The search of a model as a user sees it.

    :ivar filters: {name: domain, or the date field that it lets choose from}
    :ivar groups: {name: field by which it groups}
    :ivar fields: {name: domain of what is typed, with `self`; "" where the field itself is asked}
    """

    def __init__(self, env, view: str | models.Model, user):
        view_sudo = (env.ref(view) if isinstance(view, str) else view).sudo()
        self.model = env[view_sudo.model].with_user(user)
        arch = etree.fromstring(self.model.get_view(view_sudo.id, "search")["arch"])
        self.filters, self.groups, self.idle = {}, {}, []
        for node in arch.iter("filter"):
            context = safe_eval(node.get("context") or "{}", {"uid": user.id})
            domain = node.get("domain") or ""
            if context.get("group_by"):
                self.groups[node.get("name")] = context["group_by"]
            elif node.get("date") or safe_eval(domain or "[]", self._names()):
                self.filters[node.get("name")] = domain or node.get("date")
            elif not (context or node.get("invisible")):
                self.idle.append(node.get("name"))
        self.fields = {
            node.get("name"): node.get("filter_domain") or "" for node in arch.iter("field")
        }

    def filtered(self, name: str, records):
        """Return which of `records` a filter lets the user see."""
        domain = safe_eval(self.filters[name], self._names())
        return self.model.search([*domain, ("id", "in", records.ids)])

    def typed(self, name: str, text: str, records):
        """Return which of `records` are found by what is typed for a field."""
        given = self.fields[name] or f"[({name!r}, 'ilike', self)]"
        domain = safe_eval(given, {**self._names(), "self": text})
        return self.model.search([*domain, ("id", "in", records.ids)])

    def _names(self) -> dict:
        return {"uid": self.model.env.uid}
