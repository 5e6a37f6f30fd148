import json
import re

from odoo.tests import tagged

from ...company import country_names, industries, linkedin_industries, nace
from ...company.countries import country_code
from ...company.identity import identity_keys
from ...company.types import CompanyQuery
from ...providers import errors
from ...providers.people_data_labs import PeopleDataLabs
from ..http_server import Answer
from ..provider_contract import KEY, TEN_MEGABYTES, NetworkProviderContract, ProviderCase

# https://docs.peopledatalabs.com/docs/ : reference-company-search-api (sql, size 1 to 100,
# scroll_token, a credit for each record), output-response-company-search-api (status, data, total,
# scroll_token), company-fields, errors (400, 401, 402, 404, 405, 429, 5xx as {"status", "error":
# {"type", "message"}}), usage-limits (HEAD and its headers),
# input-parameters-company-enrichment-api.


def error(status, kind):
    return Answer({"status": status, "error": {"type": kind, "message": "…"}}, status)


def company(number, **values):
    """A company as the search writes it; obviously synthetic."""
    return {
        "id": f"synth{number:023}",
        "name": f"synthetic {number} sa",
        "display_name": f"Synthetic {number} SA",
        "website": f"synthetic{number}.example",
        "size": "51-200",
        "employee_count": 77,
        "founded": 1999,
        "industry": "computer software",
        "location": {
            "name": "bruxelles, brussels, belgium",
            "locality": "bruxelles",
            "region": "brussels",
            "country": "belgium",
            "continent": "europe",
            "street_address": "rue de l'exemple 1",
            "address_line_2": None,
            "postal_code": "1000",
        },
        "linkedin_url": f"linkedin.com/company/synthetic{number}",
        "facebook_url": None,
        "twitter_url": "http://127.0.0.1/x",
        "tags": ["software"],
        "ticker": None,
        "type": "private",
        "summary": "obviously synthetic.",
        **values,
    }


class Service:
    """Behaves as documented: key, SQL over three columns, scroll tokens, 404 for no match."""

    def __init__(self, companies, left="1342"):
        self.companies = companies
        self.left = left
        self.charged = 0

    def __call__(self, asked):
        headers = {name.lower(): value for name, value in asked.headers.items()}
        if headers.get("x-api-key") != KEY:
            return error(401, "authentication_error")
        if asked.method == "HEAD":
            return Answer({}, 400, {"x-totallimit-remaining": self.left})
        if asked.path == "/company/enrich":
            return self._enrich({name: values[0] for name, values in asked.params.items()})
        return self._search(json.loads(asked.body))

    def _search(self, body):
        if not 1 <= body.get("size", 1) <= 100 or not body.get("sql"):
            return error(400, "invalid_request_error")
        found = [one for one in self.companies if self._fits(one, body["sql"])]
        start = int(body.get("scroll_token", "0$").partition("$")[0])
        page = found[start : start + body["size"]]
        if not page:
            return error(404, "not_found")
        self.charged += len(page)
        token = f"{start + len(page)}$543927"
        return Answer({"status": 200, "data": page, "total": len(found), "scroll_token": token})

    def _fits(self, one, sql):
        values = {"location.country": one["location"]["country"], "size": one["size"],
                  "industry": one["industry"]}  # fmt: skip
        for column, wanted in re.findall(r"([\w.]+) IN \(([^)]*)\)", sql):
            if values[column] not in re.findall(r"'((?:[^']|'')*)'", wanted):
                return False
        return True

    def _enrich(self, params):
        wanted = params.get("website", params.get("pdl_id"))
        found = [one for one in self.companies if wanted in (one["website"], one["id"])]
        return (
            Answer({"status": 200, "likelihood": 8, **found[0]})
            if found
            else error(404, "not_found")
        )


