"""What every provider must do: tests that the tests of an adapter inherit, also in other addons.

class TestMine(ProviderContract, BaseCase): …               asks nobody outside
class TestMine(NetworkProviderContract, ProviderCase): …    asks by HTTP
"""

import json
from dataclasses import replace

from ..company import company_json, nace
from ..company.identity import identity_keys
from ..company.matching import misfits
from ..company.roles import ROLES, SENIORITIES
from ..company.types import Company, CompanyQuery
from ..providers import errors, http
from ..providers.base import COUNT_LIMIT, FILTERS, Access, Probe, Provider, handle_of
from ..providers.pace import Rate
from .http_server import Answer, LoopbackCase

KEY = "secret-key-of-a-test"
#: A text that no adapter may hand on as it is.
TEN_MEGABYTES = "x" * 10_000_000

#: HTTP status -> what it means everywhere, unless a provider documents something else.
CAUSES = {
    400: errors.ProviderRequestInvalid,
    401: errors.ProviderRefused,
    402: errors.ProviderQuotaExceeded,
    403: errors.ProviderRefused,
    429: errors.ProviderRateLimited,
    500: errors.ProviderUnavailable,
    502: errors.ProviderUnavailable,
    503: errors.ProviderUnavailable,
}
ANY_COMPANY = CompanyQuery()
#: What of a query -> whether a company says something of it.
SAYS = {
    "countries": lambda company: company.country_code,
    "states": lambda company: company.state_code,
    "industries": lambda company: company.industries,
    "size": lambda company: company.employees_min is not None,
    "technologies": lambda company: company.technologies,
}


