from odoo import api, fields, models

_SETTINGS = (
    "recipient_policy",
    "recipient_any_address",
    "recipient_unknown",
    "recipient_log_days",
)


class MailRecipientSettings(models.TransientModel):
    """The settings of outgoing e-mail for an employee who is no system administrator."""

    _name = "mail.recipient.settings"
    _description = "Outgoing E-mail Settings"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    recipient_policy = fields.Boolean("Restrict E-mail Recipients")
    recipient_any_address = fields.Boolean("Allow Sending E-mails to Any Address")
    recipient_unknown = fields.Selection(
        [("lead", "Lead"), ("contact", "Contact")],
        "For Unknown Addresses, Create",
        required=True,
        default="lead",
    )
    recipient_log_days = fields.Integer("Keep the Recipient Log (Days)")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        values.update({name: self.env.company[name] for name in _SETTINGS if name in fields_list})
        return values

    def action_apply(self):
        """Write the settings of the current company."""
        self.ensure_one()
        # Whoever holds the group of this wizard may change these four fields and nothing else.
        company_sudo = self.env.company.sudo()
        changed = {name: self[name] for name in _SETTINGS if self[name] != company_sudo[name]}
        if changed:
            company_sudo.write(changed)
        return {"type": "ir.actions.client", "tag": "reload"}
