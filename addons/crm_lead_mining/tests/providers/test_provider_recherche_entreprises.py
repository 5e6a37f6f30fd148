import time
from datetime import date
from itertools import pairwise

from stdnum import luhn

from odoo.tests import tagged

from ...company import nace
from ...company.bands import INSEE
from ...company.identity import identity_keys
from ...company.types import CompanyQuery
from ...providers import errors
from ...providers.recherche_entreprises import RechercheEntreprises
from ..http_server import Answer
from ..provider_contract import NetworkProviderContract, ProviderCase

# https://recherche-entreprises.api.gouv.fr/docs/ and the typed client of the state's own site,
# github.com/annuaire-entreprises-data-gouv-fr/site, clients/recherche-entreprise/interface.ts.


def siren_of(number):
    """Return a SIREN with its check digit."""
    return f"{number:08}{luhn.calc_check_digit(f'{number:08}')}"


def unit(number, **values):
    """A legal unit as the API writes it; obviously synthetic."""
    return {
        "siren": siren_of(number),
        "nom_complet": f"SYNTHETIQUE {number} (SYN)",
        "nom_raison_sociale": f"SYNTHETIQUE {number}",
        "activite_principale": "62.01Z",
        "section_activite_principale": "J",
        "categorie_entreprise": "PME",
        "date_creation": "1999-01-31",
        "etat_administratif": "A",
        "nature_juridique": "5710",
        "statut_diffusion": "O",
        "tranche_effectif_salarie": "12",
        "siege": {
            "siret": f"{siren_of(number)}00011",
            "numero_voie": "12",
            "type_voie": "RUE",
            "libelle_voie": "DE L'EXEMPLE",
            "complement_adresse": "BATIMENT B",
            "code_postal": "75001",
            "libelle_commune": "PARIS",
            "departement": "75",
        },
        "dirigeants": [
            {
                "nom": "PERSONNE",
                "prenoms": "TEST MARIE",
                "annee_de_naissance": "1970",
                "date_de_naissance": "1970-01",
                "qualite": "Directeur général",
                "type_dirigeant": "personne physique",
                "nationalite": "Française",
            },
            {
                "siren": "999999999",
                "denomination": "SYNTHETIQUE AUDIT",
                "qualite": "Commissaire aux comptes titulaire",
                "type_dirigeant": "personne morale",
            },
        ],
        "finances": {
            "2022": {"ca": 900000, "resultat_net": 1},
            "2023": {"ca": 1234567, "resultat_net": -5},
        },
        **values,
    }