class ProviderContract:
    """What holds for every provider, whatever it asks.

    :cvar adapter: the adapter's class
    :cvar query: what it can answer
    :cvar foreign_cursors: what is none of its cursors
    """

    #: Odoo's own runner leaves inherited tests out otherwise.
    allow_inherited_tests_method = True

    adapter: type[Provider]
    query = ANY_COMPANY
    foreign_cursors = ("x", "/", "1/0", "1/9999999", "../..", "-1/5", "a/b/c/d")

    def knowing(self) -> Provider:
        """Return the adapter, ready to be asked; of what `query` asks it knows three or more."""
        raise NotImplementedError

    def all(self, provider, query=ANY_COMPANY, limit=25, pages=50):
        """Return the companies of all pages; there must be an end."""
        cursor, found = None, []
        for _page in range(pages):
            page = provider.search(query, cursor, limit)
            found.extend(page.companies)
            cursor = page.next_cursor
            if not cursor:
                return found
        raise AssertionError("The pages never end.")

    def assertDistinct(self, companies, number):
        self.assertEqual(len({company.name for company in companies}), number)
        self.assertEqual(len(companies), number)

    # === WHAT IT SAYS OF ITSELF === #

    def test_what_it_says_of_itself_can_be_shown_and_stored(self):
        self.assertRegex(self.adapter.code, r"^[a-z][a-z0-9_]*$")
        self.assertLessEqual(set(self.adapter.filters), set(FILTERS))
        for country in self.adapter.only_countries:
            self.assertRegex(country, r"^[A-Z]{2}$")
        for rate in self.adapter.rates:
            self.assertIsInstance(rate, Rate)
        self.assertIsInstance(self.adapter.licence, str)

    def test_what_it_cannot_filter_by_is_told_before_it_is_asked(self):
        provider = self.knowing()
        country = next(iter(self.adapter.only_countries or ("BE",)))
        asked = {
            "states": {"states": ((country, "X"),)},
            "industries": {"industries": ("62",)},
            "size": {"size_min": 10},
            "technologies": {"technologies": ("Python",)},
            "no_subsidiaries": {"no_subsidiaries": True},
            "reach": {"reach": ("email",)},
            "places": {"places": ("Gent",)},
            "words": {"words": ("organic",)},
            "founded": {"founded_min": 2000},
            "legal_form": {"legal_form": "SA"},
            "revenue_from": {"revenue_from": "from_10"},
            "dataset": {"dataset": "Register"},
        }
        self.assertEqual(set(asked), set(FILTERS))
        for name in set(FILTERS) - set(self.adapter.filters):
            with self.subTest(name):
                self.assertIn(name, provider.unfit(CompanyQuery((country,), **asked[name])))
        foreign = "BE" if country != "BE" else "FR"
        self.assertEqual(
            "countries" in provider.unfit(CompanyQuery((foreign,))),
            bool(self.adapter.only_countries) and foreign not in self.adapter.only_countries,
        )
        self.assertEqual(provider.unfit(self.query), ())

    # === SEARCH === #

    def test_it_finds_companies_if_it_can_be_searched(self):
        found = self.all(self.knowing(), self.query)
        if self.adapter.searches:
            self.assertGreaterEqual(len(found), 3)
        else:
            self.assertEqual(found, [])

    def test_pages_of_any_size_hold_all_companies_once_and_in_the_same_order(self):
        whole = self.all(self.knowing(), self.query, 10_000)
        for limit in (1, 2, 3):
            with self.subTest(limit):
                provider, cursor, found = self.knowing(), None, []
                while True:
                    page = provider.search(self.query, cursor, limit)
                    self.assertLessEqual(len(page.companies), limit)
                    found += page.companies
                    cursor = page.next_cursor
                    if not cursor:
                        break
                self.assertEqual(*(list(map(identity_keys, some)) for some in (found, whole)))
        keys = [identity_keys(one)[0] for one in whole]
        self.assertEqual(len(keys), len(set(keys)))

    def test_another_process_goes_on_after_any_page(self):
        whole = self.all(self.knowing(), self.query, 2)
        first = self.knowing().search(self.query, None, 2)
        self.assertEqual(bool(first.next_cursor), self.adapter.searches)
        if first.next_cursor:
            self.assertIsInstance(first.next_cursor, str)
            other, cursor, found = self.knowing(), first.next_cursor, list(first.companies)
            while cursor:
                page = other.search(self.query, cursor, 2)
                cursor = page.next_cursor
                found += page.companies
            self.assertEqual(found, whole)

    def test_foreign_cursor_is_refused(self):
        provider = self.knowing()
        for cursor in self.foreign_cursors if self.adapter.searches else ():
            with self.subTest(cursor), self.assertRaises(errors.ProviderAnswerInvalid):
                provider.search(self.query, cursor)

    def test_a_company_says_who_it_is_and_where_that_comes_from(self):
        for company in self._described():
            with self.subTest(company.name):
                self.assertTrue(company.name.strip())
                self.assertTrue(identity_keys(company))
                self.assertEqual(company.provenance.provider, self.adapter.code)
                # An adapter without one has data of several.
                licence = self.adapter.licence or company.provenance.licence
                self.assertEqual(company.provenance.licence, licence)
                self.assertRegex(company.country_code, r"^([A-Z]{2})?$")
                self.assertLessEqual(set(company.industries), nace.CODES)
                least, most = company.employees_min, company.employees_max
                self.assertLessEqual(least or 0, most or float("inf"))
                if company.employees is not None:
                    self.assertEqual((least, most), (company.employees, company.employees))
                for url in (company.website, company.logo_url, *company.socials.values()):
                    self.assertRegex(url, r"^(https?://[^\s/]+\.[^\s]+)?$")
                for contact in company.contacts:
                    self.assertTrue(contact.name.strip())
                    self.assertIn(contact.role, {*ROLES, ""})
                    self.assertIn(contact.seniority, {*SENIORITIES, ""})
                    self.assertRegex(contact.email, r"^([^\s@]+@[^\s@]+)?$")

    def test_an_answer_that_was_stored_is_the_same(self):
        for company in self._described():
            stored = json.dumps(company_json.to_json(company))
            self.assertEqual(company_json.from_json(json.loads(stored)), company)

    def test_companies_that_are_known_are_left_out(self):
        found = self.all(self.knowing(), self.query)
        for company in found[:2]:
            key = identity_keys(company)[0]
            query = replace(self.query, exclude=frozenset({key}))
            others = self.all(self.knowing(), query)
            self.assertEqual(
                list(map(identity_keys, others)),
                [keys for keys in map(identity_keys, found) if key not in keys],
            )

    def test_who_has_ceased_is_insolvent_or_protected_is_not_found(self):
        for company in self.all(self.knowing(), self.query):
            self.assertEqual(company.status, "", company.name)

    def test_the_number_of_matches_is_right_or_unknown(self):
        provider = self.knowing()
        number = provider.count(self.query)
        if number is not None:
            found = len(self.all(provider, self.query))
            self.assertEqual(min(number, COUNT_LIMIT + 1), min(found, COUNT_LIMIT + 1))

    def test_filters_leave_out_companies_that_do_not_fit(self):
        for company in self.all(self.knowing(), self.query)[:3]:
            least, most = company.employees_min, company.employees_max
            for narrowed in (
                {"countries": company.country_code and (company.country_code,)},
                {"states": company.state_code and ((company.country_code, company.state_code),)},
                {"industries": company.industries[:1]},
                {"size_min": least, "size_max": most},
                {"technologies": company.technologies[:1]},
            ):
                query = replace(self.query, **narrowed)
                provider = self.knowing()
                if not any(narrowed.values()) or provider.unfit(query):
                    continue
                for one in self.all(provider, query):
                    wrong = [name for name in misfits(one, query) if SAYS[name](one)]
                    with self.subTest(one.name, narrowed=narrowed):
                        self.assertEqual(wrong, [])

    # === CONTACTS AND ENRICHMENT === #

    def test_contacts_come_only_where_wanted_and_no_more_than_wanted(self):
        people = {"with_contacts": True, "contacts_per_company": 1}
        known = 0
        for asked, most in (({}, 0), (people, 1), (people | {"contacts_per_company": 3}, 3)):
            query = replace(self.query, **asked)
            provider = self.knowing()
            for company in self.all(provider, query)[:3]:
                contacts = company.contacts
                if self.adapter.contacts_apart:
                    self.assertEqual(contacts, ())
                    contacts = provider.contacts_of(company, query)
                self.assertLessEqual(len(contacts), most)
                self.assertEqual(len({one.name for one in contacts}), len(contacts))
                known += len(contacts)
        self.assertEqual(bool(known), self.adapter.has_contacts)

    def test_a_company_that_it_does_not_know_gets_nobody_elses_people(self):
        people = replace(self.query, with_contacts=True, contacts_per_company=3)
        provider = self.knowing()
        numbers = [one.registry_id for one in self.all(provider, self.query)[:3] if one.registry]
        others = [Company("Nobody", registry="XX-NOBODY", registry_id=number) for number in numbers]
        for stranger in (Company("Nobody"), *others):
            with self.subTest(stranger):
                self.assertEqual(provider.contacts_of(stranger, people), ())

    def test_a_company_is_found_again_by_what_identifies_it(self):
        provider = self.knowing()
        for company in self.all(provider, self.query)[:3]:
            if again := provider.enrich(**handle_of(company)):
                self.assertFalse(set(identity_keys(company)).isdisjoint(identity_keys(again)))
                self.assertEqual(again.provenance.provider, self.adapter.code)

    def test_of_nobody_nothing_is_known(self):
        provider = self.knowing()
        for nobody in (
            {}, {"domain": ""}, {"domain": "nobody.example"}, {"domain": "127.0.0.1"},
            {"registry_id": ""}, {"registry_id": "XX-NOBODY:1"}, {"registry_id": "nonsense"},
        ):  # fmt: skip
            with self.subTest(nobody):
                self.assertIsNone(provider.enrich(**nobody))

    # === CONNECTION === #

    def test_test_of_the_connection_says_that_it_answers(self):
        probe = self.knowing().probe()
        self.assertIsInstance(probe, Probe)
        self.assertEqual((probe.ok, probe.error), (True, None))

    def test_who_waits_for_it_gets_the_same_answer(self):
        waited = self.knowing().within(10)
        self.assertIsInstance(waited, self.adapter)
        self.assertEqual(
            waited.search(self.query, None, 3), self.knowing().search(self.query, None, 3)
        )

    def _described(self):
        """Return what it tells of a few companies, with all the contacts that it has."""
        query = replace(self.query, with_contacts=True, contacts_per_company=3)
        provider = self.knowing()
        found = self.all(provider, query)[:3]
        if self.adapter.contacts_apart:
            found = [replace(one, contacts=provider.contacts_of(one, query)) for one in found]
        return found


