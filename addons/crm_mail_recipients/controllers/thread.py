from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.mail.controllers import thread

from ..tools.choices import well_formed

_MAX_CHOICES = 100


class ThreadController(thread.ThreadController):
    def _prepare_message_data(self, post_data, *, thread, **kwargs):
        """Hand the chosen addresses on as they are: stock resolves them to any contact that has the
        address, and drops the others without a word."""
        if not thread._recipient_modes():
            return super()._prepare_message_data(post_data, thread=thread, **kwargs)
        post_data = dict(post_data)
        chosen, emails = (post_data.pop(k, None) for k in ("recipient_choices", "partner_emails"))
        data = super()._prepare_message_data(post_data, thread=thread, **kwargs)
        # As in stock, customers and guests, who come here too, write to nobody of their choice.
        is_sender = request.env.user._is_internal() and kwargs.get("from_create")
        if is_sender and (chosen is not None or emails):
            choices = self._recipient_choices(chosen, emails)
            if len(choices) > _MAX_CHOICES:
                # Whoever is left out would be told by nobody.
                raise UserError(
                    request.env._(
                        "An e-mail goes to %s recipients at most: send it in parts.", _MAX_CHOICES
                    )
                )
            data["recipient_choices"] = choices
        return data

    def _recipient_choices(self, choices, emails):
        """Return well-formed choices out of what a client has sent."""
        emails = emails if isinstance(emails, list) else []
        found = [*well_formed(choices), *well_formed([{"email": email} for email in emails])]
        return found[: _MAX_CHOICES + 1]

    @route("/crm_mail_recipients/envelope", methods=["POST"], type="jsonrpc", auth="user")
    def recipient_envelope(self, thread_model, thread_id, recipient_choices, partner_ids=None):
        """Return who would get a message that is being written in the chatter, False where that is
        not to be said: customers are told of no follower.

        :param recipient_choices: see `_recipient_check_post`
        :param partner_ids: who is mentioned
        """
        thread = self._get_thread_with_access(thread_model, thread_id)
        if not thread or not request.env.user._is_internal():
            return False
        partner_ids = partner_ids if isinstance(partner_ids, list) else []
        mentioned = well_formed([{"partner_id": ref} for ref in partner_ids])
        values = {
            "message_type": "comment",
            "subtype_xmlid": "mail.mt_comment",
            "partner_ids": [choice["partner_id"] for choice in mentioned if choice["partner_id"]],
        }
        envelope = thread._recipient_envelope(
            values, self._recipient_choices(recipient_choices, None)
        )
        return thread._recipient_shown(envelope)

    @route("/crm_mail_recipients/accept", methods=["POST"], type="jsonrpc", auth="user")
    def recipient_accept(self, thread_model, thread_id, email, owner_model=None, owner_id=None):
        """Put an address that is offered with the picker on a card, see `_recipient_offers`, and
        return what the picker shows then."""
        thread = self._get_thread_with_access(thread_model, thread_id, mode="write")
        if not thread or not request.env.user._is_internal():
            return False
        thread._recipient_accept(email, owner_model, owner_id)
        return thread._recipient_picker()

    @route()
    def mail_thread_recipients_get_suggested_recipients(
        self, thread_model, thread_id, partner_ids=None, main_email=False
    ):
        """A card under the policy offers what is saved on it, by the picker."""
        record = self._get_thread_with_access(thread_model, thread_id)
        if record and record._recipient_modes():
            return []
        return super().mail_thread_recipients_get_suggested_recipients(
            thread_model, thread_id, partner_ids=partner_ids, main_email=main_email
        )

    @route()
    def mail_thread_partner_from_email(self, thread_model, thread_id, emails):
        """Nothing is created before something is sent."""
        record = request.env[thread_model].browse(thread_id)
        if getattr(record, "_recipient_modes", dict)():
            return []
        return super().mail_thread_partner_from_email(thread_model, thread_id, emails)
