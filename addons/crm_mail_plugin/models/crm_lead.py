from odoo import api, models
from odoo.fields import Domain
from odoo.tools import html2plaintext
from odoo.tools.misc import formatLang

from ..tools import emails

#: Open leads of one sender that are compared with a new e-mail's subject.
MAX_COMPARED = 100


class CrmLead(models.Model):
    _inherit = "crm.lead"

    _mail_plugin_email_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")

    @api.model
    def _form_view_auto_fill(self):
        """Open an empty lead of the contact named in the URL, for the first add-ins.

        :return: the window action
        :rtype: dict
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
        return Domain("email_normalized", "=", address)

    @api.private
    def mail_plugin_get_or_create(self, partner, email: emails.Email):
        """Return the lead of an e-mail, made when there is none, with the e-mail logged on it.

        A lead that has this e-mail, or an open one of the same sender and subject, is the one.

        :param res.partner partner: the sender
        :param email: the e-mail
        """
        subject = " ".join(html2plaintext(email.subject).split())
        lead = self._mail_plugin_find(partner, email, subject)
        if not lead:
            self.env["mail.plugin.claim"].take("lead", partner.id, emails.bare_subject(subject))
            lead = self.with_company(partner.company_id).create(
                self._mail_plugin_values(partner, subject)
            )
        return lead.mail_plugin_take(email)

    @api.private
    def mail_plugin_row(self) -> dict:
        """Override: with the revenue that is expected, in words."""
        amount = formatLang(self.env, self.expected_revenue, currency_obj=self.company_currency)
        words = self.env._("%(amount)s at %(chance)s%%", amount=amount, chance=self.probability)
        return {**super().mail_plugin_row(), "name": self.name, "revenues_description": words}

    @api.private
    def mail_plugin_search_domain(self, term: str) -> Domain:
        """Override: leads are also found by their sender."""
        names = ("name", "partner_name", "contact_name", "email_from")
        return Domain.OR(Domain(name, "ilike", term) for name in names)

    def _mail_plugin_find(self, partner, email, subject):
        family = partner.commercial_partner_id
        for lead in self.mail_plugin_find_logged(email.key):
            if lead.partner_id.commercial_partner_id == family:
                return lead
        bare = emails.bare_subject(subject)
        open_leads = self.search(
            [("partner_id", "=", partner.id), ("won_status", "=", "pending")], limit=MAX_COMPARED
        )
        return open_leads.filtered(lambda lead: bare and emails.bare_subject(lead.name) == bare)[:1]

    def _mail_plugin_values(self, partner, subject):
        values = {
            "name": subject or self.env._("Opportunity of %s", partner.display_name),
            "partner_id": partner.id,
        }
        if self._is_rule_based_assignment_activated():
            # Whose it is, the teams' rules say.
            values |= {"user_id": False, "team_id": False}
        return values
