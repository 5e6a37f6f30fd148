import logging
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.crm_common.tools.secret_field import Secret
from odoo.addons.crm_common.tools.settings import is_neutralized

from ...company.types import CompanyQuery
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
from ...tools.settings import Settings
from .lead_mining_rate import SharedPace

_logger = logging.getLogger(__name__)

#: How long somebody waits for the test of a connection, in seconds.
TEST_TIMEOUT = 10


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
    active = fields.Boolean(string="In Use", default=True, help="Only providers in use are asked.")
    completes = fields.Boolean(
        string="Completes Others",
        help="Asked for the website, phone number and e-mail address that another provider's "
        "company lacks, if that is free at this provider or if contacts are wanted. Each question "
        "takes time.",
    )

    # How it is reached. For the system's administrators only: who has a key can spend with it.
    api_key = Secret(
        string="Key", groups="base.group_system", copy=False, given_as="_api_key_name",
        help="The key or token that you got from the provider.",
    )  # fmt: skip
    api_key_source = fields.Char(
        string="Key From", compute="_compute_api_key_source", groups="base.group_system",
        help="Where the server's environment gives the key. It is changed there.",
    )  # fmt: skip
    base_url = fields.Char(
        string="Address",
        groups="base.group_system",
        help="Only needed to ask the provider's sandbox or a test server instead.",
    )
    is_ready = fields.Boolean(
        compute="_compute_is_ready", compute_sudo=True, help="It has the key it needs."
    )

    # What it costs here.
    own_price = fields.Boolean(help="Otherwise, the prices in the settings apply to this provider.")
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
        help="The number of matches is known before anything is paid.",
    )  # fmt: skip
    abilities = fields.Char(
        string="Filters", compute="_compute_abilities", help="What it can search by."
    )
    licence = fields.Char(compute="_compute_abilities")
    quota_left = fields.Char(
        string="Left at the Provider", readonly=True, copy=False,
        help="Requests or credits that were left at the last test, if the provider reports them.",
    )  # fmt: skip
    tested_at = fields.Datetime(string="Last Test", readonly=True, copy=False)

    _code_uniq = models.Constraint("UNIQUE(code)", "Each provider can be set up only once.")
    _price_positive = models.Constraint(
        "CHECK(price_lead >= 0 AND price_contact >= 0)", "A price cannot be negative."
    )

    @api.model
    def _selection_code(self):
        return [(code, code.replace("_", " ").title()) for code in sorted(self._adapter_classes())]

    # === COMPUTES AND CONSTRAINTS === #

    @api.depends("code")
    def _compute_abilities(self):
        labels = self._filter_labels()
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

    @api.depends("code")
    def _compute_api_key_source(self):
        for provider in self:
            given = self._fields["api_key"].given(provider)
            provider.api_key_source = given and given.source

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
                raise ValidationError(self.env._("The address must begin with https://."))
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
    def _retire(self, code: str, xml_id: str) -> None:
        """Let a provider go with the addon that brings its adapter; for the addon's uninstall hook.

        The row is deleted, also one that an administrator has made in place of the addon's, unless
        something names it, as a request of the past does. One that stays is out of use, has no key,
        and is the addon's again if that comes back.

        :param xml_id: of the addon's own row
        """
        provider = self.with_context(active_test=False).search([("code", "=", code)])
        if provider:
            provider.active = False
            if not provider.api_key_source:
                provider.api_key = False
            # What the addon owns is deleted after this, as far as it can be.
            self.env["ir.model.data"]._update_xmlids(
                [{"xml_id": xml_id, "record": provider, "noupdate": True}]
            )

    @api.model
    def _is_asked(self) -> bool:
        """Tell whether anything that asks providers is switched on; whoever asks adds theirs."""
        return False

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

    def _api_key_name(self) -> str:
        """Return what the key is called in the server's environment."""
        return f"key_{self.code}" if self.code else ""

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
        return is_neutralized(self.env)

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
            return Settings.of(self.env).prices
        return Prices(company=self.price_lead, contact=self.price_contact)

    # === TEST === #

    def action_test_connection(self):
        """Ask the provider for what costs least, and say in a sentence how that went."""
        self.ensure_one()
        self.check_access("write")
        try:
            probe = self._build_adapter().within(TEST_TIMEOUT).probe()
            error, left = probe.error, probe.quota_left
            sentence = "" if probe.ok else self.env._("%s has no companies to search.", self.name)
        except errors.ProviderError as raised:
            error, left, sentence = raised, None, ""
        if error:
            sentence = self._error_sentence(error)
        self.write(
            {
                "tested_at": fields.Datetime.now(),
                "quota_left": str(left) if left is not None else False,
            }
        )
        return self._notification(sentence, left)

    def _notification(self, problem: str, left: int | None):
        good = self.env._("The connection to %s works.", self.name)
        if left is not None:
            good = self.env._(
                "The connection to %(name)s works. Left there: %(left)s.", name=self.name, left=left
            )
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

    # === SENTENCES === #

    @api.model
    def _filter_labels(self) -> dict[str, str]:
        """Return how each of `base.FILTERS` is called inside a sentence."""
        return {
            "states": self.env._("state"),
            "places": self.env._("town or postal code"),
            "industries": self.env._("industry"),
            "size": self.env._("size"),
            "technologies": self.env._("technology"),
            "reach": self.env._("known e-mail, phone or website"),
            "words": self.env._("words of name or description"),
            "founded": self.env._("year of foundation"),
            "legal_form": self.env._("legal form"),
            "revenue_from": self.env._("revenue"),
            "dataset": self.env._("dataset"),
            "no_subsidiaries": self.env._("subsidiaries of customers"),
        }

    def _unfit_sentence(self, query: CompanyQuery) -> str:
        """Return why this provider cannot be asked for a query, or ""."""
        adapter_class = self._adapter_class()
        if not adapter_class or not adapter_class.searches:
            return self.env._("%s cannot be searched.", self.display_name)
        if not self.is_ready:
            return self._error_sentence(errors.ProviderNotSetUp(provider=self.code))
        unfit = adapter_class.unfit(query)
        if "countries" in unfit:
            return self.env._("%s knows no companies of these countries.", self.display_name)
        labels = self._filter_labels()
        named = ", ".join(labels[name] for name in dict.fromkeys(unfit))
        return named and self.env._(
            "%(provider)s cannot search by %(filters)s as chosen here.",
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
                return self.env._("A neutralized copy of a database does not contact %s.", name)
            case errors.NeedsBrowser():
                return self.env._("The company's website is built by scripts and needs a browser.")
            case errors.ProviderNotSetUp():
                return self.env._("%s has no key yet. An administrator can enter it.", name)
            case errors.ProviderRefused():
                return self.env._(
                    "%s does not accept the credentials. An administrator can correct them.", name
                )
            case errors.ProviderQuotaExceeded():
                return self.env._("What was bought from %s is used up.", name)
            case errors.ProviderRateLimited():
                return self.env._("%s has been asked too often. Try again in a while.", name)
            case _:
                return self.env._("%s does not accept this request.", name)
