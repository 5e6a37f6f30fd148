import json

from odoo.tests import tagged

from ...company import nace
from ...company.identity import identity_keys
from ...company.types import CompanyQuery
from ...providers import errors
from ...providers.odoo_iap import INDUSTRIES, STATE_COUNTRIES, OdooIap
from ..http_server import Answer
from ..provider_contract import KEY, TEN_MEGABYTES, NetworkProviderContract, ProviderCase

# Odoo 19.0, community, LGPL-3: crm_iap_mine/models/crm_iap_lead_mining_request.py
# (_prepare_iap_payload, _perform_request), iap_mail's template of a company, iap/tools/iap_tools.py
# (iap_jsonrpc: errors by the last part of data.name), iap/models/iap_enrich_api.py,
# iap/models/iap_account.py (/iap/1/balance); industries: data/crm.iap.lead.industry.csv.


def company(number, **values):
    """A company as search_by_criteria gives it; obviously synthetic."""
    return {
        "duns": f"{number:09}",
        "name": f"Synthetic {number}",
        "domain": f"synthetic{number}.example",
        "website": f"www.synthetic{number}.example",
        "phone": "+32 2 290 34 90",
        "email": [f"info@synthetic{number}.example", "no at sign"],
        "street": "Rue de l'Exemple 1",
        "city": "Bruxelles",
        "zip": "1000",
        "state_code": "BRU",
        "country_code": "BE",
        "vat": "BE0477472701",
        "employees": 77,
        "estimated_annual_revenue": "$10M-$50M",
        "founded_year": 1999,
        "industry": "Software",
        "logo": "https://logos.example/1.png",
        "tech": ["postgresql"],
        "timezone": "Europe/Brussels",
        "twitter": "synthetic",
        "linkedin": "https://www.linkedin.com/company/synthetic",
        **values,
    }


def failure(name):
    data = {"name": name, "message": "…", "arguments": [], "context": {}}
    return {"jsonrpc": "2.0", "id": None, "error": {"code": 200, "message": "…", "data": data}}


class Service:
    """Behaves as Odoo's: JSON-RPC, a credit for each company, none that is known."""

    def __init__(self, companies, credits=1000):
        self.companies = companies
        self.credits = credits

    def __call__(self, asked):
        call = json.loads(asked.body)
        params = call["params"]
        if params["account_token"] != KEY:
            return Answer(failure("odoo.exceptions.AccessError"))
        if asked.path == "/iap/1/balance":
            return self._result(call, self.credits)
        if asked.path == "/iap/clearbit/1/lead_enrichment_email":
            found = {one["domain"]: one for one in self.companies}
            return self._result(
                call, {key: found.get(domain, False) for key, domain in params["domains"].items()}
            )
        query = params["query"]
        wanted = [one for one in self.companies if one["duns"] not in params["reveal_ids"]]
        wanted = wanted[: query["lead_number"]]
        if len(wanted) > self.credits:
            return Answer(failure("odoo.addons.iap.tools.iap_tools.InsufficientCreditError"))
        self.credits -= len(wanted)
        return self._result(call, {"data": wanted, "credit_error": False})

    def _result(self, call, result):
        return Answer({"jsonrpc": "2.0", "id": call["id"], "result": result})


