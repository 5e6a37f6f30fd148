from odoo import models

from odoo.addons.crm_iap_credits.tools.budgets import Verdict
from odoo.addons.crm_iap_credits.tools.ledger import Document

from ...providers.base import COUNT_LIMIT
from ...tools.pricing import highest_price
from ...tools.settings import Settings

SERVICE = "reveal"
#: Who may generate leads.
GROUP = "crm_lead_mining.group_lead_mining_user"


class LeadMiningRequest(models.Model):
    """What a request may ask for and cost, who pays, and what budgets say to it."""

    _inherit = "lead.mining.request"  # pylint: disable=consider-merging-classes-inherited

    def _highest_price(self, leads: int | None = None, providers=None) -> int:
        """Return the most that so many leads, or the missing ones, can cost at any provider.

        :param providers: what `_paid_providers` returns, of who has asked it already
        """
        leads = self.lead_number - self._filled_count() if leads is None else leads
        return max(
            (
                highest_price(provider._prices(), max(leads, 0), self._contacts_per_company())
                for provider in self._paid_providers(providers)
            ),
            default=0,
        )

    def _lowest_price(self, leads: int, providers=None) -> int:
        """Return what so many leads cost at least: without contacts, at the cheapest provider."""
        prices = [provider._prices().of(leads) for provider in self._paid_providers(providers)]
        return min(prices, default=0)

    def _affordable(self, count: int | None, balance: int, providers=None) -> int:
        """Return how many leads so many credits allow, at most as many as may be asked for.

        :param count: how many there are, None where that is not known
        """
        most = Settings.of(self.env).limits.leads
        if count is not None and count <= COUNT_LIMIT:
            most = min(most, count)
        price = self._highest_price(1, providers)
        return min(most, balance // price) if price else most

    def _paid_providers(self, providers=None):
        """Return the providers whose companies this request may still deliver.

        Those of stored answers are among them, even if they are not in use any more.

        :param providers: themselves, of who has asked already
        """
        if providers is not None:
            return providers
        # Sudo: answers are hidden from users, and only their providers are looked at.
        answers_sudo = self.env["lead.mining.answer"].sudo()
        stored_sudo = answers_sudo.search([("request_id", "in", self.ids)]).provider_id
        return self._providers() | stored_sudo.sudo(False)

    def _filled_count(self) -> int:
        """Return how many of the leads asked for are there, new or brought up to date."""
        return self.created_count + self.updated_count

    def _account_sudo(self):
        company = self.company_id or self.env.company
        return self.env["iap.account"]._get_local(SERVICE, company=company)

    def _credits_available(self) -> int:
        return self._account_sudo().credits_available

    def _credits_url(self) -> str:
        company = self.company_id or self.env.company
        return self.env["iap.account"].with_company(company).get_credits_url(service_name=SERVICE)

    def _missing_credits(self) -> int:
        """Tell at once what cannot be paid; the worker's hold decides in the end."""
        return max(0, self._highest_price() - self._credits_available())

    def _check_budgets(self):
        """Refuse at once what a budget does not allow; the worker's hold decides in the end."""
        self.env["iap.credit.budget"]._refuse(self._judge_budgets(self._account_sudo()))

    def _judge_budgets(self, account_sudo, providers=None) -> list[Verdict]:
        """Ask the budgets about the most that the rest of the request can cost."""
        price = self._highest_price(providers=providers)
        if not price:
            return []
        # Who made the request spends, whoever starts it.
        budgets = self.env["iap.credit.budget"].with_user(self.create_uid or self.env.user)
        return budgets._judge(
            account_sudo,
            price,
            document=Document(self._name, self._origin.id or None, team_id=self.team_id.id),
        )
