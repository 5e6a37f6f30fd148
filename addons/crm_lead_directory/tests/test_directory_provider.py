from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.crm_lead_mining.company import nace
from odoo.addons.crm_lead_mining.company.identity import identity_keys
from odoo.addons.crm_lead_mining.company.types import CompanyQuery
from odoo.addons.crm_lead_mining.providers.base import COUNT_LIMIT
from odoo.addons.crm_lead_mining.providers.errors import ProviderTimeout
from odoo.addons.crm_lead_mining.tests.provider_contract import ProviderContract

from ..providers import directory
from .common import DirectoryCase

COUNTRIES = ("FR", "BE", "US")
INDUSTRIES = ("62", "58", "47", "J", "")
STATES = {"US": ("CA", "NY", ""), "FR": ("",), "BE": ("VLG", "")}


@tagged("post_install", "-at_install")
class TestDirectoryProvider(ProviderContract, DirectoryCase):
    adapter = directory.DirectoryProvider
    foreign_cursors = (
        "x", "0/FR/62/", "0/FR/62/1;DROP TABLE x", "/FR/62/1", "-1/FR/62/1", "FR", "/", "../..",
        f"0/FR/62/{10**30}",
    )  # fmt: skip

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.directory.dataset"].search([("id", "!=", cls.dataset.id)]).active = False

    def knowing(self):
        places = (("FR", ""), ("US", "CA"), ("US", "NY"), ("BE", "VLG"))
        self._import_rows(
            *(
                f"C{n},,,c{n}.example,{country},{state},{n}0,62,Town,Person {n},CEO,p@c{n}.example,"
                for n, (country, state) in enumerate(places, 1)
            )
        )
        return self._provider()

    def _names(self, **query):
        return {company.name for company in self._search(self._query(**query))}

    def _search(self, query, limit=3):
        """All companies, page by page."""
        provider, cursor, found = self._provider(), None, []
        while True:
            page = provider.search(query, cursor, limit)
            self.assertLessEqual(len(page.companies), limit)
            found.extend(page.companies)
            cursor = page.next_cursor
            if not cursor:
                return found

    def test_a_state_is_found_whatever_the_file_calls_it(self):
        self._import_rows(
            "A,,,a.example,Germany,Bavaria,,,,,,,",
            "B,,,b.example,Deutschland,DE-BY,,,,,,,",
            "C,,,c.example,DEU,BY,,,,,,,",
            "D,,,d.example,Germania,Baviera,,,,,,,",
            "E,,,e.example,Germany,Berlin,,,,,,,",
            "F,,,f.example,Italia,Provincia di Milano,,,,,,,",
        )
        for state in ("DE-BY", "BY"):
            found = self._names(countries=("DE",), states=(("DE", state),))
            self.assertEqual(found, {"A", "B", "C", "D"})
        self.assertEqual(self._names(countries=("IT",), states=(("IT", "MI"),)), {"F"})

    def test_it_is_found_by_its_code(self):
        Provider = self.env["lead.mining.provider"]
        self.assertIs(Provider._adapter_classes()["directory"], directory.DirectoryProvider)
        self.assertIn("directory", dict(Provider._selection_code()))
        provider = Provider.search([("code", "=", "directory")])
        self.assertIsInstance(provider._build_adapter(), directory.DirectoryProvider)

    def test_a_company_comes_with_all_that_is_known_and_where_from(self):
        self._import(
            "name,register,registration number,lei,vat,domain,website,street,street2,city,zip,"
            "state,country,phone,email,employees,industry,founded,revenue,description,logo,technologies,"
            "time zone,linkedin,rechtsform\n"
            '"Synthetic, SA",FR-SIRENE,552100554,529900T8BM49AURSDO55,FR96552100554,syn.example,'
            "https://www.syn.example/fr,1 rue X,Bât. B,Paris,75001,,France,+33 1 99 00 00 01,"
            '"info@syn.example; x@syn.example",51-200,"62.01Z; 58",1999-01-31,"1 M€",Makes things,'
            'https://syn.example/l.png,"Python; Odoo",Europe/Paris,https://linkedin.com/company/s,SA'
        )
        self.dataset.imported_on = date(2026, 1, 2)
        (company,) = self._search(self._query())
        self.assertEqual(company.name, "Synthetic, SA")
        self.assertEqual(
            identity_keys(company),
            (
                "reg:FR-SIRENE:552100554", "lei:529900T8BM49AURSDO55", "vat:FR96552100554",
                "domain:syn.example",
            ),
        )  # fmt: skip
        self.assertEqual(company.website, "https://www.syn.example/fr")
        self.assertEqual(
            (company.street, company.street2, company.zip, company.city, company.country_code),
            ("1 rue X", "Bât. B", "75001", "Paris", "FR"),
        )
        self.assertEqual(company.emails, ("info@syn.example", "x@syn.example"))
        self.assertEqual((company.employees_min, company.employees_max), (51, 200))
        self.assertIsNone(company.employees)
        self.assertEqual(company.industries, ("62", "58"))
        self.assertEqual(company.founded, 1999)
        self.assertEqual(company.technologies, ("Python", "Odoo"))
        self.assertEqual((company.timezone, company.legal_form), ("Europe/Paris", "SA"))
        self.assertEqual(company.socials, {"linkedin": "https://linkedin.com/company/s"})
        self.assertEqual(
            (company.provenance.provider, company.provenance.dataset, company.provenance.licence),
            ("directory", "Test register", "CC0"),
        )
        self.assertEqual(company.provenance.fetched_on, date(2026, 1, 2))

    def test_what_is_not_known_is_empty(self):
        self._import_rows("Acme,,,a.example,FR")
        (company,) = self._search(self._query())
        self.assertEqual((company.vat, company.phone, company.city), ("", "", ""))
        self.assertEqual((company.emails, company.industries, company.contacts), ((), (), ()))
        self.assertEqual((company.employees, company.founded), (None, None))

    def test_a_section_finds_its_divisions_and_what_is_known_no_closer(self):
        self._import_rows(
            "Soft,,,a.example,FR,,,62", "Media,,,b.example,FR,,,J", "Shop,,,c.example,FR,,,47"
        )
        self.assertEqual(self._names(industries=("J",)), {"Soft", "Media"})
        self.assertEqual(self._names(industries=("62",)), {"Soft"})
        self.assertEqual(self._names(), {"Soft", "Media", "Shop"})

    def test_a_company_of_several_industries_is_found_by_each_once(self):
        self._import_rows(
            "Main,,,a.example,FR,,,68",
            "Split,,,b.example,FR,,,55; 68",
            "Both,,,c.example,BE,,,68; 55",
            "Three,,,d.example,FR,,,47; 55; 68",
            "Other,,,e.example,FR,,,47; 62",
            "None,,,f.example,FR",
        )
        for industries, countries, names in (
            (("68",), (), ["Both", "Main", "Three", "Split"]),
            (("68",), ("FR",), ["Main", "Three", "Split"]),
            (("55",), (), ["Split", "Both", "Three"]),
            (("55", "68"), (), ["Both", "Split", "Main", "Three"]),
            (("J",), (), ["Other"]),
            (("47",), ("BE",), []),
        ):
            query = self._query(industries=industries, countries=countries)
            for limit in (1, 2, 10):
                with self.subTest(industries=industries, countries=countries, limit=limit):
                    found = [company.name for company in self._search(query, limit)]
                    self.assertEqual(found, names)
            self.assertEqual(self._provider().count(query), len(names))

    def test_states_narrow_only_their_own_country(self):
        self._import_rows(
            "A,,,a.example,US,California", "B,,,b.example,US,New York", "C,,,c.example,US,",
            "D,,,d.example,BE,",
        )  # fmt: skip
        both = {"countries": ("BE", "US"), "states": (("US", "CA"),)}
        self.assertEqual(self._names(**both), {"A", "D"})

    def test_a_size_range_holds_the_whole_band_of_a_company(self):
        self._import_rows(
            "Exact,,,a.example,FR,,100", "Inside,,,b.example,FR,,51-200",
            "Across,,,c.example,FR,,200-500", "Open,,,d.example,FR,,250+", "Unknown,,,e.example,FR",
        )  # fmt: skip
        self.assertEqual(self._names(size_min=50, size_max=250), {"Exact", "Inside"})
        self.assertEqual(self._names(size_min=200), {"Across", "Open"})
        self.assertEqual(self._names(size_max=100), {"Exact"})
        self.assertEqual(self._names(size_min=300, size_max=200), set())

    def test_a_technology_finds_whoever_uses_any_of_those_asked_for(self):
        self._import(
            "name,domain,country,technologies\n"
            'Shop,a.example,FR,"Shopify; Python"\n'
            "Blog,b.example,FR,WordPress\n"
            "Other,c.example,FR,Python\n"
            "Silent,d.example,FR,\n"
        )
        for technologies, names in (
            (("shopify",), ["Shop"]),
            (("Shopify", "WORDPRESS"), ["Blog", "Shop"]),
            (("Shop",), []),
            ((), ["Blog", "Other", "Shop", "Silent"]),
        ):
            with self.subTest(technologies=technologies):
                query = self._query(technologies=technologies)
                self.assertEqual(sorted(one.name for one in self._search(query)), names)
                self.assertEqual(self._provider().count(query), len(names))

    def test_companies_that_are_known_are_left_out_by_any_of_their_keys(self):
        self._import_rows(
            "A,FR-SIRENE,552100554,a.example,FR", "B,,,b.example,FR", "C,,,c.example,FR"
        )
        for keys in ({"reg:FR-SIRENE:552100554", "domain:b.example"},
                     {"domain:a.example", "domain:b.example", "lei:X", "nonsense"}):  # fmt: skip
            with self.subTest(keys):
                query = self._query(exclude=frozenset(keys))
                self.assertEqual({company.name for company in self._search(query)}, {"C"})
                self.assertEqual(self._provider().count(query), 1)

    def test_companies_that_a_table_knows_are_left_out(self):
        self._import_rows("A,FR-SIRENE,552100554,a.example,FR", "B,,,b.example,FR")
        known = SQL("(SELECT unnest(%s) AS key)", ["reg:FR-SIRENE:552100554"])
        provider = self.env["lead.directory.dataset"]._directory_provider(known=known)
        self.assertEqual([one.name for one in provider.search(self._query()).companies], ["B"])
        self.assertEqual(provider.count(self._query()), 1)

    def test_one_company_of_two_datasets_comes_once(self):
        other = self.dataset.copy({"name": "Other register"})
        for dataset in (self.dataset, other):
            self._import_rows("A,,,a.example,FR", dataset=dataset)
        self.assertEqual(len(self._provider().search(self._query()).companies), 1)

    def test_of_whom_most_is_known_comes_first_and_the_preview_shows_them(self):
        self._import_rows(
            "Nothing,,,a.example,BE,,,,",
            "Nothing Abroad,,,b.example,FR,,,,",
            "Industry,,,c.example,FR,,,62,",
            "Industry and Size,,,d.example,FR,,20,62,",
            "All but Contact,,,e.example,BE,,30,62,Ghent",
            "Other Industry,,,f.example,FR,,30,47,Lyon",
        )
        everywhere = ["All but Contact", "Other Industry", "Industry and Size", "Industry"]
        for limit in (1, 2, 6):
            found = self._search(CompanyQuery(), limit)
            self.assertEqual(
                [one.name for one in found], [*everywhere, "Nothing", "Nothing Abroad"]
            )
            found = self._search(CompanyQuery(industries=("62",)), limit)
            self.assertEqual(
                [one.name for one in found], [everywhere[0], everywhere[2], everywhere[3]]
            )

    def test_shuffled_companies_are_a_mix_that_is_the_same_each_time(self):
        self._import_rows(*(f"C{n},,,c{n}.example,FR,,{n}," for n in range(1, 41)))
        query = self._query(order="shuffled")
        names = [one.name for one in self._search(query, 40)]
        self.assertEqual(len(set(names)), 40)
        self.assertNotEqual(names, sorted(names, key=lambda name: int(name[1:])))
        # The first ten are no block of the file.
        self.assertGreater(max(int(name[1:]) for name in names[:10]), 20)
        self.assertLess(min(int(name[1:]) for name in names[:10]), 20)
        self.assertEqual([one.name for one in self._search(query, 3)], names)

    def test_shuffled_companies_that_a_table_knows_are_left_out(self):
        self._import_rows(*(f"C{n},,,c{n}.example,FR,,{n}," for n in range(1, 9)))
        known = SQL("(SELECT unnest(ARRAY['domain:c2.example', 'domain:c5.example']) AS key)")
        provider = self.env["lead.directory.dataset"]._directory_provider(known=known)
        found, cursor = [], None
        while True:
            page = provider.search(self._query(order="shuffled"), cursor, 2)
            found += [one.name for one in page.companies]
            cursor = page.next_cursor
            if not cursor:
                break
        self.assertEqual(sorted(found), ["C1", "C3", "C4", "C6", "C7", "C8"])

    def test_contacts_are_filtered_by_role_or_seniority_and_limited(self):
        self._import_rows(
            "A,,,a.example,FR,,,,,Test Person 1,Sales Director,p1@a.example,+33 1",
            "A,,,a.example,FR,,,,,Test Person 2,CEO,p2@a.example,",
            "A,,,a.example,FR,,,,,Test Person 3,Marketing Manager,,",
            "B,,,b.example,FR",
        )

        def contacts(**query):
            query = {"with_contacts": True, "contacts_per_company": 5, **query}
            found = self._search(self._query(**query))
            self.assertEqual([company.name for company in found], ["A", "B"])
            self.assertEqual(found[1].contacts, ())
            return [contact.name[-1] for contact in found[0].contacts]

        self.assertEqual(contacts(), ["1", "2", "3"])
        self.assertEqual(contacts(contacts_per_company=2), ["1", "2"])
        self.assertEqual(contacts(with_contacts=False), [])
        self.assertEqual(contacts(contact_filter="role", preferred_role="ceo"), ["2"])
        self.assertEqual(
            contacts(contact_filter="role", preferred_role="marketing", other_roles=("sale",)),
            ["3", "1"],
        )
        self.assertEqual(contacts(contact_filter="seniority", seniority="director"), ["1"])
        self.assertEqual(contacts(contact_filter="seniority", seniority=""), ["1", "2", "3"])

    def test_contacts_of_the_matches_that_fit_are_counted(self):
        self._import_rows(
            "A,,,a.example,FR,,10,62,Lyon,Ann,CEO,ann@a.example,",
            "A,,,a.example,FR,,10,62,Lyon,Bob,CFO,bob@a.example,",
            "B,,,b.example,FR,,10,62,Lyon,Cid,CEO,cid@b.example,",
            "C,,,c.example,BE,,10,62,Ghent,Dan,CEO,dan@c.example,",
        )
        people = {"with_contacts": True, "contacts_per_company": 3}
        count = self._provider().count_contacts
        self.assertEqual(count(self._query(**people)), 3)
        role = {"contact_filter": "role", "preferred_role": "ceo"}
        self.assertEqual(count(self._query(**people, **role)), 2)
        known = frozenset({"domain:a.example"})
        self.assertEqual(count(self._query(**people, exclude=known)), 1)

    def test_a_contact_comes_with_all_that_is_known_and_where_from(self):
        self._import_rows("A,,,a.example,FR,,,,,Test Person,Sales Director,p@a.example,+33 1")
        (company,) = self._search(self._query(with_contacts=True, contacts_per_company=1))
        (contact,) = company.contacts
        self.assertEqual(
            (contact.name, contact.job_title, contact.role, contact.seniority, contact.email,
             contact.phone, contact.provenance.dataset),
            ("Test Person", "Sales Director", "sale", "director", "p@a.example", "+33 1",
             "Test register"),
        )  # fmt: skip

    def test_enrichment_finds_by_domain_and_by_registry_id(self):
        self._import_rows("A,FR-SIRENE,552100554,a.example,FR", "B,,,b.example,FR")
        provider = self._provider()
        self.assertEqual(provider.enrich(domain="https://www.A.example/x").name, "A")
        self.assertEqual(provider.enrich(registry_id="FR-SIRENE:552 100 554").name, "A")
        for nothing in ({"domain": "c.example"}, {"domain": "gmail.com"}, {"domain": ""},
                        {"registry_id": "FR-SIRENE:1"}, {"registry_id": "x"}, {}):  # fmt: skip
            with self.subTest(nothing):
                self.assertIsNone(provider.enrich(**nothing))

    def test_without_datasets_nothing_is_found(self):
        self._import_rows("A,,,a.example,FR")
        provider = directory.DirectoryProvider(self.env.cr, [])
        self.assertFalse(provider.probe().ok)
        self.assertEqual(provider.count(self._query()), 0)
        self.assertEqual(provider.search(self._query()).companies, ())
        self.assertIsNone(provider.enrich(domain="a.example"))

    def test_a_count_stops_beyond_its_limit(self):
        self.patch(directory, "COUNT_LIMIT", 2)
        self._import_rows(*(f"A{number},,,a{number}.example,FR" for number in range(5)))
        self.assertEqual(self._provider().count(self._query()), 3)
        self.assertGreater(COUNT_LIMIT, 1000)

    def test_few_matches_are_found_and_counted_by_few_statements(self):
        self._import_rows("A,,,a.example,IT,,10,62,,,,,", "B,,,b.example,IT,,,62,,,,,")
        query = self._query(countries=("IT",), industries=("62", "58"))
        provider = self._provider()
        # Each is bounded by four more. Two were left for each number of things that are not known.
        with self.assertQueryCount(5 * 5):
            self.assertEqual(len(provider.search(query, None, 3).companies), 2)
            self.assertEqual(provider.count(query), 2)

    def test_a_count_that_takes_too_long_is_unknown_and_the_transaction_goes_on(self):
        self.env.cr.execute("SET LOCAL statement_timeout = '77s'")
        known = SQL("(SELECT pg_sleep(5)::text AS key)")
        self._import_rows("A,,,a.example,FR")
        provider = self.env["lead.directory.dataset"]._directory_provider(known=known)
        self.patch(directory, "COUNT_TIMEOUT", 0.05)
        self.assertIsNone(provider.count(self._query()))
        self.env.cr.execute("SHOW statement_timeout")
        self.assertEqual(self.env.cr.fetchone()[0], "77s")

    def test_an_answer_comes_in_the_time_that_somebody_waits_or_not_at_all(self):
        known = SQL("(SELECT pg_sleep(5)::text AS key)")
        self._import_rows("A,,,a.example,FR")
        provider = self.env["lead.directory.dataset"]._directory_provider(known=known)
        for seconds in (0.05, 0.000001):
            with self.subTest(seconds), self.assertRaises(ProviderTimeout):
                provider.within(seconds).search(self._query())
        self.assertTrue(self._provider().within(10).search(self._query()).companies)

    def test_the_caller_s_closer_bound_holds(self):
        known = SQL("(SELECT pg_sleep(5)::text AS key)")
        self._import_rows("A,,,a.example,FR")
        provider = self.env["lead.directory.dataset"]._directory_provider(known=known)
        self.env.cr.execute("SET LOCAL statement_timeout = '50ms'")
        with self.assertRaises(ProviderTimeout):
            provider.search(self._query())
        self.env.cr.execute("SET LOCAL statement_timeout = 0")

    def test_the_caller_s_settings_come_back_after_a_search(self):
        for jit in ("on", "off"):
            self.env.cr.execute(f"SET LOCAL statement_timeout = '77s'; SET LOCAL jit = {jit}")
            self._provider().search(self._query())
            self.env.cr.execute(
                "SELECT current_setting('statement_timeout'), current_setting('jit')"
            )
            self.assertEqual(self.env.cr.fetchone(), ("77s", jit))

    def test_values_that_look_like_sql_are_values(self):
        self._import_rows("A,,,a.example,FR")
        for value in ("'; DROP TABLE lead_directory_company; --", "%s", "%(x)s", '"', "\\"):
            query = CompanyQuery(
                countries=(value,), states=((value, value),), exclude=frozenset({f"domain:{value}"})
            )
            self.assertEqual(self._search(query), [])
        self.assertEqual(self._provider().count(self._query()), 1)

    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        companies=st.lists(
            st.tuples(
                st.sampled_from(COUNTRIES), st.sampled_from(INDUSTRIES), st.integers(0, 2),
                st.none() | st.integers(0, 6),
            ),
            max_size=25,
        ),
        countries=st.sets(st.sampled_from(COUNTRIES)),
        industries=st.sets(st.sampled_from(("62", "58", "J", "G"))),
        states=st.sets(st.sampled_from((("US", "CA"), ("US", "NY"), ("BE", "VLG")))),
        sizes=st.tuples(st.none() | st.integers(0, 6), st.none() | st.integers(0, 6)),
        excluded=st.sets(st.integers(0, 24), max_size=5),
        limit=st.integers(1, 4),
        order=st.sampled_from(("complete", "shuffled")),
    )  # fmt: skip
    def test_pages_hold_exactly_what_a_plain_filter_finds(
        self, companies, countries, industries, states, sizes, excluded, limit, order
    ):
        size_min, size_max = sizes
        query = CompanyQuery(
            countries=tuple(countries),
            industries=tuple(industries),
            states=tuple(states),
            size_min=size_min,
            size_max=size_max,
            exclude=frozenset(f"domain:c{number}.example" for number in excluded),
            order=order,
        )
        with self.env.cr.savepoint() as savepoint:
            rows, expected = self._plain(companies, query, excluded)
            if rows:
                self._import_rows(*rows)
            found = [company.name for company in self._search(query, limit)]
            self.assertEqual(sorted(found), sorted(expected))
            self.assertEqual(self._provider().count(query), len(expected))
            savepoint.rollback()
        self.env.invalidate_all()

    def _plain(self, companies, query, excluded):
        """The rows of the companies, and the names of those that fit, judged one by one."""
        wanted = nace.expand(query.industries)
        narrowed = {country for country, _state in query.states}
        rows, names = [], []
        for number, (country, industry, place, size) in enumerate(companies):
            state = STATES[country][place % len(STATES[country])]
            written = "" if size is None else size
            rows.append(f"C{number},,,c{number}.example,{country},{state},{written},{industry}")
            known_state = state if state and self._has_state(country, state) else ""
            fits = (
                (not query.countries or country in query.countries)
                and (not wanted or industry in wanted)
                and (country not in narrowed or (country, known_state) in query.states)
                and (query.size_min is None or (size is not None and size >= query.size_min))
                and (query.size_max is None or (size is not None and size <= query.size_max))
                and number not in excluded
            )
            if fits:
                names.append(f"C{number}")
        return rows, names

    def _has_state(self, country, state):
        return bool(
            self.env["res.country.state"].search_count(
                [("country_id.code", "=", country), ("code", "=", state)]
            )
        )
