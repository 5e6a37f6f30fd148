from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...company.roles import SENIORITIES
from ...company.types import REACH, CompanyQuery
from ...company.unwanted import MOST as MOST_UNWANTED
from ...company.unwanted import lines_of, read_unwanted
from ...tools.pricing import MIN_LEADS
from ...tools.settings import Settings

#: Largest number that an employee count may be filtered by.
MAX_SIZE = 10_000_000
#: As many towns, and words, are looked for.
MOST = 20
#: What says only whose the leads are. It may change while they are being made.
OWNED_FIELDS = {"company_id", "user_id", "team_id", "tag_ids", "campaign_id"}


class LeadMiningCriteria(models.AbstractModel):
    """What is looked for and what the leads get: requests and saved searches have it."""

    _name = "lead.mining.criteria"
    _description = "Lead Mining Criteria"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    provider_id = fields.Many2one(
        "lead.mining.provider",
        domain=lambda self: [("code", "in", self._searched_codes())],
        ondelete="restrict",
        help="Leave empty to ask all providers in their order, the next one when one has nothing "
        "more.",
    )

    # What is looked for.
    target = fields.Selection(
        [("companies", "Companies"), ("contacts", "Companies and their Contacts")],
        required=True,
        default="companies",
    )
    lead_number = fields.Integer(string="Number of Leads", required=True, default=3)
    country_ids = fields.Many2many(
        "res.country", string="Countries", default=lambda self: self.env.company.country_id
    )
    state_ids = fields.Many2many(
        "res.country.state", string="States", domain="[('country_id', 'in', country_ids)]"
    )
    industry_ids = fields.Many2many("lead.mining.industry", string="Industries")
    filter_on_size = fields.Boolean(string="Filter on Size")
    size_min = fields.Integer(string="Size", default=1)
    size_max = fields.Integer(string="Largest Size", default=1000)
    technology_ids = fields.Many2many(
        "lead.mining.technology",
        string="Technologies",
        help="Technologies of which the companies use at least one: a shop system, for example.",
    )
    with_email = fields.Boolean(string="E-mail Known")
    with_phone = fields.Boolean(string="Phone Known")
    with_website = fields.Boolean(string="Website Known")
    places = fields.Char(
        string="Towns or Postal Codes",
        help="Towns, or beginnings of postal codes, with commas between them.",
    )
    words = fields.Char(
        string="Words of Name or Description", help="Each of these words must be there."
    )
    founded_from = fields.Integer(help="The first year in which the companies may be founded.")
    founded_to = fields.Integer(help="The last year in which the companies may be founded.")
    legal_form = fields.Char(help="A part of the legal form, as the register words it.")
    revenue_from = fields.Selection(
        [
            ("from_2", "2 million or more"),
            ("from_10", "10 million or more"),
            ("from_50", "50 million or more"),
            ("from_250", "250 million or more"),
            ("from_1000", "1 billion or more"),
        ],
        string="Revenue",
        help="A year's revenue, where it is known and its currency is of the same order of "
        "magnitude as the euro.",
    )
    dataset = fields.Char(
        help="A part of the name of the dataset that the companies are from. The company directory "
        "has several."
    )
    not_these = fields.Text(
        string="Not These Companies",
        help="One a line: a website, a VAT number with its country, an LEI, a registration number "
        "or a name. What is on the list Never Mined is left out anyway.",
    )
    no_subsidiaries = fields.Boolean(
        string="Leave Out Subsidiaries of Customers",
        help="Companies whose parent, or its parent, is a company among your contacts, as far as "
        "the company directory knows the groups.",
    )
    delivery_order = fields.Selection(
        [("complete", "Most complete first"), ("shuffled", "Shuffled")],
        string="Order",
        required=True,
        default="complete",
        help="Which companies come first when more match than you ask for.\n"
        "Most complete first: those with telephone, email, website, industry, town and size.\n"
        "Shuffled: a mix of all that match, the same one each time.\n"
        "The company directory follows it; other providers have an order of their own.",
    )

    contact_number = fields.Integer(string="Contacts per Company", default=1)
    contact_filter = fields.Selection(
        [("role", "Role"), ("seniority", "Seniority")], string="Filter on", default="role"
    )
    preferred_role_id = fields.Many2one("lead.mining.role")
    role_ids = fields.Many2many("lead.mining.role", string="Other Roles")
    seniority = fields.Selection(lambda self: self._selection_seniority())

    # What the leads get.
    lead_type = fields.Selection(
        [("lead", "Leads"), ("opportunity", "Opportunities")],
        string="Type",
        required=True,
        default=lambda self: self._default_lead_type(),
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        check_company=True,
        domain="[('use_opportunities', '=', True)]",
        ondelete="set null",
    )
    tag_ids = fields.Many2many("crm.tag", string="Default Tags")
    campaign_id = fields.Many2one(
        "utm.campaign",
        ondelete="set null",
        help="The campaign that the leads, and what they cost, belong to.",
    )
    known_policy = fields.Selection(
        [("skip", "Skip them"), ("link", "Link them"), ("update", "Fill what is empty")],
        string="Known Companies",
        required=True,
        default="skip",
        help="What happens to companies that are already a lead or a contact.\n"
        "Skip them: they are only listed; free.\n"
        "Link them: the lead or contact is shown among the results and gets the tags; free.\n"
        "Fill what is empty: empty fields of the lead or contact are filled, nothing is "
        "overwritten; costs as much as a new lead, and only if something was filled.",
    )

    _size_order = models.Constraint(
        "CHECK(NOT filter_on_size OR (size_min >= 0 AND size_min <= size_max))",
        "The smallest size cannot be larger than the largest size.",
    )
    _lead_number_positive = models.Constraint(
        "CHECK(lead_number >= 1)", "Ask for at least one lead."
    )
    _contact_number_positive = models.Constraint(
        "CHECK(target <> 'contacts' OR contact_number >= 1)", "Ask for at least one contact."
    )

    # === DEFAULTS AND COMPUTES === #

    @api.model
    def _default_lead_type(self):
        return "lead" if self.env.user.has_group("crm.group_use_lead") else "opportunity"

    @api.model
    def _selection_seniority(self):
        labels = {
            "director": self.env._("Director"),
            "executive": self.env._("Executive"),
            "manager": self.env._("Manager"),
        }
        return [(code, labels.get(code, label)) for code, label in SENIORITIES.items()]

    @api.depends("user_id", "lead_type")
    def _compute_team_id(self):
        Team = self.env["crm.team"]
        for criteria in self.filtered("user_id"):
            user = criteria.user_id
            if user not in criteria.team_id.member_ids | criteria.team_id.user_id:
                use = "use_leads" if criteria.lead_type == "lead" else "use_opportunities"
                criteria.team_id = Team._get_default_team_id(user.id, domain=[(use, "=", True)])

    # === ACTIONS === #

    def _open_form(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }

    # === CONSTRAINTS === #

    @api.constrains("lead_number", "contact_number", "target")
    def _check_limits(self):
        for criteria in self:
            sentence = criteria._limit_sentence()
            if sentence:
                raise ValidationError(sentence)

    @api.constrains(
        "filter_on_size", "size_min", "size_max", "state_ids", "country_ids",
        "founded_from", "founded_to", "not_these",
    )  # fmt: skip
    def _check_filters(self):
        for criteria in self:
            sentence = criteria._filter_sentence()
            if sentence:
                raise ValidationError(sentence)

    def _limit_sentence(self) -> str:
        """Return what is wrong with the numbers asked for, or ""."""
        limits = Settings.of(self.env).limits
        if not MIN_LEADS <= self.lead_number <= limits.leads:
            return self.env._("Ask for 1 to %s leads in one request.", limits.leads)
        if self.target == "contacts" and not 1 <= self.contact_number <= limits.contacts:
            return self.env._("Ask for 1 to %s contacts per company.", limits.contacts)
        return ""

    def _filter_sentence(self) -> str:
        """Return what is wrong with the filters, or ""."""
        foreign = self.state_ids.filtered(lambda s: s.country_id not in self.country_ids)
        if foreign:
            return self.env._(
                "%(states)s: choose states of the chosen countries only.",
                states=", ".join(foreign.mapped("name")),
            )
        if self.filter_on_size and not 0 <= self.size_min <= self.size_max <= MAX_SIZE:
            return self.env._("The smallest size cannot be larger than the largest size.")
        if self.founded_to and self.founded_from > self.founded_to:
            return self.env._("The first year of foundation cannot be after the last one.")
        if len(lines_of(self.not_these)) > MOST_UNWANTED:
            return self.env._(
                "At most %s companies can be left out by name. Put more of them on the list "
                "Never Mined.",
                MOST_UNWANTED,
            )
        return ""

    # === ONCHANGES === #

    @api.onchange("country_ids")
    def _onchange_country_ids(self):
        self.state_ids = self.state_ids.filtered(
            lambda state: state.country_id in self.country_ids._origin
        )

    # === VIEWS === #

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        for node in arch.iterfind(".//widget[@name='lead_mining_preview']"):
            node.set("criteria", ",".join(sorted(self._preview_fields())))
        return arch, view

    # === TERMS === #

    @api.model
    def _shared_fields(self) -> list[str]:
        """Fields that searches and requests have in common: all of this model."""
        return sorted(self.env["lead.mining.criteria"]._fields.keys() - self.env["base"]._fields)

    @api.model
    def _criteria_fields(self) -> set[str]:
        """Fields that decide what is asked, paid and made."""
        return set(self._shared_fields()) - OWNED_FIELDS

    @api.model
    def _preview_fields(self) -> set[str]:
        """Fields that decide what the preview tells: the company pays, and a budget of the team
        may stop a request."""
        return self._criteria_fields() | {"company_id", "team_id"}

    @api.model
    def _searched_codes(self) -> list[str]:
        """Return the codes of the providers that can be searched."""
        adapters = self.env["lead.mining.provider"]._adapter_classes()
        return [code for code, adapter in adapters.items() if adapter.searches]

    def _providers(self):
        """Return the providers that may be asked, in the order in which they are asked."""
        if self.provider_id:
            return self.provider_id.filtered("active")
        return self.env["lead.mining.provider"].search([("code", "in", self._searched_codes())])

    def _contacts_per_company(self) -> int:
        return self.contact_number if self.target == "contacts" else 0

    def _to_query(self) -> CompanyQuery:
        """Return the criteria in the providers' terms."""
        contacts = self.target == "contacts"
        unwanted = read_unwanted(self.not_these)
        role = contacts and self.contact_filter == "role"
        seniority = contacts and self.contact_filter == "seniority"
        return CompanyQuery(
            countries=tuple(sorted(self.country_ids.mapped("code"))),
            states=tuple(sorted((s.country_id.code, s.code) for s in self.state_ids)),
            industries=tuple(sorted(self.industry_ids.mapped("code"))),
            size_min=self.size_min if self.filter_on_size else None,
            size_max=self.size_max if self.filter_on_size else None,
            technologies=tuple(sorted(self.technology_ids.mapped("name"))),
            reach=tuple(name for name in REACH if self[f"with_{name}"]),
            places=tuple(sorted(filter(None, map(str.strip, (self.places or "").split(",")))))[
                :MOST
            ],
            words=tuple(sorted((self.words or "").split()))[:MOST],
            founded_min=self.founded_from or None,
            founded_max=self.founded_to or None,
            legal_form=(self.legal_form or "").strip(),
            revenue_from=self.revenue_from or "",
            dataset=(self.dataset or "").strip(),
            no_subsidiaries=self.no_subsidiaries,
            with_contacts=contacts,
            contacts_per_company=self._contacts_per_company(),
            contact_filter=(self.contact_filter or "") if contacts else "",
            preferred_role=(role and self.preferred_role_id.code) or "",
            other_roles=tuple(sorted(self.role_ids.mapped("code"))) if role else (),
            seniority=(seniority and self.seniority) or "",
            exclude=unwanted.keys,
            not_called=unwanted.called,
            include_known=self.known_policy != "skip",
            order=self.delivery_order,
        )
