from odoo import api, models
from odoo.exceptions import UserError


class UtmCampaign(models.Model):
    _inherit = "utm.campaign"

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_it_has_spent(self):
        # Sudo: what was spent counts, whoever may see it.
        if (
            self.env["iap.credit.hold"]
            .sudo()
            .search_count([("campaign_id", "in", self.ids)], limit=1)
        ):
            raise UserError(
                self.env._(
                    "Credits were spent for this campaign, and the ledger names it: archive it "
                    "instead."
                )
            )
