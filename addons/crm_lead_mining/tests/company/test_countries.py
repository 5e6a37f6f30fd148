import pycountry
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...company.countries import country_code

NAMES = {
    "GB": "UK, U.K., U. K., GB, GBR, 826, United Kingdom, Great Britain, England, Scotland,"
    " Wales, Northern Ireland,"
    " England & Wales, England and Wales, Gran Bretagna, Regno Unito, Großbritannien,"
    " Vereinigtes Königreich,"
    " Royaume-Uni, Reino Unido, Verenigd Koninkrijk, Storbritannien, Wielka Brytania, Inghilterra,"
    " United Kingdom (UK), The United Kingdom of Great Britain and Northern Ireland, UK - England",
    "US": "USA, U.S., U.S.A., us, United States, United States of America, the United States,"
    " Stati Uniti,"
    " Stati Uniti d'America, États-Unis, États-Unis d'Amérique, Vereinigte Staaten, Estados"
    " Unidos, EE. UU., EEUU,"
    " United States (USA), America, 840, アメリカ合衆国, 美国, США",
    "CZ": "Czechia, Czech Republic, Česko, Česká republika, Tschechien, Repubblica Ceca, Cechia,"
    " Tchéquie, CZE",
    "TR": "Turkey, Türkiye, TURKIYE, Turchia, Türkei, Turquie, Republic of Türkiye, Turquía",
    "VN": "Viet Nam, Vietnam, VIET NAM, Việt Nam, Socialist Republic of Viet Nam",
    "DE": "Germany, germany, GERMANY, Deutschland, Germania, Allemagne, Alemania, Alemanha,"
    " Duitsland, Niemcy,"
    " Tyskland, Saksa, Německo, Németország, ドイツ, Германия, DE, DEU, D, GER, de, 276,"
    " Federal Republic of Germany, Bundesrepublik Deutschland, Germany (DE), DE - Germany,"
    " Deutschland/Germany, DE-Germany, DEU–Deutschland,"
    " Berlin; Germany",
    "IT": "Italy, Italia, Italie, Italien, Itália, Włochy, Olaszország, Itálie, IT, ITA, I,"
    " Italian Republic,"
    " Repubblica Italiana, İtalya, Ιταλία, IT (Italia), Italy - Italia, IT-Italy, Italia-IT, 380",
    "KR": "Korea; South, South Korea, Korea, Republic of Korea, Corea del Sud, Südkorea, 대한민국,"
    " S. Korea, KOR",
    "KP": "North Korea, Korea (North), DPRK, Nordkorea",
    "CD": "Democratic Republic of the Congo, DR Congo, Congo (Kinshasa), Congo - Kinshasa, DRC",
    "CG": "Congo, Republic of the Congo, Congo (Brazzaville), Congo - Brazzaville",
    "CI": "Côte d'Ivoire, Cote d'Ivoire, Côte d’Ivoire, Ivory Coast, Costa d'Avorio,"
    " Elfenbeinküste",
    "NL": "Netherlands, The Netherlands, Netherlands (the), Holland, Nederland, Paesi Bassi,"
    " Olanda, Niederlande,"
    " Pays-Bas, Kingdom of the Netherlands",
    "RU": "Russia, Russian Federation, Russian Federation (the), Россия, Federazione Russa, Russie",
    "BO": "Bolivia, Bolivia (Plurinational State of)",
    "IR": "Iran, Iran (Islamic Republic of)",
    "MK": "North Macedonia, Macedonia, FYROM",
    "MD": "Moldova, Republic of Moldova, Moldova (the Republic of), Moldavia",
    "TW": "Taiwan, Taiwan (Province of China), Republic of China",
    "CN": "China, PRC, People's Republic of China, Cina, Chine, 中国, P.R. China",
    "HK": "Hong Kong, Hong Kong SAR China, Hongkong, 香港",
    "MO": "Macao, Macau",
    "SK": "Slovakia, Slovak Republic, Slovensko, Slovacchia",
    "IE": "Ireland, Éire, Eire, Republic of Ireland, Irlanda, Ireland (Republic of)",
    "CH": "Switzerland, Svizzera, Schweiz, Suisse, Swiss Confederation, CH, CHE",
    "AE": "UAE, U.A.E., United Arab Emirates, Emirati Arabi Uniti",
    "GR": "Greece, EL, GR, Grecia, Griechenland, Hellas, Ελλάδα, Hellenic Republic",
    "AT": "Austria, Österreich, Oesterreich, A, Republik Österreich, Autriche",
    "SZ": "Swaziland, Eswatini",
    "CV": "Cape Verde, Cabo Verde",
    "LA": "Laos, Lao PDR, Lao People's Democratic Republic",
    "BA": "Bosnia and Herzegovina, Bosnia & Herzegovina, Bosnia-Herzegovina, Bosnien und"
    " Herzegowina, Bosnia",
    "TZ": "Tanzania, United Republic of Tanzania",
    "DO": "Dominican Republic, Repubblica Dominicana, Dominican Rep.",
    "DM": "Dominica",
    "NE": "Niger",
    "NG": "Nigeria",
    "ZA": "South Africa, Republic of South Africa, Sudafrica",
    "VA": "Vatican, Holy See, Vatican City State",
    "XK": "Kosovo, XK",
    "NA": "NA, Namibia",
    "FR": "France, Francia, Frankreich, F, FR, FRA, French Republic, Paris | France, République"
    " française",
    "ES": "Spain, España, ESPAÑA, Espana, Spagna, Spanien, Kingdom of Spain, Hiszpania",
    "LC": "St. Lucia, Saint Lucia",
    "MX": "Mexico, México, Messico, United Mexican States",
    "": "Atlantis, AT-Italy, CH-Zürich, IN-HOUSE,"
    " Europe, EU, XX, ZZ, World, 999, foobar, Germany or France, Georgia (USA),"
    " France/Italy, -,"
    " Bavaria, Remote, 00, 1, UN, EMEA",
}


