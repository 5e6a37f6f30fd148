def post_init_hook(env):
    """Have addons set up that were there before this one though they need it.

    Such a one was another's, and has left its name and its place to one of ours. Odoo knows it as
    installed and would load it as it is, without its tables; it is loaded after this one.
    """
    taken = env["ir.module.module"].search(
        [("state", "=", "installed"), ("dependencies_id.name", "=", "crm_common")]
    )
    names = taken.mapped("name")
    env.registry._reinit_modules.update(names)
    env.registry._force_upgrade_scripts.update(names)
