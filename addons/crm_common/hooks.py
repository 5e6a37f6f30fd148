from odoo.modules.loading import load_module_graph
from odoo.modules.module_graph import ModuleGraph


def post_init_hook(env):
    """Set up addons that were there before this one though they need it.

    Such a one was another's, and has left its name and its place to one of ours. Odoo knows it as
    installed and would load it as it is, without its tables. It is updated right here, as Odoo
    would later: scripts that extend large tables first would not be found then any more.
    """
    taken = env["ir.module.module"].search(
        [("state", "=", "installed"), ("dependencies_id.name", "=", "crm_common")]
    )
    if taken:
        taken.state = "to upgrade"
        env.flush_all()
        graph = ModuleGraph(env.cr, mode="update")
        graph.extend([*env.registry._init_modules, *taken.mapped("name")])
        load_module_graph(env, graph, update_module=True, report=env.registry._assertion_report)
