from odoo.http import request, route

from odoo.addons.mail.controllers import thread

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
        if kwargs.get("from_create") and (chosen is not None or emails):
            data["recipient_choices"] = self._recipient_choices(chosen, emails)
        return data

    def _recipient_choices(self, choices, emails):
        """Return well-formed choices out of what a client has sent."""
        choices = choices if isinstance(choices, list) else []
        emails = emails if isinstance(emails, list) else []
        found = [
            {
                "email": str(choice.get("email") or ""),
                "partner_id": choice.get("partner_id"),
                "preselected": bool(choice.get("preselected")),
            }
            for choice in choices[:_MAX_CHOICES]
            if isinstance(choice, dict) and isinstance(choice.get("partner_id") or 0, int)
        ]
        found += [{"email": str(email), "partner_id": None} for email in emails[:_MAX_CHOICES]]
        return found

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
