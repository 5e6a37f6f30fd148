from odoo import api, models
from odoo.fields import Domain

from odoo.addons.crm_common.tools.mailboxes import spellings_of


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.private
    @api.model
    def mail_plugin_contacts_of(self, found: list[str]) -> dict:
        """Return the contact of each address of an e-mail's people, as far as the user sees them.

        One that is none of ours goes before one that is: it is the same person's other row.

        :param found: normalized addresses
        :return: `res.partner` by address, nothing for nobody
        """
        asked = {spelling: address for address in found for spelling in spellings_of(address)}
        contacts = self.search(Domain("email_normalized", "in", list(asked)), order="id")
        by_address: dict = {}
        for contact in contacts.mail_plugin_in_order(found):
            by_address.setdefault(asked[contact.email_normalized], contact)
        return by_address