@tagged("post_install", "-at_install")
class TestPeopleDataLabs(NetworkProviderContract, ProviderCase):
    adapter = PeopleDataLabs
    error_body = {"status": 429, "error": {"type": "rate_limit_error", "message": "…"}}
    causes = {405: errors.ProviderRequestInvalid}
    # Whatever stands after the slash is the service's own.
    foreign_cursors = ("x", "/", "../..", "-1/5", "a/b/c/d")

    def knowing(self):
        return self.provider(Service([company(n) for n in range(1, 6)]))

    def _one(self, **values):
        return self.all(self.provider(Service([company(1, **values)])))

    def test_company_comes_with_what_is_known(self):
        (one,) = self._one()
        self.assertEqual((one.name, one.website), ("Synthetic 1 SA", "https://synthetic1.example"))
        self.assertEqual(identity_keys(one)[1], "domain:synthetic1.example")
        self.assertEqual(
            (one.street, one.city, one.zip, one.country_code),
            ("Rue De L'Exemple 1", "Bruxelles", "1000", "BE"),
        )
        self.assertEqual((one.employees, one.industries, one.founded), (77, ("62",), 1999))
        self.assertEqual(one.socials, {"linkedin": "https://linkedin.com/company/synthetic1"})
        self.assertEqual(one.provenance.provider, "people_data_labs")

    def test_band_is_kept_where_there_is_no_number(self):
        (one,) = self._one(employee_count=None)
        self.assertEqual((one.employees_min, one.employees_max, one.employees), (51, 200, None))
        (one,) = self._one(employee_count="many", size="10001+")
        self.assertEqual((one.employees_min, one.employees_max), (10001, None))

    def test_what_is_missing_or_strange_is_empty(self):
        values = {"location": None, "website": "localhost", "founded": "?", "size": None,
                  "employee_count": None, "industry": None, "linkedin_url": 7}  # fmt: skip
        answer = {"data": [company(1, **values), company(2, name=None, display_name=None), {}]}
        (one,) = self.provider([Answer(answer)]).search(CompanyQuery()).companies
        self.assertEqual((one.city, one.domain, one.founded, one.industries), ("", "", None, ()))

    def test_ten_megabytes_of_text_are_shortened(self):
        self.assertEqual(len(self._one(summary=TEN_MEGABYTES)[0].description), 4096)

    def test_criteria_are_asked_in_its_words(self):
        provider = self.provider(Service([company(1)]))
        provider.search(
            CompanyQuery(countries=("BE", "CI"), industries=("75", "J"), size_min=11, size_max=200)
        )
        sql = json.loads(self.server.asked[0].body)["sql"]
        self.assertIn("location.country IN ('belgium', 'côte d''ivoire')", sql)
        self.assertIn("size IN ('11-50', '51-200')", sql)
        self.assertIn("'computer software'", sql)
        self.assertIn("'veterinary'", sql)

    def test_nothing_of_a_query_reaches_the_statement_as_it_is(self):
        provider = self.provider(Service([company(1)]))
        evil = CompanyQuery(countries=("X' OR 1=1 --",), industries=("62' --",))
        self.assertEqual(provider.search(evil).companies, ())
        self.assertEqual(self.server.asked, [])

    def test_all_pages_are_read_and_each_company_once(self):
        service = Service([company(n) for n in range(1, 231)])
        provider = self.provider(service)
        for limit in (25, 1000):
            with self.subTest(limit):
                service.charged = 0
                self.assertDistinct(self.all(provider, limit=limit), 230)
                self.assertEqual(service.charged, 230)

    def test_no_more_is_asked_for_than_is_wanted(self):
        service = Service([company(n) for n in range(1, 231)])
        self.provider(service).search(CompanyQuery(), None, 3)
        self.assertEqual(service.charged, 3)

    def test_nothing_found_is_no_error_and_free(self):
        service = Service([])
        self.assertEqual(self.provider(service).search(CompanyQuery()).companies, ())
        self.assertEqual(service.charged, 0)

    def test_page_that_repeats_and_total_that_lies_come_to_an_end(self):
        answer = {"data": [company(1), company(1)], "total": 10**9, "scroll_token": "x"}
        provider = self.provider([Answer(answer)])
        page = provider.search(CompanyQuery())
        self.assertEqual((len(page.companies), page.next_cursor), (1, "2/x"))
        for values in ({"total": 10**9, "scroll_token": "x"}, {"total": "many"}, {}):
            answer = {"data": [], **values}
            self.assertIsNone(self.provider([Answer(answer)]).search(CompanyQuery()).next_cursor)

    def test_counting_asks_nothing(self):
        provider = self.provider(Service([company(1)]))
        self.assertIsNone(provider.count(CompanyQuery()))
        self.assertEqual(self.server.asked, [])
        self.assertFalse(PeopleDataLabs.count_is_free)

    def test_states_are_unfit(self):
        query = CompanyQuery(countries=("US",), states=(("US", "CA"),), industries=("62",))
        self.assertEqual(PeopleDataLabs().unfit(query), ("states",))

    def test_known_companies_are_left_out(self):
        provider = self.provider(Service([company(1), company(2)]))
        query = CompanyQuery(exclude=frozenset({"domain:synthetic1.example"}))
        self.assertEqual([one.name for one in self.all(provider, query)], ["Synthetic 2 SA"])

    def test_question_that_may_be_charged_is_not_asked_twice(self):
        with self.assertRaises(errors.ProviderUnavailable):
            self.provider([Answer({}, 500), Answer({"data": []})]).search(CompanyQuery())
        self.assertEqual(len(self.server.asked), 1)

    def test_enrichment_finds_by_domain_and_by_its_own_id(self):
        provider = self.provider(Service([company(1)]))
        found = provider.enrich(domain="www.synthetic1.example")
        self.assertEqual(found.employees, 77)
        self.assertEqual(provider.enrich(registry_id=f"PDL:{found.registry_id}").name, found.name)
        self.assertIsNone(provider.enrich(domain="unknown.example"))
        asked = len(self.server.asked)
        for nothing in ({"registry_id": "GB-COH:01234567"}, {"domain": "facebook.com"}, {}):
            self.assertIsNone(provider.enrich(**nothing))
        self.assertEqual(len(self.server.asked), asked)

    def test_probe_tells_what_is_left_and_costs_nothing(self):
        service = Service([company(1)])
        probe = self.provider(service).probe()
        self.assertEqual((probe.ok, probe.quota_left, service.charged), (True, 1342, 0))
        self.assertIsNone(self.provider(Service([], left="?")).probe().quota_left)

    def test_countries_are_named_both_ways(self):
        for code in ("BE", "GB", "US", "KR", "CZ", "TR", "HK", "BA", "TT", "CD"):
            with self.subTest(code):
                self.assertEqual(country_code(country_names.names()[code]), code)
        self.assertEqual(country_names.names()["BA"], "bosnia and herzegovina")

    def test_industries_of_linkedin_are_divisions_of_nace(self):
        self.assertLessEqual(set(linkedin_industries.DIVISION_OF.values()), set(nace.DIVISIONS))
        self.assertGreaterEqual(len(linkedin_industries.DIVISION_OF), 140)
        self.assertEqual(industries.from_name(" Computer Software"), "62")
        self.assertEqual(industries.from_name("Software Development"), "62")
