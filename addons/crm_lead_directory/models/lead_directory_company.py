import logging
from functools import partial

import psycopg2

from odoo import api, fields, models
from odoo.tools import formatLang, sql

from ..providers.conditions import GAPS

_logger = logging.getLogger(__name__)

#: The `company.status.STATUSES`, as users read them.
ENDED = [
    ("ceased", "Ceased"),
    ("insolvent", "Insolvent or in Liquidation"),
    ("protected", "Protected from Advertising"),
]


class LeadDirectoryCompany(models.Model):
    """A company that can be found; written only by imports, with SQL, millions at a time."""

    _name = "lead.directory.company"
    _description = "Directory Company"
    _order = "id"
    _log_access = False

    dataset_id = fields.Many2one("lead.directory.dataset", required=True, ondelete="cascade")
    attribution = fields.Char(related="dataset_id.attribution")
    identity = fields.Char(
        required=True,
        readonly=True,
        help="What identifies the company: its registration number, LEI, VAT number or domain;"
        " without any of them its name and place, in its dataset alone.",
    )
    name = fields.Char(required=True, index="trigram")
    registry = fields.Char(string="Register")
    registry_id = fields.Char(string="Registration Number")
    lei = fields.Char(string="LEI")
    status = fields.Selection(
        [*ENDED, ("merged", "Merged into Another")],
        help="Such a company is not found any more. Empty for one that does business.",
    )
    vanished_on = fields.Date(
        string="No Longer There Since",
        readonly=True,
        help="When an edition of the register had the company no more.",
    )
    vat = fields.Char(string="VAT Number")
    legal_form = fields.Char()
    domain = fields.Char()
    website = fields.Char()
    street = fields.Char()
    street2 = fields.Char()
    city = fields.Char()
    zip = fields.Char(string="ZIP")
    state_code = fields.Char(string="State")
    country_code = fields.Char(string="Country", required=True)
    phone = fields.Char()
    emails = fields.Char(string="Email")
    employees = fields.Integer(string="Employees (Exact)")
    employees_min = fields.Integer(string="Employees (Minimum)")
    employees_max = fields.Integer(string="Employees (Maximum)")
    industry = fields.Char(string="Main Industry", help="NACE Rev. 2 section or division.")
    industries = fields.Char(help="All NACE Rev. 2 sections and divisions of the company.")
    industry_codes = fields.Char(
        help="The codes as the source has them, each with its classification and edition.",
    )
    founded = fields.Integer(string="Founded in")
    revenue = fields.Char()
    revenue_class = fields.Char(help="What the revenue is searched by; the importer tells it.")
    description = fields.Text()
    logo_url = fields.Char(string="Logo URL")
    technologies = fields.Char()
    timezone = fields.Char(string="Time Zone")
    linkedin = fields.Char(string="LinkedIn")
    facebook = fields.Char()
    twitter = fields.Char(string="X")
    industry_id = fields.Many2one("lead.mining.industry", compute="_compute_industry_id")
    size = fields.Char(string="Employees", compute="_compute_size")
    signal_ids = fields.One2many(
        "lead.directory.signal", "directory_company_id", string="What Is New", readonly=True
    )
    contact_ids = fields.One2many("lead.directory.contact", "directory_company_id")

    _identity_unique = models.Constraint(
        "UNIQUE(dataset_id, identity)", "The dataset already has this company."
    )
    # The order of the search: a range of the index for each country, number of gaps and industry.
    _search_index = models.Index(f"(country_code, ({GAPS.code}), industry, id)")
    _size_index = models.Index("(country_code, industry, employees_min)")
    _technology_index = models.Index(
        "USING gin (string_to_array(lower(technologies), ', ')) WHERE technologies IS NOT NULL"
    )
    # Companies that are in several industries are found by each.
    _industries_index = models.Index(
        "USING gin (string_to_array(industries, ',')) WHERE strpos(industries, ',') > 0"
    )
    _domain_index = models.Index("(domain) WHERE domain IS NOT NULL")
    _vat_index = models.Index("(vat) WHERE vat IS NOT NULL")
    _lei_index = models.Index("(lei) WHERE lei IS NOT NULL")

    @api.depends("industry")
    def _compute_industry_id(self):
        industries = self.env["lead.mining.industry"]._by_code(set(self.mapped("industry")))
        for company in self:
            company.industry_id = industries.get(company.industry)

    @api.depends("employees", "employees_min", "employees_max")
    @api.depends_context("lang")
    def _compute_size(self):
        written = partial(formatLang, self.env, digits=0)
        for company in self:
            company.size = _size(company, written)

    @api.model
    def _prepare_bulk_load(self) -> bool:
        """Drop what can be had once at the end for a fraction of the time, if nothing is there yet.

        These are the indexes that only searches need, the numbers of companies, and the check of
        each row that its dataset exists. Who stores companies meanwhile has locked an import of the
        dataset, which cannot be deleted therefore.

        :return: whether they were dropped; until `_complete_bulk_load`, searches are slow, and how
            many companies there are is not told exactly
        """
        if self.search_count([], limit=1):
            return False
        cr = self.env.cr
        try:
            with cr.savepoint(flush=False):
                # Nobody has to wait behind us while we wait for a long search.
                cr.execute("SET LOCAL lock_timeout = '1s'", log_exceptions=False)
                for name in self._search_index_names():
                    sql.drop_index(cr, name, self._table)
                for name in sql.get_foreign_keys(cr, *self._dataset_key()):
                    sql.drop_constraint(cr, self._table, name)
                self.env["lead.directory.count"]._stop_noting()
        except psycopg2.errors.LockNotAvailable:
            _logger.info("The directory is in use: the import keeps its indexes up to date.")
            return False
        return True

    @api.model
    def _complete_bulk_load(self) -> bool:
        """Create what is missing of indexes, of the key of datasets and of the numbers.

        Each is committed: of many companies all together may take longer than Odoo lets a cron run.

        :return: whether all is there; if not, the cron's time is over
        """
        cr, cron = self.env.cr, self.env["ir.cron"]
        for name, build in self._bulk_load_parts():
            if sql.index_exists(cr, name):
                continue
            build()
            if not cron._commit_progress():
                return False
        if not sql.get_foreign_keys(cr, *self._dataset_key()):
            self._delete_orphans()
            sql.add_foreign_key(cr, *self._dataset_key())
        self.env["lead.directory.count"]._resume_noting()
        return True

    @api.model
    def _bulk_load_parts(self):
        """Yield the name of each index that only searches need, and what builds it."""
        for field in self._fields.values():
            if field.store and field.index and (field.index != "trigram" or self.pool.has_trigram):
                name = sql.make_index_name(self._table, field.name)
                yield name, lambda: self.pool.check_indexes(self.env.cr, [self._name])
        for index in self._search_indexes():
            yield index.full_name(self), lambda index=index: index.apply_to_database(self)

    @api.model
    def _dataset_key(self):
        """Return the foreign key to datasets, as `odoo.tools.sql` wants it."""
        field = self._fields["dataset_id"]
        dataset_table = self.env[field.comodel_name]._table
        return self._table, field.name, dataset_table, "id", field.ondelete

    @api.model
    def _delete_orphans(self):
        """Delete companies whose dataset was deleted while there was no key to do it."""
        self.env.cr.execute(
            """
            DELETE FROM lead_directory_company AS company
             WHERE NOT EXISTS (
                   SELECT FROM lead_directory_dataset AS dataset
                    WHERE dataset.id = company.dataset_id)
            """
        )

    @api.model
    def _search_indexes(self):
        return [
            one
            for one in self._table_objects.values()
            if isinstance(one, models.Index) and not one.unique
        ]

    @api.model
    def _search_index_names(self):
        """Return the names of the indexes declared here; those that somebody added stay."""
        return [name for name, _build in self._bulk_load_parts()]


def _size(company, written):
    """Return "51-200", "10,001+", the exact number or, when unknown, nothing.

    :param written: how the reader's language writes a number
    """
    if company.employees or not (company.employees_min or company.employees_max):
        return written(company.employees) if company.employees else False
    least = written(company.employees_min)
    return f"{least}-{written(company.employees_max)}" if company.employees_max else f"{least}+"
