from odoo import api, models
from odoo.exceptions import UserError


class LeadMiningProvider(models.Model):
    _inherit = "lead.mining.provider"  # pylint: disable=consider-merging-classes-inherited

    @api.ondelete(at_uninstall=True)
    def _unlink_except_named(self):
        """Keep what results name. At an uninstallation the database would log its own refusal."""
        # Sudo: no result is overlooked.
        results_sudo = self.env["lead.mining.result"].sudo()
        named = results_sudo._read_group([("provider_id", "in", self.ids)], ["provider_id"])
        if named:
            names = ", ".join(provider.name for (provider,) in named)
            raise UserError(
                self.env._("%s has delivered results, which name it. Archive it instead.", names)
            )

    @api.model
    def _is_asked(self):
        return super()._is_asked() or self.env["lead.mining.request"]._is_on()