@tagged("post_install", "-at_install")
class TestOdooIap(NetworkProviderContract, ProviderCase):
    adapter = OdooIap
    error_body = b"<html>error</html>"
    query = CompanyQuery(countries=("BE",))

    foreign_cursors = ("x,", "1/2", "../..", "a b")

    def knowing(self):
        people = [{"full_name": f"Person {n}", "title": "CEO"} for n in range(1, 5)]
        return self.provider(Service([company(n, people_data=people) for n in range(1, 6)]))

    def provider(self, answers, **options):
        return super().provider(answers, db_uuid="a-b-c", **options)

    def _one(self, **values):
        return self.all(self.provider(Service([company(1, **values)])))

    def _asked(self):
        return json.loads(self.server.asked[0].body)["params"]

    def test_company_comes_with_what_is_known(self):
        (one,) = self._one()
        self.assertEqual(
            identity_keys(one),
            ("reg:DUNS:000000001", "vat:BE0477472701", "domain:synthetic1.example"),
        )
        self.assertEqual((one.emails, one.phone), (("info@synthetic1.example",), "+32 2 290 34 90"))
        self.assertEqual((one.employees, one.industries, one.founded), (77, ("62",), 1999))
        self.assertEqual((one.state_code, one.country_code), ("BRU", "BE"))
        self.assertEqual(one.socials["twitter"], "https://x.com/synthetic")
        self.assertEqual(one.socials["linkedin"], "https://www.linkedin.com/company/synthetic")

    def test_what_breaks_odoo_s_own_client_is_only_empty_here(self):
        for values, field, expected in (
            ({"employees": "51-200"}, "employees_max", 200),
            ({"employees": "300"}, "employees", 300),
            ({"email": None}, "emails", ()),
            ({"email": "info@synthetic1.example"}, "emails", ("info@synthetic1.example",)),
            ({"phone": None, "phone_numbers": None}, "phone", ""),
            ({"phone": None, "phone_numbers": ["1"]}, "phone", "1"),
            ({"phone": "1", "phone_numbers": ["2"]}, "phone", "1"),
            ({"country_code": "be"}, "country_code", "BE"),
            ({"country_code": None}, "country_code", ""),
            ({"logo": "http://localhost:8069/web/image"}, "logo_url", ""),
            ({"logo": "http://169.254.169.254/"}, "logo_url", ""),
            ({"description": TEN_MEGABYTES[:5_000_000]}, "description", "x" * 4096),
            ({"tech": None, "timezone": 7}, "technologies", ()),
        ):
            with self.subTest(field, values=str(values)[:60]):
                (one,) = self._one(**values)
                self.assertEqual(getattr(one, field), expected)
        companies = [company(1, duns=None), {}, "x", None, company(2, name=None)]
        answer = {"result": {"data": companies}}
        (one,) = self.provider([Answer(answer)]).search(self.query).companies
        self.assertEqual(one.registry, "")

    def test_query_is_asked_as_odoo_s_own_client_does(self):
        provider = self.provider(Service([company(1)]), known=("123456789",))
        provider.search(
            CompanyQuery(
                countries=("BE", "US"), states=(("US", "CA"),), industries=("J",), size_min=10,
                size_max=99, with_contacts=True, contacts_per_company=2, contact_filter="role",
                preferred_role="ceo", other_roles=("sale",),
            ),
            None,
            20,
        )  # fmt: skip
        self.assertEqual(self.server.asked[0].path, "/api/dnb/1/search_by_criteria")
        asked = self._asked()
        self.assertEqual((asked["account_token"], asked["db_uuid"]), (KEY, "a-b-c"))
        self.assertEqual(asked["reveal_ids"], ["123456789"])
        self.assertEqual(
            asked["query"],
            {
                "lead_number": 20,
                "search_type": "people",
                "countries": [{"code": "BE", "states": []}, {"code": "US", "states": ["CA"]}],
                "company_size_min": 10,
                "company_size_max": 99,
                "industry_ids": ["86", "149", "165"],
                "contact_number": 2,
                "contact_filter_type": "role",
                "preferred_role": "CEO",
                "other_roles": ["sale"],
            },
        )

    def test_seniority_is_asked_as_odoo_s_own_client_does(self):
        provider = self.provider(Service([company(1)]))
        provider.search(CompanyQuery(with_contacts=True, contacts_per_company=1,
                                     contact_filter="seniority", seniority="manager"))  # fmt: skip
        asked = self._asked()["query"]
        self.assertEqual(
            (asked["contact_filter_type"], asked["seniority"]), ("seniority", "manager")
        )

    def test_industries_are_narrowed_and_never_widened(self):
        for industries, unfit in (
            (("62", "63"), ()),
            (("62",), ("industries",)),
            (("J", "01"), ()),
            (("01",), ("industries",)),
        ):
            with self.subTest(industries):
                self.assertEqual(OdooIap().unfit(CompanyQuery(industries=industries)), unfit)
        divisions = {division for some in INDUSTRIES.values() for division in some}
        self.assertLessEqual(divisions, set(nace.DIVISIONS))

    def test_states_can_be_asked_for_where_odoo_offers_them(self):
        from odoo.addons.iap.tools.iap_tools import _STATES_FILTER_COUNTRIES_WHITELIST

        self.assertEqual(STATE_COUNTRIES, _STATES_FILTER_COUNTRIES_WHITELIST)
        self.assertEqual(OdooIap().unfit(CompanyQuery(states=(("BE", "BRU"),))), ("states",))
        self.assertEqual(OdooIap().unfit(CompanyQuery(states=(("US", "CA"),))), ())

    def test_next_page_tells_what_came_before_and_nothing_is_paid_twice(self):
        service = Service([company(n) for n in range(1, 61)])
        found = self.all(self.provider(service), self.query, limit=25)
        self.assertDistinct(found, 60)
        self.assertEqual(service.credits, 1000 - 60)

    def test_page_that_repeats_comes_to_an_end(self):
        answer = {"result": {"data": [company(1), company(1)], "credit_error": False}}
        provider = self.provider([Answer(answer)])
        page = provider.search(self.query, None, 2)
        self.assertEqual(len(page.companies), 1)
        self.assertIsNone(provider.search(self.query, page.next_cursor, 2).next_cursor)

    def test_contacts_are_those_that_were_asked_for(self):
        people = [{"full_name": "Synthetic Person", "title": "CEO", "email": "p@a.example"},
                  {"full_name": "Second", "title": "Sales", "email": "no at sign", "phone": None},
                  {"title": "Nobody"}, "x"]  # fmt: skip
        provider = self.provider(Service([company(1, people_data=people)]))
        (one,) = self.all(provider, CompanyQuery(with_contacts=True, contacts_per_company=5))
        self.assertEqual([(c.name, c.email) for c in one.contacts],
                         [("Synthetic Person", "p@a.example"), ("Second", "")])  # fmt: skip
        (one,) = self.all(provider, CompanyQuery())
        self.assertEqual(one.contacts, ())

    def test_missing_credits_are_told_as_such(self):
        for answer in (
            failure("odoo.addons.iap.tools.iap_tools.InsufficientCreditError"),
            failure("InsufficientCreditError"),
            {"result": {"data": [], "credit_error": True}},
        ):
            with self.subTest(answer), self.assertRaises(errors.ProviderQuotaExceeded):
                self.provider([Answer(answer)]).search(self.query)

    def test_other_errors_are_told_as_such(self):
        for name, cause in (
            ("odoo.exceptions.AccessError", errors.ProviderRefused),
            ("odoo.exceptions.AccessDenied", errors.ProviderRefused),
            ("builtins.ValueError", errors.ProviderUnavailable),
            (None, errors.ProviderUnavailable),
        ):
            with self.subTest(name), self.assertRaises(cause):
                self.provider([Answer(failure(name))]).search(self.query)
        with self.assertRaises(errors.ProviderUnavailable):
            self.provider([Answer({"error": "x"})]).search(self.query)

    def test_question_that_is_charged_is_not_asked_twice(self):
        with self.assertRaises(errors.ProviderUnavailable):
            self.provider([Answer({}, 500), Answer({"result": {"data": []}})]).search(self.query)
        self.assertEqual(len(self.server.asked), 1)

    def test_enrichment_finds_by_domain(self):
        provider = self.provider(Service([company(1)]))
        self.assertEqual(provider.enrich(domain="www.synthetic1.example").name, "Synthetic 1")
        self.assertIsNone(provider.enrich(domain="unknown.example"))
        clearbit = {"name": "Old Shape", "clearbit_id": "x", "location": "1 Street",
                    "postal_code": "1000", "phone_numbers": ["+32 2"]}  # fmt: skip
        answer = {"result": {"synthetic1.example": clearbit}}
        one = self.provider([Answer(answer)]).enrich(domain="synthetic1.example")
        self.assertEqual((one.street, one.zip, one.phone), ("1 Street", "1000", "+32 2"))
        self.assertEqual(one.domain, "synthetic1.example")
        self.assertEqual(one.website, "https://synthetic1.example")
        self.assertIsNone(self.provider([Answer({"result": None})]).enrich(domain="a.example"))

    def test_enrichment_leaves_the_domain_that_is_told(self):
        """A company may be found by another one of its domains."""
        moved = company(1, website="www.new.example/home")
        for told, domain in (
            ({}, "synthetic1.example"),
            ({"domain": None}, "new.example"),
            ({"domain": None, "website": None}, "old.example"),
        ):
            with self.subTest(told):
                answer = {"result": {"old.example": moved | told}}
                one = self.provider([Answer(answer)]).enrich(domain="old.example")
                self.assertEqual((one.domain, one.website), (domain, f"https://{domain}"))

    def test_probe_tells_the_balance(self):
        self.assertEqual(self.provider(Service([], credits=42)).probe().quota_left, 42)
        self.assertEqual(self.provider([Answer({"result": 41.5})]).probe().quota_left, 41)
        self.assertIsNone(self.provider([Answer({"result": None})]).probe().quota_left)

    def test_counting_asks_nothing(self):
        provider = self.provider(Service([company(1)]))
        self.assertIsNone(provider.count(self.query))
        self.assertEqual(self.server.asked, [])
