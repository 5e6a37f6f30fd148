from odoo import api, fields, models
from odoo.fields import Domain

from ..importer.columns import TARGETS
from ..importer.headers import normalise_header
from .lead_directory_import import ROWS_ARE


class LeadDirectoryHeader(models.Model):
    """What an administrator has said that columns of a name are, for the files that follow."""

    _name = "lead.directory.header"
    _description = "Remembered Column"
    _inherit = ["iap.company.mixin", "person.data.mixin"]
    _order = "header, id"
    _rec_name = "header"

    _person_columns = ("header", "key")  # a row may have been taken for a header

    header = fields.Char(string="Column of the File", required=True, readonly=True)
    key = fields.Char(required=True, readonly=True, help="The name without accents and signs.")
    rows_are = fields.Selection(ROWS_ARE, string="Rows", required=True, readonly=True)
    target = fields.Selection(
        list(TARGETS.items()), string="Imported as", help="Empty: the column is left out."
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, index=True, help="Empty: for files of shared datasets."
    )

    _key_unique = models.UniqueIndex(
        "(key, rows_are, COALESCE(company_id, 0))", "The column is remembered already."
    )

    @api.model
    def _targets(self, company, of_persons: bool) -> dict[str, str]:
        """Return normalised header -> target, "" for what is left out, of a dataset's company."""
        rows_are = "persons" if of_persons else "companies"
        found = self.search_fetch(
            Domain("rows_are", "=", rows_are) & Domain("company_id", "in", [False, company.id]),
            ["key", "target", "company_id"],
        )
        # A company's own choice comes after, and so before, the shared one.
        found = found.sorted(lambda one: bool(one.company_id))
        return {one.key: one.target or "" for one in found}

    @api.model
    def _remember(self, company, rows_are: str, columns) -> None:
        """Keep what was chosen otherwise than it was recognised; forget what no longer is.

        :param company: of the dataset, or none
        :param columns: `lead.directory.import.column`
        """
        columns = {
            key: one for one in columns if one.header and (key := normalise_header(one.header))
        }
        of_rows = Domain("rows_are", "=", rows_are) & Domain("company_id", "=", company.id)
        known = {one.key: one for one in self.search(of_rows & Domain("key", "in", list(columns)))}
        for key, column in columns.items():
            if key in known:
                if column.target == column.guessed:
                    known[key].unlink()
                elif known[key].target != column.target:
                    known[key].target = column.target
        self.create(
            [
                {
                    "header": column.header,
                    "key": key,
                    "rows_are": rows_are,
                    "target": column.target,
                    "company_id": company.id,
                }
                for key, column in columns.items()
                if key not in known and column.target != column.guessed
            ]
        )

    def _person_erase(self, traces):
        self.unlink()
