from datetime import date

from odoo.tests import tagged

from ...company import nace, uk_sic
from ...company.identity import identity_keys
from ...company.industries import read
from ...company.types import Company, CompanyQuery
from ...providers import errors
from ...providers.base import COUNT_LIMIT
from ...providers.companies_house import MAX_RESULTS, CompaniesHouse
from ..http_server import Answer
from ..provider_contract import KEY, TEN_MEGABYTES, NetworkProviderContract, ProviderCase

# https://developer-specs.company-information.service.gov.uk/companies-house-public-data-api/ :
# reference/search/advanced-company-search (items: advancedCompany; 404: no companies found),
# reference/company-profile, reference/officers/list. Enumerations:
# github.com/companieshouse/api-enumerations. Authentication and rate limiting (401, 429 and
# 600 questions in five minutes): developer.company-information.service.gov.uk/developer-guidelines.


def company(number, **values):
    """A company as the advanced search writes it; obviously synthetic."""
    return {
        "company_name": f"SYNTHETIC {number} LIMITED",
        "company_number": f"{number:08}",
        "company_status": "active",
        "company_type": "ltd",
        "kind": "search-results#company",
        "links": {"company_profile": f"/company/{number:08}"},
        "date_of_creation": "2001-02-03",
        "registered_office_address": {
            "address_line_1": "1 Example Street",
            "address_line_2": "Sample Park",
            "locality": "London",
            "postal_code": "EC1A 1AA",
            "region": "Greater London",
            "country": "England",
        },
        "sic_codes": ["62012", "62020"],
        **values,
    }


OFFICERS = [
    {
        "name": "PERSON, Synthetic Middle",
        "officer_role": "director",
        "occupation": "Chief Executive Officer",
        "appointed_on": "2015-01-01",
        "date_of_birth": {"month": 1, "year": 1970},
        "nationality": "British",
        "country_of_residence": "England",
        "address": {"address_line_1": "1 Private Road"},
        "links": {"officer": {"appointments": "/officers/x/appointments"}},
    },
    {"name": "GONE, Person", "officer_role": "director", "resigned_on": "2020-01-01"},
    {"name": "SYNTHETIC SECRETARIES LTD", "officer_role": "corporate-secretary"},
    {"name": "SECOND, Person", "officer_role": "secretary", "occupation": "None"},
    {"name": "PERSON, Dr Synthetic Middle", "officer_role": "secretary"},
    {"name": None, "officer_role": "director"},
]


class Register:
    """Behaves as documented: Basic key, filters by date and SIC, 404 when nothing is found."""

    def __init__(self, companies, hits=None):
        self.companies = companies
        self.hits = hits

    def __call__(self, asked):
        params = {name: values[0] for name, values in asked.params.items()}
        if not asked.headers.get("Authorization", "").startswith("Basic "):
            return Answer({"error": "Empty Authorization header", "type": "ch:service"}, 401)
        if asked.path == "/advanced-search/companies":
            return self._search(params)
        return self._one(*asked.path.split("/")[2:])

    def _search(self, params):
        start, size = int(params.get("start_index", 0)), int(params.get("size", 20))
        if start + size > MAX_RESULTS or size > 5000:
            return Answer({"errors": [{"error": "out of range", "type": "ch:service"}]}, 500)
        found = [one for one in self.companies if self._fits(one, params)]
        if not found:
            return Answer({}, 404)
        return Answer(
            {
                "etag": "x",
                "hits": self.hits or len(found),
                "items": found[start : start + size],
                "kind": "search#advanced-search",
                "top_hit": {"company_number": found[0]["company_number"]},
            }
        )

    def _fits(self, one, params):
        created = one.get("date_of_creation") or ""
        codes = set(filter(None, params.get("sic_codes", "").split(",")))
        return (
            one["company_status"] == params.get("company_status", one["company_status"])
            and params.get("incorporated_from", "") <= created
            and created <= params.get("incorporated_to", "9999")
            and (not codes or codes & set(one["sic_codes"]))
        )

    def _one(self, number, *rest):
        found = [one for one in self.companies if one["company_number"] == number]
        if not found:
            error = {"errors": [{"error": "company-profile-not-found", "type": "ch:service"}]}
            return Answer(error, 404)
        if rest:
            return Answer({"active_count": 2, "items": OFFICERS, "kind": "officer-list"})
        profile = dict(found[0])
        profile["type"] = profile.pop("company_type")
        return Answer(profile)


