from functools import partial

from odoo import api, fields, models
from odoo.tools import formatLang

from ...company.classes import revenue_class, size_class
from ...company.lead_values import employees_text
from ...company.states import odoo_spellings, state_key
from ...company.types import Company


class CompanyProfileMixin(models.AbstractModel):
    """What is known of a company beside its address, on leads and on contacts.

    Employees and revenue are kept as they were published, and as a class to filter and group by.
    """

    _name = "company.profile.mixin"
    _description = "Company Profile"

    company_employees = fields.Integer(
        string="Number of Employees",
        aggregator="avg",
        help="Number of employees, or the lower end of the range when only that is known.",
    )
    company_employees_range = fields.Char(
        string="Size", help="Range of the number of employees, as it was published."
    )
    company_size_class = fields.Selection(
        [
            ("micro", "1-9 employees"),
            ("small", "10-49 employees"),
            ("medium", "50-249 employees"),
            ("large", "250-999 employees"),
            ("very_large", "1,000 employees or more"),
        ],
        string="Size Class",
        compute="_compute_company_size_class",
        store=True,
    )
    company_industry_id = fields.Many2one(
        "lead.mining.industry", string="Industry (NACE)", index="btree_not_null"
    )
    company_lei = fields.Char(
        string="LEI", index="btree_not_null", help="Legal entity identifier (ISO 17442)."
    )
    company_legal_form = fields.Char(string="Legal Form", help="As the register words it.")
    company_part_of = fields.Char(
        string="Part of", help="The group that the company belongs to: its ultimate parent."
    )
    company_founded = fields.Integer(string="Founded", aggregator=None)
    company_revenue = fields.Char(
        string="Revenue", help="A year's revenue with its currency, as it was published."
    )
    company_revenue_class = fields.Selection(
        [
            ("to_2", "Below 2 million"),
            ("from_2", "2 to 10 million"),
            ("from_10", "10 to 50 million"),
            ("from_50", "50 to 250 million"),
            ("from_250", "250 million to 1 billion"),
            ("from_1000", "1 billion or more"),
        ],
        string="Revenue Class",
        compute="_compute_company_revenue_class",
        store=True,
        help="In the currency of the revenue, if that is of the same order of magnitude as the "
        "euro.",
    )
    company_timezone = fields.Char(string="Time Zone")
    company_technology_ids = fields.Many2many("lead.mining.technology", string="Technologies")
    company_linkedin = fields.Char(string="LinkedIn")
    company_x = fields.Char(string="X")
    company_facebook = fields.Char(string="Facebook")
    company_instagram = fields.Char(string="Instagram")
    company_youtube = fields.Char(string="YouTube")
    company_github = fields.Char(string="GitHub")

    @api.depends("company_employees")
    def _compute_company_size_class(self):
        for record in self:
            record.company_size_class = size_class(record.company_employees) or False

    @api.depends("company_revenue")
    def _compute_company_revenue_class(self):
        for record in self:
            record.company_revenue_class = revenue_class(record.company_revenue) or False

    @api.model
    def _company_profile_fields(self) -> set[str]:
        """Fields of the profile that are not computed."""
        own = self.env["company.profile.mixin"]._fields
        return {n for n, f in own.items() if n.startswith("company_") and not f.compute}

    def _company_profile_values(self) -> dict:
        """Return the profile as values for another record."""
        self.ensure_one()
        names = sorted(name for name in self._company_profile_fields() if self[name])
        return self._convert_to_write({name: self[name] for name in names})

    # === COMPANIES OF PROVIDERS === #

    @api.model
    def _mined_records(self, companies: list[Company]) -> dict:
        """Look up, once for the whole batch, the records that companies name by code."""
        countries = self.env["res.country"].search(
            [("code", "in", list({company.country_code for company in companies}))]
        )
        spellings = {
            code for c in companies for code in odoo_spellings(c.country_code, c.state_code)
        }
        states = self.env["res.country.state"].search(
            [
                ("country_id", "in", countries.ids),
                ("code", "in", list(spellings)),
            ]
        )
        # Of those that are there once for each language the one without it.
        by_key = {
            (state.country_id.code, state_key(state.country_id.code, state.code)): state
            for state in states.sorted(lambda state: -len(state.code))
        }
        industries = self.env["lead.mining.industry"].search(
            [("code", "in", list({code for c in companies for code in c.industries}))]
        )
        return {
            "countries": {country.code: country for country in countries},
            "states": {
                (c.country_code, c.state_code): by_key.get(
                    (c.country_code, state_key(c.country_code, c.state_code))
                )
                for c in companies
            },
            "industries": {industry.code: industry for industry in industries},
            "languages": {
                code: self.env["res.lang"]._get_data(code=code).id
                for code, _name in self.env["res.lang"].get_installed()
            },
            "technologies": self.env["lead.mining.technology"]._for_names(
                {name for company in companies for name in company.technologies}
            ),
        }

    @api.model
    def _render_company_card(self, company: Company, records: dict, **details):
        """Return the note that tells about a company.

        :param records: of :meth:`_mined_records`
        :param details: what else `company_card` shows: headline, logo, changes, hint
        """
        industries = [records["industries"].get(code) for code in company.industries]
        return self.env["ir.qweb"]._render(
            "crm_lead_mining.company_card",
            {
                "company": company,
                "employees": employees_text(company, partial(formatLang, self.env, digits=0)),
                "industries": [industry.name for industry in industries if industry],
                "origin": self.env["lead.mining.provider"]._origin_of(company.provenance),
                **dict.fromkeys(("headline", "logo", "changes", "hint")),
                **details,
            },
            minimal_qcontext=True,
        )
