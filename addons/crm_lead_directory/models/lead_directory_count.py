import logging

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..providers.counts import ARE_KEPT, FUNCTION, folded, noted

_logger = logging.getLogger(__name__)

#: Event -> how its trigger names the rows that have come, and those that have gone.
_EVENTS = {
    "insert": ("added", None),
    "update": ("added", "removed"),
    "delete": (None, "removed"),
}


def _triggers(verb: str) -> SQL:
    """Return what is done with the triggers of all events that change numbers."""
    names = (SQL.identifier(f"{FUNCTION}_{event}") for event in _EVENTS)
    return SQL(", ").join(SQL("%s TRIGGER %s", SQL(verb), name) for name in names)


class LeadDirectoryCount(models.Model):
    """How many companies do business; written by the database alone, see `providers.counts`."""

    _name = "lead.directory.count"
    _description = "Number of Directory Companies"
    _order = "id"
    _log_access = False

    # No key of datasets: what goes with one is counted when its row is gone already.
    dataset_id = fields.Integer(required=True, readonly=True)
    country_code = fields.Char(string="Country", required=True, readonly=True)
    state_code = fields.Char(string="State", required=True, readonly=True)
    industry = fields.Char(required=True, readonly=True)
    least_band = fields.Integer(string="Employees from Band", required=True, readonly=True)
    most_band = fields.Integer(string="Employees up to Band", required=True, readonly=True)
    number = fields.Integer(string="Companies", required=True, readonly=True)

    _search_index = models.Index("(industry, country_code, state_code)")

    def init(self):
        """Have a column of a type that the ORM does not know, and companies noted by triggers."""
        cr = self.env.cr
        cr.execute(
            "ALTER TABLE lead_directory_count"
            " ADD COLUMN IF NOT EXISTS earlier text[] NOT NULL DEFAULT '{}'"
        )
        before = self._noting()
        self._note_companies()
        if self._noting() != before:
            # Companies were there before, or were noted otherwise.
            self._count_all()

    @api.model
    def _noting(self):
        """Return what companies are noted by: a function's text and the number of its triggers.

        One that rests does not count.
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT function.prosrc, count(trigger.oid) FILTER (WHERE trigger.tgenabled <> 'D')
                  FROM pg_proc AS function LEFT JOIN pg_trigger AS trigger
                    ON trigger.tgfoid = function.oid
                 WHERE function.proname = %s
                   AND function.pronamespace = current_schema()::regnamespace
              GROUP BY function.oid
                """,
                FUNCTION,
            )
        )

    @api.model
    def _stop_noting(self):
        """Have the numbers rest until `_resume_noting`; meanwhile nobody is told any."""
        self.env.cr.execute(SQL("ALTER TABLE lead_directory_company %s", _triggers("DISABLE")))

    @api.model
    def _resume_noting(self):
        """Count all companies if the numbers rest, and have them noted from now on.

        Adding up what thousands of batches have noted would take many times as long.
        """
        cr = self.env.cr
        cr.execute(SQL("SELECT NOT %s", ARE_KEPT))
        if not cr.fetchone()[0]:
            return
        # Who writes companies is waited for, and what they have written is seen only by a
        # transaction that begins with that.
        self.env["ir.cron"]._commit_progress()
        cr.execute("LOCK TABLE lead_directory_company IN SHARE ROW EXCLUSIVE MODE")
        self._count_all()
        cr.execute(SQL("ALTER TABLE lead_directory_company %s", _triggers("ENABLE")))

    @api.model
    def _count_all(self):
        cr = self.env.cr
        cr.execute("DELETE FROM lead_directory_count")
        # Without knowing the table the planner would sort it; compiling takes longer than counting.
        cr.execute("SET LOCAL enable_sort = off; SET LOCAL jit = off")
        cr.execute(noted("lead_directory_company"))
        cr.execute("SET LOCAL enable_sort TO DEFAULT; SET LOCAL jit TO DEFAULT")

    @api.model
    def _fold(self, datasets=None):
        """Add up what has been appended, so that there is little to read.

        :param datasets: of which, all by default
        """
        cr = self.env.cr
        try:
            with cr.savepoint(flush=False):
                # Compiling takes longer than adding up.
                cr.execute("SET LOCAL jit = off")
                cr.execute(folded(None if datasets is None else datasets.ids), log_exceptions=False)
                # The planner must know them before they are read.
                cr.execute("ANALYZE lead_directory_count")
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.info("The numbers of companies are being added up by somebody else.")

    @api.autovacuum
    def _gc_parts(self):
        """Add up what users and small imports have appended."""
        self._fold()

    @api.model
    def _note_companies(self):
        """Have each statement note what it changes: no way of writing companies passes by."""
        cr = self.env.cr
        cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger AS $$
                BEGIN
                    IF TG_OP = 'INSERT' THEN %(insert)s;
                    ELSIF TG_OP = 'UPDATE' THEN %(update)s;
                    ELSIF TG_OP = 'DELETE' THEN %(delete)s;
                    ELSE DELETE FROM lead_directory_count;
                    END IF;
                    RETURN NULL;
                END $$ LANGUAGE plpgsql
                """,
                function=SQL.identifier(FUNCTION),
                **{event: noted(*tables) for event, tables in _EVENTS.items()},
            )
        )
        for event, tables in {**_EVENTS, "truncate": (None, None)}.items():
            named = [
                SQL("%s TABLE AS %s", SQL(when), SQL.identifier(table))
                for when, table in zip(("NEW", "OLD"), tables, strict=True)
                if table
            ]
            cr.execute(
                SQL(
                    """
                    DROP TRIGGER IF EXISTS %(name)s ON lead_directory_company;
                    CREATE TRIGGER %(name)s AFTER %(event)s ON lead_directory_company
                        %(named)s FOR EACH STATEMENT EXECUTE FUNCTION %(function)s()
                    """,
                    name=SQL.identifier(f"{FUNCTION}_{event}"),
                    event=SQL(event.upper()),
                    named=SQL("REFERENCING %s", SQL(" ").join(named)) if named else SQL(),
                    function=SQL.identifier(FUNCTION),
                )
            )
