from odoo import api, fields, models
from odoo.tools import SQL

#: Companies that are written in one transaction.
PART = 20_000


def _array(numbers) -> str:
    """Return numbers as PostgreSQL writes an array of them."""
    return f"{{{','.join(map(str, numbers))}}}"


class LeadDirectoryEditionPart(models.Model):
    """Some of the companies that an import has found in its file, or has found no more.

    A row holds thousands of ids, as one for each company would take longer than the file.
    """

    _name = "lead.directory.edition.part"
    _description = "Companies of an Edition"
    _order = "id"
    _log_access = False

    import_id = fields.Many2one(
        "lead.directory.import", required=True, readonly=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [
            ("written", "Written"),
            ("seen", "In the File"),
            ("vanished", "No Longer There"),
            ("marked", "Marked"),
            ("rows", "As They Are in the File"),
        ],
        required=True,
        readonly=True,
    )

    def init(self):
        """Have columns of types that the ORM does not know."""
        self.env.cr.execute(
            "ALTER TABLE lead_directory_edition_part"
            " ADD COLUMN IF NOT EXISTS ids int4[] NOT NULL DEFAULT '{}',"
            " ADD COLUMN IF NOT EXISTS marks int8[] NOT NULL DEFAULT '{}'"
        )

    def _count(self) -> int:
        """Return how many companies there are in all of these."""
        query = SQL(
            "SELECT coalesce(sum(cardinality(ids)), 0) FROM lead_directory_edition_part"
            " WHERE id = ANY(%s)",
            self.ids,
        )
        return self.env.execute_query(query)[0][0]

    def _company_ids(self) -> list[int]:
        """Return the companies of one part."""
        self.ensure_one()
        query = SQL("SELECT ids FROM lead_directory_edition_part WHERE id = %s", self.id)
        return self.env.execute_query(query)[0][0]

    def _read_again_ids(self) -> frozenset[int]:
        """Return the companies of which a row is read, whatever marks there are of them."""
        query = SQL(
            "SELECT unnest(ids) FROM lead_directory_edition_part"
            " WHERE id = ANY(%s) AND marks = '{}'",
            self.ids,
        )
        return frozenset(one for (one,) in self.env.execute_query(query))

    @api.model
    def _read_again(self, company_ids) -> None:
        """Have the rows of companies be read by the next edition, even if they are as they were."""
        if company_ids:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO lead_directory_edition_part (import_id, kind, ids)
                    SELECT edition.id, 'rows', array_agg(company.id)
                      FROM lead_directory_company AS company
                      JOIN lead_directory_import AS edition
                        ON edition.dataset_id = company.dataset_id
                     WHERE company.id = ANY(%s)
                       AND EXISTS (SELECT FROM lead_directory_edition_part AS part
                                    WHERE part.import_id = edition.id AND part.kind = 'rows')
                  GROUP BY edition.id
                    """,
                    list(company_ids),
                )
            )

    @api.model
    def _note(self, record, kind: str, ids, marks=()) -> None:
        """Add companies to those of an import.

        :param marks: of the rows that they have, none of those that are read again
        """
        if ids:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO lead_directory_edition_part (import_id, kind, ids, marks)"
                    " VALUES (%s, %s, %s, %s)",
                    record.id,
                    kind,
                    # PostgreSQL reads a text many times as fast as an array of so many values.
                    _array(ids),
                    _array(marks),
                )
            )

    @api.model
    def _note_vanished(self, record, told=None) -> tuple[int, int]:
        """Find which companies of the dataset were there before, and are not in the whole file.

        Where it was read for some countries alone, it says nothing of those of others.

        :param told: identities of whom the file tells that they are gone, None where it has all
            others
        :return: how many they are, and how many were there and did business
        """
        codes = record.only_country_ids.mapped("code")
        are_there = SQL("company.status IS NULL")
        is_told = SQL("TRUE")
        if told is not None:
            is_told = SQL("company.identity = ANY(%s)", list(told))
        if record._policy() == "deleted":  # so is what is in the table for a merge alone
            are_there = SQL("(%s OR company.status = 'merged')", are_there)
        self.env.cr.execute(
            SQL(
                """
                WITH seen AS (
                    SELECT unnest(ids) AS id
                      FROM lead_directory_edition_part
                     WHERE import_id = %(import_id)s AND kind IN ('written', 'seen')
                ), known AS MATERIALIZED (
                    SELECT company.id, %(is_told)s AS is_told
                      FROM lead_directory_company AS company
                     WHERE company.dataset_id = %(dataset_id)s AND company.id <= %(newest)s
                       AND %(is_there)s AND company.vanished_on IS NULL
                       AND %(is_asked)s
                ), gone AS MATERIALIZED (
                    SELECT id, (row_number() OVER (ORDER BY id) - 1) / %(part)s AS part
                      FROM known
                     WHERE is_told AND NOT EXISTS (SELECT FROM seen WHERE seen.id = known.id)
                ), noted AS (
                    INSERT INTO lead_directory_edition_part (import_id, kind, ids)
                    SELECT %(import_id)s, 'vanished', array_agg(id) FROM gone GROUP BY part
                )
                SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM known)
                """,
                import_id=record.id,
                dataset_id=record.dataset_id.id,
                newest=record.newest_before,
                is_there=are_there,
                is_asked=SQL("company.country_code = ANY(%s)", codes) if codes else SQL("TRUE"),
                is_told=is_told,
                part=PART,
            )
        )
        return self.env.cr.fetchone()