@tagged("post_install", "-at_install")
class TestCompaniesHouse(NetworkProviderContract, ProviderCase):
    adapter = CompaniesHouse
    error_body = {"error": "Invalid Authorization", "type": "ch:service"}

    def knowing(self):
        return self.provider(Register([company(n) for n in range(1, 6)]))

    def _one(self, **values):
        return self.all(self.provider(Register([company(1, **values)])))

    def test_key_is_shown_as_the_user_of_basic_authentication(self):
        self._one()
        header = self.server.asked[0].headers["Authorization"]
        self.assertEqual(header, "Basic c2VjcmV0LWtleS1vZi1hLXRlc3Q6")
        self.assertNotIn(KEY, str(self.server.asked[0].params))

    def test_company_comes_with_what_the_register_knows(self):
        (found,) = self._one()
        self.assertEqual(found.name, "SYNTHETIC 1 LIMITED")
        self.assertEqual(identity_keys(found), ("reg:GB-COH:00000001",))
        self.assertEqual(
            (found.street, found.street2, found.city, found.zip, found.country_code),
            ("1 Example Street", "Sample Park", "London", "EC1A 1AA", "GB"),
        )
        self.assertEqual((found.industries, found.founded), (("62",), 2001))
        self.assertEqual(found.legal_form, "Private limited company")
        self.assertEqual(found.provenance.licence, "OGL-UK-3.0")
        self.assertTrue(found.provenance.url.endswith("/company/00000001"))
        self.assertEqual(found.provenance.fetched_on, date.today())

    def test_every_legal_form_is_told_in_words(self):
        for type_, words in {
            "plc": "Public limited company",
            "icvc-umbrella": "Investment company with variable capital",
            "old-public-company": "Old public company",
            None: "",
        }.items():
            (found,) = self._one(company_type=type_)
            self.assertEqual(found.legal_form, words, type_)

    def test_companies_of_other_countries_are_left_out(self):
        address = company(1)["registered_office_address"]
        companies = [
            company(1, registered_office_address={**address, "country": "France"}),
            company(2, company_type="oversea-company"),
            company(3, company_type="registered-overseas-entity"),
            company(4, registered_office_address={}),
            company(5, company_name=" "),
            company(6, company_number=None),
            company(7, company_status="dissolved"),
        ]
        found = self.all(self.provider(Register(companies)))
        self.assertEqual([one.registry_id for one in found], ["00000004"])

    def test_a_company_that_has_ceased_is_no_find_though_the_register_sends_it(self):
        companies = [
            company(1, company_status="liquidation"),
            company(2, company_status="voluntary-arrangement"),
            company(3, company_status="converted-closed"),
            company(4, company_status_detail="active-proposal-to-strike-off"),
            company(5),
        ]
        answer = {"hits": len(companies), "items": companies}
        page = self.provider([Answer(answer)]).search(CompanyQuery())
        self.assertEqual([one.registry_id for one in page.companies], ["00000005"])

    def test_what_is_missing_or_strange_is_empty(self):
        (found,) = self._one(registered_office_address=7, sic_codes="none")
        self.assertEqual((found.city, found.industries), ("", ()))
        self.assertEqual((found.employees, found.domain), (None, ""))
        for codes in (None, [7, None, {}], ["99999"], ["74990", "62012"]):
            with self.subTest(codes):
                answer = {"hits": 1, "items": [company(1, sic_codes=codes)]}
                (found,) = self.provider([Answer(answer)]).search(CompanyQuery()).companies
                self.assertLessEqual(set(found.industries), {"62"})

    def test_ten_megabytes_of_text_are_shortened(self):
        (found,) = self._one(company_name=TEN_MEGABYTES)
        self.assertEqual(len(found.name), 512)

    def test_all_pages_are_read_and_each_company_once(self):
        provider = self.provider(Register([company(n) for n in range(1, 61)]))
        for limit in (25, 7, 10_000):
            with self.subTest(limit):
                self.assertDistinct(self.all(provider, limit=limit), 60)

    def test_beyond_ten_thousand_it_is_asked_by_date_of_incorporation(self):
        # 24,000 companies: the first page is as it is, all others come by spans of dates.
        companies = [
            company(n, date_of_creation=f"{2000 + n % 24}-{1 + n % 12:02}-{1 + n % 28:02}")
            for n in range(1, 24_001)
        ]
        provider = self.provider(Register(companies))
        found = {one.registry_id for one in self.all(provider, limit=500, pages=200)}
        self.assertEqual(len(found), 24_000)
        self.assertEqual(provider.count(CompanyQuery()), COUNT_LIMIT + 1)

    def test_request_that_one_page_fills_costs_one_question(self):
        provider = self.provider(Register([company(n) for n in range(1, 12_001)]))
        self.assertEqual(len(provider.search(CompanyQuery(), None, 50).companies), 50)
        self.assertEqual(len(self.server.asked), 1)

    def test_page_that_repeats_and_number_of_hits_that_lies_come_to_an_end(self):
        answer = {"hits": 10_000_000, "items": [company(1), company(1)]}
        provider = self.provider([Answer(answer)])
        page = provider.search(CompanyQuery(), None, 25)
        self.assertEqual(len(page.companies), 1)
        last = provider.search(CompanyQuery(), "1700-01-01/1700-01-01/9990/10")
        self.assertIsNone(last.next_cursor)
        for hits in (500, 10_000_000):
            provider = self.provider([Answer({"hits": hits, "items": []})])
            self.assertIsNone(provider.search(CompanyQuery()).next_cursor)

    def test_hits_may_be_written_as_text(self):
        # The specification says string, the service sends a number.
        provider = self.provider([Answer({"hits": "42", "items": [company(1)]})])
        self.assertEqual(provider.count(CompanyQuery()), 42)

    def test_nothing_found_is_no_error(self):
        provider = self.provider(Register([]))
        self.assertEqual(provider.count(CompanyQuery()), 0)
        self.assertEqual(provider.search(CompanyQuery()).companies, ())

    def test_industries_are_asked_by_all_of_their_codes(self):
        companies = [company(1), company(2, sic_codes=["58290"]), company(3, sic_codes=["47110"])]
        provider = self.provider(Register(companies))
        numbers = lambda *codes: [  # noqa: E731
            one.registry_id[-1] for one in self.all(provider, CompanyQuery(industries=codes))
        ]
        self.assertEqual(numbers("62"), ["1"])
        self.assertEqual(
            self.server.asked[0].params["sic_codes"], ["62011,62012,62020,62030,62090"]
        )
        self.assertEqual(numbers("J"), ["1", "2"])
        self.assertEqual(numbers("J", "47"), ["1", "2", "3"])

    def test_codes_are_those_of_uk_sic_2007(self):
        codes = uk_sic.codes_of(nace.SECTIONS)
        self.assertEqual(len(codes), len(set(codes)))
        self.assertEqual(len(codes), 728)  # 731 less 74990, 98000 and 99999
        self.assertEqual([code for code in codes if read(code, "GB") != (code[:2],)], [])
        self.assertEqual({code[:2] for code in codes}, set(nace.DIVISIONS))

    def test_what_it_cannot_filter_by_is_unfit(self):
        for query, unfit in (
            (CompanyQuery(countries=("GB",), industries=("62",)), ()),
            (CompanyQuery(countries=("GB", "FR"), states=(("FR", "69"),)), ()),
            (CompanyQuery(countries=("FR",)), ("countries",)),
            (CompanyQuery(countries=("GB",), size_min=1), ("size",)),
            (CompanyQuery(countries=("GB",), states=(("GB", "LND"),)), ("states",)),
        ):
            with self.subTest(query):
                self.assertEqual(CompaniesHouse().unfit(query), unfit)

    def test_what_cannot_match_is_not_even_asked(self):
        provider = self.provider(Register([company(1)]))
        for query in (CompanyQuery(countries=("FR",)), CompanyQuery(industries=("??",))):
            self.assertEqual(provider.count(query), 0)
            self.assertEqual(provider.search(query).companies, ())
        self.assertEqual(self.server.asked, [])

    def test_known_companies_are_left_out_and_not_counted(self):
        provider = self.provider(Register([company(1), company(2)]))
        query = CompanyQuery(exclude=frozenset({"reg:GB-COH:00000001"}))
        self.assertEqual([one.registry_id for one in self.all(provider, query)], ["00000002"])
        self.assertIsNone(provider.count(query))

    def test_officers_are_contacts_without_what_is_known_of_their_birth(self):
        provider = self.provider(Register([company(1)]))
        query = CompanyQuery(with_contacts=True, contacts_per_company=5)
        (found,) = self.all(provider, query)
        self.assertEqual(found.contacts, ())  # asked for apart, of companies that are wanted
        contacts = provider.contacts_of(found, query)
        self.assertEqual(
            [(one.name, one.job_title, one.role, one.seniority) for one in contacts],
            [
                ("Synthetic Person", "Director, Chief Executive Officer", "ceo", "director"),
                ("Person Second", "Secretary", "", ""),
            ],
        )
        for secret in ("1970", "British", "Private Road"):
            self.assertNotIn(secret, repr(contacts))
        self.assertTrue(contacts[0].provenance.url.endswith("/company/00000001/officers"))

    def test_officers_of_the_wanted_role_only(self):
        provider = self.provider(Register([company(1)]))
        query = CompanyQuery(with_contacts=True, contacts_per_company=5, contact_filter="role",
                             preferred_role="finance")  # fmt: skip
        (found,) = self.all(provider, query)
        self.assertEqual(provider.contacts_of(found, query), ())
        stranger = Company(name="X", registry="FR-SIRENE", registry_id="552100554")
        self.assertEqual(provider.contacts_of(stranger, query), ())

    def test_enrichment_finds_by_number_and_nothing_else(self):
        provider = self.provider(Register([company(1234567)]))
        found = provider.enrich(registry_id="GB-COH:1234567")
        self.assertEqual((found.name, found.industries), ("SYNTHETIC 1234567 LIMITED", ("62",)))
        self.assertIsNone(provider.enrich(registry_id="GB-COH:7654321"))
        asked = len(self.server.asked)
        for nothing in ({"domain": "a.example"}, {"registry_id": "FR-SIRENE:01234567"},
                        {"registry_id": "GB-COH:../../x"}, {}):  # fmt: skip
            self.assertIsNone(provider.enrich(**nothing))
        self.assertEqual(len(self.server.asked), asked)

    def test_moment_at_which_the_limit_ends_is_how_long_to_wait(self):
        # developer-guidelines: X-Ratelimit-Reset is the time in seconds since 1970.
        import time

        headers = {"X-Ratelimit-Reset": str(int(time.time()) + 100)}
        with self.assertRaises(errors.ProviderRateLimited) as caught:
            self.provider([Answer({}, 429, headers)]).search(CompanyQuery())
        self.assertAlmostEqual(caught.exception.retry_after, 100, delta=3)
