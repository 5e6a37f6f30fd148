"""What is shown while no e-mail is open."""

from odoo import fields
from odoo.fields import Domain
from odoo.http import request
from odoo.tools.misc import formatLang

from ..tools import cards

PIPELINE_ROWS = 5


class Homepage:
    """Part of the add-on's controller: the user's own pipeline."""

    def _gmail_homepage(self, pane):
        sections = [self._gmail_search_section(pane)]
        if self._can_create_leads():
            sections.insert(0, self._gmail_pipeline(pane))
        return self._gmail_card(pane, "Odoo", request.env.user.name, sections=sections)

    def _gmail_pipeline(self, pane):
        """Return the user's open opportunities: how many, worth what, and those that close next."""
        leads = request.env["crm.lead"]
        mine = (
            Domain("user_id", "=", request.env.uid)
            & Domain("type", "=", "opportunity")
            & Domain("won_status", "=", "pending")
        )
        company, today = request.env.company, fields.Date.context_today(leads)
        currency, count, revenue = company.currency_id, 0, 0.0
        for owner, number, amount in leads._read_group(
            mine, ["company_id"], ["__count", "expected_revenue:sum"]
        ):
            count += number
            theirs = owner.currency_id or currency
            revenue += theirs._convert(amount, currency, company, today)
        rows = leads.search(
            mine, order="date_deadline, expected_revenue desc, id", limit=PIPELINE_ROWS
        )
        total = formatLang(request.env, revenue, currency_obj=currency)
        label = request.env._("Expected revenue")
        widgets = [cards.Line(total, label=label, icon="payments")] if count else []
        widgets += [self._gmail_row(pane, leads, row, set()) for row in rows.mail_plugin_rows()]
        if not widgets:
            widgets = [cards.Paragraph(request.env._("You have no open opportunity."))]
        return cards.Section(tuple(widgets), request.env._("My Pipeline (%s)", count))
