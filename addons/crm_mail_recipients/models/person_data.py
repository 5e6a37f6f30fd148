"""What this addon keeps of persons who have no wish to be kept, see `person.data.mixin`."""

from odoo import api, models


class MailRecipientLog(models.Model):
    _name = "mail.recipient.log"
    _inherit = ["mail.recipient.log", "person.data.mixin"]

    _person_columns = ("email", "email_key")

    def _person_erase(self, traces):
        """Leave who wrote, when and from which card; not to whom."""
        self.write({"email": False, "email_key": False})


class MailRecipientRegistration(models.Model):
    _name = "mail.recipient.registration"
    _inherit = ["mail.recipient.registration", "person.data.mixin"]

    _person_columns = ("email_key",)

    def _person_erase(self, traces):
        self.unlink()


class MailRecipientAddress(models.Model):
    _name = "mail.recipient.address"
    _inherit = ["mail.recipient.address", "person.data.mixin"]

    _person_columns = ("email", "email_key", "label")

    def _is_of_found_card(self) -> bool:
        """Tell whether the card was found for this database, and did not come by itself."""
        card = self.lead_id or self.partner_id
        return any(card[name] for name in ("mining_request_id", "mined") if name in card._fields)

    @api.model
    def _person_find(self, traces, companies):
        found = super()._person_find(traces, companies)
        return found.filtered(lambda address: address._person_company().id in companies)

    def _person_company(self):
        return (self.lead_id or self.partner_id).company_id

    def _person_erase(self, traces):
        """Leave a customer's own addresses, which are kept by right."""
        self.filtered(lambda address: address._is_of_found_card()).unlink()
