from odoo import fields, models

from ..tools import policy
from ..tools.address import parse_addresses


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "mail.recipient.mixin"]
    _recipient_fields = ("partner_id", "recipient_company_id")

    recipient_address_ids = fields.One2many(
        "mail.recipient.address", "lead_id", "Other E-mail Addresses"
    )

    def _recipient_kind(self):
        return policy.LEAD if self.type == "lead" else policy.DEAL

    def _recipient_own_addresses(self, extra):
        addresses = parse_addresses(self.email_from) + extra.get(("crm.lead", self.id), ())
        return tuple({address.key: address for address in reversed(addresses)}.values())[::-1]

    def _get_partner_email_update(self, force_void=True):
        """While the policy is on, a lead's own address and its contact's are two addresses."""
        # The company decides, whether or not the user may see it.
        if self.sudo().company_id._recipient_mode():
            return False
        return super()._get_partner_email_update(force_void=force_void)
