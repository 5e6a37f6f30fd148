"""What this addon keeps of persons beside their cards, see `person.data.mixin`."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import escape_psql


class MailPluginClaim(models.Model):
    """A claim names the sender or the subject that something was made for, for a day."""

    _name = "mail.plugin.claim"
    _inherit = ["mail.plugin.claim", "person.data.mixin"]

    _person_columns = ("key",)

    def _person_candidates(self, traces, names):
        done = self.env["mail.plugin.setup"]._is_done()
        return super()._person_candidates(traces, names) if done else self.browse()

    def _person_erase(self, traces):
        self.unlink()


class MailPluginLog(models.Model):
    """E-mails that were logged from an add-in: they are told, and stay, as correspondence does."""

    _name = "mail.plugin.log"
    _inherit = ["mail.plugin.log", "person.data.mixin"]

    #: Where a message tells of a person.
    _message_columns = ("email_from", "incoming_email_to", "incoming_email_cc", "subject", "body")

    @api.model
    def _person_label(self):
        return self.env._("E-mails logged from a mailbox")

    @api.model
    def _person_find(self, traces, companies):
        if not self.env["mail.plugin.setup"]._is_done():
            return self.browse()
        searched = [[email] for email in traces.emails]
        searched += [name.replace(",", " ").split() for name in traces.whole_names]
        told = [
            Domain.AND(Domain(column, "ilike", escape_psql(word)) for word in words)
            for words in searched
            for column in self._message_columns
        ]
        found = self.search(Domain("message_id", "any", Domain.OR(told))) if told else self.browse()
        return found.filtered(
            lambda log: traces.holds(log._told()) and log._person_company().id in companies
        )

    def _told(self) -> dict:
        """Return the e-mail's values."""
        self.ensure_one()
        return {name: self.message_id[name] or "" for name in self._message_columns}

    def _person_company(self):
        message = self.message_id
        record = self.env[message.model].browse(message.res_id).exists() if message.model else None
        if record and "company_id" in record._fields:
            return record.company_id
        return self.env["res.company"]

    def _person_title(self):
        return self.message_id.record_name or self.message_id.subject or ""

    def _person_data(self, traces):
        message = self.message_id
        return {
            "subject": message.subject,
            "email_from": message.email_from,
            "date": fields.Datetime.to_string(message.date),
        }

    def _person_erase(self, traces):
        """Leave it: what was exchanged is kept, and this row says only which e-mail it is."""
