from odoo import api, models


class LeadMiningKnown(models.AbstractModel):
    _inherit = "lead.mining.known"

    @api.model
    def _keys_of_known_groups(self, company, before=None):
        """Extend `crm_lead_mining` by the groups that the datasets tell, if the settings say so."""
        # sudo: which groups there are is no secret of those whose companies they keep away.
        datasets_sudo = self.env["lead.directory.dataset"].sudo()
        own = super()._keys_of_known_groups(company, before)
        return own | datasets_sudo._groups(company, before).known(datasets_sudo._ask_groups)
