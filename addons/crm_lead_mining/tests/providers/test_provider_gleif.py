from datetime import date

from odoo.tests import tagged

from ...company.identity import identity_keys
from ...company.types import CompanyQuery
from ...providers.base import COUNT_LIMIT
from ...providers.gleif import MAX_RESULTS, Gleif
from ..http_server import Answer
from ..provider_contract import TEN_MEGABYTES, NetworkProviderContract, ProviderCase

# https://documenter.getpostman.com/view/7679680/SVYrrxuU : GET /lei-records with filter[...] and
# page[size] up to 200, page[number]; errors as JSON:API writes them (jsonapi.org/format/#errors):
# {"errors": [{"status", "title", "detail"}]}. Fields: the LEI Common Data File format 3.1.


def lei_of(number):
    """Return an LEI with right check digits (ISO 17442) that nobody has."""
    body = f"SYNT00TEST{number:08}"
    digits = int("".join(str(int(char, 36)) for char in body + "00"))
    return f"{body}{98 - digits % 97:02}"


def record(number, country="BE", **entity):
    """A record as the API writes it; obviously synthetic."""
    lei = lei_of(number)
    address = {
        "language": "en",
        "addressLines": ["Rue de l'Exemple 1", "Boîte 2"],
        "addressNumber": None,
        "city": "Bruxelles",
        "region": f"{country}-BRU",
        "country": country,
        "postalCode": "1000",
    }
    return {
        "type": "lei-records",
        "id": lei,
        "attributes": {
            "lei": lei,
            "entity": {
                "legalName": {"name": f"Synthetic {number} SA", "language": "fr"},
                "otherNames": [],
                "legalAddress": address,
                "headquartersAddress": {**address, "country": "LU"},
                "registeredAt": {"id": "RA000336", "other": None},
                "registeredAs": f"{number:010}",
                "jurisdiction": country,
                "category": "GENERAL",
                "legalForm": {"id": "R85P", "other": None},
                "status": "ACTIVE",
                "creationDate": "1999-05-01T00:00:00Z",
                **entity,
            },
            "registration": {"status": "ISSUED", "managingLou": "x"},
        },
        "links": {"self": f"https://api.gleif.org/api/v1/lei-records/{lei}"},
    }


