from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...company.types import CompanyQuery
from ...providers import errors
from ...providers.base import FILTERS, Probe
from ...providers.companies_house import CompaniesHouse
from ...providers.gleif import Gleif
from ...providers.hunter import Hunter
from ...providers.odoo_iap import OdooIap
from ...providers.people_data_labs import PeopleDataLabs
from ...providers.recherche_entreprises import RechercheEntreprises
from ...providers.website import WebsiteProvider
from ...tools.settings import Settings
from ..common import LeadMiningCase, SyntheticProvider
from ..http_server import Answer, LoopbackCase


@tagged("post_install", "-at_install")
class TestProviderSettings(LeadMiningCase, LoopbackCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "manager", "sales_team.group_sale_manager")
        cls.administrator = new_test_user(
            cls.env, "administrator", "base.group_system,sales_team.group_sale_manager"
        )
        cls.hunter = cls.env.ref("crm_lead_mining.provider_hunter")

    def test_no_stranger_is_asked_before_an_administrator_wants_it(self):
        providers = self.env["lead.mining.provider"].with_context(active_test=False).search([])
        codes = {
            "recherche_entreprises", "companies_house", "gleif", "hunter", "people_data_labs",
            "odoo_iap",
        }  # fmt: skip
        self.assertLessEqual(codes, set(providers.mapped("code")))
        self.assertFalse(providers.filtered(lambda one: one.code in codes and one.active))

    def test_price_names_only_what_the_provider_has(self):
        ref = self.env.ref
        self.assertEqual(self.hunter.price_text, "1 per lead, 1 per contact")
        self.assertEqual(ref("crm_lead_mining.provider_gleif").price_text, "1 per lead")
        website = self.env["lead.mining.provider"].search([("code", "=", "website")])
        self.assertEqual((len(website), website.price_text), (1, ""))

    def test_key_is_hidden_from_all_but_system_administrators(self):
        self.hunter.api_key = "secret"
        for user in (self.salesperson, self.manager):
            provider = self.hunter.with_user(user)
            with self.subTest(user.login):
                self.assertNotIn("api_key", provider.read()[0])
                for field in ("api_key", "base_url"):
                    with self.assertRaises(AccessError):
                        provider.read([field])
                    with self.assertRaises(AccessError):
                        self.env["lead.mining.provider"].with_user(user).search(
                            [(field, "=like", "s%")]
                        )
                with self.assertRaises(AccessError):
                    provider.api_key = "another"
                self.assertTrue(provider.is_ready)
                self.assertNotIn('name="api_key"', provider.get_view(view_type="form")["arch"])
        self.assertNotIn("secret", str(self.hunter.copy_data()))
        arch = self.hunter.with_user(self.administrator).get_view(view_type="form")["arch"]
        self.assertRegex(arch, r'name="api_key"[^>]*password="True"')

    def test_settings_can_be_changed_by_system_administrators_only(self):
        for values in ({"price_lead": 0}, {"active": True}, {"sequence": 1}):
            with self.assertRaises(AccessError):
                self.hunter.with_user(self.manager).write(values)
        self.hunter.with_user(self.administrator).write({"price_lead": 0, "active": True})

    def test_form_shows_what_the_provider_can_do(self):
        with Form(self.hunter.with_user(self.administrator)) as form:
            self.assertEqual(form.abilities, "Country, State, Size")
            self.assertTrue(form.has_contacts)
            self.assertFalse(form.is_ready)
            form.api_key = "secret"
            form.own_price = True
            form.price_lead = 0
        self.assertTrue(self.hunter.is_ready)
        register = self.env.ref("crm_lead_mining.provider_companies_house")
        self.assertEqual(register.abilities, "Country (GB only), Industry")

    def test_provider_that_does_not_know_what_companies_use_is_not_asked_for_it(self):
        query = CompanyQuery(countries=("GB", "FR", "BE"), technologies=("Shopify",))
        for adapter in (
            CompaniesHouse, Gleif, Hunter, OdooIap, PeopleDataLabs, RechercheEntreprises,
        ):  # fmt: skip
            with self.subTest(provider=adapter.code):
                self.assertEqual(adapter().unfit(query), ("technologies",))
        gleif = self.env.ref("crm_lead_mining.provider_gleif")
        self.assertIn("cannot search by technology", gleif._unfit_sentence(query))

    def test_each_filter_has_a_name_that_people_know(self):
        labels = self.env["lead.mining.provider"]._filter_labels()
        self.assertEqual(tuple(labels), FILTERS)

    @mute_logger("odoo.sql_db")
    def test_price_is_not_negative(self):
        with self.assertRaises(CheckViolation):
            self.hunter.price_contact = -1
            self.env.flush_all()

    def test_address_must_be_one_and_not_its_own(self):
        own = self.env["ir.config_parameter"].sudo().get_param("web.base.url")
        for url in ("ftp://x", "sandbox", "https://", f"{own}/"):
            with self.subTest(url), self.assertRaises(ValidationError):
                self.hunter.base_url = url

    # === TEST CONNECTION === #

    def _test(self):
        action = self.hunter.with_user(self.administrator).action_test_connection()
        return action["params"]["type"], action["params"]["message"]

    def test_connection_that_works_tells_what_is_left(self):
        account = {"data": {"requests": {"searches": {"used": 40, "available": 500}}}}
        server = self.serve([Answer(account)])
        self.hunter.write({"api_key": "secret", "base_url": server.url})
        self.assertEqual(
            self._test(), ("success", "The connection to Hunter works. Left there: 460.")
        )
        self.assertEqual(self.hunter.quota_left, "460")
        self.assertAlmostEqual(
            self.hunter.tested_at, fields.Datetime.now(), delta=timedelta(minutes=1)
        )
        self.assertEqual(server.asked[0].headers["X-API-KEY"], "secret")

    def test_connection_that_fails_tells_why(self):
        self.assertEqual(
            self._test(),
            ("danger", "Hunter has no key yet. An administrator can enter it."),
        )
        for status, sentence in ((401, "credentials"), (500, "cannot be reached"),
                                 (429, "used up"), (404, "does not accept")):  # fmt: skip
            server = self.serve([Answer({}, status)])
            self.hunter.write({"api_key": "secret", "base_url": server.url})
            kind, message = self._test()
            self.assertEqual(kind, "danger")
            self.assertIn(sentence, message)
            self.assertNotIn("secret", message)

    def test_provider_that_has_nothing_says_so(self):
        self.patch(SyntheticProvider, "probe", lambda provider: Probe(ok=False))
        action = self.provider.with_user(self.administrator).action_test_connection()
        self.assertIn("no companies to search", action["params"]["message"])

    def test_connection_is_tested_by_administrators_only(self):
        with self.assertRaises(AccessError):
            self.hunter.with_user(self.manager).action_test_connection()

    # === PRICES === #

    def test_own_price_of_a_provider_is_paid(self):
        self.provider.write({"own_price": True, "price_lead": 0, "price_contact": 2})
        request = self.mine(lead_number=2, target="contacts", contact_number=1)
        self.assertEqual((request.created_count, request.credits_captured), (2, 4))
        self.assertPaid(4)

    def test_provider_that_is_paid_elsewhere_may_cost_nothing_here(self):
        self.provider.write({"own_price": True, "price_lead": 0, "price_contact": 0})
        self._set_credits(0)
        request = self.mine(provider_id=self.provider.id)
        self.assertEqual(request.state, "done")

    def test_price_of_a_request_is_that_of_its_dearest_provider(self):
        self.hunter.write({"active": True, "own_price": True, "price_lead": 7, "price_contact": 3})
        request = self.request(lead_number=2, target="contacts", contact_number=1)
        self.assertEqual(request._highest_price(), 20)
        request.provider_id = self.provider
        self.assertEqual(request._highest_price(), 4)
        self.assertEqual(Settings.of(self.env).prices.company, 1)

    # === WHO CAN BE ASKED === #

    def test_request_that_nobody_can_answer_is_refused(self):
        gleif = self.env.ref("crm_lead_mining.provider_gleif")
        gleif.active = True
        request = self.request(provider_id=gleif.id, filter_on_size=True, size_min=1, size_max=9)
        with self.assertRaisesRegex(UserError, "GLEIF.*cannot search by size"):
            request.action_generate()
        france = self.env.ref("crm_lead_mining.provider_recherche_entreprises")
        france.active = True
        request.provider_id = france
        with self.assertRaisesRegex(UserError, "knows no companies of these countries"):
            request.action_generate()
        request.provider_id = self.hunter
        with self.assertRaisesRegex(UserError, "No provider is set up"):
            request.action_generate()  # it is not in use
        self.hunter.active = True
        with self.assertRaisesRegex(UserError, "has no key yet"):
            request.action_generate()

    def test_known_companies_are_told_to_odoo_s_service(self):
        self.env["lead.mining.identity"].create({"key": "reg:DUNS:123456789"})
        self.env["crm.lead"].create({"name": "Stock's", "reveal_id": "987654321"})
        self.env.flush_all()
        provider = self.env.ref("crm_lead_mining.provider_odoo_iap")
        self.assertLessEqual({"123456789", "987654321"}, set(provider._known_duns()))

    def test_adapters_are_found_by_their_codes(self):
        found = self.env["lead.mining.provider"]._adapter_classes()
        for adapter in (
            CompaniesHouse, Gleif, Hunter, OdooIap, PeopleDataLabs, RechercheEntreprises,
            WebsiteProvider,
        ):  # fmt: skip
            self.assertIs(found[adapter.code], adapter)

    def test_provider_whose_addon_is_gone_is_told_to_be_none(self):
        self.provider.flush_recordset()
        self.env.cr.execute(
            "UPDATE lead_mining_provider SET code = 'gone' WHERE id = %s", [self.provider.id]
        )
        self.provider.invalidate_recordset()
        self.assertFalse(self.provider.is_ready)
        self.assertIn("cannot be searched", self.provider._unfit_sentence(CompanyQuery()))
        request = self.request()
        self.assertNotIn(self.provider, request._providers())

    def test_every_provider_of_the_list_can_be_built(self):
        providers = self.env["lead.mining.provider"].with_context(active_test=False).search([])
        providers.api_key = "secret"
        query = CompanyQuery(countries=("BE",))
        for provider in providers - self.provider:
            with self.subTest(provider.code):
                adapter = provider._build_adapter()
                self.assertEqual(adapter.code, provider.code)
                adapter.within(1).unfit(query)

    def test_error_sentences_name_the_provider(self):
        sentence = self.hunter._error_sentence(errors.ProviderNotSetUp())
        self.assertIn("Hunter", sentence)


