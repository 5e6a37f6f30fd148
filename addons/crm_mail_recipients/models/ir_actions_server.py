from odoo import models

from ..tools.gate import AUTOMATION, Automation


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    def run(self):
        """A rule that mails somebody goes on without the recipients that are not allowed."""
        return super(IrActionsServer, self.with_context(**{AUTOMATION: Automation()})).run()
