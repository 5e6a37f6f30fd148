from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..providers.directory import Dataset, DirectoryProvider
from ..providers.groups import Groups
from ..tools.settings import Settings


class LeadDirectoryDataset(models.Model):
    """A collection of companies with one source, one licence and one version."""

    _name = "lead.directory.dataset"
    _inherit = ["iap.company.mixin"]
    _description = "Company Dataset"
    _order = "sequence, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Leave empty to share the dataset with all companies.",
    )
    version = fields.Char(
        string="Edition", help="The publisher's name for the edition, for instance its date."
    )
    source = fields.Char(help="Who publishes the data.")
    url = fields.Char(string="URL", help="Where the data were taken from.")
    licence = fields.Char(help="The licence or contract under which the data may be used.")
    attribution = fields.Char(
        help="What the licence asks to be shown where the data are: with companies and in exports."
    )
    imported_on = fields.Date(readonly=True, copy=False)
    import_ids = fields.One2many("lead.directory.import", "dataset_id", string="Imports")
    # A count of millions of rows is too slow for a form: the last import tells it.
    companies_count = fields.Integer(string="Companies", readonly=True, copy=False)

    _name_unique = models.UniqueIndex(
        "(name, COALESCE(company_id, 0))", "A dataset with this name already exists."
    )

    def unlink(self):
        """Have companies do business again that were merged into those of the dataset."""
        Company = self.env["lead.directory.company"]
        of_these = SQL("company.dataset_id = ANY(%s)", self.ids)
        self.env["lead.directory.merge"]._forget_sources(of_these)
        result = super().unlink()
        Company._revive(SQL("TRUE"))
        # sudo: see `LeadDirectoryCompany._delete_where`.
        self.env["lead.directory.relation"].sudo()._forget_by_hand()
        return result

    def action_view_companies(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lead_directory.lead_directory_company_action"
        )
        return {**action, "domain": [("dataset_id", "=", self.id)]}

    def action_import(self):
        """Open a new import into this dataset."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Companies"),
            "res_model": "lead.directory.import",
            "view_mode": "form",
            "context": {"default_dataset_id": self.id},
        }

    @api.model
    def _directory_provider(self, company=None, known: SQL | None = None) -> DirectoryProvider:
        """Return the directory's adapter over the datasets that a company may use.

        :param company: a `res.company`, the current one by default
        :param known: see `DirectoryProvider`
        """
        company = company or self.env.company
        rows = self._asked_of(company)
        usable = [dataset for dataset, is_active, *_more in rows if is_active]
        return DirectoryProvider(
            self.env.cr,
            usable,
            known=known,
            heeded=[dataset.id for dataset, *_more, any_ended in rows if any_ended],
            groups=self.browse(dataset.id for dataset in usable)._to_groups(
                company,
                self.env.context.get("known_before"),
                any(is_active and tells for _dataset, is_active, tells, _any_ended in rows),
            ),
        )

    @api.model
    def _asked_of(self, company) -> list[tuple[Dataset, bool, bool, bool]]:
        """Return what the adapter must know of the datasets that a company heeds, in their order.

        By SQL, as each preview asks it: one turn to the database for three. It is asked each time,
        so that who is protected from now on is so for every process at once.

        :return: (dataset, whether it is searched, whether it tells of groups, whether any dataset
            tells of companies that have ended)
        """
        self.flush_model()
        self.env["lead.directory.relation"].flush_model(["dataset_id"])
        self.env["lead.directory.ended"].flush_model(["key"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, name, coalesce(version, ''), coalesce(licence, ''), coalesce(url, ''),
                       imported_on, active,
                       EXISTS (SELECT FROM lead_directory_relation AS relation
                                WHERE relation.dataset_id = dataset.id),
                       EXISTS (SELECT FROM lead_directory_ended)
                  FROM lead_directory_dataset AS dataset
                 WHERE company_id IS NULL OR company_id = %s
              ORDER BY sequence, id
                """,
                company.id or None,
            )
        )
        return [(Dataset(*row[:6]), *row[6:]) for row in rows]

    @api.model
    def _groups(self, company, before=None) -> Groups:
        """Return what is known of groups of companies.

        :param company: the `res.company` whose datasets tell of them, and whose customers count
        :param before: see `Groups`
        """
        usable = self._usable(company)
        self.env["lead.directory.relation"].flush_model(["dataset_id"])
        has_any = "SELECT EXISTS (SELECT FROM lead_directory_relation WHERE dataset_id = ANY(%s))"
        tells = self.env.execute_query(SQL(has_any, usable.ids))[0][0]
        return usable._to_groups(company, before, tells)

    def _to_groups(self, company, before, tells: bool) -> Groups:
        """Return what these datasets tell of groups of companies; see `_groups`.

        :param tells: whether any does: without a relation there is no group
        """
        # It is asked by SQL.
        self.env["lead.mining.identity"]._flush_known()
        self.env["lead.directory.relation"].flush_model()
        return Groups(
            self.ids if tells else (),
            company.id,
            Settings.of(self.env).known_groups,
            before,
            self.env["lead.directory.merge"]._handles(self),
        )

    @api.model
    def _ask_groups(self, statement: SQL) -> list[tuple]:
        """Return the rows of a statement of `Groups`."""
        # A recursive query is believed to have billions of rows: compiling it takes a second.
        self.env.cr.execute("SET LOCAL jit = off")
        return self.env.execute_query(statement)

    @api.model
    def _usable(self, company):
        """Return the datasets in which a company finds companies, the first one to ask first."""
        return self._heeded(company).filtered("active")

    @api.model
    def _heeded(self, company):
        """Return the datasets whose companies that have ended a company mines by no way.

        Also archived ones: what they tell of a protection is not over with that.
        """
        return self.with_context(active_test=False).search_fetch(
            Domain("company_id", "in", [False, company.id]), ["active"], order="sequence, id"
        )

    def _update_companies_count(self):
        for dataset in self:
            dataset.companies_count = self.env["lead.directory.company"].search_count(
                [("dataset_id", "=", dataset.id)]
            )