@tagged("post_install", "-at_install")
class TestDefaults(TransactionCase):
    def test_websites_complete_what_others_lack(self):
        website = self.env.ref("crm_lead_mining.provider_website")
        self.assertTrue(website.active and website.completes)


@tagged("post_install", "-at_install")
class TestPreviewOfSeveral(LeadMiningCase):
    """Two free providers of the world, one of a country, and one that charges."""

    def setUp(self):
        super().setUp()
        from ...models.providers import lead_mining_provider_preview

        lead_mining_provider_preview._previews.clear()
        Provider = type(self.provider)
        self.counts = {"synthetic": 5}
        self.asked = []
        case = self

        def preview(provider, query, seconds=2):
            case.asked.append(provider.code)
            if not provider.count_is_free:
                return {"count": None, "living": None, "contacts": None, "sample": []}
            count = case.counts.get(provider.code)
            sample = [{"name": provider.code}] * bool(count)
            return {"count": count, "living": None, "contacts": None, "sample": sample}

        patcher = patch.object(Provider, "_preview", preview)
        self.startPatcher(patcher)
        self.env["lead.mining.provider"].search([("id", "!=", self.provider.id)]).active = False

    def use(self, **counts):
        for code, count in counts.items():
            provider = self.env.ref(f"crm_lead_mining.provider_{code}")
            provider.write({"active": True, "api_key": "secret"})
            self.counts[code] = count

    def preview(self, countries="base.be", **values):
        ids = [self.env.ref(xmlid).id for xmlid in countries.split(",")]
        return (
            self.env["lead.mining.request"]
            .with_user(self.salesperson)
            .get_preview({"lead_number": 3, "country_ids": ids, "target": "companies", **values})
        )

    def test_one_provider_s_number_is_the_number(self):
        preview = self.preview()
        self.assertEqual((preview["count"], preview["at_least"]), (5, False))
        self.assertEqual(preview["providers"], [])

    def test_several_providers_may_know_the_same_companies(self):
        self.use(gleif=40)
        preview = self.preview()
        self.assertEqual((preview["count"], preview["at_least"]), (40, True))
        self.assertEqual(
            preview["providers"],
            [{"name": "Synthetic Provider", "count": 5}, {"name": "GLEIF (LEI)", "count": 40}],
        )

    def test_registers_of_different_countries_share_no_company(self):
        self.use(companies_house=30, recherche_entreprises=20, gleif=40)
        preview = self.preview("base.uk,base.fr")
        self.assertEqual((preview["count"], preview["at_least"]), (50, True))

    def test_provider_that_cannot_answer_is_not_asked(self):
        self.use(gleif=40, recherche_entreprises=20)
        preview = self.preview(filter_on_size=True, size_min=1, size_max=99)
        self.assertEqual(self.asked, ["synthetic"])
        self.assertEqual((preview["count"], preview["at_least"]), (5, False))

    def test_provider_that_charges_makes_the_number_a_least_one(self):
        self.use(hunter=None)
        preview = self.preview()
        self.assertEqual((preview["count"], preview["at_least"]), (5, True))

    def test_price_is_that_of_all_leads_while_more_may_be_found(self):
        self.use(gleif=1)
        self.counts["synthetic"] = 1
        self.assertEqual(self.preview(lead_number=9)["price"], 9)

    def test_all_together_take_no_longer_than_one(self):
        seconds = []
        self.use(gleif=1, hunter=None)
        with patch.object(
            type(self.provider), "_preview",
            lambda provider, query, left=2: seconds.append(left)
            or {"count": 1, "living": None, "contacts": None, "sample": []},
        ):  # fmt: skip
            self.preview()
        self.assertEqual(sorted(seconds, reverse=True), seconds)
        self.assertLessEqual(max(seconds), 2)
