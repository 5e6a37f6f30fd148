from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...company.matching import misfits
from ...company.states import _of_odoo, odoo_code, state_code, state_key, told_state
from ...company.types import Company, CompanyQuery

STATES = (
    ("DE", "BY", "DE-BY, BY, by, Bayern, Bavaria, Baviera, Bavière, Beieren, Bawaria, Freistaat"
    " Bayern, BAYERN,"
                 " Bayern (Bavaria), Бавария, バイエルン"),
    ("DE", "NW", "Nordrhein-Westfalen, NRW, North Rhine-Westphalia, Renania"
    " Settentrionale-Vestfalia, DE-NW"),
    ("DE", "BE", "Berlin, Berlino, DE-BE, Land Berlin"),
    ("DE", "SN", "Sachsen, Sassonia, Saxe, Saxony"),
    ("DE", "ST", "Sachsen-Anhalt, Saxony-Anhalt"),
    ("SE", "AB", "SE-AB, AB, Stockholm, Stockholms län, Stockholm County, Stockholms lan"),
    ("SE", "M", "Skåne, Skåne län, Skåne County, SE-M"),
    ("JP", "13", "JP-13, 13, Tokyo, 東京都, 東京, Tōkyō, Tokio"),
    ("JP", "27", "Osaka, 大阪府, JP-27"),
    ("IT", "MI", "MI, Milano, Milan, Mailand, Milaan, IT-MI, Provincia di Milano, Prov. di"
    " Milano, (MI), Milano (MI),"
                 " Città metropolitana di Milano, MI - Milano, mi, Prov. MI, Metropolitan City"
                 " of Milan"),
    ("IT", "RM", "Roma, Rome, Rom, RM, Città Metropolitana di Roma Capitale, Roma Capitale"),
    ("IT", "NA", "NA, Napoli, Naples, Neapel"),
    ("IT", "BZ", "BZ, Bolzano, Bozen, Alto Adige, Südtirol, Bolzano/Bozen"),
    ("IT", "MB", "Monza e della Brianza, Monza e Brianza, Monza-Brianza, MB"),
    ("IT", "RE", "Reggio nell'Emilia, Reggio Emilia, RE"),
    ("IT", "RC", "Reggio Calabria, Reggio di Calabria, RC"),
    ("IT", "FC", "Forlì-Cesena, Forli' Cesena, FC"),
    ("IT", "AO", "Aosta, Valle d'Aosta, Vallée d'Aoste, AO, IT-23"),
    ("US", "CA", "CA, California, Californie, Kalifornien, US-CA, State of California"),
    ("US", "ND", "ND, North Dakota"),
    ("US", "DC", "DC, District of Columbia, Washington DC"),
    ("US", "WA", "WA, Washington, Washington State"),
    ("US", "NY", "New York, NY, New York State"),
    ("ES", "M", "M, Madrid, Comunidad de Madrid, Madrid (Comunidad de), ES-M, ES-MD"),
    ("ES", "SE", "Sevilla, Seville, Siviglia, Provincia de Sevilla"),
    ("ES", "C", "A Coruña, La Coruña, Coruña, C"),
    ("ES", "B", "Barcelona, Barcellona, B"),
    ("PL", "MZ", "mazowieckie, Mazowieckie, Masovia, Mazowsze, PL-14, MZ, woj. mazowieckie,"
    " województwo mazowieckie"),
    ("AT", "9", "Wien, Vienna, AT-9, 9"),
    ("AT", "2", "Kärnten, Carinthia, Carinzia"),
    ("CH", "ZH", "ZH, Zürich, Zurich, Zurigo, Kanton Zürich, CH-ZH, Canton de Zurich, ZH-IT"),
    ("CH", "GE", "Genève, Genf, Ginevra, Geneva, GE"),
    ("CA", "QC", "Québec, Quebec, QC"),
    ("NL", "NH", "Noord-Holland, North Holland, NH, Nordholland"),
    ("BE", "VAN", "Antwerp, Antwerpen, Anvers, VAN, Provincie Antwerpen"),
    ("NO", "42", "NO-42, Agder"),
    ("FI", "18", "FI-18, Uusimaa, Nyland"),
    ("TH", "10", "TH-10, กรุงเทพมหานคร, Bangkok"),
    ("KR", "11", "KR-11, 서울특별시, Seoul, Seoul-teukbyeolsi"),
    ("BR", "SP", "SP, São Paulo, Sao Paulo"),
    ("CL", "TA", "CL-TA, Tarapacá"),
    ("PH", "ABR", "PH-ABR, Abra"),
    ("MX", "", "Atlantis"),
    ("DE", "", "Atlantis, XX, , Germany"),
    ("IT", "", "Atlantis, Lombardia, Toscana, IT-25"),
    ("FR", "", "75, Paris"),
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestStates(BaseCase):
    def test_states_are_known_by_odoo_s_and_iso_s_codes_and_names_in_any_language(self):
        for country, code, names in STATES:
            for name in names.split(", "):
                with self.subTest(name, country=country):
                    self.assertEqual(state_code(country, name), code)

    def test_all_of_odoo_s_states_are_known_by_their_own_names_and_codes(self):
        twice = []
        for country, states in _of_odoo().items():
            for key, names in states.items():
                for written in (key, f"{country}-{key}"):
                    self.assertEqual(state_code(country, written), key)
                if state_code(country, names[0]) != key:
                    twice.append((country, key, names[0], state_code(country, names[0])))
        self.assertFalse([one for one in twice if one[3]], "taken for another state")
        self.assertLess(len(twice), 12, twice)

    def test_a_region_of_italy_is_the_province_that_its_postal_code_lies_in(self):
        for region, zip_code, code in (
            ("Lombardia", "20121", "MI"), ("Lombardy", "24121", "BG"), ("Lombardei", "20900", "MB"),
            ("IT-25", "20121", "MI"), ("Regione Lombardia", "I-20121", "MI"),
            ("Toscana", "50123", "FI"),
            ("Tuscany", "56121", "PI"), ("Trentino-Alto Adige", "39100", "BZ"),
            ("Lazio", "00184", "RM"),
            ("Emilia-Romagna", "40121", "BO"), ("Sicilia", "90133", "PA"),
            ("Lombardia", "50123", ""),
            ("Lombardia", "", ""), ("Lombardia", "201", ""),
            ("Friuli-Venezia Giulia", "33170", "PN"), ("Friuli", "34070", ""),
            ("Molise", "86100", ""), ("Milano", "50123", "MI"),
        ):  # fmt: skip
            with self.subTest(region, zip_code=zip_code):
                self.assertEqual(state_code("IT", region, zip_code), code)

    def test_a_code_is_the_same_with_and_without_its_country(self):
        for country, code, key in (
            ("DE", "DE-BY", "BY"), ("DE", "BY", "BY"), ("DE", " by ", "BY"), ("US", "CA", "CA"),
            ("CH", "ZH-IT", "ZH"), ("CH", "ZH", "ZH"), ("IQ", "IQ-AN-AR", "AN"),
            ("US", "DE-BY", "DE-BY"),
            ("PL", "DŚ", "DŚ"), ("", "", ""),
        ):  # fmt: skip
            with self.subTest(code, country=country):
                self.assertEqual(state_key(country, code), key)

    def test_stock_is_told_its_own_code(self):
        for country, key, code in (("DE", "BY", "DE-BY"), ("US", "CA", "CA"), ("CH", "ZH", "ZH"),
                                   ("FR", "75", "75"), ("DE", "", "")):  # fmt: skip
            self.assertEqual(odoo_code(country, key), code)

    def test_what_an_answer_tells_is_kept_where_odoo_has_no_such_state(self):
        for country, text, code in (
            ("DE", "DE-BY", "BY"), ("DE", "Bavaria", "BY"), ("BE", "BE-BRU", "BRU"),
            ("FR", "FR-75", "75"),
            ("FR", "Paris", ""), ("", "CA", "CA"), ("", "US-CA", ""), ("PL", "PL-14", "MZ"),
            ("DE", "", ""),
        ):  # fmt: skip
            with self.subTest(text, country=country):
                self.assertEqual(told_state(country, text), code)

    def test_a_company_fits_its_state_in_either_spelling(self):
        for told in ("BY", "DE-BY"):
            company = Company("Acme", country_code="DE", state_code=told)
            for asked in ("BY", "DE-BY"):
                query = CompanyQuery(countries=("DE",), states=(("DE", asked),))
                self.assertEqual(misfits(company, query), ())
            query = CompanyQuery(countries=("DE",), states=(("DE", "DE-BE"),))
            self.assertEqual(misfits(company, query), ("states",))

    @settings(deadline=None, max_examples=50)
    @given(st.sampled_from(("DE", "IT", "CH", "XX", "")), st.text(max_size=30))
    def test_any_text_gives_a_state_of_its_country_or_none(self, country, text):
        self.assertIn(state_code(country, text), {"", *_of_odoo().get(country, ())})
