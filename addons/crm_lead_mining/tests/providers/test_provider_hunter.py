import json

from odoo.tests import tagged

from ...company.identity import identity_keys
from ...company.types import Company, CompanyQuery
from ...providers import errors
from ...providers.hunter import Hunter
from ..http_server import Answer
from ..provider_contract import KEY, TEN_MEGABYTES, NetworkProviderContract, ProviderCase

# https://hunter.io/api-documentation/v2 : "Structure" (data, meta, errors), "Errors" (400, 401, 403
# too often, 404, 422, 429 used up, 451 asked not to be processed, 5xx), "Discover" (filters, limit
# 100, offset), "Domain Search" (emails, verification, sources), "Company Enrichment"
# (clearbit_format), "Account" (requests.searches, requests.credits).
ERROR = {"errors": [{"id": "wrong_params", "code": 400, "details": "You are missing a parameter"}]}


def found(number, **values):
    """A company as Discover writes it; obviously synthetic."""
    return {
        "domain": f"synthetic{number}.example",
        "organization": f"Synthetic {number}",
        "emails_count": {"personal": 23, "generic": 5, "total": 28},
        **values,
    }


def email(number, **values):
    """An e-mail address as Domain Search writes it."""
    return {
        "value": f"person{number}@synthetic1.example",
        "type": "personal",
        "confidence": 94,
        "sources": [
            {
                "domain": "old.example",
                "uri": "https://old.example/team",
                "extracted_on": "2024-01-01",
                "last_seen_on": "2024-06-01",
                "still_on_page": False,
            },
            {
                "domain": "synthetic1.example",
                "uri": "https://synthetic1.example/team",
                "extracted_on": "2026-01-01",
                "last_seen_on": "2026-10-01",
                "still_on_page": True,
            },
        ],
        "first_name": "Synthetic",
        "last_name": f"Person {number}",
        "position": "Sales Manager",
        "seniority": "senior",
        "department": "sales",
        "linkedin": None,
        "twitter": None,
        "phone_number": "+32 2 290 34 90",
        "verification": {"date": "2026-10-01", "status": "valid"},
        **values,
    }


CLEARBIT = {
    "id": "x",
    "name": "Synthetic 1",
    "legalName": "Synthetic 1 SA",
    "domain": "synthetic1.example",
    "site": {
        "phoneNumbers": ["+32 2 290 34 90"],
        "emailAddresses": ["info@synthetic1.example", "not an address"],
    },
    "category": {"sector": "Technology", "industry": "Computer Software", "naicsCode": "541511"},
    "tags": ["Software"],
    "description": "Obviously synthetic.",
    "foundedYear": 1999,
    "timeZone": "Europe/Brussels",
    "geo": {
        "streetNumber": "1",
        "streetName": "Rue de l'Exemple",
        "city": "Bruxelles",
        "postalCode": "1000",
        "stateCode": "BRU",
        "countryCode": "BE",
    },
    "logo": "https://logos.example/1.png",
    "linkedin": {"handle": "company/synthetic1"},
    "twitter": {"handle": "synthetic1"},
    "facebook": {"handle": None},
    "metrics": {"employees": "51-200", "estimatedAnnualRevenue": "$10M-$50M"},
    "tech": ["PostgreSQL", "Python", "PostgreSQL"],
}


class Service:
    """Behaves as documented: key, filters by country and head count, pages of 100 at most."""

    def __init__(self, companies=(), emails=()):
        self.companies = companies
        self.emails = emails

    def __call__(self, asked):
        if asked.headers.get("X-Api-Key", asked.headers.get("X-API-KEY")) != KEY:
            return Answer(
                {"errors": [{"id": "authentication_failed", "code": 401, "details": "No key"}]}, 401
            )
        return getattr(self, asked.path.strip("/").replace("-", "_").replace("/", "_"))(asked)

    def discover(self, asked):
        body = json.loads(asked.body)
        limit, offset = body.get("limit", 100), body.get("offset", 0)
        if asked.method != "POST" or limit > 100 or offset > 10_000:
            return Answer(ERROR, 400)
        return Answer(
            {
                "data": self.companies[offset : offset + limit],
                "meta": {"results": len(self.companies), "limit": limit, "offset": offset},
            }
        )

    def domain_search(self, asked):
        params = {name: values[0] for name, values in asked.params.items()}

        def fits(one, name):
            return name not in params or one[name] in params[name].split(",")

        wanted = [e for e in self.emails if fits(e, "department") and fits(e, "seniority")]
        data = {"domain": params["domain"], "emails": wanted[: int(params["limit"])]}
        return Answer({"data": data, "meta": {"results": len(wanted)}})

    def companies_find(self, asked):
        if asked.params["domain"] != ["synthetic1.example"]:
            return Answer({"errors": [{"id": "not_found", "code": 404, "details": ""}]}, 404)
        return Answer({"data": CLEARBIT, "meta": {"domain": "synthetic1.example"}})

    def account(self, asked):
        return Answer({"data": {"requests": {"searches": {"used": 40, "available": 500}}}})