class Register:
    """Behaves as documented: filters, pages of 25 at most, 10,000 results, 400 with "erreur"."""

    def __init__(self, units):
        self.units = units

    def __call__(self, asked):
        params = {name: values[0] for name, values in asked.params.items()}
        page, per_page = int(params.get("page", 1)), int(params.get("per_page", 10))
        if asked.path != "/search":
            return Answer({"erreur": "not found"}, 404)
        if per_page > 25 or page > 1_000 or page * per_page > 10_000:
            return Answer({"erreur": "Veuillez indiquer un paramètre valide"}, 400)
        found = [one for one in self.units if self._fits(one, params)]
        return Answer(
            {
                "results": found[(page - 1) * per_page : page * per_page],
                "total_results": min(len(found), 10_000),
                "page": page,
                "per_page": per_page,
                "total_pages": -(-len(found) // per_page),
            }
        )

    def _fits(self, one, params):
        if params.get("q", "").isdigit():  # a SIREN: all other filters are ignored
            return one["siren"] == params["q"]

        def among(name, value):
            return not params.get(name) or value in params[name].split(",")

        return (
            among("etat_administratif", one["etat_administratif"])
            and among("section_activite_principale", one["section_activite_principale"])
            and among("tranche_effectif_salarie", one["tranche_effectif_salarie"])
            and among("departement", (one["siege"] or {}).get("departement"))
        )


@tagged("post_install", "-at_install")
class TestRechercheEntreprises(NetworkProviderContract, ProviderCase):
    adapter = RechercheEntreprises
    foreign_cursors = ("x", "1/26", "1/", "/25", "1/0", "1/25/3")
    error_body = {"erreur": "Veuillez indiquer un paramètre valide"}

    def knowing(self):
        return self.provider(Register([unit(n) for n in range(1, 6)]))

    def _one(self, **values):
        return self.all(self.provider(Register([unit(1, **values)])))

    def test_a_company_comes_with_what_the_register_knows(self):
        (company,) = self._one()
        self.assertEqual(company.name, "SYNTHETIQUE 1")
        self.assertEqual(identity_keys(company), (f"reg:FR-SIRENE:{siren_of(1)}",))
        self.assertEqual(
            (company.street, company.street2, company.zip, company.city, company.country_code),
            ("12 RUE DE L'EXEMPLE", "BATIMENT B", "75001", "PARIS", "FR"),
        )
        self.assertEqual(company.industries, ("62",))
        self.assertEqual(
            (company.employees_min, company.employees_max, company.employees), (20, 49, None)
        )
        self.assertEqual((company.founded, company.revenue), (1999, "1,234,567 EUR (2023)"))
        self.assertEqual(company.legal_form, "Société par actions simplifiée")
        self.assertEqual(company.provenance.provider, "recherche_entreprises")
        self.assertEqual(company.provenance.licence, "Licence Ouverte 2.0")
        self.assertIn(siren_of(1), company.provenance.url)
        self.assertEqual(company.provenance.fetched_on, date.today())

    def test_every_legal_form_is_told_in_words(self):
        for code, words in {
            "5499": "Société à responsabilité limitée (SARL)",
            "1000": "Entrepreneur individuel",
            "5999": "Société commerciale",
            "X": "X",
            None: "",
        }.items():
            (company,) = self._one(nature_juridique=code)
            self.assertEqual(company.legal_form, words, code)

    def test_who_leads_a_sarl_is_found_as_its_ceo(self):
        for title in ("Gérant", "Gérante", "Co-gérant", "Gérant non associé"):
            person = {
                "nom": "PERSONNE (NOM D'USAGE)", "prenoms": "TEST, MARIE", "qualite": title,
                "type_dirigeant": "personne physique",
            }  # fmt: skip
            provider = self.provider(Register([unit(1, dirigeants=[person])]))
            query = CompanyQuery(with_contacts=True, contacts_per_company=1, contact_filter="role",
                                 preferred_role="ceo")  # fmt: skip
            (company,) = self.all(provider, query)
            self.assertEqual([one.name for one in company.contacts], ["Test Personne"])

    def test_directors_are_contacts_without_what_is_known_of_their_birth(self):
        provider = self.provider(Register([unit(1)]))
        query = CompanyQuery(with_contacts=True, contacts_per_company=5)
        (contact,) = self.all(provider, query)[0].contacts
        self.assertEqual(
            (contact.name, contact.job_title, contact.role, contact.seniority),
            ("Test Personne", "Directeur général", "ceo", "director"),
        )
        self.assertNotIn("1970", repr(contact))
        self.assertEqual(self.all(provider, CompanyQuery())[0].contacts, ())
        others = CompanyQuery(
            with_contacts=True, contacts_per_company=5, contact_filter="role", preferred_role="sale"
        )
        self.assertEqual(self.all(provider, others)[0].contacts, ())

    def test_only_what_may_be_shown_is_shown(self):
        units = [
            unit(1, statut_diffusion="P"),
            unit(2, nom_raison_sociale=None, nom_complet=None),
            {**unit(3), "siren": "nonsense"},
            unit(4, nom_raison_sociale=None),
            unit(5, etat_administratif="C"),
            unit(6, statut_diffusion="N"),
            unit(7, nom_raison_sociale="[ND]", nom_complet="[ND]"),
        ]
        found = self.all(self.provider(Register(units)), CompanyQuery())
        self.assertEqual([company.name for company in found], ["SYNTHETIQUE 4 (SYN)"])

    def test_a_company_that_has_ceased_is_no_find_though_the_register_sends_it(self):
        answer = {"results": [unit(1, etat_administratif="C"), unit(2)], "total_results": 2}
        page = self.provider([Answer(answer)]).search(CompanyQuery())
        self.assertEqual([one.registry_id for one in page.companies], [siren_of(2)])

    def test_what_is_missing_or_strange_is_empty(self):
        (company,) = self._one(
            siege=None, dirigeants=None, finances=None, tranche_effectif_salarie="NN",
            activite_principale=None, section_activite_principale=7, date_creation="soon",
        )  # fmt: skip
        self.assertEqual((company.city, company.revenue, company.founded), ("", "", None))
        self.assertEqual((company.employees_min, company.industries), (None, ()))
        (company,) = self._one(
            date_creation="1900-01-01", siege={"code_postal": "[ND]", "libelle_commune": "[ND]"}
        )
        self.assertEqual((company.founded, company.zip, company.city), (None, "", ""))

    def test_ten_megabytes_of_text_are_shortened(self):
        (company,) = self._one(nom_raison_sociale="x" * 1_000_000 + "\0\n")
        self.assertEqual(len(company.name), 512)

    def test_all_pages_are_read_and_each_company_once(self):
        provider = self.provider(Register([unit(number) for number in range(1, 61)]))
        for limit in (25, 7, 500):
            with self.subTest(limit):
                found = self.all(provider, CompanyQuery(countries=("FR",)), limit)
                self.assertEqual(len({company.registry_id for company in found}), 60)
                self.assertEqual(len(found), 60)
        self.assertTrue(all(int(a.params["per_page"][0]) <= 25 for a in self.server.asked))

    def test_a_page_that_repeats_or_a_total_that_lies_comes_to_an_end(self):
        answer = {"results": [unit(1), unit(1)], "total_results": 10_000_000}
        provider = self.provider([Answer(answer)])
        page = provider.search(CompanyQuery(), None, 25)
        self.assertEqual(len(page.companies), 1)
        self.assertEqual(page.next_cursor, "2/25")
        self.assertIsNone(provider.search(CompanyQuery(), "400/25").next_cursor)
        # However few a page has, there is no page behind the thousandth.
        self.assertIsNone(provider.search(CompanyQuery(), "1000/5").next_cursor)
        provider = self.provider([Answer({"results": [], "total_results": 500})])
        self.assertIsNone(provider.search(CompanyQuery()).next_cursor)

    def test_divisions_are_asked_by_section_and_sorted_out(self):
        units = [
            unit(1),
            unit(2, activite_principale="58.29A"),
            unit(3, activite_principale="47.11A", section_activite_principale="G"),
        ]
        provider = self.provider(Register(units))
        found = self.all(provider, CompanyQuery(industries=("62",)))
        self.assertEqual([company.registry_id for company in found], [siren_of(1)])
        self.assertEqual(self.server.asked[0].params["section_activite_principale"], ["J"])
        self.assertEqual(len(self.all(provider, CompanyQuery(industries=("J",)))), 2)
        self.assertEqual(len(self.all(provider, CompanyQuery(industries=("J", "47")))), 3)

    def test_a_search_by_industry_survives_the_switch_to_naf_2025(self):
        # Activity: (NAF Rev. 2, its section), (NAF 2025, its section in Rev. 2.1).
        activities = (
            ("62.01Z", "J", "62.10Y", "K"), ("58.29A", "J", "58.29Y", "J"),
            ("63.91Z", "J", "60.31Y", "J"), ("64.19Z", "K", "64.19Y", "L"),
            ("70.21Z", "M", "73.30Y", "N"), ("45.11Z", "G", "47.81Y", "G"),
            ("45.20A", "G", "95.31G", "T"), ("41.10A", "F", "68.12Y", "M"),
            ("68.31Z", "L", "68.31Y", "M"), ("86.23Z", "Q", "86.23Y", "R"),
            ("96.02A", "S", "96.21Y", "T"), ("10.71C", "C", "10.71Y", "C"),
        )  # fmt: skip
        generations = {
            "today": lambda old, letter, new, _letter: {
                "activite_principale": old, "activite_principale_naf25": new,
                "section_activite_principale": letter,
            },
            "2027, sections of Rev. 2.1": lambda _old, _letter, new, letter: {
                "activite_principale": new, "section_activite_principale": letter,
            },
            "2027, sections of Rev. 2": lambda _old, letter, new, _letter: {
                "activite_principale": new, "section_activite_principale": letter,
            },
        }  # fmt: skip
        for generation, values in generations.items():
            units = [unit(n, **values(*one)) for n, one in enumerate(activities, 1)]
            provider = self.provider(Register(units))
            for industry in ("62", "58", "63", "J", "64", "K", "70", "M", "45", "G", "41", "F",
                             "68", "L", "86", "Q", "96", "10", "C"):  # fmt: skip
                query = CompanyQuery(industries=(industry,))
                wanted = [
                    siren_of(n)
                    for n, (old, letter, *_new) in enumerate(activities, 1)
                    if industry in (old[:2], letter)
                ]
                with self.subTest(generation=generation, industry=industry):
                    found = [company.registry_id for company in self.all(provider, query, 1)]
                    self.assertEqual(found, wanted)
                    count = provider.count(query)
                    self.assertIn(count, (None, len(wanted)))

    def test_a_letter_without_a_code_tells_no_industry_where_editions_differ(self):
        for letter, expected in (("C", ("C",)), ("J", ("J",)), ("K", ()), ("V", ())):
            (company,) = self._one(activite_principale=None, section_activite_principale=letter)
            self.assertEqual(company.industries, expected)

    def test_bands_of_the_register_follow_each_other_without_a_gap(self):
        for (_least, most), (next_least, next_most) in pairwise(INSEE.values()):
            self.assertEqual(next_least, most + 1)
            self.assertTrue(next_most is None or next_most > next_least)
        self.assertEqual(INSEE["00"], (0, 0))

    def test_size_is_asked_by_the_bands_inside_it(self):
        provider = self.provider(
            Register([unit(n, tranche_effectif_salarie=band) for n, band in enumerate(INSEE, 1)])
        )
        for (least, most), bands in (
            ((10, 99), {"11", "12", "21"}),
            ((10, 98), {"11", "12"}),
            ((5000, None), {"52", "53"}),
            ((None, 2), {"00", "01"}),
        ):
            with self.subTest((least, most)):
                query = CompanyQuery(size_min=least, size_max=most)
                found = self.all(provider, query)
                sizes = {(one.employees_min, one.employees_max) for one in found}
                self.assertEqual(sizes, {INSEE[band] for band in bands})

    def test_what_cannot_match_is_not_even_asked(self):
        provider = self.provider(Register([unit(1)]))
        for query in (
            CompanyQuery(countries=("BE",)),
            CompanyQuery(size_min=12, size_max=13),
            CompanyQuery(size_min=100, size_max=50),
            CompanyQuery(industries=("??",)),
        ):
            with self.subTest(query):
                self.assertEqual(provider.count(query), 0)
                self.assertEqual(provider.search(query).companies, ())
        self.assertEqual(self.server.asked, [])

    def test_the_number_of_matches_is_told_where_the_api_knows_it(self):
        provider = self.provider(Register([unit(n) for n in range(1, 31)]))
        self.assertEqual(provider.count(CompanyQuery(countries=("FR",))), 30)
        self.assertEqual(provider.count(CompanyQuery(industries=("J",))), 30)
        self.assertEqual(provider.count(CompanyQuery(industries=nace.SECTIONS["J"])), None)
        self.assertIsNone(provider.count(CompanyQuery(industries=("62",))))
        self.assertIsNone(provider.count(CompanyQuery(exclude=frozenset({"domain:x"}))))

    def test_states_are_departments(self):
        units = [unit(1), unit(2, siege={**unit(2)["siege"], "departement": "69"})]
        provider = self.provider(Register(units))
        query = CompanyQuery(countries=("FR", "US"), states=(("FR", "69"), ("US", "CA")))
        self.assertEqual([one.registry_id for one in self.all(provider, query)], [siren_of(2)])

    def test_known_companies_are_left_out(self):
        provider = self.provider(Register([unit(1), unit(2)]))
        query = CompanyQuery(exclude=frozenset({f"reg:FR-SIRENE:{siren_of(1)}"}))
        self.assertEqual([one.registry_id for one in self.all(provider, query)], [siren_of(2)])

    def test_enrichment_finds_by_siren_and_nothing_else(self):
        provider = self.provider(Register([unit(55210055)]))
        self.assertEqual(
            provider.enrich(registry_id="FR-SIRENE:552 100 554").name, "SYNTHETIQUE 55210055"
        )
        self.assertIsNone(provider.enrich(registry_id="FR-SIRENE:1"))
        asked = len(self.server.asked)
        for nothing in ({"domain": "a.example"}, {"registry_id": "GB-COH:552100554"},
                        {"registry_id": "FR-SIRENE:abc"}, {}):  # fmt: skip
            self.assertIsNone(provider.enrich(**nothing))
        self.assertEqual(len(self.server.asked), asked)

    def test_results_that_are_no_list_are_no_answer(self):
        with self.assertRaises(errors.ProviderAnswerInvalid):
            self.provider([Answer({"results": {}})]).search(CompanyQuery())

    def test_who_waits_for_it_does_not_wait_long(self):
        provider = self.provider([Answer(write=lambda _handler: time.sleep(1)), Answer({})])
        started = time.monotonic()
        with self.assertRaises(errors.ProviderTimeout):
            provider.within(0.2).search(CompanyQuery())
        self.assertLess(time.monotonic() - started, 0.9)
        self.assertEqual(len(self.server.asked), 1)
