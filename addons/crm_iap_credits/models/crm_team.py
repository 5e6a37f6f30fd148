from odoo import api, models
from odoo.exceptions import UserError


class CrmTeam(models.Model):
    _inherit = "crm.team"

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_it_has_spent(self):
        # Sudo: what was spent counts, whoever may see it.
        if self.env["iap.credit.hold"].sudo().search_count([("team_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "This sales team has spent credits, and the ledger names it: archive it "
                    "instead."
                )
            )
