from odoo import api, models

from ..mining.lead_mining_request_price import SERVICE


class IapAccount(models.Model):
    _inherit = "iap.account"

    def _credits_arrived(self):
        """Override of `crm_iap_credits` to go on with what lacked credits."""
        result = super()._credits_arrived()
        for account in self:
            if account.sudo().service_name == SERVICE:
                self.env["lead.mining.request"]._resume_waiting(account)
        return result

    def _count_stalled(self, since):
        """Override of `crm_iap_credits` to count requests that could go on."""
        count = super()._count_stalled(since)
        if self.sudo().service_name != SERVICE:
            return count
        return count + self.env["lead.mining.request"]._count_stalled(self, since)

    @api.model
    def _states_without_credits(self) -> dict[str, str]:
        """Return by model in which state something waits for credits; other addons add theirs."""
        return {"lead.mining.request": "waiting_credits"}

    @api.model
    def _get_waited_for(self):
        """Override of `crm_iap_credits` to name the accounts that requests wait for."""
        accounts_sudo = super()._get_waited_for()
        service_sudo = self.env["iap.service"]._get_kept_locally(SERVICE)
        company_ids = set()
        for model, state in self._states_without_credits().items():
            # Sudo: whoever adds credits does not read what they are spent on.
            waiting_sudo = self.env[model].sudo()
            groups = waiting_sudo._read_group([("state", "=", state)], ["company_id"])
            company_ids.update(company.id for (company,) in groups)
        if not service_sudo or not company_ids:
            return accounts_sudo
        balances_sudo = self.env["iap.credit.balance"].sudo().search(
            [("service_id", "=", service_sudo.id), ("company_id", "in", list(company_ids))]
        )  # fmt: skip
        return accounts_sudo | balances_sudo.account_id