class ProviderCase(LoopbackCase):
    """Asks one adapter, whose server on loopback answers what a test says."""

    def provider(self, answers, closed=False, **options):
        """Return the adapter.

        :param answers: a list of `Answer`, or a function from `Asked` to `Answer`
        :param closed: as from a neutralized copy of a database
        :param options: of the adapter's `connect`
        """
        self.server = self.serve(answers)
        access = Access(KEY, self.server.url, closed=closed)
        provider = self.adapter.connect(access, **options)
        client = provider._client
        limits = http.Limits(read=2, deadline=5, attempts=2, backoff=0.01, max_bytes=12_000_000)
        object.__setattr__(client, "limits", limits)
        object.__setattr__(client, "sleep", lambda _seconds: None)
        return provider


class NetworkProviderContract(ProviderContract):
    """What holds beside that for a provider on the network, when it answers something else.

    :cvar causes: as CAUSES, where the provider differs
    :cvar error_body: an error as the provider writes it
    """

    causes = {}
    error_body = {}

    def test_each_status_is_its_own_cause(self):
        for status, cause in (CAUSES | self.causes).items():
            with self.subTest(status), self.assertRaises(cause) as caught:
                self.provider([Answer(self.error_body, status)]).search(self.query)
            self.assertEqual(caught.exception.provider, self.adapter.code)
            self.assertNotIn(KEY, str(caught.exception))

    def test_who_is_told_to_wait_is_told_how_long(self):
        status = next(s for s, c in (CAUSES | self.causes).items()
                      if c is errors.ProviderRateLimited)  # fmt: skip
        for headers, seconds in (({"Retry-After": "60"}, 60), ({}, None)):
            with self.subTest(headers), self.assertRaises(errors.ProviderRateLimited) as caught:
                self.provider([Answer(self.error_body, status, headers)]).search(self.query)
            self.assertEqual(caught.exception.retry_after, seconds)

    def test_what_is_no_answer_is_told_as_such(self):
        for content in (b"<html><body>Sign in</body></html>", b'{"data": [{"na', b"", b"null",
                        b"[]", b"7", b'{"data": 7, "items": 7, "result": 7}'):  # fmt: skip
            with self.subTest(content), self.assertRaises(errors.ProviderAnswerInvalid):
                self.provider([Answer(content)]).search(self.query)

    def test_answer_that_is_too_large_is_not_read_to_its_end(self):
        with self.assertRaises(errors.ProviderAnswerTooLarge):
            self.provider([Answer(b" " * 12_000_001)]).search(self.query)

    def test_probe_tells_what_is_wrong_and_never_raises(self):
        for status in CAUSES:
            with self.subTest(status):
                probe = self.provider([Answer(self.error_body, status)]).probe()
                if status != 400:
                    self.assertFalse(probe.ok)
                    self.assertIsInstance(probe.error, errors.ProviderError)

    def test_foreign_cursor_is_refused(self):
        for cursor in self.foreign_cursors:
            with self.subTest(cursor), self.assertRaises(errors.ProviderAnswerInvalid):
                self.provider([Answer({})]).search(self.query, cursor)
            self.assertEqual(self.server.asked, [])

    def test_a_copy_of_a_database_asks_nobody(self):
        provider = self.provider([Answer({})], closed=True)
        with self.assertRaises(errors.NetworkClosed):
            provider.search(self.query)
        self.assertFalse(provider.probe().ok)
        self.assertEqual(self.server.asked, [])

    def test_the_key_stands_in_no_log(self):
        told_back = {"error": KEY if self.adapter.needs_key else ""}
        provider = self.provider([Answer(told_back, 400)])
        with self.assertLogs(http._logger, "DEBUG") as logs:
            with self.assertRaises(errors.ProviderError) as caught:
                provider.search(self.query)
            probe = provider.probe()
        told = (*logs.output, str(caught.exception), probe.message, str(probe.error))
        self.assertNotIn(KEY, "\n".join(told))
