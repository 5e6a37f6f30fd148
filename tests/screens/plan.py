"""In an Odoo shell: what there is to open, by the rights of each user."""

import itertools

#: What a wizard is opened on, when it is no action of its own.
WIZARDS = {
    "account.move.send.wizard": ("account.move", "default_move_id"),
    "lead.directory.correction": ("lead.directory.import.problem", "default_problem_id"),
    "lead.directory.parent": ("lead.directory.company", "default_directory_company_id"),
    "lead.directory.merging": ("lead.directory.company", "default_first_id"),
    "lead.enrichment.wizard": ("crm.lead", "active_ids"),
    "lead.mining.bad.data": ("lead.mining.result", "default_result_ids"),
    "lead.mining.notice.exemption": ("lead.mining.contact", "default_contact_ids"),
    "mail.compose.message": ("crm.lead", "default_res_ids"),
}
#: Window actions of one record, which a message or a button opens: its model.
OF_RECORD = {"crm_lead_mining.crm_lead_action_mined": "lead.mining.request"}
#: Screens of others that no menu leads to: the user's own preferences, and the chatter's.
WITHOUT_MENU = {"mail.scheduled.message", "res.users"}
#: They change records, and open nothing.
SILENT = {
    "crm_lead_mining.action_never_mine",
    "crm_lead_mining.action_never_mine_globally",
    "crm_lead_mining.action_send_mining_notices",
}


def main(env, job: dict) -> dict:
    """Return the screens of the modules.

    :param env: Odoo's environment, of the superuser.
    :param job: modules; logins of the users whose screens are wanted.
    :return: screens by login, each a dict that `Walker` opens; counts of records by window action.
    """
    data = env["ir.model.data"].search([("module", "in", job["modules"])])
    windows = _named(env, data, "ir.actions.act_window")
    servers = _named(env, data, "ir.actions.server")
    servers = servers.filtered(lambda one: one.usage == "ir_actions_server")  # Not those of crons.
    views = _named(env, data, "ir.ui.view")
    menus = env["ir.ui.menu"].with_context({"ir.ui.menu.full_list": True}).search([])
    screens = {}
    for login in job["logins"]:
        user = env["res.users"].search([("login", "=", login)])
        mine = env(user=user, context={"lang": user.lang})
        shown = _reachable(mine, menus)
        screens[login] = [
            *(_window(mine, one) for one in windows if _may_open(mine, one, menus, shown)),
            *_extended(mine, views, _models(menus, shown)),
            *_wizards(mine, views, windows),
            *(_server(mine, one) for one in servers if _may_run(mine, one)),
        ]
        if mine["res.config.settings"].has_access("create"):
            screens[login].append(_settings())
    return {
        "screens": {
            login: [one for one in found if one is not None] for login, found in screens.items()
        },
        "counts": _counts(env(user=env.ref("base.user_admin")), windows),
    }


def _named(env, data, model):
    ids = data.filtered(lambda one: one.model == model).mapped("res_id")
    return env[model].browse(ids).exists().sorted("id")


def _reachable(env, menus) -> set[int]:
    """Return the menus that the user sees, with all that stand above them."""
    visible = env["ir.ui.menu"]._visible_menu_ids()
    seen = set()
    for menu in menus:
        above = menu
        while above and above.id in visible:
            above = above.parent_id
        if not above:
            seen.add(menu.id)
    return seen


def _may_open(env, action, menus, shown: set[int]) -> bool:
    """Tell whether an action has to open for the user.

    What a menu leads to has to, whatever the rights; and what the rights allow, since a button
    or an address may lead there.
    """
    own = menus.filtered(lambda menu: menu.action == action)
    if not shown.isdisjoint(own.ids):
        return True
    allowed = not action.group_ids or action.group_ids & env.user.all_group_ids
    model = env[action.res_model]
    return bool(allowed) and model.has_access("create" if model._transient else "read")


def _may_run(env, action) -> bool:
    allowed = not action.group_ids or action.group_ids & env.user.all_group_ids
    return bool(allowed) and action.xml_id not in SILENT


def _records(env, model: str) -> dict:
    """Return the records that a form is opened with, and whether the user may make one."""
    records = env.user if model == "res.users" else _some(env, model)
    return {"records": records.ids, "creates": env[model].has_access("create")}


