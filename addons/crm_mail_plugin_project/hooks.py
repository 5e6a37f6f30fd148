from odoo.addons.crm_common.tools.large_tables import prepare

from .models.project_task import ProjectTask


def pre_init_hook(env):
    """Extend a table that may be large, before Odoo would lock it."""
    prepare(env, "project.task", ProjectTask)
