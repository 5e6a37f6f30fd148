from collections.abc import Iterable

from odoo import api, models
from odoo.tools import email_normalize

from odoo.addons.crm_common.tools.mailboxes import address_key, spellings_of_all


class MailThread(models.AbstractModel):
    """What is to be known of an address before one writes to it."""

    _inherit = "mail.thread"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _recipient_marks(self, keys: Iterable[str]) -> dict[str, dict[str, bool]]:
        """Return {blacklisted, bounced} of each of `keys`."""
        keys = set(keys)
        blacklisted = self.env["mail.blacklist"]._recipient_blacklisted(keys)
        bounced = self._recipient_bounced(keys)
        return {key: {"blacklisted": key in blacklisted, "bounced": key in bounced} for key in keys}

    @api.model
    def _recipient_bounced(self, keys: Iterable[str]) -> set[str]:
        """Return which of `keys` mail has come back from, and not been answered since."""
        keys = set(keys)
        emails = spellings_of_all(keys)
        if not emails:
            return set()
        # Who may write to an address is told that nobody gets it there, whoever else has it.
        found = set()
        for name in ("res.partner", "crm.lead"):
            rows_sudo = self.env[name].sudo().with_context(active_test=False)
            domain = [("email_normalized", "in", emails), ("message_bounce", ">", 0)]
            rows_sudo = rows_sudo.search_fetch(domain, ["email_normalized"])
            found |= {address_key(row.email_normalized) for row in rows_sudo}
        rows_sudo = self.env["mail.recipient.address"].sudo()
        domain = [("email_key", "in", list(keys)), ("has_bounced", "=", True)]
        found |= {*rows_sudo.search_fetch(domain, ["email_key"]).mapped("email_key")}
        return keys & found

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Odoo counts it on the first address of a contact or lead alone."""
        result = super()._routing_handle_bounce(email_message, message_dict)
        self._recipient_set_bounced(message_dict["bounced_email"], True)
        return result

    @api.model
    def _routing_reset_bounce(self, email_message, message_dict):
        result = super()._routing_reset_bounce(email_message, message_dict)
        self._recipient_set_bounced(message_dict["email_from"], False)
        return result

    @api.model
    def _recipient_set_bounced(self, text, has_bounced: bool) -> None:
        key = address_key(email_normalize(text, strict=False) if text else None)
        if key:
            # The gateway acts for everybody.
            rows_sudo = self.env["mail.recipient.address"].sudo()
            domain = [("email_key", "=", key), ("has_bounced", "!=", has_bounced)]
            rows_sudo.search(domain).has_bounced = has_bounced
