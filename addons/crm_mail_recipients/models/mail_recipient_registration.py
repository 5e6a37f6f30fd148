from collections.abc import Iterable

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_common.tools.mailboxes import spellings_of_all

from ..tools.address import parse_addresses


class MailRecipientRegistration(models.Model):
    """An address that was not in the CRM when it was first written to, and what was made of it.

    The unique key, and no search, decides that an address becomes one lead or contact: of two users
    who write to it at the same moment the second one waits, is retried, and then finds it.
    """

    _name = "mail.recipient.registration"
    _description = "Recipient Registration"
    _rec_name = "email_key"

    email_key = fields.Char(required=True, readonly=True)
    lead_id = fields.Many2one("crm.lead", readonly=True, ondelete="set null")
    partner_id = fields.Many2one("res.partner", readonly=True, ondelete="set null")

    _email_key_unique = models.UniqueIndex("(email_key)", "This address is already registered.")

    @api.model
    def _unknown(self, keys: Iterable[str]) -> list[str]:
        """Return which of `keys` are on no contact, company, user, lead or opportunity.

        Archived and lost records count, and so does every address of a record. Addresses at which
        we ourselves receive mail are nobody's.

        :param keys: canonical keys
        """
        keys = list(dict.fromkeys(keys))
        if not keys:
            return []
        # What exists is looked up everywhere, or the same address would be registered twice.
        everything = self.sudo().with_context(active_test=False).env
        known = set(everything["res.partner"]._recipient_by_key(keys))
        domain = Domain.OR(Domain("email_from", "ilike", one) for one in spellings_of_all(keys))
        for lead in everything["crm.lead"].search_fetch(domain, ["email_from"]):
            known |= {address.key for address in parse_addresses(lead.email_from)}
        rows = everything["mail.recipient.address"].search_fetch(
            [("email_key", "in", keys)], ["email_key"]
        )
        known |= set(rows.mapped("email_key"))
        known.update(everything["mail.alias.domain"]._find_aliases(keys))
        return [key for key in keys if key not in known]

    @api.model
    def _claim(self, key: str):
        """Take the one row of `key` in this transaction.

        A concurrent claim waits here, and fails to serialize once this one is committed.
        """
        [(row_id,)] = self.env.execute_query(
            SQL(
                """
                INSERT INTO mail_recipient_registration
                       (email_key, create_uid, create_date, write_uid, write_date)
                VALUES (%(key)s, %(uid)s, %(now)s, %(uid)s, %(now)s)
                ON CONFLICT (email_key) DO UPDATE SET write_date = EXCLUDED.write_date
                RETURNING id
                """,
                key=key,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        # The row is bookkeeping of the system: users have no access to it.
        return self.sudo().browse(row_id)

    @api.model
    def _register_unknown(
        self, keys: Iterable[str], origin, is_told: bool = True
    ) -> dict[str, models.BaseModel]:
        """Create what the settings say for those of `keys` that are not in the CRM.

        Return it by key.

        :param keys: canonical keys
        :param origin: the card from which they are written to
        :param is_told: say so on that card
        """
        made = {}
        for key in self._unknown(keys):
            row = self._claim(key)
            record = self._make(key, origin)
            row.write({"lead_id" if record._name == "crm.lead" else "partner_id": record.id})
            self._note(record, origin, is_told)
            made[key] = record
        return made

    @api.model
    def _make(self, key: str, origin):
        # The setting creates whether or not the sender may: who it was is kept on the record.
        origin_sudo = origin.sudo()
        company = origin_sudo._mail_get_companies()[origin.id]
        setting = (company or self.env.company.sudo()).recipient_unknown
        if setting == "lead" and self.env.user.has_group("crm.group_use_lead"):
            leads_sudo = self.env["crm.lead"].sudo().with_context(mail_create_nosubscribe=True)
            return leads_sudo.create(
                {
                    "name": key,
                    "email_from": key,
                    "type": "lead",
                    "user_id": self.env.uid,
                    "company_id": company.id,
                }
            )
        contacts_sudo = self.env["res.partner"].sudo()
        return contacts_sudo.create({"name": key, "email": key, "company_id": company.id})

    @api.model
    def _note(self, record, origin, is_told):
        """Say on both cards where the other one is; on that of `origin` only where `is_told`."""
        record._message_log(
            body=self.env._("Created by an e-mail sent from %s.", origin.sudo()._get_html_link())
        )
        if not is_told:
            return
        origin.sudo()._message_log(
            body=self.env._("%s was not in the CRM and has been created.", record._get_html_link())
        )
