from odoo import fields, models


class LeadMiningCancellation(models.Model):
    """The wish to stop a request: a row that only the user writes and only the worker reads."""

    _name = "lead.mining.cancellation"
    _description = "Lead Mining Cancellation"

    request_id = fields.Many2one("lead.mining.request", required=True, ondelete="cascade")

    _request_uniq = models.Constraint(
        "UNIQUE(request_id)", "This request is already being cancelled."
    )
