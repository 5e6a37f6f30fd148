import uuid

from odoo import api, fields, models
from odoo.tools import SQL

from .lead_lease_mixin import NOW

STATES = [
    ("draft", "Draft"),
    ("waiting_credits", "Waiting for Credits"),
    ("queued", "Queued"),
    ("running", "Running"),
    ("done", "Done"),
    ("partial", "Partly Done"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
OPEN_STATES = ("queued", "running")


class LeadMiningRun(models.Model):
    """Progress of a request: what the worker writes, and nobody else.

    A row of its own, so that a user who edits the request and the lane that works on it never
    wait for each other. The request shows these fields as its own.
    """

    _name = "lead.mining.run"
    _description = "Lead Mining Progress"
    _inherit = ["lead.lease.mixin"]
    _log_access = False
    _lease_order = "queued_at, id"
    _lease_since = "queued_at"

    state = fields.Selection(STATES, default="draft", required=True, readonly=True, index=True)
    failure = fields.Selection(
        [
            ("credits", "Not enough credits"),
            ("budget", "Budget"),
            ("no_result", "No result"),
            ("provider", "Provider"),
            ("unexpected", "Unexpected"),
        ],
        readonly=True,
    )
    message = fields.Text(string="Outcome", readonly=True)

    lead_count_wanted = fields.Integer(readonly=True)
    created_count = fields.Integer(string="Leads", readonly=True)
    contact_count = fields.Integer(string="Contacts", readonly=True)
    duplicate_count = fields.Integer(string="Already Known", readonly=True)
    linked_count = fields.Integer(string="Linked", readonly=True)
    updated_count = fields.Integer(string="Updated", readonly=True)
    skipped_count = fields.Integer(string="Skipped", readonly=True)
    invalid_count = fields.Integer(string="Unusable", readonly=True)
    failed_count = fields.Integer(string="Not Saved", readonly=True)
    credits_captured = fields.Integer(string="Cost", readonly=True, help="Credits spent so far.")
    credits_missing = fields.Integer(readonly=True)

    provider_notes = fields.Json(
        readonly=True,
        groups="base.group_system",
        help="For each provider that is no longer asked: why, and whether it failed.",
    )

    queued_at = fields.Datetime(string="Queued On", readonly=True)
    started_at = fields.Datetime(string="Started On", readonly=True)
    finished_at = fields.Datetime(string="Finished On", readonly=True)
    resume_at = fields.Datetime(
        string="Continues On", readonly=True, help="A provider asks to wait until then."
    )

    # The key of everything that is paid for this request: it never changes.
    run_key = fields.Char(
        default=lambda self: uuid.uuid4().hex, readonly=True, groups="base.group_system"
    )
    attempt = fields.Integer(default=1, readonly=True, groups="base.group_system")
    hold_token = fields.Char(readonly=True, groups="base.group_system")
    hold_credits = fields.Integer(readonly=True, groups="base.group_system")

    _claim_idx = models.Index("(queued_at, id) WHERE state IN ('queued', 'running')")

    # === LEASE === #

    @api.model
    def _due_condition(self):
        return SQL("resume_at IS NULL OR resume_at <= %s", NOW)

    @api.model
    def _lease_changes(self):
        return SQL(", started_at = COALESCE(started_at, %s)", NOW)
