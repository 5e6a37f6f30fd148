from odoo import api, models
from odoo.tools import email_normalize

from ..tools.address import address_key
from ..tools.guard import guarded


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
            sender = self._recipient_author(email, [route])
            # Who has it as the main address goes before.
            if sender and not self.env["mail.thread"]._partner_find_from_emails_single(
                [email], no_create=True
            ):
                message_dict["author_id"] = sender.id
        return super()._routing_check_route(message, message_dict, route, raise_exception)

    def _message_parse_extract_bounce(self, email_message, message_dict):
        """Extend `mail`: a bounce of a further address is the contact's."""
        values = super()._message_parse_extract_bounce(email_message, message_dict)
        if values.get("bounced_partner") and self.env["res.company"]._recipient_modes():
            # Whatever fails here, the mail is received.
            with guarded(self.env, "looking for whose mail has bounced"):
                self._recipient_doubt_bounced(email_message, values)
        if values.get("bounced_email") and not values["bounced_partner"]:
            # As in stock whoever receives it: the mail gateway.
            contacts_sudo = self.env["res.partner"].sudo()
            values["bounced_partner"] = contacts_sudo._recipient_sender(values["bounced_email"])
        return values

    @api.model
    def _recipient_doubt_bounced(self, email_message, values: dict) -> None:
        """Let a bounce be of the address that it names.

        Where no contact has it, stock takes the only contact who got the message for it: an address
        of nobody, in Bcc for instance, may have got it as well.

        :param values: see `_message_parse_extract_bounce`, changed
        """
        named = self._recipient_bounced_address(email_message)
        key = address_key(named)
        if not key:
            return
        partners = values["bounced_partner"]
        others = values["bounced_message"].notification_ids.filtered("mail_email_address")
        if key in {key for keys in partners._recipient_keys().values() for key in keys}:
            values["bounced_email"] = named
        elif key in map(address_key, others.mapped("mail_email_address")):
            values |= {"bounced_email": named, "bounced_partner": partners.browse()}

    @api.model
    def _recipient_bounced_address(self, email_message) -> str:
        """Return the address that a delivery status notification names, see RFC 3464."""
        for part in email_message.walk():
            if part.get_content_type() == "message/delivery-status" and part.is_multipart():
                for block in part.get_payload()[1:]:
                    _kind, _semicolon, text = str(block["Final-Recipient"] or "").partition(";")
                    return email_normalize(text.strip()) or ""
        return ""

    def _message_parse_post_process(self, message, message_dict, routes):
        values = super()._message_parse_post_process(message, message_dict, routes)
        if not values.get("author_id") and message_dict["email_from"]:
            sender = self._recipient_author(message_dict["email_from"], routes)
            values["author_id"] = sender.id or values.get("author_id")
        return values

    @api.model
    def _recipient_author(self, email, routes):
        """Return the contact that wrote from a further address, nobody where that fails: the mail
        is received."""
        sender = self.env["res.partner"]
        if self.env["res.company"]._recipient_modes():
            with guarded(self.env, "looking for who wrote a mail"):
                sender = sender._recipient_sender(email, self._recipient_company_of(routes))
        return sender

    @api.model
    def _recipient_company_of(self, routes):
        """Return the company of the card that a mail of these routes is put on or becomes."""
        for model, thread_id, values, *_rest in routes or ():
            # The company decides, whoever receives the mail.
            cards_sudo = self.env[model].sudo()
            card_sudo = cards_sudo.browse(thread_id) if thread_id else cards_sudo.new(values or {})
            if company := card_sudo._mail_get_companies()[card_sudo.id]:
                return company
        return self.env["res.company"]