class Foundation:
    """Behaves as documented: filters, pages of 200 at most, 400 beyond 10,000 records."""

    def __init__(self, records):
        self.records = records

    def __call__(self, asked):
        params = {name: values[0] for name, values in asked.params.items()}
        if lei := asked.path.removeprefix("/lei-records").strip("/"):
            found = [one for one in self.records if one["id"] == lei]
            missing = {"errors": [{"status": "404", "title": "Not Found"}]}
            return Answer({"data": found[0]}) if found else Answer(missing, 404)
        size, page = int(params.get("page[size]", 15)), int(params.get("page[number]", 1))
        if size > 200 or size * page > MAX_RESULTS:
            return Answer({"errors": [{"status": "400", "title": "Bad Request"}]}, 400)
        found = [one for one in self.records if self._fits(one["attributes"]["entity"], params)]
        return Answer(
            {
                "meta": {
                    "goldenCopy": {"publishDate": "2026-11-01T00:00:00Z"},
                    "pagination": {
                        "currentPage": page,
                        "perPage": size,
                        "total": len(found),
                        "lastPage": -(-len(found) // size),
                    },
                },
                "data": found[(page - 1) * size : page * size],
            }
        )

    def _fits(self, entity, params):
        def among(name, value):
            wanted = params.get(f"filter[entity.{name}]")
            return not wanted or value in wanted.split(",")

        return (
            among("status", entity["status"])
            and among("category", entity["category"])
            and among("registeredAs", entity["registeredAs"])
            and all(
                among(f"{place}.country", (entity[place] or {}).get("country"))
                for place in ("legalAddress", "headquartersAddress")
            )
        )


@tagged("post_install", "-at_install")
class TestGleif(NetworkProviderContract, ProviderCase):
    adapter = Gleif
    error_body = {"errors": [{"status": "500", "title": "Server Error"}]}

    def knowing(self):
        return self.provider(Foundation([record(n) for n in range(1, 6)]))

    def _one(self, **entity):
        return self.all(self.provider(Foundation([record(1, **entity)])))

    def test_entity_comes_with_who_it_is(self):
        (found,) = self._one()
        self.assertEqual((found.name, found.lei), ("Synthetic 1 SA", lei_of(1)))
        self.assertEqual(identity_keys(found), ("reg:RA000336:0000000001", f"lei:{lei_of(1)}"))
        self.assertEqual(
            (found.street, found.street2, found.city, found.zip),
            ("Rue de l'Exemple 1", "Boîte 2", "Bruxelles", "1000"),
        )
        # That of its law, which is the one that was filtered by.
        self.assertEqual((found.country_code, found.state_code, found.founded), ("BE", "BRU", 1999))
        self.assertEqual(
            (found.provenance.licence, found.provenance.dataset_version),
            ("CC0-1.0", "2026-11-01T00:00:00Z"),
        )
        self.assertEqual(found.provenance.fetched_on, date.today())
        self.assertEqual((found.industries, found.employees, found.domain), ((), None, ""))

    def test_states_are_odoo_s_and_found_in_either_spelling(self):
        for country, region, zip_code, state in (
            ("DE", "DE-BY", "80331", "BY"), ("DE", "Bavaria", "80331", "BY"),
            ("PL", "PL-14", "00-001", "MZ"), ("IT", "IT-25", "20121", "MI"),
            ("JP", "JP-13", "100-0001", "13"),
        ):  # fmt: skip
            address = {"country": country, "region": region, "postalCode": zip_code}
            provider = self.provider(
                Foundation(
                    [
                        record(1, legalAddress=address),
                        record(2, legalAddress={**address, "region": None}),
                    ]
                )
            )
            for asked in (state, f"{country}-{state}"):
                with self.subTest(region, asked=asked):
                    query = CompanyQuery(countries=(country,), states=((country, asked),))
                    (found,) = self.all(provider, query)
                    self.assertEqual((found.lei, found.state_code), (lei_of(1), state))

    def test_registers_are_named_as_elsewhere(self):
        (found,) = self._one(registeredAt={"id": "RA000585"}, registeredAs="1234567")
        self.assertEqual(identity_keys(found)[0], "reg:GB-COH:01234567")
        for authority in ("RA999999", "RA888888"):
            (found,) = self._one(registeredAt={"id": authority}, registeredAs="anything")
            self.assertEqual(identity_keys(found), (f"lei:{lei_of(1)}",))

    def test_what_is_missing_or_strange_is_empty(self):
        (found,) = self._one(legalAddress=None, registeredAt=7, registeredAs=None, creationDate={})
        self.assertEqual((found.city, found.registry, found.founded), ("", "", None))
        broken = record(2)
        broken["attributes"]["lei"] = broken["id"] = "SYNT00TEST0000000200"  # wrong check digits
        records = [broken, record(3, legalName=None), record(4, legalName={"name": " "}), {}]
        answer = {"data": records, "meta": None}
        self.assertEqual(self.provider([Answer(answer)]).search(CompanyQuery()).companies, ())

    def test_ten_megabytes_of_text_are_shortened(self):
        (found,) = self._one(legalName={"name": TEN_MEGABYTES})
        self.assertEqual(len(found.name), 512)

    def test_funds_and_closed_entities_are_not_asked_for(self):
        records = [record(1), record(2, category="FUND"), record(3, status="INACTIVE")]
        self.assertEqual(len(self.all(self.provider(Foundation(records)))), 1)

    def test_entities_that_have_ceased_are_no_find_though_the_service_sends_them(self):
        records = [record(number) for number in range(1, 6)]
        for one, status in zip(records, ("ISSUED", "LAPSED", "RETIRED", "DUPLICATE", "ANNULLED"),
                               strict=True):  # fmt: skip
            one["attributes"]["registration"]["status"] = status
        answer = {"data": [*records, record(6, status="INACTIVE")], "meta": None}
        page = self.provider([Answer(answer)]).search(CompanyQuery())
        self.assertEqual([one.lei for one in page.companies], [lei_of(1), lei_of(2)])

    def test_all_pages_are_read_and_each_entity_once(self):
        provider = self.provider(Foundation([record(n) for n in range(1, 61)]))
        for limit in (25, 7, 1000):
            with self.subTest(limit):
                self.assertDistinct(self.all(provider, CompanyQuery(countries=("BE",)), limit), 60)

    def test_pages_end_where_the_service_s_do(self):
        provider = self.provider(Foundation([record(1)] * 10_400))
        self.assertIsNone(provider.search(CompanyQuery(), "50/200").next_cursor)
        self.assertEqual(provider.count(CompanyQuery()), COUNT_LIMIT + 1)

    def test_page_that_repeats_and_total_that_lies_come_to_an_end(self):
        answer = {"data": [record(1), record(1)], "meta": {"pagination": {"total": 10**9}}}
        provider = self.provider([Answer(answer)])
        self.assertEqual(len(provider.search(CompanyQuery()).companies), 1)
        self.assertIsNone(provider.search(CompanyQuery(), "50/200").next_cursor)
        for total in (10**9, -1, None, "many"):
            answer = {"data": [], "meta": {"pagination": {"total": total}}}
            self.assertIsNone(self.provider([Answer(answer)]).search(CompanyQuery()).next_cursor)

    def test_countries_and_states_are_filtered(self):
        elsewhere = {**record(2)["attributes"]["entity"]["legalAddress"], "region": "BE-VAN"}
        records = [record(1), record(2, legalAddress=elsewhere), record(3, country="FR")]
        provider = self.provider(Foundation(records))

        def names(**query):
            return [one.name[10] for one in self.all(provider, CompanyQuery(**query))]

        self.assertEqual(names(countries=("BE", "FR")), ["1", "2", "3"])
        self.assertEqual(names(countries=("FR",)), ["3"])
        # States narrow only their own country.
        self.assertEqual(names(countries=("BE", "FR"), states=(("BE", "VAN"),)), ["2", "3"])
        self.assertIsNone(provider.count(CompanyQuery(states=(("BE", "VAN"),))))
        self.assertEqual(provider.count(CompanyQuery(countries=("BE",))), 2)

    def test_who_has_its_headquarters_in_the_country_is_found_there_once(self):
        def address(country, city):
            legal = record(1)["attributes"]["entity"]["legalAddress"]
            return {**legal, "country": country, "city": city, "region": None}

        records = [
            record(1, headquartersAddress=address("BE", "Namur")),
            record(2, headquartersAddress=address("DE", "Essen")),
            record(3, country="LU", headquartersAddress=address("DE", "Bonn")),
            record(4, country="DE", headquartersAddress=address("LU", "Wiltz")),
            record(5, country="FR", headquartersAddress=address("FR", "Lyon")),
        ]
        provider = self.provider(Foundation(records))
        for countries, expected in (
            (("DE",), {"4": "Bruxelles", "2": "Essen", "3": "Bonn"}),
            (("BE", "DE"), {"1": "Bruxelles", "2": "Bruxelles", "4": "Bruxelles", "3": "Bonn"}),
            ((), dict.fromkeys("12345", "Bruxelles")),
        ):
            query = CompanyQuery(countries=countries)
            for limit in (1, 2, 50):
                found = self.all(provider, query, limit)
                with self.subTest(countries, limit=limit):
                    self.assertEqual({one.name[10]: one.city for one in found}, expected)
                    self.assertEqual(len(found), len(expected))
            self.assertEqual(provider.count(query), len(expected))

    def test_industry_and_size_are_unfit(self):
        query = CompanyQuery(countries=("BE",), industries=("62",), size_max=10)
        self.assertEqual(Gleif().unfit(query), ("industries", "size"))
        self.assertEqual(Gleif().unfit(CompanyQuery(countries=("BE",), states=(("BE", "X"),))), ())

    def test_known_companies_are_left_out_and_not_counted(self):
        provider = self.provider(Foundation([record(1), record(2)]))
        query = CompanyQuery(exclude=frozenset({f"lei:{lei_of(1)}"}))
        self.assertEqual([one.lei for one in self.all(provider, query)], [lei_of(2)])
        self.assertIsNone(provider.count(query))

    def test_enrichment_finds_by_lei_and_by_register(self):
        british = record(2, registeredAt={"id": "RA000585"}, registeredAs="01234567")
        same_number = record(3, registeredAs="01234567")
        provider = self.provider(Foundation([record(1), same_number, british]))
        self.assertEqual(provider.enrich(registry_id=f"LEI:{lei_of(1)}").lei, lei_of(1))
        self.assertEqual(provider.enrich(registry_id="GB-COH:1234567").lei, lei_of(2))
        self.assertEqual(provider.enrich(registry_id="RA000336:01234567").lei, lei_of(3))
        self.assertIsNone(provider.enrich(registry_id="GB-COH:7654321"))
        self.assertIsNone(provider.enrich(registry_id=f"LEI:{lei_of(9)}"))
        asked = len(self.server.asked)
        for nothing in ({"domain": "a.example"}, {"registry_id": "LEI:../x"},
                        {"registry_id": "IT-RI:123"}, {}):  # fmt: skip
            self.assertIsNone(provider.enrich(**nothing))
        self.assertEqual(len(self.server.asked), asked)

    def test_it_knows_no_people(self):
        provider = self.provider(Foundation([record(1)]))
        query = CompanyQuery(with_contacts=True, contacts_per_company=3)
        (found,) = self.all(provider, query)
        self.assertEqual(provider.contacts_of(found, query), ())
