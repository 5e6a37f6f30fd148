import logging

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from ..providers.counts import folded, noted

_logger = logging.getLogger(__name__)

#: Event -> how its trigger names the rows that have come, and those that have gone.
_EVENTS = {
    "insert": ("added", None),
    "update": ("added", "removed"),
    "delete": (None, "removed"),
}
_FUNCTION = "lead_directory_company_count"


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
        """Have a column of a type that the ORM does not know."""
        self.env.cr.execute(
            "ALTER TABLE lead_directory_count"
            " ADD COLUMN IF NOT EXISTS earlier text[] NOT NULL DEFAULT '{}'"
        )

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
        except psycopg2.errors.SerializationFailure:
            _logger.info("The numbers of companies are being added up by somebody else.")

    @api.autovacuum
    def _gc_parts(self):
        """Add up what users and small imports have appended."""
        self._fold()


class LeadDirectoryCompany(models.Model):
    """Companies, whose number the database keeps: no way of writing them passes by."""

    _inherit = "lead.directory.company"  # pylint: disable=consider-merging-classes-inherited

    def init(self):
        """Have each statement note what it changes of the number of companies."""
        result = super().init()
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
                function=SQL.identifier(_FUNCTION),
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
                    name=SQL.identifier(f"{_FUNCTION}_{event}"),
                    event=SQL(event.upper()),
                    named=SQL("REFERENCING %s", SQL(" ").join(named)) if named else SQL(),
                    function=SQL.identifier(_FUNCTION),
                )
            )
        return result
