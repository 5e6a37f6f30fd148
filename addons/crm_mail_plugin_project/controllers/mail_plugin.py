from odoo.http import request

from odoo.addons.crm_mail_plugin.controllers import second_generation
from odoo.addons.project_mail_plugin.controllers import mail_plugin

TASK_ROWS = 100


class MailPluginController(second_generation.SecondGeneration, mail_plugin.MailPluginController):
    """Tasks in what the add-ins are told about a contact."""

    def _get_contact_data(self, partner):
        """Extend `project_mail_plugin`: tasks of contact, company and address, and their number."""
        contact_data = super()._get_contact_data(partner)
        if "tasks" in contact_data and partner:
            contact_data |= self._get_tasks(partner)
        return contact_data

    def _get_tasks(self, partner):
        tasks = request.env["project.task"]
        found, count = tasks.mail_plugin_found_of(partner, "", TASK_ROWS)
        rows = [
            {"task_id": row["id"], "name": row["name"], "project_name": row["project_name"]}
            for row in found.mail_plugin_rows()
        ]
        return {"tasks": rows, "task_count": count}

    # === SECOND GENERATION === #

    def _searchable_models(self):
        models = super()._searchable_models()
        if not request.env["project.task"].has_access("create"):
            return models
        return [*models, "project.task", "project.project"]

    def _lists_without_term(self, model):
        return model == "project.project" or super()._lists_without_term(model)

    def _section_models(self):
        models = super()._section_models()
        if not request.env["project.task"].has_access("create"):
            return models
        return {**models, "task": "project.task"}

    def _get_sections(self, partner, address):
        sections = super()._get_sections(partner, address)
        if not request.env["project.task"].has_access("create"):
            return sections
        can_create = request.env["project.project"].has_access("create")
        return {**sections, "can_create_project": can_create}
