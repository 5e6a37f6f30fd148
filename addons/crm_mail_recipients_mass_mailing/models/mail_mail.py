from odoo import models
from odoo.tools import email_normalize

from odoo.addons.crm_mail_recipients.models.mail_mail import FAILURE
from odoo.addons.crm_mail_recipients.tools.guard import guarded


class MailMail(models.Model):
    _inherit = "mail.mail"

    def send(self, *args, **kwargs):
        """Of a test of a mailing stock tells what was sent and what failed: what the policy has
        stopped failed."""
        result = super().send(*args, **kwargs)
        if self.env.context.get("mailing_test_mail"):
            stopped = self.filtered(
                lambda mail: mail.state == "cancel" and mail.failure_type == FAILURE
            )
            stopped.state = "exception"
        return result

    def _recipient_narrow(self, verdict, one):
        result = super()._recipient_narrow(verdict, one)
        if verdict.is_empty:
            self.mailing_trace_ids._recipient_cancel()
            told = self.env.context.get("recipient_test_refused")
            if isinstance(told, list):
                told.append((self.email_to, self.failure_reason))
        return result

    def _recipient_block(self, verdict):
        result = super()._recipient_block(verdict)
        with guarded(self.env, f"telling the mailing of {self}"):
            self.mailing_trace_ids._recipient_cancel()
        return result

    def _recipient_narrow_entry(self, entry, verdict):
        """Who unsubscribes is who was written to: stock's links name the first address."""
        narrowed = super()._recipient_narrow_entry(entry, verdict)
        if not (self.mailing_id and self.res_id and entry["email_to"] and narrowed["email_to"]):
            return narrowed
        body, headers = narrowed["body"], narrowed["headers"]
        before = self._recipient_mailing_links(entry["email_to"][0])
        after = self._recipient_mailing_links(narrowed["email_to"][0])
        for old, new in zip(before, after, strict=True):
            body = body.replace(old, new)
        if "List-Unsubscribe" in headers:
            email = narrowed["email_to_normalized"][0]
            url = self.mailing_id._get_unsubscribe_oneclick_url(email, self.res_id)
            headers = {**headers, "List-Unsubscribe": f"<{url}>"}
        return {**narrowed, "body": body, "headers": headers}

    def _recipient_mailing_links(self, address):
        """Return the links of this one mail that say who it is for, as stock makes them."""
        email = email_normalize(address, strict=False) or address
        return (
            self.mailing_id._get_unsubscribe_url(email, self.res_id),
            self.mailing_id._get_view_url(email, self.res_id),
        )
