from odoo import api, models
from odoo.fields import Domain
from odoo.tools.misc import formatLang
from odoo.tools.sql import escape_psql

from odoo.addons.crm_common.tools.mailboxes import spellings_of

from ..tools import addresses, emails

#: Leads of one sender that are compared with a new e-mail's subject.
MAX_COMPARED = 100


class CrmLead(models.Model):
    _inherit = "crm.lead"
    _mail_plugin_named = "name"
    _mail_plugin_shown = ("company_currency", "expected_revenue", "name", "probability")

    _mail_plugin_email_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")

    @api.model
    def _form_view_auto_fill(self) -> dict:
        """Open an empty lead of the contact named in the URL, for the first add-ins.

        :return: the window action
        """
        partner_id = self.env.context.get("params", {}).get("partner_id")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "view_mode": "form",
            "context": {"default_partner_id": partner_id},
        }

    def _mail_plugin_address_domain(self, address):
        """Override: leads have the address as it is compared."""
        return Domain("email_normalized", "in", spellings_of(address))

    @api.private
    def mail_plugin_get_or_create(self, partner, email: emails.Email):
        """Return the lead of an e-mail, made when there is none, with the e-mail logged on it.

        An open lead that has this e-mail is the one, or an open one of the same sender that the
        e-mail is a reply to. A closed one is followed by a new one.

        :param partner: a `res.partner`, the sender, none for an e-mail of the user's own
        :param email: the e-mail
        """
        subject = emails.plain_subject(email.subject)
        lead, closed = self._mail_plugin_earlier(partner, email, subject)
        if not lead:
            self.env["mail.plugin.claim"].take("lead", partner.id, emails.bare_subject(subject))
            lead = self.with_company(partner.company_id).create(
                self._mail_plugin_values(partner, subject)
            )
            lead.mail_plugin_follow(closed)
        return lead.mail_plugin_take(email)

    @api.private
    def mail_plugin_row(self) -> dict:
        """Override: with the revenue that is expected, in words."""
        amount = formatLang(self.env, self.expected_revenue, currency_obj=self.company_currency)
        words = self.env._("%(amount)s at %(chance)s%%", amount=amount, chance=self.probability)
        return {**super().mail_plugin_row(), "revenues_description": words}

    @api.private
    def mail_plugin_search_domain(self, term: str) -> Domain:
        """Override: leads are also found by their sender."""
        names = ("name", "partner_name", "contact_name", "email_from")
        return Domain.OR(Domain(name, "ilike", term) for name in names)

    def _mail_plugin_is_closed(self):
        return super()._mail_plugin_is_closed() or self.won_status != "pending"

    def _mail_plugin_earlier(self, partner, email, subject):
        """Return the open lead that an e-mail belongs to and the closed one that it follows."""
        family = Domain("partner_id", "=", False)
        if partner:
            own = partner.commercial_partner_id
            family = Domain("partner_id.commercial_partner_id", "=", own.id)
        lead, closed = self.mail_plugin_earlier(email, family)
        bare = emails.bare_subject(subject)
        if lead or not bare or not emails.is_reply(subject):
            return lead, closed
        if not partner or addresses.is_unread(partner.email_normalized or ""):
            return lead, closed
        found = self.with_context(active_test=False).search(
            [("partner_id", "=", partner.id), ("name", "=ilike", f"%{escape_psql(bare)}")],
            order="id desc",
            limit=MAX_COMPARED,
        )
        thread = found.with_env(self.env).filtered(
            lambda lead: emails.bare_subject(lead.name) == bare
        )
        ended = thread.filtered(lambda lead: lead._mail_plugin_is_closed())
        return (thread - ended)[:1], closed or ended[:1]

    def _mail_plugin_nameless(self, partner):
        if not partner:
            return self.env._("Opportunity of an e-mail")
        return self.env._("Opportunity of %s", partner.display_name)

    def _mail_plugin_values(self, partner, subject):
        values = {
            "name": subject or self._mail_plugin_nameless(partner),
            "partner_id": partner.id,
        }
        if self._is_rule_based_assignment_activated():
            # Whose it is, the teams' rules say.
            values |= {"user_id": False, "team_id": False}
        return values
