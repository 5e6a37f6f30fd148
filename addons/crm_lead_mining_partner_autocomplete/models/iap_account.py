from odoo import api, models

from .iap_autocomplete_api import PAID_BY


class IapAccount(models.Model):
    _inherit = "iap.account"

    @api.model
    def get_credits_url(self, service_name, account_token=None):
        """Override of `iap`: suggestions are paid with the credits of lead generation here."""
        is_ours = service_name == "partner_autocomplete" and not account_token
        if is_ours and self.env["iap.service"]._get_kept_locally(PAID_BY):
            service_name = PAID_BY
        return super().get_credits_url(service_name, account_token=account_token)
