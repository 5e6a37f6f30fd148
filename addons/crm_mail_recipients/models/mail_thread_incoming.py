from odoo import api, models


class MailThread(models.AbstractModel):
    """Who writes to us is known by every address.

    Only who wrote: whom a mail is for is written to at the address that was named.
    """

    _inherit = "mail.thread"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _routing_check_route(self, message, message_dict, route, raise_exception=True):
        """Extend `mail`: an alias that takes mail of known senders asks who wrote."""
        email = message_dict.get("email_from")
        if email and not message_dict.get("author_id"):
            known = self.env["mail.thread"]._partner_find_from_emails_single(
                [email], no_create=True
            )
            sender = known or known._recipient_sender(email)
            if not known and sender:
                message_dict["author_id"] = sender.id
        return super()._routing_check_route(message, message_dict, route, raise_exception)

    def _message_parse_extract_bounce(self, email_message, message_dict):
        """Extend `mail`: a bounce of a further address is the contact's."""
        values = super()._message_parse_extract_bounce(email_message, message_dict)
        if values.get("bounced_email") and not values["bounced_partner"]:
            # As in stock whoever receives it: the mail gateway.
            contacts_sudo = self.env["res.partner"].sudo()
            values["bounced_partner"] = contacts_sudo._recipient_sender(values["bounced_email"])
        return values

    def _message_parse_post_process(self, message, message_dict, routes):
        values = super()._message_parse_post_process(message, message_dict, routes)
        if not values.get("author_id") and message_dict["email_from"]:
            sender = self.env["res.partner"]._recipient_sender(message_dict["email_from"])
            values["author_id"] = sender.id or values.get("author_id")
        return values
