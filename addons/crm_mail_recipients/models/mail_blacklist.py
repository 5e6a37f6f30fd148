from collections.abc import Iterable

from odoo import api, models

from odoo.addons.crm_common.tools.mailboxes import address_key, spellings_of_all


class MailBlacklist(models.Model):
    _inherit = "mail.blacklist"

    @api.model
    def _recipient_blacklisted(self, keys: Iterable[str]) -> set[str]:
        """Return which of `keys` are on the blacklist."""
        emails = spellings_of_all(keys)
        if not emails:
            return set()
        # Who may write to somebody has to know that this person wants no mailings.
        domain = [("email", "in", emails), ("active", "=", True)]
        rows_sudo = self.sudo().search_fetch(domain, ["email"])
        return set(keys) & {address_key(row.email) for row in rows_sudo}
