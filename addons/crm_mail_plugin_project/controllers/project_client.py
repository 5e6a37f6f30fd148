from odoo import http
from odoo.http import request

from odoo.addons.crm_mail_plugin.controllers.common import (
    get_sender,
    read_email,
    sender_values,
    serves_second_generation,
)
from odoo.addons.crm_mail_plugin.exceptions import InvalidParameter
from odoo.addons.crm_mail_plugin.tools import params
from odoo.addons.project_mail_plugin.controllers import project_client

PROJECT_ROWS = 5


class ProjectClient(project_client.ProjectClient):
    """Tasks of e-mails."""

    @http.route(
        addin_params={
            "email_subject": params.subject,
            "email_body": params.html,
            "project_id": params.identifier,
            "partner_id": params.identifier,
            **params.EMAIL,
            **params.SENDER,
        }
    )
    def task_create(
        self,
        email_subject: str = "",
        email_body: str = "",
        project_id: int | None = None,
        partner_id: int | None = None,
        **kwargs,
    ) -> dict:
        """Make a task of an e-mail, or return the one that was made of it.

        :param email_subject: subject
        :param email_body: HTML
        :param project_id: the project
        :param partner_id: the sender's contact; the second add-ins may send ``partner_email``
            and ``partner_name`` instead
        :param kwargs: attachments, and what else is known of the e-mail
        :return: task_id and name, or what the second add-ins read
        """
        project = request.env["project.project"].browse(project_id).exists()
        if not project:
            raise InvalidParameter(request.env._("This project no longer exists."))
        project.check_access("read")
        partner = get_sender(partner_id, text=email_body, **kwargs)
        sent = {"subject": email_subject, "email_from": partner.email_formatted, **kwargs}
        email = read_email(email_body, **sent)
        task = request.env["project.task"].mail_plugin_get_or_create(partner, email, project)
        if serves_second_generation():
            return task.mail_plugin_row() | sender_values(partner)
        return {"task_id": task.id, "name": task.name}

    @http.route(addin_params={"search_term": params.line, "limit": params.rows})
    def projects_search(self, search_term, limit=PROJECT_ROWS):
        return super().projects_search(search_term, limit or PROJECT_ROWS)

    @http.route(addin_params={"name": params.line})
    def project_create(self, name, **kwargs):
        """Extend `project_mail_plugin`: a project needs a name."""
        if not name.strip():
            raise InvalidParameter(request.env._("A project needs a name."))
        created = super().project_create(name.strip())
        if serves_second_generation():
            return {"id": created["project_id"], "name": created["name"]}
        return created
