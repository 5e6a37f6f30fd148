import logging

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_common.tools.mailboxes import address_key, spellings_of_all

_logger = logging.getLogger(__name__)


class LeadMiningSent(models.Model):
    """That a mail left this database for the address a contact was delivered with.

    Written by sending alone: a delivery report is believed only about such a mail. It goes with
    its contact when that is erased.
    """

    _name = "lead.mining.sent"
    _description = "Mail Sent to a Mined Contact"
    _log_access = False
    _rec_name = "message_id"

    contact_id = fields.Many2one(
        "lead.mining.contact", required=True, readonly=True, index=True, ondelete="cascade"
    )
    message_id = fields.Char(required=True, readonly=True)

    _message_uniq = models.UniqueIndex(
        "(message_id, contact_id)", "This e-mail has already been noted."
    )

    @api.model
    def _note(self, message_id: str, addresses: list[str]) -> None:
        """Note a mail that has just been sent.

        :param addresses: of its envelope
        """
        emails = set(filter(None, map(address_key, addresses)))
        # Sudo: whoever sends, and whatever the mail is about.
        contacts_sudo = (
            self.env["lead.mining.contact"]
            .sudo()
            .search(
                [("email_normalized", "in", spellings_of_all(emails)), ("result_id", "!=", False)]
            )
            .filtered(lambda contact: contact._delivered_email() in emails)
        )
        if not contacts_sudo:
            return
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    SQL(
                        """
                        INSERT INTO lead_mining_sent (message_id, contact_id)
                             SELECT %s, UNNEST(%s) ON CONFLICT DO NOTHING
                        """,
                        message_id,
                        contacts_sudo.ids,
                    )
                )
        except psycopg2.Error:  # the mail has left: it must not be sent once more
            _logger.warning("A mail to a mined contact was not noted", exc_info=True)

    @api.model
    def _find_contacts(self, message_ids: list[str]):
        """Return the contacts to whom one of these mails was sent; needs sudo."""
        return self.search([("message_id", "in", message_ids)]).contact_id
