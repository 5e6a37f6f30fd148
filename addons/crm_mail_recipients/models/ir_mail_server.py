from odoo import models
from odoo.tools import exception_to_unicode

from ..tools.address import address_key
from ..tools.gate import GATE, Gate, from_context


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def send_email(self, message, *args, **kwargs):
        """Note what became of each copy: stock knows it of the mail, whose copies are many."""
        gate = from_context(self.env, GATE, Gate)
        if not gate:
            return super().send_email(message, *args, **kwargs)
        keys = self.env.context.get("send_validated_to") or ()
        keys = [address_key(email) or email for email in keys]
        try:
            result = super().send_email(message, *args, **kwargs)
        except Exception as error:  # whatever it is, it is noted and goes on
            gate.deliveries.failed.update(dict.fromkeys(keys, exception_to_unicode(error)))
            raise
        gate.deliveries.sent.update(keys)
        return result
