import logging
import time
from dataclasses import replace
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.lru import LRU

from ...company.contacts import choose_contacts
from ...company.lead_values import employees_text
from ...company.masking import mask_email, mask_name, mask_phone
from ...company.types import Company, CompanyQuery
from ...providers import errors
from ...providers.base import Access, NetworkProvider, Provider
from ...providers.companies_house import CompaniesHouse
from ...providers.gleif import Gleif
from ...providers.hunter import Hunter
from ...providers.odoo_iap import MAX_KNOWN, OdooIap
from ...providers.people_data_labs import PeopleDataLabs
from ...providers.public_hosts import is_public_url
from ...providers.recherche_entreprises import RechercheEntreprises
from ...providers.website import WebsiteProvider
from ...tools.pricing import Prices
from .lead_mining_rate import SharedPace

_logger = logging.getLogger(__name__)

#: How long a preview may take and how long it is remembered, in seconds.
PREVIEW_TIMEOUT = 2
PREVIEW_TTL = 60
SAMPLE_SIZE = 3
#: How long somebody waits for the test of a connection, in seconds.
TEST_TIMEOUT = 10

_previews = LRU(512)


class LeadMiningProvider(models.Model):
    """A source of companies as this database uses it: key, order and price.

    Providers are shared by all companies of the database; each pays with its own credits.
    """

    _name = "lead.mining.provider"
    _description = "Lead Mining Provider"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Selection(lambda self: self._selection_code(), string="Adapter", required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        string="In Use", default=True, help="Only providers in use are asked for anything."
    )
    completes = fields.Boolean(
        string="Completes Others",
        help="Asked for the website, telephone and e-mail address that another provider's company "
        "lacks, if that is free at this provider, or if contacts are wanted. Each question takes "
        "its time.",
    )

    # How it is reached. For the system's administrators only: who has a key can spend with it.
    api_key = fields.Char(
        string="Key", groups="base.group_system", copy=False,
        help="The key or token that you got from the provider.",
    )  # fmt: skip
    base_url = fields.Char(
        string="Address",
        groups="base.group_system",
        help="Only to ask the provider's sandbox or a test server instead.",
    )
    is_ready = fields.Boolean(
        compute="_compute_is_ready", compute_sudo=True, help="It has the key that it needs."
    )

    # What it costs here.
    own_price = fields.Boolean(help="Else the prices of the settings are those of this provider.")
    price_lead = fields.Integer(string="Credits per Lead", default=1)
    price_contact = fields.Integer(string="Credits per Contact", default=1)
    price_text = fields.Char(string="Price", compute="_compute_price_text")

    # What it says of itself.
    note = fields.Text(string="Licence and Cost", translate=True)
    needs_key = fields.Boolean(compute="_compute_abilities")
    is_searched = fields.Boolean(compute="_compute_abilities")
    has_contacts = fields.Boolean(string="Contacts", compute="_compute_abilities")
    count_is_free = fields.Boolean(
        string="Counts for Free", compute="_compute_abilities",
        help="The number of matches is told before anything is paid.",
    )  # fmt: skip
    abilities = fields.Char(
        string="Filters", compute="_compute_abilities", help="What it can search by."
    )
    licence = fields.Char(compute="_compute_abilities")
    quota_left = fields.Char(
        string="Left at the Provider", readonly=True, copy=False,
        help="Questions or credits that were left at the last test, if the provider tells it.",
    )  # fmt: skip
    tested_on = fields.Datetime(string="Last Test", readonly=True, copy=False)

    _code_uniq = models.Constraint("UNIQUE(code)", "Each provider is set up once.")
    _price_positive = models.Constraint(
        "CHECK(price_lead >= 0 AND price_contact >= 0)", "A price cannot be negative."
    )

    @api.model
    def _selection_code(self):
        return [(code, code.replace("_", " ").title()) for code in sorted(self._adapter_classes())]

    # === COMPUTES AND CONSTRAINTS === #

    @api.depends("code")
    def _compute_abilities(self):
        labels = self.env["lead.mining.criteria"]._filter_labels()
        for provider in self:
            adapter = provider._adapter_class() or Provider
            filters = [
                label[:1].upper() + label[1:]
                for name, label in labels.items()
                if name in adapter.filters
            ]
            countries = ", ".join(adapter.only_countries)
            filters.insert(
                0,
                self.env._("Country (%s only)", countries) if countries else self.env._("Country"),
            )
            provider.abilities = ", ".join(filters) if adapter.searches else False
            provider.is_searched = adapter.searches
            provider.has_contacts = adapter.has_contacts
            provider.count_is_free = adapter.count_is_free
            provider.needs_key = adapter.needs_key
            provider.licence = adapter.licence

    @api.depends("api_key", "code")
    def _compute_is_ready(self):
        for provider in self:
            adapter = provider._adapter_class()
            provider.is_ready = bool(adapter) and (not adapter.needs_key or bool(provider.api_key))

    @api.depends("own_price", "price_lead", "price_contact", "code")
    def _compute_price_text(self):
        for provider in self:
            prices = provider._prices()
            if not provider.is_searched:
                # Enrichment has a price of its own, whoever answers.
                provider.price_text = ""
            elif not provider.has_contacts:
                provider.price_text = self.env._("%s per lead", prices.company)
            else:
                provider.price_text = self.env._(
                    "%(lead)s per lead, %(contact)s per contact",
                    lead=prices.company,
                    contact=prices.contact,
                )

    @api.constrains("base_url")
    def _check_base_url(self):
        own_sudo = self.env["ir.config_parameter"].sudo().get_param("web.base.url") or ""
        for provider in self.filtered("base_url"):
            parts = urlsplit(provider.base_url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValidationError(self.env._("The address has to begin with https://."))
            if parts.netloc == urlsplit(own_sudo).netloc:
                raise ValidationError(
                    self.env._("A database cannot be its own provider: this is its own address.")
                )

    # === ADAPTERS === #

    @api.model
    def _adapter_classes(self) -> dict[str, type[Provider]]:
        """Return the adapters that this database has, by code; an addon adds those it brings."""
        adapters = (
            CompaniesHouse,
            Gleif,
            Hunter,
            OdooIap,
            PeopleDataLabs,
            RechercheEntreprises,
            WebsiteProvider,
        )
        return {adapter.code: adapter for adapter in adapters}

    def _adapter_class(self) -> type[Provider] | None:
        """Return the adapter's class, None if no addon brings it any more."""
        return self._adapter_classes().get(self.code)

    @api.model
    def _is_asked(self) -> bool:
        """Tell whether anything that asks providers is switched on; other addons add theirs."""
        return self.env["lead.mining.request"]._is_on()

    def _build_adapter(self) -> Provider:
        """Return the adapter, ready to be asked.

        :raise ProviderError: if it cannot be made
        """
        self.ensure_one()
        if not self.is_ready:
            raise errors.ProviderNotSetUp(provider=self.code)
        build = getattr(self, f"_build_{self.code}", None)
        if build:
            return build()
        adapter = self._adapter_class()
        return (
            adapter.connect(self._access()) if issubclass(adapter, NetworkProvider) else adapter()
        )

    def _access(self) -> Access:
        """Return by what a provider on the network is reached."""
        # Sudo: who mines uses the key without seeing it.
        provider_sudo = self.sudo()
        return Access(
            key=provider_sudo.api_key or "",
            base_url=provider_sudo.base_url or "",
            pace=SharedPace(self.env, self.code, self._adapter_class().rates),
            closed=self._is_network_closed(),
        )

    @api.model
    def _is_network_closed(self) -> bool:
        """Tell whether nobody outside may be asked: this database is a neutralized copy."""
        # Sudo: parameters are closed to users, but this one decides about what they ask.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        return bool(parameters_sudo.get_param("database.is_neutralized"))

    def _build_website(self) -> Provider:
        # Owners of websites are told who asks, if there is a page about us that they can open.
        url = self.get_base_url()
        return WebsiteProvider(
            contact_url=url if is_public_url(url) else "", closed=self._is_network_closed()
        )

    def _build_odoo_iap(self) -> Provider:
        # Sudo: the database's own number is a parameter.
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return OdooIap.connect(self._access(), db_uuid=uuid, known=self._known_duns())

    def _known_duns(self) -> list[str]:
        """Return the newest DUNS numbers that are known, so that they are not paid again."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT substr(key, 10) FROM lead_mining_identity WHERE key LIKE 'reg:DUNS:%%'
                 UNION
                SELECT reveal_id FROM crm_lead WHERE reveal_id ~ '^[0-9]{9}$'
                 LIMIT %s
                """,
                MAX_KNOWN,
            )
        )
        return [row[0] for row in rows]

    # === PRICES === #

    def _prices(self) -> Prices:
        """Return what a lead and a contact of this provider cost, in credits."""
        self.ensure_one()
        if not self.own_price:
            return self.env["lead.mining.request"]._prices()
        return Prices(company=self.price_lead, contact=self.price_contact)

    # === TEST === #

    def action_test_connection(self):
        """Ask the provider for what costs least, and say in a sentence how that went."""
        self.ensure_one()
        self.check_access("write")
        try:
            probe = self._build_adapter().within(TEST_TIMEOUT).probe()
            error, left = probe.error, probe.quota_left
            sentence = "" if probe.ok else self.env._("%s has nothing to search in.", self.name)
        except errors.ProviderError as raised:
            error, left, sentence = raised, None, ""
        if error:
            sentence = self._error_sentence(error)
        self.write(
            {
                "tested_on": fields.Datetime.now(),
                "quota_left": str(left) if left is not None else False,
            }
        )
        return self._notification(sentence, left)

    def _notification(self, problem: str, left: int | None):
        good = self.env._("%s answers.", self.name)
        if left is not None:
            good = self.env._("%(name)s answers. Left there: %(left)s.", name=self.name, left=left)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if problem else "success",
                "message": problem or good,
                "sticky": bool(problem),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === PREVIEW === #

    def _preview(self, query: CompanyQuery, seconds: float = PREVIEW_TIMEOUT) -> dict:
        """Count the matches and take a masked sample, where that is free.

        :param seconds: for all of it
        :return: {"count": int | None, "sample": [...]}, remembered for PREVIEW_TTL seconds
        """
        self.ensure_one()
        # Companies have datasets of their own, so what one sees is not another's answer.
        key = (self.env.cr.dbname, self.id, self.env.company.id, query)
        stored_at, preview = _previews.get(key, (0.0, None))
        if preview is None or time.monotonic() - stored_at > PREVIEW_TTL:
            preview = self._ask_preview(query, seconds)
            if preview["count"] is not None:
                _previews[key] = (time.monotonic(), preview)
        return preview

    def _ask_preview(self, query: CompanyQuery, seconds: float) -> dict:
        unknown = {"count": None, "sample": []}
        adapter_class = self._adapter_class()
        if not adapter_class or not adapter_class.count_is_free or seconds <= 0:
            # The user has not agreed to pay, or to wait, yet.
            return unknown
        try:
            with self.env.cr.savepoint():
                # Half of the time for the count, half for the sample.
                adapter = self._build_adapter().within(seconds / 2)
                sample = self._screened(adapter.search(query, None, SAMPLE_SIZE).companies, query)
                return {"count": adapter.count(query), "sample": [_masked(c) for c in sample]}
        except Exception as error:
            # A preview that fails says "unknown"; the request itself will tell what is wrong.
            _logger.info("Provider %s: no preview (%s)", self.code, error)
            return unknown

    @api.model
    def _screened(self, companies, query: CompanyQuery) -> list[Company]:
        """Return what could be delivered of a sample: nobody on the list of what is never mined."""
        screened = self.env["lead.mining.suppression"]._screen(companies, self.env.company)
        return [
            replace(item.company, contacts=choose_contacts(item.company.contacts, query))
            for item in screened
            if not item.kind
        ]

    def _previews_of(self, query: CompanyQuery) -> dict:
        """Return what the free ones among these providers know, in PREVIEW_TIMEOUT all together.

        :return: {"count": int | None, "at_least": bool, "sample": [...], "providers": [{"name",
            "count"}]}; the number of matches is the least that there can be: two providers may
            know the same companies
        """
        ends = time.monotonic() + PREVIEW_TIMEOUT
        counts, sample = {}, []
        for provider in self:
            preview = provider._preview(query, ends - time.monotonic())
            counts[provider] = preview["count"]
            sample += preview["sample"]
        known = {provider: count for provider, count in counts.items() if count is not None}
        return {
            "count": self._least_sum(known, query) if known else None,
            "at_least": bool(known) and len(counts) > 1,
            "sample": sample[:SAMPLE_SIZE],
            "providers": [{"name": p.name, "count": count} for p, count in known.items()]
            if len(counts) > 1
            else [],
        }

    @api.model
    def _least_sum(self, counts: dict, query: CompanyQuery) -> int:
        """Return the least number of companies that providers with these numbers of matches have.

        Those of different countries share none; of others, the largest number is certain.
        """
        national: dict[tuple, int] = {}
        worldwide = 0
        for provider, count in counts.items():
            if countries := provider._adapter_class().only_countries:
                national[countries] = max(count, national.get(countries, 0))
            else:
                worldwide = max(worldwide, count)
        return max(worldwide, sum(national.values()))

    # === SENTENCES === #

    def _unfit_sentence(self, query: CompanyQuery) -> str:
        """Return why this provider cannot be asked for a query, or ""."""
        adapter_class = self._adapter_class()
        if not adapter_class or not adapter_class.searches:
            return self.env._("%s cannot be searched.", self.display_name)
        try:
            unfit = self._build_adapter().unfit(query)
        except errors.ProviderError as error:
            return self._error_sentence(error)
        if "countries" in unfit:
            return self.env._("%s knows no companies of these countries.", self.display_name)
        labels = self.env["lead.mining.criteria"]._filter_labels()
        named = ", ".join(labels[name] for name in dict.fromkeys(unfit))
        return named and self.env._(
            "%(provider)s cannot search by %(filters)s as it is chosen here.",
            provider=self.display_name,
            filters=named,
        )

    def _error_sentence(self, error: errors.ProviderError) -> str:
        """Return what went wrong in a sentence for the user."""
        name = self.display_name
        match error:
            case errors.ProviderTimeout():
                return self.env._("%s did not answer in time. Try again later.", name)
            case errors.ProviderUnavailable():
                return self.env._("%s cannot be reached at the moment. Try again later.", name)
            case errors.ProviderAnswerTooLarge():
                return self.env._("%s sent an answer that is too large to be read.", name)
            case errors.ProviderAnswerInvalid():
                return self.env._("%s sent an answer that cannot be understood.", name)
            case errors.NetworkClosed():
                return self.env._("%s is not asked from a neutralized copy of a database.", name)
            case errors.ProviderNotSetUp():
                return self.env._("%s has no key yet. An administrator can enter it.", name)
            case errors.ProviderRefused():
                return self.env._(
                    "%s does not accept the credentials. An administrator can correct them.", name
                )
            case errors.ProviderQuotaExceeded():
                return self.env._("What was bought at %s is used up.", name)
            case errors.ProviderRateLimited():
                return self.env._("%s was asked too often. Try again in a while.", name)
            case _:
                return self.env._("%s does not accept this request.", name)


def _masked(company: Company) -> dict:
    """What may be shown of a company that is not paid."""
    return {
        "name": mask_name(company.name),
        "city": company.city,
        "country": company.country_code,
        "employees": employees_text(company),
        "contacts": [
            {
                "name": mask_name(contact.name),
                "job_title": contact.job_title,
                "email": mask_email(contact.email),
                "phone": mask_phone(contact.phone),
            }
            for contact in company.contacts
        ],
    }
