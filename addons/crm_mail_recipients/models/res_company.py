from odoo import api, fields, models, tools

from ..tools.policy import ANY, REGISTERED

# Read in the settings and by whoever asks for one of them: each message fetches companies without.
_TOGETHER = "recipient settings"
_SETTINGS = {"recipient_policy", "recipient_any_address", "active"}


class ResCompany(models.Model):
    _inherit = "res.company"

    recipient_policy = fields.Boolean(
        "Restrict E-mail Recipients",
        prefetch=_TOGETHER,
        help="Send e-mail from a CRM card only to the addresses registered on it or on the "
        "contacts and companies linked to it.",
    )
    recipient_any_address = fields.Boolean(
        "Allow Sending E-mails to Any Address",
        prefetch=_TOGETHER,
        help="Offer the registered addresses first, and let employees and new addresses be added.",
    )
    recipient_unknown = fields.Selection(
        [("lead", "Lead"), ("contact", "Contact")],
        "For Unknown Addresses, Create",
        prefetch=_TOGETHER,
        default="lead",
        required=True,
        help="What to create when an e-mail is sent to an address that is not in the CRM.",
    )
    recipient_log_days = fields.Integer(
        "Keep the Recipient Log (Days)",
        prefetch=_TOGETHER,
        default=365,
        help="Older lines of the recipient log are deleted. 0 keeps all.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        if any(_SETTINGS & vals.keys() for vals in vals_list):
            self.env.registry.clear_cache()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if _SETTINGS & vals.keys():
            self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache()
    def _recipient_modes(self) -> dict[int, str]:
        """Return the mode of each company with the policy on, by id."""
        # Which companies restrict recipients is no secret, and must not depend on who asks.
        companies_sudo = self.sudo().search([("recipient_policy", "=", True)])
        return {c.id: ANY if c.recipient_any_address else REGISTERED for c in companies_sudo}

    def _recipient_mode(self) -> str | None:
        """Return the mode of a record that belongs to this company, None where the policy is off.

        A record without company is shared: the strictest mode of all holds, whoever acts.
        """
        modes = self._recipient_modes()
        if self:
            return modes.get(self.id)
        return REGISTERED if REGISTERED in modes.values() else ANY if modes else None
