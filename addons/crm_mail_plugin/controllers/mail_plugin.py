from odoo.http import request
from odoo.tools.misc import formatLang

from odoo.addons.mail_plugin.controllers import mail_plugin


class MailPluginController(mail_plugin.MailPluginController):
    """Leads in what the add-ins are told about a contact."""

    def _get_contact_data(self, partner):
        contact_data = super()._get_contact_data(partner)
        if self._can_create_leads():
            contact_data["leads"] = self._fetch_partner_leads(partner) if partner else []
        return contact_data

    def _fetch_partner_leads(self, partner, limit=5, offset=0):
        """Return the leads of a contact as the add-ins read them.

        :param res.partner partner: the contact
        :param int limit: the most leads to return
        :param int offset: how many to leave out
        :return: one dict per lead: lead_id, name, expected_revenue (formatted), probability, and
            recurring_revenue (formatted) and recurring_plan where those are in use
        :rtype: list[dict]
        """
        leads = request.env["crm.lead"].search(
            [("partner_id", "=", partner.id)], limit=limit, offset=offset
        )
        with_recurring = request.env.user.has_group("crm.group_use_recurring_revenues")
        return [self._prepare_lead_values(lead, with_recurring) for lead in leads]

    def _prepare_lead_values(self, lead, with_recurring):
        currency = lead.company_currency
        values = {
            "lead_id": lead.id,
            "name": lead.name,
            "expected_revenue": formatLang(
                request.env, lead.expected_revenue, currency_obj=currency
            ),
            "probability": lead.probability,
        }
        if with_recurring:
            values["recurring_revenue"] = formatLang(
                request.env, lead.recurring_revenue, currency_obj=currency
            )
            values["recurring_plan"] = lead.recurring_plan.name
        return values

    def _mail_content_logging_models_whitelist(self):
        models = super()._mail_content_logging_models_whitelist()
        return [*models, "crm.lead"] if self._can_create_leads() else models

    def _translation_modules_whitelist(self):
        modules = super()._translation_modules_whitelist()
        return [*modules, "crm_mail_plugin"] if self._can_create_leads() else modules

    def _can_create_leads(self):
        """Say whether the section of leads exists for the user; without, it is hidden."""
        return request.env["crm.lead"].has_access("create")
