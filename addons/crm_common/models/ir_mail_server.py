from odoo import models

from ..tools.mailboxes import spellings_of


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def _prepare_smtp_to_list(self, message, smtp_session):
        """Extend `base`: addresses whose domain is written in letters get their mail.

        They stand in ASCII in the mail, and stock leaves out those that it does not find among the
        addresses which it has validated before, in letters.
        """
        validated = self.env.context.get("send_validated_to") or []
        if not all(map(str.isascii, validated)):
            spelled = [one for address in validated for one in sorted(spellings_of(address))]
            self = self.with_context(send_validated_to=spelled)
        return super()._prepare_smtp_to_list(message, smtp_session)
