from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from odoo.addons.crm_common.tools.settings import is_neutralized
from odoo.addons.crm_lead_mining.files.errors import FileError
from odoo.addons.crm_lead_mining.files.sentences import file_sentence

from ..registers.closed import CLOSED
from ..registers.parquet_rows import has_reader
from ..registers.protection import is_told_by_first_file
from ..registers.recipes import RECIPES
from ..tools.sizes import size_text

#: Targets that a card names, in this order: what tells one source from another.
TOLD = (
    "employees", "website", "phone", "email", "industry", "vat", "lei", "founded", "legal_form",
)  # fmt: skip
#: How many leads are proposed once a source's companies are there.
FIRST_LEADS = 25


class LeadDirectorySource(models.Model):
    """An open register whose companies may be had: a recipe, for all companies or for one.

    What the recipe says is not stored, but what one searches by. A country whose register is not
    open has a row as well, which tells why.
    """

    _name = "lead.directory.source"
    _description = "Source of Companies"
    _order = "sequence, name, company_id, id"

    code = fields.Char(string="Recipe", required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    publisher = fields.Char(readonly=True)
    sequence = fields.Integer(
        readonly=True, help="Registers that may be had come before countries without one."
    )
    country_ids = fields.Many2many("res.country", string="Countries", readonly=True)
    company_id = fields.Many2one(
        "res.company",
        readonly=True,
        index=True,
        ondelete="cascade",
        help="Whose leads are made of these companies. Empty for all companies of this database.",
    )
    dataset_id = fields.Many2one(
        "lead.directory.dataset", readonly=True, copy=False, index="btree_not_null"
    )
    import_id = fields.Many2one(
        "lead.directory.import", readonly=True, copy=False, index="btree_not_null"
    )
    mirror = fields.Char(
        groups="base.group_system",
        copy=False,
        help="Address of the file at another place than the publisher's: a public host, over TLS.",
    )

    only_country_ids = fields.Many2many(
        "res.country",
        "lead_directory_source_only_country_rel",
        string="Only Companies Of",
        copy=False,
        help="Countries whose companies are read of a register of all the world; none for all.",
    )

    brings = fields.Char(compute="_compute_recipe")
    companies = fields.Integer(compute="_compute_recipe", help="About how many there are.")
    download_size = fields.Char(compute="_compute_recipe")
    database_size = fields.Char(compute="_compute_recipe")
    rhythm = fields.Selection(
        [("daily", "Daily"), ("weekly", "Weekly"), ("monthly", "Monthly"), ("yearly", "Yearly")],
        string="New Edition",
        compute="_compute_recipe",
    )
    licence = fields.Char(compute="_compute_recipe")
    licence_url = fields.Char(string="Text of the Licence", compute="_compute_recipe")
    attribution = fields.Char(compute="_compute_recipe")
    terms = fields.Text(string="What May Not Be Done", compute="_compute_recipe")
    page = fields.Char(string="Publisher's Page", compute="_compute_recipe")
    is_by_hand = fields.Boolean(compute="_compute_recipe")
    takes_file = fields.Boolean(compute="_compute_recipe")
    is_of_many_countries = fields.Boolean(compute="_compute_recipe")
    lacks = fields.Char(
        string="Missing on the Server",
        compute="_compute_recipe",
        help="What this source's files cannot be read without.",
    )
    closed = fields.Char(
        string="No Open Register", compute="_compute_closed", help="Why, and what helps."
    )
    scope = fields.Char(string="Whose Companies", compute="_compute_scope")

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "This source is already in the gallery."
    )

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_recipe(self):
        column = self.env["lead.directory.import.column"]._fields["target"]
        labels = dict(column._description_selection(self.env))
        names = [name for name, field in self._fields.items() if field.compute == "_compute_recipe"]
        for source in self:
            recipe = RECIPES.get(source.code)
            if not recipe:
                source.update(dict.fromkeys(names, False))
                continue
            source.brings = ", ".join(labels[one] for one in TOLD if one in recipe.brings)
            source.companies = recipe.companies
            source.download_size = size_text(self.env, recipe.download_bytes)
            source.database_size = size_text(self.env, recipe.database_bytes)
            source.rhythm = recipe.rhythm
            source.licence = recipe.licence
            source.licence_url = recipe.licence_url
            source.attribution = recipe.attribution
            source.terms = recipe.terms and self.env._(recipe.terms)
            source.page = recipe.page
            source.is_by_hand = not recipe.files[0].url
            source.takes_file = is_told_by_first_file(recipe)
            source.is_of_many_countries = recipe.is_of_many_countries
            is_parquet = any(file.container == "parquet" for file in recipe.files)
            source.lacks = is_parquet and not has_reader() and self._lacking()

    @api.model
    def _lacking(self) -> str:
        return file_sentence(self.env, FileError("reader_missing", "duckdb"))

    @api.depends("code", "country_ids")
    @api.depends_context("lang")
    def _compute_closed(self):
        for source in self:
            why = CLOSED.get(source.code)
            source.closed = why and f"{self.env._(why)} {self._help(source.country_ids)}"

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_scope(self):
        for source in self:
            if source.company_id:
                source.scope = self.env._("For %s alone", source.company_id.name)
            else:
                source.scope = self.env._("For all companies of this database")

    @api.model
    def _sync(self):
        """Have a row of each recipe and of each country without one, and no others."""
        codes = [*RECIPES, *CLOSED]
        sources = self.search(Domain.TRUE)
        sources.filtered(lambda one: one.code not in codes).unlink()
        sources = sources.exists()
        shared = set(sources.filtered(lambda one: not one.company_id).mapped("code"))
        # Nobody has to be told of cards.
        silent = self.with_context(tracking_disable=True)
        silent.create([_values(self.env, code) for code in codes if code not in shared])
        for source in sources:
            source.write(_values(self.env, source.code))

    # === ACTIONS === #

    def action_get(self):
        """Queue the download; what an earlier one has left is gone on with."""
        self._check_may_get()
        self._check_reader()
        for source in self:
            if source.is_by_hand:
                raise UserError(
                    self.env._(
                        "%(publisher)s gives this file only to who asks: download it from its page,"
                        " then use the file.",
                        publisher=source.publisher,
                    )
                )
            source._check_state("new", "file", "done", "failed", "cancelled")
            if source.import_id and source._is_left_half_read():
                source.import_id.action_continue()
                continue
            # sudo: users only start a download; how far it is, the program tells.
            source.sudo().user_id = self.env.uid
            source.sudo()._queue()
        self._trigger_cron()
        return True

    def _queue(self):
        """Have it downloaded, in place of a file that was waited for."""
        for source in self:
            if source.state == "file":
                source.import_id.unlink()
        self.write(
            {
                "download_state": "queued",
                "failure": False,
                "import_id": False,
                "bytes_done": 0,
                "bytes_total": 0,
            }
        )
        self._trigger_cron()

    def action_use_file(self):
        """Open an import of a file that was downloaded by hand: no column has to be chosen."""
        self.ensure_one()
        self._check_may_get()
        self._check_reader()
        self._check_state("new", "file", "done", "failed", "cancelled")
        if not self.takes_file:
            raise UserError(
                self.env._("This register has several files, which only Get puts together.")
            )
        if self.state != "file":
            self_sudo = self.sudo()  # see `action_get`
            self_sudo.user_id = self.env.uid
            self_sudo.import_id = self_sudo._new_import()
            self_sudo.write({"download_state": "done", "failure": False})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Use a File"),
            "res_model": "lead.directory.import",
            "res_id": self.import_id.id,
            "view_mode": "form",
        }

    def action_cancel(self):
        """Stop; what was imported stays."""
        self._check_may_get()
        for source in self:
            source._check_state("queued", "downloading", "importing")
            if source.state == "importing":
                source.import_id.action_cancel()
            else:
                # sudo: see `action_get`.
                source.sudo().download_state = "cancelled"
        return True

    def action_apply_vanished(self):
        """Treat what the edition no longer has as its recipe says."""
        self._check_may_get()
        return self.import_id.action_apply_vanished()

    def action_keep_vanished(self):
        """Leave what the edition no longer has as it is."""
        self._check_may_get()
        return self.import_id.action_keep_vanished()

    def action_keep_apart(self):
        """Open the source for the current company alone."""
        self.ensure_one()
        self._check_may_get()
        company = self.env.company
        domain = Domain("code", "=", self.code) & Domain("company_id", "=", company.id)
        own = self.search(domain)
        if not own:
            # sudo: nobody makes up sources, or gives them to companies of others.
            own = self.sudo().create({**_values(self.env, self.code), "company_id": company.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": own.id,
            "view_mode": "form",
        }

    def action_view_companies(self):
        self.ensure_one()
        return self.dataset_id.action_view_companies()

    def action_generate_leads(self):
        """Open a request for leads of the source's countries."""
        self.ensure_one()
        action = self.env["crm.lead"].action_open_lead_mining()
        preset = {"default_country_ids": self.country_ids.ids, "default_lead_number": FIRST_LEADS}
        return {**action, "context": {**action["context"], **preset}}

    @api.model
    def _advice(self, countries) -> str:
        """Return what can be done about countries of which the directory has no company, if any."""
        # sudo: that there are companies at all is no secret to who mines them.
        companies_sudo = self.env["lead.directory.company"].sudo()
        datasets_sudo = companies_sudo.dataset_id._usable(self.env.company)
        for country in countries:
            own = Domain("dataset_id", "in", datasets_sudo.ids)
            if companies_sudo.search_count(
                own & Domain("country_code", "=", country.code), limit=1
            ):
                continue
            is_open = any(country.code in recipe.country_codes for recipe in RECIPES.values())
            if is_open and country.code not in CLOSED:
                return self.env._(
                    "The directory has no companies of %s yet: get them from their register.",
                    country.name,
                )
            none = self.env._("There is no source of companies for %s.", country.name)
            why = country.code in CLOSED and self.env._(CLOSED[country.code])
            return " ".join(filter(None, (none, why, self._help(country))))
        return ""

    @api.model
    def _help(self, countries) -> str:
        """Return what helps where a country has no open register."""
        codes = set(countries.mapped("code"))
        partly = [
            recipe.title
            for recipe in RECIPES.values()
            if not recipe.country_codes or codes.intersection(recipe.country_codes)
        ]
        return self.env._(
            "What helps: a list of your own or one that you buy, as a file; a provider; and for"
            " some of them %s.",
            ", ".join(partly),
        )

    def _check_may_get(self):
        """Refuse who has not the right, and copies of a database."""
        self.check_access("read")
        if not self.env.user.has_group("crm_lead_directory.group_lead_directory_source"):
            raise AccessError(self.env._("You may not get companies: ask an administrator."))
        for source in self:
            if source.closed:
                raise UserError(source.closed)
        if is_neutralized(self.env):
            raise UserError(self.env._("A neutralized copy of a database downloads nothing."))

    def _check_reader(self):
        """Refuse what this server could not read."""
        for source in self:
            if source.lacks:
                raise UserError(source.lacks)

    def _new_import(self):
        """Return a new import into the source's dataset."""
        self.ensure_one()
        recipe = RECIPES[self.code]
        if not self.dataset_id:
            self.dataset_id = self.env["lead.directory.dataset"].create(
                {
                    "name": self._free_name(),
                    "company_id": self.company_id.id,
                    "source": recipe.publisher,
                    "url": recipe.page,
                    "licence": recipe.licence,
                    "attribution": recipe.attribution,
                }
            )
        return self.env["lead.directory.import"].create(
            {
                "dataset_id": self.dataset_id.id,
                "recipe": self.code,
                "only_country_ids": [Command.set(self.only_country_ids.ids)],
                "user_id": self.user_id.id or self.env.uid,
            }
        )

    def _free_name(self):
        """Return a name that no other dataset of the same company has."""
        datasets = self.env["lead.directory.dataset"].with_context(active_test=False)
        taken = datasets.search([("company_id", "=", self.company_id.id)]).mapped("name")
        name, number = self.name, 1
        while name in taken:
            number += 1
            name = f"{self.name} ({number})"
        return name


def _values(env, code):
    """Return what is stored of a recipe."""
    recipe = RECIPES.get(code)
    codes = list(recipe.country_codes) if recipe else [code]
    countries = env["res.country"].search([("code", "in", codes)])
    return {
        "code": code,
        "name": recipe.title if recipe else countries.name,
        "publisher": recipe and recipe.publisher,
        "sequence": 10 if recipe else 20,
        "country_ids": [Command.set(countries.ids)],
    }