@tagged("post_install", "-at_install")
class TestCountries(BaseCase):
    def test_countries_are_known_by_codes_and_common_forms_in_many_languages(self):
        for code, names in NAMES.items():
            for name in names.split(", "):
                with self.subTest(name):
                    self.assertEqual(country_code(name), code)
                    self.assertEqual(country_code(f" {name} "), code)
        for name, code in (
            ("Korea, Republic of", "KR"), ("Korea, Democratic People's Republic of", "KP"),
            ("Korea, South", "KR"), ("Congo, The Democratic Republic of the", "CD"),
            ("Iran, Islamic Republic of", "IR"), ("Tanzania, United Republic of", "TZ"),
            ("Macedonia, the former Yugoslav Republic of", "MK"), ("Virgin Islands, British", "VG"),
            ("Bolivia, Plurinational State of", "BO"), ("Taiwan, Province of China", "TW"),
            ("Hong Kong, China", "HK"), ("Palestine, State of", "PS"), ("London, England", "GB"),
            ("Berlin, Germany", "DE"), ("Georgia, USA", ""),
            ("Micronesia, Federated States of", "FM"),
            ("Venezuela, Bolivarian Republic of", "VE"), ("Moldova, Republic of", "MD"),
            ("Ireland, Republic of", "IE"), ("Saint Helena, Ascension and Tristan da Cunha", "SH"),
        ):  # fmt: skip
            with self.subTest(name):
                self.assertEqual(country_code(name), code)

    def test_every_country_is_known_by_its_name_in_every_language(self):
        """But where it means another country in another one: "Kongo"."""
        wrong = []
        for language in ("en", "de", "fr", "it", "es", "nl", "pt", "pl", "sv", "da", "fi", "cs",
        "hu",
                         "ro", "el", "tr", "ru", "uk", "ar", "he", "hi", "th", "ja", "zh", "ko",
                         "ka",
                         "sw", "eu", "cy", "is"):  # fmt: skip
            territories = Locale(language).territories
            for country in pycountry.countries:
                name = territories.get(country.alpha_2, "")
                if name and country_code(name) != country.alpha_2:
                    wrong.append((language, name, country.alpha_2, country_code(name)))
        self.assertLess(len(wrong), 12, wrong)
        self.assertFalse([one for one in wrong if one[3]], "taken for another country")

    def test_every_country_is_known_by_its_codes_and_the_un_s_names(self):
        for country in pycountry.countries:
            for name in ("alpha_2", "alpha_3", "numeric", "name", "official_name", "common_name"):
                if text := getattr(country, name, ""):
                    self.assertEqual(country_code(text), country.alpha_2, text)

    @settings(deadline=None)
    @given(st.text(max_size=40))
    def test_any_text_gives_a_code_or_nothing(self, text):
        self.assertRegex(country_code(text), r"^(?:[A-Z]{2})?$")
