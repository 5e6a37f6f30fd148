from odoo import fields, models


class IapServerToken(models.Model):
    """By what a client is known: one token for each service that its database has an account of."""

    _name = "iap.server.token"
    _description = "Token of a Client Database"
    _order = "id"
    _rec_name = "service_name"

    client_id = fields.Many2one(
        "iap.server.client", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="client_id.company_id")
    service_name = fields.Char(
        string="Service", readonly=True, help="Technical name of the service in the client."
    )
    # Neither the token nor what stands in links; see tools/tokens.py.
    key = fields.Char(required=True, readonly=True, groups="base.group_system")

    _unique_key = models.Constraint("UNIQUE(key)", "This token is already a client's.")