@tagged("post_install", "-at_install")
class TestHunter(NetworkProviderContract, ProviderCase):
    adapter = Hunter
    error_body = ERROR
    # Its own: the limit of questions is a 403, the limit of what was bought a 429.
    causes = {403: errors.ProviderRateLimited, 429: errors.ProviderQuotaExceeded,
              422: errors.ProviderRequestInvalid}  # fmt: skip
    people = CompanyQuery(with_contacts=True, contacts_per_company=5)
    company = Company(name="Synthetic 1", domain="synthetic1.example")

    def knowing(self):
        return self.provider(Service([found(n) for n in range(1, 6)], [email(1), email(2)]))

    def contacts(self, *emails, query=None):
        provider = self.provider(Service(emails=emails))
        return provider.contacts_of(self.company, query or self.people)

    def test_company_is_known_by_its_domain(self):
        provider = self.provider(Service([found(1)]))
        (one,) = self.all(provider, CompanyQuery(countries=("BE",)))
        self.assertEqual((one.name, one.website), ("Synthetic 1", "https://synthetic1.example"))
        self.assertEqual(identity_keys(one), ("domain:synthetic1.example",))
        self.assertEqual(one.country_code, "BE")
        (one,) = self.all(provider, CompanyQuery(countries=("BE", "FR")))
        self.assertEqual(one.country_code, "")

    def test_companies_without_a_domain_are_left_out(self):
        companies = [found(1, domain=None), found(2, domain="127.0.0.1"), found(3, domain="x"),
                     found(4, domain="facebook.com"), found(5, organization=None)]  # fmt: skip
        (one,) = self.all(self.provider(Service(companies)))
        self.assertEqual(one.name, "synthetic5.example")

    def test_filters_are_asked_as_documented(self):
        provider = self.provider(Service([found(1)]))
        provider.search(
            CompanyQuery(countries=("BE", "US"), states=(("US", "CA"),), size_min=11, size_max=499)
        )
        self.assertEqual(
            json.loads(self.server.asked[0].body),
            {
                "headquarters_location": {
                    "include": [{"country": "BE"}, {"country": "US", "state": "CA"}]
                },
                "headcount": ["11-50", "51-200"],
                "limit": 50,
                "offset": 0,
            },
        )

    def test_what_it_cannot_filter_by_is_unfit(self):
        for query, unfit in (
            (CompanyQuery(countries=("US",), states=(("US", "CA"),), size_min=1), ()),
            (CompanyQuery(industries=("62",)), ("industries",)),
            (CompanyQuery(states=(("BE", "BRU"),)), ("states",)),
        ):
            with self.subTest(query):
                self.assertEqual(Hunter().unfit(query), unfit)

    def test_size_without_a_band_is_not_asked(self):
        provider = self.provider(Service([found(1)]))
        self.assertEqual(provider.search(CompanyQuery(size_min=12, size_max=40)).companies, ())
        self.assertEqual(self.server.asked, [])

    def test_all_pages_are_read_and_each_company_once(self):
        provider = self.provider(Service([found(n) for n in range(1, 151)]))
        for limit in (25, 7, 1000):
            with self.subTest(limit):
                self.assertDistinct(self.all(provider, limit=limit), 150)

    def test_page_that_repeats_and_total_that_lies_come_to_an_end(self):
        answer = {"data": [found(1), found(1)], "meta": {"results": 10**9}}
        provider = self.provider([Answer(answer)])
        self.assertEqual(len(provider.search(CompanyQuery()).companies), 1)
        self.assertIsNone(provider.search(CompanyQuery(), "9950/50").next_cursor)
        for results in (10**9, None, "many"):
            answer = {"data": [], "meta": {"results": results}}
            self.assertIsNone(self.provider([Answer(answer)]).search(CompanyQuery()).next_cursor)

    def test_matches_are_counted_which_costs_no_credits(self):
        provider = self.provider(Service([found(1), found(2)]))
        self.assertEqual(provider.count(CompanyQuery()), 2)
        self.assertEqual([asked.path for asked in self.server.asked], ["/discover"])
        self.assertTrue(Hunter.count_is_free)
        self.assertFalse(Hunter.enrich_is_free)
        self.assertIsNone(provider.count(CompanyQuery(exclude=frozenset({"domain:a.example"}))))
        self.assertEqual(provider.count(CompanyQuery(size_min=12, size_max=40)), 0)
        for results in (None, "many", -1):
            answer = {"data": [], "meta": {"results": results}}
            self.assertIsNone(self.provider([Answer(answer)]).count(CompanyQuery()))

    def test_known_companies_are_left_out(self):
        query = CompanyQuery(exclude=frozenset({"domain:synthetic1.example"}))
        found_ = self.all(self.provider(Service([found(1), found(2)])), query)
        self.assertEqual([one.name for one in found_], ["Synthetic 2"])

    def test_question_that_may_be_charged_is_not_asked_twice(self):
        with self.assertRaises(errors.ProviderUnavailable):
            self.provider([Answer({}, 500), Answer({"data": []})]).search(CompanyQuery())
        self.assertEqual(len(self.server.asked), 1)

    # === CONTACTS === #

    def test_contact_comes_with_where_it_was_read_and_whether_it_was_verified(self):
        (one,) = self.contacts(email(1))
        self.assertEqual(
            (one.name, one.job_title, one.role, one.seniority, one.email, one.phone),
            ("Synthetic Person 1", "Sales Manager", "sale", "manager",
             "person1@synthetic1.example", "+32 2 290 34 90"),
        )  # fmt: skip
        self.assertEqual(one.email_status, "valid")
        self.assertEqual(one.provenance.url, "https://synthetic1.example/team")
        self.assertEqual(self.server.asked[0].params["type"], ["personal"])

    def test_addresses_that_are_dead_or_none_are_no_contacts(self):
        verified = lambda status: {"verification": {"status": status}}  # noqa: E731
        contacts = self.contacts(
            email(1, value="no at sign"),
            email(2, **verified("invalid")),
            email(3, **verified("disposable")),
            email(4, first_name=None, last_name=None),
            email(5, value=None),
            query=CompanyQuery(with_contacts=True, contacts_per_company=9),
        )
        self.assertEqual(contacts, ())
        for status in ("accept_all", "unknown", None):
            (one,) = self.contacts(email(1, **verified(status)))
            self.assertEqual(one.email_status, "accept_all" if status == "accept_all" else "")

    def test_pages_of_this_machine_are_no_source(self):
        sources = [{"uri": "http://localhost/x"}, {"uri": "file:///etc/passwd"}, "x", None]
        (one,) = self.contacts(email(1, sources=sources))
        self.assertEqual(one.provenance.url, "")

    def test_only_wanted_people_are_asked_for_and_paid(self):
        query = CompanyQuery(with_contacts=True, contacts_per_company=2, contact_filter="role",
                             preferred_role="sale", other_roles=("ceo",))  # fmt: skip
        boss = email(2, position="CEO", department="executive", seniority="executive")
        other = email(3, position="Accountant", department="finance")
        contacts = self.contacts(boss, other, email(1), query=query)
        self.assertEqual([one.role for one in contacts], ["sale", "ceo"])
        params = self.server.asked[0].params
        self.assertEqual((params["department"], params["limit"]), (["executive,sales"], ["2"]))
        seniority = CompanyQuery(with_contacts=True, contacts_per_company=1,
                                 contact_filter="seniority", seniority="executive")  # fmt: skip
        self.assertEqual([c.role for c in self.contacts(email(1), boss, query=seniority)], ["ceo"])
        self.assertEqual(self.server.asked[0].params["seniority"], ["executive"])

    def test_only_a_filter_by_role_narrows_to_departments(self):
        for values in (
            {"contact_filter": "role"},
            {"preferred_role": "sale"},
            {"contact_filter": "seniority", "preferred_role": "sale"},
            {"contact_filter": "role", "preferred_role": "sale", "other_roles": ("real_estate",)},
        ):
            query = CompanyQuery(with_contacts=True, contacts_per_company=2, **values)
            with self.subTest(values):
                self.contacts(email(1), query=query)
                self.assertNotIn("department", self.server.asked[0].params)

    def test_what_is_left_is_what_is_available_less_what_was_used(self):
        for meter, left in (
            ({"used": 40, "available": 500}, 460), ({"available": 500}, 500),
            ({"used": 501, "available": 500}, 0), ({"used": 40}, None), ({}, None),
        ):  # fmt: skip
            for kind in ("searches", "credits"):
                provider = self.provider([Answer({"data": {"requests": {kind: meter}}})])
                with self.subTest(meter, kind=kind):
                    self.assertEqual(provider.probe().quota_left, left)

    def test_roles_without_a_department_are_sorted_out_here(self):
        query = CompanyQuery(with_contacts=True, contacts_per_company=2, contact_filter="role",
                             preferred_role="real_estate")  # fmt: skip
        self.assertEqual(self.contacts(email(1), query=query), ())
        self.assertNotIn("department", self.server.asked[0].params)

    def test_contacts_that_were_not_asked_for_cost_nothing(self):
        self.assertEqual(self.contacts(email(1), query=CompanyQuery()), ())
        provider = self.provider(Service())
        self.assertEqual(provider.contacts_of(Company(name="X"), self.people), ())
        self.assertEqual(self.server.asked, [])

    def test_people_who_do_not_want_to_be_found_are_not(self):
        provider = self.provider([Answer(ERROR, 451)])
        self.assertEqual(provider.contacts_of(self.company, self.people), ())

    # === ENRICHMENT === #

    def test_enrichment_reads_clearbit_s_format(self):
        one = self.provider(Service()).enrich(domain="https://www.synthetic1.example/about")
        self.assertEqual(
            (one.street, one.city, one.zip, one.state_code, one.country_code),
            ("1 Rue de l'Exemple", "Bruxelles", "1000", "BRU", "BE"),
        )
        for place, state in (
            ({"countryCode": "DE", "stateCode": "BY"}, ("DE", "BY")),
            ({"countryCode": "DE", "stateCode": "DE-BY"}, ("DE", "BY")),
            ({"countryCode": "DE", "state": "Bavaria"}, ("DE", "BY")),
            ({"country": "Germany", "state": "Bayern"}, ("DE", "BY")),
        ):
            german = self.provider([Answer({**CLEARBIT, "geo": place})]).enrich(
                domain="synthetic1.example"
            )
            self.assertEqual((german.country_code, german.state_code), state)
        self.assertEqual((one.employees_min, one.employees_max, one.employees), (51, 200, None))
        self.assertEqual(one.emails, ("info@synthetic1.example",))
        self.assertEqual((one.phone, one.founded), ("+32 2 290 34 90", 1999))
        self.assertEqual((one.industries, one.revenue), (("62",), "$10M-$50M"))
        self.assertEqual(one.technologies, ("PostgreSQL", "Python"))
        self.assertEqual(one.logo_url, "https://logos.example/1.png")
        self.assertEqual(
            one.socials,
            {"linkedin": "https://www.linkedin.com/company/synthetic1",
             "twitter": "https://x.com/synthetic1"},
        )  # fmt: skip

    def test_enrichment_without_an_envelope_is_read_too(self):
        one = self.provider([Answer(CLEARBIT)]).enrich(domain="synthetic1.example")
        self.assertEqual(one.name, "Synthetic 1")

    def test_what_is_missing_or_strange_is_empty(self):
        strange = {
            **CLEARBIT, "geo": None, "site": [], "metrics": {"employees": True}, "tech": "Odoo",
            "logo": "http://localhost:8069/logo", "category": {"naicsCode": 7},
            "foundedYear": "soon",
            "description": TEN_MEGABYTES, "linkedin": "x",
        }  # fmt: skip
        one = self.provider([Answer({"data": strange})]).enrich(domain="synthetic1.example")
        self.assertEqual((one.city, one.phone, one.employees, one.logo_url), ("", "", None, ""))
        self.assertEqual((one.founded, one.industries, one.technologies), (None, (), ("Odoo",)))
        self.assertEqual(len(one.description), 4096)

    def test_nothing_found_is_nothing(self):
        provider = self.provider(Service())
        self.assertIsNone(provider.enrich(domain="unknown.example"))
        asked = len(self.server.asked)
        for nothing in ({"registry_id": "GB-COH:01234567"}, {"domain": "10.0.0.1"}, {}):
            self.assertIsNone(provider.enrich(**nothing))
        self.assertEqual(len(self.server.asked), asked)

    def test_probe_tells_what_is_left(self):
        self.assertEqual(self.provider(Service()).probe().quota_left, 460)
        self.assertIsNone(self.provider([Answer({"data": None})]).probe().quota_left)
