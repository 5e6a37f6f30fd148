from odoo import Command, api, models
from odoo.fields import Domain
from odoo.tools import html2plaintext, is_html_empty

from odoo.addons.crm_mail_plugin.tools import addresses, emails


class ProjectTask(models.Model):
    _inherit = "project.task"

    @api.private
    def mail_plugin_domain(self, partner, address: str = "") -> Domain:
        """Return which tasks belong to a sender: theirs, their company's, and by e-mail.

        :param res.partner partner: the sender, may be none
        :param address: normalized e-mail address of the sender, else the contact's
        """
        address = address or addresses.normalize(partner.email) or partner.email_normalized
        domains = []
        if address:
            domains.append(Domain("email_from", "=ilike", address))
        if partner:
            family = partner.commercial_partner_id
            domains.append(Domain("partner_id.commercial_partner_id", "=", family.id))
        return Domain.OR(domains) & Domain("project_id", "!=", False)

    @api.private
    def mail_plugin_row(self) -> dict:
        """Override: with the project, where the user may see it."""
        project = self.project_id._filtered_access("read")
        return {**super().mail_plugin_row(), "name": self.name, "project_name": project.name}

    @api.private
    def mail_plugin_get_or_create(self, partner, email: emails.Email, project):
        """Return the task of an e-mail in a project, made when there is none, with it logged.

        :param res.partner partner: the sender
        :param email: the e-mail
        :param project.project project: where the task is put
        """
        self.env["mail.plugin.claim"].take("task", project.id, email.key)
        # sudo: the log is closed to users; what it leads to is checked.
        logged_sudo = (
            self.env["mail.plugin.log"]
            .sudo()
            .search([("email_key", "=", email.key), ("res_model", "=", self._name)])
        )
        task = self.search(
            [("id", "in", logged_sudo.mapped("res_id")), ("project_id", "=", project.id)], limit=1
        )
        if not task:
            task = self.with_company(partner.company_id).create(
                self._mail_plugin_values(partner, email, project)
            )
        message = task.mail_plugin_log(email)
        if is_html_empty(task.description) and not is_html_empty(message.body):
            task.description = message.body
        return task

    def _mail_plugin_values(self, partner, email, project):
        subject = " ".join(html2plaintext(email.subject).split())
        return {
            "name": subject or self.env._("Task for %s", partner.display_name),
            "partner_id": partner.id,
            "project_id": project.id,
            "user_ids": [Command.link(self.env.uid)],
        }
