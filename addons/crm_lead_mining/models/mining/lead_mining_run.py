import uuid
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ...exceptions import LeaseLost

STATES = [
    ("draft", "Draft"),
    ("waiting", "Waiting for Credits"),
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
    _log_access = False

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
    credits_captured = fields.Integer(string="Cost", readonly=True, help="Credits paid so far.")
    credits_missing = fields.Integer(readonly=True)

    provider_notes = fields.Json(
        readonly=True,
        groups="base.group_system",
        help="Of each provider that is not asked any more: why, and whether it failed.",
    )

    queued_at = fields.Datetime(readonly=True)
    started_at = fields.Datetime(readonly=True)
    finished_at = fields.Datetime(readonly=True)
    resume_at = fields.Datetime(
        string="Goes On", readonly=True, help="A provider asks to wait until then."
    )

    # The key of everything that is paid for this request: it never changes.
    run_key = fields.Char(
        default=lambda self: uuid.uuid4().hex, readonly=True, groups="base.group_system"
    )
    attempt = fields.Integer(default=1, readonly=True, groups="base.group_system")
    hold_token = fields.Char(readonly=True, groups="base.group_system")
    hold_credits = fields.Integer(readonly=True, groups="base.group_system")
    lease_token = fields.Char(readonly=True, groups="base.group_system")
    lease_expires_at = fields.Datetime(readonly=True, groups="base.group_system")

    _claim_idx = models.Index("(queued_at, id) WHERE state IN ('queued', 'running')")

    # === LEASE === #

    def _claim(self, seconds: int) -> str | None:
        """Take the oldest run that waits, or whose lane is gone.

        :param seconds: how long the lease lasts unless it is renewed
        :return: the run (empty when there is none) with the lease's token
        """
        token = uuid.uuid4().hex
        self.env.cr.execute(
            SQL(
                """
                UPDATE lead_mining_run
                   SET state = 'running',
                       lease_token = %(token)s,
                       lease_expires_at = timezone('UTC', clock_timestamp()) + %(lease)s,
                       started_at = COALESCE(started_at, timezone('UTC', clock_timestamp()))
                 WHERE id = (
                        SELECT id FROM lead_mining_run
                         WHERE state = 'queued'
                           AND (resume_at IS NULL
                                OR resume_at <= timezone('UTC', clock_timestamp()))
                            OR state = 'running'
                               AND lease_expires_at < timezone('UTC', clock_timestamp())
                         ORDER BY queued_at, id
                         LIMIT 1
                           FOR UPDATE SKIP LOCKED)
                RETURNING id
                """,
                token=token,
                lease=timedelta(seconds=seconds),
            ),
            # Another lane may have just taken it: no error.
            log_exceptions=False,
        )
        row = self.env.cr.fetchone()
        self.invalidate_model()
        return self.browse(row and row[0]), token

    def _renew(self, token: str, seconds: int, **changes: object) -> None:
        """Prolong the lease and write the progress, in the transaction of the work itself.

        :raise LeaseLost: if the lease is another's by now
        """
        self.ensure_one()
        self.flush_recordset()
        sets = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), value) for name, value in changes.items()
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE lead_mining_run
                   SET lease_expires_at = timezone('UTC', clock_timestamp()) + %s%s%s
                 WHERE id = %s AND lease_token = %s AND state = 'running'
                """,
                timedelta(seconds=seconds),
                SQL(", ") if changes else SQL(),
                sets,
                self.id,
                token,
            )
        )
        if not self.env.cr.rowcount:
            raise LeaseLost(self.id)
        self.invalidate_recordset()
