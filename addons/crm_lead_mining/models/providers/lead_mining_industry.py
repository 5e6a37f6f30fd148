from odoo import api, fields, models, tools

from ...company import industry_words


class LeadMiningIndustry(models.Model):
    """NACE Rev. 2 sections and divisions, the classification that requests and providers use."""

    _name = "lead.mining.industry"
    _description = "Industry (NACE Rev. 2)"
    _inherit = ["lead.mining.vocabulary"]
    _order = "section, code_length, code"
    _rec_names_search = ["name", "code"]
    _words_table = industry_words.TABLE

    code = fields.Char(required=True, readonly=True)
    code_length = fields.Integer(compute="_compute_code_length", store=True)
    name = fields.Char(required=True, translate=True)
    parent_id = fields.Many2one(
        "lead.mining.industry", string="Section", index=True, ondelete="cascade", readonly=True
    )
    section = fields.Char(string="Section Code", compute="_compute_section", store=True)
    child_ids = fields.One2many("lead.mining.industry", "parent_id", string="Divisions")
    industry_id = fields.Many2one(
        "res.partner.industry",
        string="Contact's Industry",
        help="Industry of the contacts and leads that are created from companies in this industry.",
        ondelete="set null",
    )

    _code_unique = models.Constraint("UNIQUE(code)", "An industry with this code already exists.")

    @api.depends("code")
    def _compute_code_length(self):
        for industry in self:
            industry.code_length = len(industry.code or "")

    @api.depends("code", "parent_id.code")
    def _compute_section(self):
        for industry in self:
            industry.section = industry.parent_id.code or industry.code

    @api.depends("code", "name")
    def _compute_display_name(self):
        for industry in self:
            industry.display_name = f"{industry.code} {industry.name}"

    @api.model
    def _likelier(self, term):
        """Extend: what files mean by the word, of which the table has an order."""
        return (industry_words.find(term),)

    @api.model
    def _load_records(self, data_list, update=False):
        """Override: what a manager has changed of an industry outlives updates of the addon."""
        data_list = [{**data, "noupdate": True} for data in data_list]
        return super()._load_records(data_list, update=update)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        industries = super().create(vals_list)
        self.env.registry.clear_cache()
        return industries

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"code", "name"}:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """Extend `base`, whose dialog of translations does not write."""
        result = super()._update_field_translations(field_name, translations, digest, source_lang)
        self.env.registry.clear_cache()
        return result

    # === BY CODE === #

    @api.model
    @tools.ormcache("self.env.lang")
    def _names(self) -> dict[str, str]:
        """Return {code: name in the user's language} of all, which hardly ever change."""
        # Sudo: the names of industries are no secret.
        return {one.code: one.name for one in self.sudo().search_fetch([], ["code", "name"])}

    @api.model
    def _by_code(self, codes):
        """Return {code: industry} for the NACE sections and divisions that exist.

        :param codes: iterable of codes as in `providers.nace.CODES`
        """
        industries = self.search_fetch([("code", "in", list(codes))], ["code", "name"])
        return {industry.code: industry for industry in industries}
