from odoo import models


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    def run(self):
        """A rule that mails somebody goes on without the recipients that are not allowed."""
        context = self.env["mail.thread"]._recipient_automation_context()
        return super(IrActionsServer, self.with_context(**context)).run()
