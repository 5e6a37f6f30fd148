import re
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company.alike import RECORD, Place, is_record
from odoo.addons.crm_lead_mining.company.names import has_legal_form


class LeadDirectoryCompany(models.Model):
    """Companies of which only the name and the place are known: proposed for merging."""

    _inherit = "lead.directory.company"  # pylint: disable=consider-merging-classes-inherited

    is_unidentified = fields.Boolean(
        string="Without Identity",
        compute="_compute_is_unidentified",
        search="_search_is_unidentified",
        help="Only the name and the place of the company are known.",
    )
    alike_ids = fields.Many2many(
        "lead.directory.company",
        string="May Be",
        compute="_compute_alike_ids",
        search="_search_alike_ids",
        help="Companies with an identity that have the same name and place.",
    )

    mark = fields.Selection(
        [("unidentified", "Without Identity"), ("alike", "May Be Another")],
        string="Remark",
        compute="_compute_mark",
    )

    _unidentified_index = models.Index(f"(id) WHERE identity LIKE '{RECORD}%'")

    @api.depends("identity")
    def _compute_is_unidentified(self):
        for company in self:
            company.is_unidentified = is_record(company.identity or "")

    @api.depends("is_unidentified", "alike_ids", "status")
    def _compute_mark(self):
        for company in self:
            is_marked = company.is_unidentified and company.status != "merged"
            company.mark = is_marked and ("alike" if company.alike_ids else "unidentified")

    @api.model
    def _search_is_unidentified(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("identity", "=like", f"{RECORD}%")

    @api.depends("identity", "name", "country_code", "zip", "city", "status")
    def _compute_alike_ids(self):
        found = self.filtered(lambda one: one.is_unidentified and not one.status)._find_alike()
        for company in self:
            company.alike_ids = found.get(company.id, ())

    @api.model
    def _search_alike_ids(self, operator, value):
        if operator not in ("in", "not in") or set(value) != {False}:
            return NotImplemented
        unidentified = self.search([("is_unidentified", "=", True), ("status", "=", False)])
        return Domain(
            "id", "in" if operator == "not in" else "not in", [*unidentified._find_alike()]
        )

    def _find_alike(self) -> dict[int, list[int]]:
        """Return id -> ids of those with an identity that may be the same company.

        One query, with a look-up in the index of names for each. What one company of the database
        has for itself is not proposed for what all share.
        """
        places = {one.id: Place.of(one.name, one.country_code, one.zip, one.city) for one in self}
        owners = {one.id: one.dataset_id.company_id for one in self}
        datasets = self.env["lead.directory.dataset"]
        usable = datasets._usable(self.env.company) if self else datasets
        rows = self.env.execute_query(
            SQL(
                """
                SELECT asked.id, known.id, known.dataset_id,
                       known.name, known.country_code, known.zip, known.city
                  FROM unnest(%s::int[], %s::text[], %s::text[]) AS asked (id, country, pattern)
            CROSS JOIN LATERAL (
                    SELECT * FROM lead_directory_company AS known
                     WHERE known.name ILIKE asked.pattern
                       AND known.country_code = asked.country
                       AND known.identity NOT LIKE %s AND known.status IS NULL
                       AND known.dataset_id = ANY(%s)
                       ) AS known
                 ORDER BY asked.id, known.id
                """,
                [one.id for one in self],
                [one.country_code for one in self],
                [_pattern(one.name) for one in self],
                f"{RECORD}%",
                usable.ids,
            )
        )
        found = defaultdict(list)
        for id_, known_id, dataset_id, *cells in rows:
            is_as_shared = datasets.browse(dataset_id).company_id <= owners[id_]
            if is_as_shared and places[id_].may_be(Place.of(*cells)):
                found[id_].append(known_id)
        return found

    def action_merge_alike(self):
        """Merge the company without identity that the form shows into this one."""
        self.ensure_one()
        other = self.browse(self.env.context.get("merged_company_id")).exists()
        (self | other).check_access("unlink")
        if not other.is_unidentified or other.status or self not in other.alike_ids:
            raise UserError(self.env._("These two cannot be merged: look at them again."))
        self.env["lead.directory.merge"]._merge(self, other)
        return self.get_formview_action()


def _pattern(name: str) -> str:
    """Return a pattern that all spellings of a name fit: its longest word, in any accents.

    Not one of the legal form, which other spellings leave out and half of the companies have.
    """
    words = re.findall(r"\w+", name or "_")
    telling = [word for word in words if not has_legal_form(f"x {word}")]
    word = max(telling or words, key=len, default="_")
    return f"%{re.sub(r'[^A-Za-z0-9]', '_', word)}%"