def _some(env, model: str, limit: int = 3):
    return env[model].with_context(active_test=False).search([], limit=limit)


def _window(env, action) -> dict:
    dialog = action.target == "new"
    context = _context(env, _pressed_on(env, action)) if dialog else {}
    if action.xml_id in OF_RECORD:
        context = _context(env, OF_RECORD[action.xml_id]) or {"active_id": 0}
    return {
        "title": action.xml_id,
        "action": action.id,
        "views": [kind for _view, kind in action.views if kind != "search"],
        **({} if dialog else _records(env, action.res_model)),
        "search": True,
        "context": context,
        "dialog": dialog,
    }


def _pressed_on(env, action) -> str | None:
    """Return the model with a button for an action in its form, if any has."""
    views = env["ir.ui.view"].sudo().search([("type", "=", "form"), ("model", "!=", False)])
    return next((v.model for v in views if f'name="{action.id}"' in v.arch_db), None)


def _context(env, model: str | None) -> dict:
    """Return the context of a button or a binding on a record, when there is one."""
    record = model and env[model].has_access("read") and _some(env, model, 1)
    if not record:
        return {}
    return {"active_model": model, "active_id": record.id, "active_ids": record.ids}


def _models(menus, shown: set[int]) -> set[str]:
    """Return the models that the user comes to by a menu."""
    actions = [menu.action for menu in menus if menu.id in shown and menu.action]
    return {one.res_model for one in actions if one._name == "ir.actions.act_window"}


def _extended(env, views, models: set[str]):
    """Give the screens of others into which ours have put something, where the user sees them."""
    roots = {}
    for view in views.filtered("inherit_id"):
        root = view
        while root.inherit_id:
            root = root.inherit_id
        roots.setdefault(root.model, env["ir.ui.view"].sudo())
        roots[root.model] |= root
    for model, found in roots.items():
        if model not in models | WITHOUT_MENU or not env[model].has_access("read"):
            continue
        searches = found.filtered(lambda root: root.type == "search")
        forms = found.filtered(lambda root: root.type == "form")
        # Each search box is tried once.
        for root, search in itertools.zip_longest(found - searches - forms, searches):
            yield _view(env, model, root, search)
        for root in forms:
            yield _view(env, model, root, None)


def _view(env, model: str, root, search) -> dict:
    shown = [root.id, root.type] if root else [False, "list"]
    return {
        "title": " with ".join(one.xml_id for one in (root, search) if one),
        "action": {
            "type": "ir.actions.act_window",
            "name": model,
            "res_model": model,
            "views": [shown, *([[search.id, "search"]] if search else [])],
        },
        "views": [shown[1]],
        **_records(env, model),
        "search": bool(search),
        "dialog": False,
    }


def _wizards(env, views, windows):
    """Give the dialogs that a method opens on a record."""
    models = set(views.filtered("model").mapped("model")) - set(windows.mapped("res_model"))
    for model in sorted(models):
        if model not in env or not env[model]._transient or model == "res.config.settings":
            continue
        source, key = WIZARDS[model]
        if not env[model].has_access("create"):
            continue
        context = _context(env, source)
        if not context:
            continue
        record = context["active_id"]
        if model == "mail.compose.message":
            context["default_model"] = source
        many = key.endswith("ids")
        yield {
            "title": f"{model} on {source}",
            "action": {
                "type": "ir.actions.act_window",
                "name": model,
                "res_model": model,
                "views": [[False, "form"]],
                "target": "new",
                "context": {**context, key: [record] if many else record},
            },
            "views": ["form"],
            "dialog": True,
        }


def _server(env, action) -> dict | None:
    context = _context(env, action.model_name)
    if action.binding_model_id and not context:
        return None
    return {
        "title": action.xml_id,
        "action": action.id,
        "views": [None],
        "context": context,
        "dialog": True,
    }


def _settings() -> dict:
    return {
        "title": "Settings",
        "action": "base_setup.action_general_configuration",
        "views": [None],
        "dialog": False,
        "tabs": ".settings_tab .tab",
    }


def _counts(env, windows) -> dict[str, int]:
    """Count what each window action shows to the administrator."""
    counts = {}
    for action in windows:
        model = env[action.res_model]
        if not model._transient:
            counts[action.xml_id] = model.with_context(active_test=False).search_count([])
    return counts
