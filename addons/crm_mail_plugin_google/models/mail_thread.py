from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.private
    def gmail_refusals(self, found: list[str]) -> dict[str, str]:
        """Return to which addresses a draft about this one record should not go, and why.

        For addons that judge who may be written to; here everybody may.

        :param found: normalized addresses, and texts that are none
        :return: a reason by address, to be shown after a colon
        """
        self.ensure_one()
        return {}
