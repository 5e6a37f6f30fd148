from odoo import api, models

from odoo.addons.crm_iap_credits.tools.shown import shown

from ..mining.lead_mining_request_price import SERVICE


class FirstSteps(models.AbstractModel):
    _inherit = "first.steps"

    @api.model
    def _steps(self):
        """Extend `crm_common`: the credits that leads cost."""
        account_sudo = self.env["iap.account"]._get_local(SERVICE)
        credits = account_sudo.credits_available
        text = (
            self.env._("Credits that leads can be paid with: %s.", shown(self.env, credits))
            if credits
            else self.env._("A lead costs credits: put packs of them on sale, or grant some.")
        )
        return super()._steps() | {
            20: {
                "name": "credits",
                "title": self.env._("Credits"),
                "text": text,
                "is_done": bool(credits),
                "button": self.env._("See the Credits"),
                "action": {
                    "type": "ir.actions.act_url",
                    "url": account_sudo._get_local_credits_url(),
                    "target": "self",
                },
            }
        }
