"""What is shown while no e-mail is open."""

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
        [[count, revenue]] = leads._read_group(mine, [], ["__count", "expected_revenue:sum"])
        rows = leads.search(
            mine, order="date_deadline, expected_revenue desc, id", limit=PIPELINE_ROWS
        )
        currency = request.env.company.currency_id
        amount = formatLang(request.env, revenue or 0, currency_obj=currency)
        label = request.env._("Expected revenue")
        widgets = [cards.Line(amount, label=label, icon="payments")] if count else []
        widgets += [self._gmail_row(pane, leads, row, set()) for row in rows.mail_plugin_rows()]
        if not widgets:
            widgets = [cards.Paragraph(request.env._("You have no open opportunity."))]
        return cards.Section(tuple(widgets), request.env._("My Pipeline (%s)", count))
