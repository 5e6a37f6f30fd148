from odoo import api, models

from odoo.addons.crm_common.tools.mailboxes import address_key
from odoo.addons.crm_mail_recipients.tools import policy


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.private
    def gmail_refusals(self, found):
        """Extend `crm_mail_plugin_google`: a draft is judged as an e-mail from the record is."""
        refused = super().gmail_refusals(found)
        mode = self._recipient_modes().get(self.id)
        if not mode:
            return refused
        decision = self._recipient_decisions(self._recipient_acting_user())[self.id]
        keys = {address: address_key(address) for address in found}
        colleagues = self._recipient_employee_keys([*filter(None, keys.values())])
        reasons = self._recipient_reasons()
        for address, key in keys.items():
            reason = "" if key in colleagues else policy.judge(decision, mode, key)
            if reason:
                refused[address] = reasons[reason]
        return refused
