from odoo import Command, api, models
from odoo.fields import Domain

from odoo.addons.crm_mail_plugin.models.res_partner import trigram_index
from odoo.addons.crm_mail_plugin.tools import emails


class ProjectTask(models.Model):
    _inherit = "project.task"
    _mail_plugin_place = "project.project"
    _mail_plugin_named = "name"
    _mail_plugin_shown = ("name", "project_id")

    _mail_plugin_email_part_idx = models.Index(trigram_index("email_from"))

    @api.private
    def mail_plugin_domain(self, partner, address: str = "") -> Domain:
        """Extend `crm_mail_plugin`: private to-dos are no tasks of a contact."""
        return super().mail_plugin_domain(partner, address) & Domain("project_id", "!=", False)

    @api.private
    def mail_plugin_row(self) -> dict:
        """Override: with the project, where the user may see it."""
        project = self.project_id._filtered_access("read")
        return {**super().mail_plugin_row(), "project_name": project.name}

    @api.private
    def mail_plugin_get_or_create(self, partner, email: emails.Email, project):
        """Return the open task of an e-mail in a project, made when there is none, with it logged.

        :param partner: a `res.partner`, the sender
        :param email: the e-mail
        :param project: a `project.project`, where the task is put
        """
        self.env["mail.plugin.claim"].take("task", project.id, email.key)
        task, closed = self.mail_plugin_earlier(email, Domain("project_id", "=", project.id))
        if not task:
            task = self.with_company(partner.company_id).create(
                self._mail_plugin_values(partner, email, project)
            )
            task.mail_plugin_follow(closed)
        return task.mail_plugin_take(email)

    def _mail_plugin_is_closed(self):
        return super()._mail_plugin_is_closed() or self.is_closed

    def _mail_plugin_nameless(self, partner):
        if not partner:
            return self.env._("Task of an e-mail")
        return self.env._("Task for %s", partner.display_name)

    def _mail_plugin_values(self, partner, email, project):
        subject = emails.plain_subject(email.subject)
        return {
            "name": subject or self._mail_plugin_nameless(partner),
            "partner_id": partner.id,
            "project_id": project.id,
            "user_ids": [Command.link(self.env.uid)],
        }
