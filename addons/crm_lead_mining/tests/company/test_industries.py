from pathlib import Path

import stdnum
from stdnum import numdb

from odoo.tests import BaseCase, tagged

from ...company import (
    classifications,
    industries,
    industry_words,
    linkedin_industries,
    nace,
    nace_editions,
    us_codes,
)
from ...company.nace_editions import REV_1, REV_2, REV_21


@tagged("post_install", "-at_install")
class TestIndustries(BaseCase):
    def _read(self, text, country="", header="", values=()):
        column = classifications.of_column(header, country, values or [text])
        return tuple(
            code for one in industries.read_cell(text, country, column) for code in one.industries
        )

    def _check(self, *cases):
        for header, country, text, expected in cases:
            with self.subTest(header=header, country=country, text=text):
                self.assertEqual(" ".join(self._read(text, country, header)), expected)

    def test_the_tables_have_the_classes_that_eurostat_publishes(self):
        # python-stdnum ships both of Eurostat's tables.
        for edition, name in ((REV_2, "nace20.dat"), (REV_21, "nace21.dat")):
            path = Path(stdnum.__file__).parent / "eu" / name
            if not path.exists():
                continue  # an older python-stdnum knows Rev. 2 only
            with path.open(encoding="utf-8") as file:
                table = numdb.read(file)
            numbers = (f"{number:04}" for number in range(10000))
            for number in numbers:
                is_class = len(table.split(number)) == 3 and bool(table.info(number)[-1][1])
                self.assertEqual(nace_editions.is_class(number, edition), is_class, number)

    def test_tables_name_only_codes_of_nace(self):
        tables = (
            us_codes.US_SIC,
            us_codes.NAICS,
            us_codes.NAICS_SECTORS,
            industries._overture(),
            linkedin_industries.DIVISION_OF,
            dict(enumerate(code for code, _phrases in industry_words.lines())),
        )
        for table in tables:
            self.assertFalse(set(table.values()) - nace.CODES)
        for name in ("nace.csv", "ateco2025.csv"):
            for row in nace_editions.read_table(name):
                divisions = row.get("divisions", row.get("rev21_divisions"))
                self.assertFalse(set(divisions.split()) - set(nace.DIVISIONS), row)

    def test_a_number_that_means_another_thing_in_rev_2_1_is_read_by_its_edition(self):
        self._check(
            ("NACE Rev. 2", "DE", "46.71", "46"), ("NACE Rev. 2.1", "DE", "46.71", "45"),
            ("NACE Rev. 2", "DE", "47.81", "47"), ("NACE Rev. 2.1", "DE", "47.81", "45"),
            ("NACE rev 2.1", "", "58.12", "58 90"), ("Code NACE 2025", "BE", "47811", "45"),
            ("NACE (Rev 2)", "", "58.12", "58"), ("nace_rev21", "", "35.13", "35"),
        )  # fmt: skip

    def test_a_class_that_was_several_is_found_under_each(self):
        self._check(
            ("NACE Rev. 2.1", "", "55.90", "55 68"), ("NACE Rev. 2.1", "", "46.18", "46 45 82"),
            ("NACE Rev. 2.1", "", "93.13", "93 85"), ("NAF 2025", "FR", "88.91Y", "88 85"),
        )  # fmt: skip

    def test_the_values_of_a_column_tell_its_edition_where_the_header_does_not(self):
        new = ["62.10", "46.71", "56.11"]
        old = ["62.01", "46.71", "56.10"]
        self.assertEqual(self._read("46.71", "AT", "NACE", new), ("45",))
        self.assertEqual(self._read("46.71", "AT", "NACE", old), ("46",))
        self.assertEqual(self._read("62.10", "AT", "NACE", old), ("62",), "its own edition")

    def test_a_french_code_tells_its_edition_by_its_letter(self):
        self._check(
            ("", "FR", "62.01Z", "62"), ("", "FR", "62.10Y", "62"), ("", "FR", "47.81Y", "45"),
            ("", "FR", "47.81Z", "47"), ("NAF", "", "6810G", "68"), ("APE", "", "95.31G", "45"),
            ("NAF 2025", "FR", "45.11Z", "45"), ("NAF", "FR", "74.8K", ""), ("", "", "748K", ""),
        )  # fmt: skip
        self.assertEqual(nace_editions.edition_of_naf("74.8K"), REV_1)

    def test_six_digits_are_not_naics_everywhere(self):
        self._check(
            ("Codice ATECO", "IT", "561011", "56"), ("", "IT", "561011", "56"),
            ("ATECO", "", "561011", "56"), ("ateco2007", "IT", "620100", "62"),
            ("ATECO 2025", "IT", "478110", "45"), ("NOGA", "CH", "561001", "56"),
            ("DB07", "DK", "561010", "56"), ("", "DK", "561010", "56"), ("", "CH", "561101", "56"),
            ("NAICS", "US", "561110", "82"), ("", "US", "561110", "82"), ("", "", "561110", "82"),
            ("NAICS Code", "IT", "561110", "82"),
        )  # fmt: skip

    def test_the_national_versions_of_nace_are_read_by_their_first_four_digits(self):
        self._check(
            ("WZ 2008", "DE", "45.20.1", "45"), ("WZ2025", "DE", "95.31.0", "45"),
            ("SBI-code", "NL", "45112", "45"), ("SBI 2025", "NL", "68120", "41"),
            ("SNI2007", "SE", "43341", "43"), ("SNI 2025", "SE", "47810", "45"),
            ("næringskode1.kode", "NO", "69.201", "69"), ("SN2025", "NO", "47.811", "45"),
            ("PKD 2007", "PL", "45.20.Z", "45"), ("PKD 2025", "PL", "95.31.A", "45"),
            ("CNAE 2009", "ES", "4520", "45"), ("CNAE 2025", "ES", "9531", "45"),
            ("ÖNACE 2025", "AT", "G 47.81-0", "45"), ("EMTAK", "EE", "62011", "62"),
            ("CAE Rev. 4", "PT", "47811", "45"), ("TOL 2008", "FI", "45201", "45"),
            ("CAEN Rev.3", "RO", "4781", "45"), ("CNAE Fiscal", "BR", "4511101", "45"),
        )  # fmt: skip

    def test_zeros_that_a_spreadsheet_took_are_given_back(self):
        self.assertEqual(self._read("1110", "GB", "SICCode.SicText_1", ["62012", "1110"]), ("01",))
        self.assertEqual(self._read("1101", "GB", "SIC", ["6201", "1101"]), ("11",))
        self.assertEqual(self._read("14100", "IT", "ATECO", ["620100", "561011"]), ("14",))
        self.assertEqual(self._read("12100", "IT", "ATECO", ["620100", "561011"]), ("01",))
        self.assertEqual(self._read("113", "DE", "NACE", ["6201", "2562"]), ("01",))

    def test_sic_is_britains_or_the_united_states(self):
        self._check(
            ("SIC Code", "US", "7372", "58"), ("SIC Code", "", "7372", "58"),
            ("US SIC", "DE", "5812", "56"), ("SIC Codes", "GB", "62012", "62"),
            ("UK SIC", "", "5610", "56"), ("sic_code", "GB", "5610", "56"),
            ("SIC", "GB", "7487 - Other business activities", ""), ("SIC", "US", "0781", "81"),
        )  # fmt: skip

    def test_idle_companies_and_numbers_of_other_systems_have_no_industry(self):
        self._check(
            ("SIC", "GB", "99999 - Dormant Company", ""), ("SIC", "GB", "74990", ""),
            ("NACE", "DE", "00.00", ""), ("NACE", "DE", "99999", ""), ("NACE", "DE", "0", ""),
            ("ANZSIC", "AU", "6962", ""), ("", "AU", "6962", ""), ("GICS", "US", "451030", ""),
            ("NACE", "DE", "7487", ""), ("Industry", "GB", "None Supplied", ""),
            ("Industry", "", "", ""), ("NACE 2003", "BE", "70111", ""),
        )  # fmt: skip

    def test_naics_is_read_from_two_digits_to_six(self):
        self._check(
            ("NAICS", "US", "52", "K"), ("NAICS", "US", "31-33", "C"), ("NAICS", "", "524", "65"),
            ("NAICS", "", "5242", "66"), ("NAICS", "US", "54194", "75"),
            ("NAICS", "US", "325412", "21"), ("NAICS", "CA", "3259", "20"),
            ("NAICS", "US", "541511 - Custom Computer Programming Services", "62"),
        )  # fmt: skip
        for code, division in (("9", ""), ("", ""), ("000000", "")):
            self.assertEqual(us_codes.from_naics(code), division)

    def test_every_sector_of_naics_2022_and_us_sic_gives_a_division(self):
        # Census Bureau: NAICS 2022's three-digit subsectors; OSHA: SIC's major groups.
        subsectors = (
            "111 112 113 114 115 211 212 213 221 236 237 238 311 312 313 314 315 316 321 322 323"
            " 324 325 326 327 331 332 333 334 335 336 337 339 423 424 425 441 444 445 449 455 456"
            " 457 458 459 481 482 483 484 485 486 487 488 491 492 493 512 513 516 517 518 519 521"
            " 522 523 524 525 531 532 533 541 551 561 562 611 621 622 623 624 711 712 713 721 722"
            " 811 812 813 814 921 922 923 924 925 926 927 928"
        )
        self.assertFalse([code for code in subsectors.split() if not us_codes.from_naics(code)])
        groups = (
            "01 02 07 08 09 10 12 13 14 15 16 17 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35"
            " 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63"
            " 64 65 67 70 72 73 75 76 78 79 80 81 82 83 84 86 87 88 89 91 92 93 94 95 96 97"
        )
        self.assertFalse([code for code in groups.split() if not us_codes.from_us_sic(code)])

    def test_isic_goes_by_division(self):
        self._check(
            ("ISIC Rev. 4", "IN", "6201", "62"), ("ISIC", "ZA", "J6311", "63"),
            ("ISIC Rev.3.1", "IN", "7221", ""), ("CIIU", "PE", "4711", "47"),
        )  # fmt: skip

    def test_sections_are_those_of_their_edition(self):
        self._check(
            ("NACE", "", "J", "J"), ("NACE", "", "K", "K"), ("NACE Rev. 2.1", "", "K", "J"),
            ("NACE Rev. 2.1", "", "L", "K"), ("NACE", "", "V", "U"), ("NACE", "", "W", ""),
            ("NACE", "", "K62.20", "62"), ("", "", "J - Information and communication", "J"),
        )  # fmt: skip

    def test_nace_is_read_in_all_its_spellings(self):
        for code in ("62", "62.01", "6201", "J62", "J62.01", "j 62.01", "62.01Z", "62.01.00",
                     "J-62", "62.01 - Programming", "62.0", "620", "62.00"):  # fmt: skip
            with self.subTest(code):
                self.assertEqual(self._read(code), ("62",))

    def test_several_codes_of_one_cell_are_all_read(self):
        self._check(
            ("NACE", "DE", "62.01; 58.29", "62 58"), ("NACE", "DE", "62.01, 58.29", "62 58"),
            ("NACE", "DE", "6201|5829", "62 58"), ("sic", "US", '["7372", "5812"]', "58 56"),
            ("Industry", "", "Glass, Ceramics & Concrete", "23"),
        )  # fmt: skip

    def test_a_cell_that_names_its_classification_is_read_in_it(self):
        self._check(
            ("Industry", "DE", "NACE 62.01", "62"), ("Industry", "IT", "ATECO: 56.10.11", "56"),
            ("Industry", "US", "SIC 5812", "56"), ("Industry", "IT", "NAICS 561110", "82"),
            ("Industry", "BE", "NACE Rev. 2.1 47.81", "45"),
            ("Industry", "", "WZ 2025: 47.81", "45"),
            ("Industry", "", "nace:62.01", "62"), ("Industry", "DE", "NACE 1.11", "01"),
            ("Industry", "DE", "J.62.01", "62"), ("Industry", "", "Shop 24", "47"),
        )  # fmt: skip

    def test_numbers_in_names_are_no_codes(self):
        self._check(
            ("Industry", "", "24 hour plumber", "43"), ("Industry", "", "3D printing", "18"),
            ("Industry", "", "2nd hand shop", "47"), ("Industry", "", "24/7 locksmith", "80"),
        )  # fmt: skip

    def test_of_a_path_the_narrowest_name_counts(self):
        self._check(
            ("Category", "", "Dining and Drinking > Restaurant", "56"),
            ("taxonomy", "", "food_and_drink > restaurant > italian_restaurant", "56"),
            ("Category", "", "Restaurant > Unheard-of", "56"),
        )  # fmt: skip

    def test_a_code_is_kept_with_its_classification_and_edition(self):
        for header, country, text, source in (
            ("ATECO 2025", "IT", "62.10.00", "ATECO 2025 62.10.00"),
            ("NAF", "FR", "62.01Z", "NAF Rev. 2 62.01Z"),
            ("NAF", "FR", "62.10Y", "NAF 2025 62.10Y"),
            ("SIC", "GB", "62012 - Business software", "UK SIC 2007 62012"),
            ("Industry", "", "Plumber", ""),
        ):
            with self.subTest(text):
                column = classifications.of_column(header, country, [text])
                self.assertEqual(industries.read_cell(text, country, column)[0].source, source)

    def test_all_of_linkedins_names_are_known_in_each_spelling(self):
        for name in LINKEDIN.split("|"):
            for spelling in (name, name.lower(), name.replace("&", "and")):
                with self.subTest(spelling):
                    self.assertTrue(linkedin_industries.plain(spelling))
        self.assertEqual(industries.from_name("Law Enforcement"), "84")
        self.assertEqual(industries.from_name("consumer goods"), "32")

    def test_overtures_categories_are_known_by_their_names(self):
        for category, division in (("italian_restaurant", "56"), ("auto_body_shop", "45"),
                                   ("dentist", "86"), ("winery", "11"), ("Car Dealer", "45"),
                                   ("lake", "")):  # fmt: skip
            with self.subTest(category):
                self.assertEqual(industries.from_name(category), division)

    def test_words_are_whole_words(self):
        for name, expected in (
            ("Plumber", "43"), ("Law enforcement", "84"), ("Boiler repair", "43"),
            ("Trailers", "29"), ("Goldsmith", "32"), ("Reinforcement", ""), ("Advancement", ""),
            ("Toiletries", ""), ("Barber", "96"), ("Barrister", "69"), ("Carpet store", "47"),
            ("Coalition", ""), ("Banksman", ""), ("Winery", "11"), ("Spoiler", ""),
        ):  # fmt: skip
            with self.subTest(name):
                self.assertEqual(industries.from_name(name), expected)

    def test_words_are_read_in_the_languages_of_the_headers(self):
        for name, expected in (
            ("Idraulico", "43"), ("Studio Legale Rossi", "69"), ("Carpenteria metallica", "25"),
            ("Commercio all'ingrosso di alimentari", "46"), ("Pasticceria", "10"),
            ("Steuerberaterin", "69"), ("Bäckerei", "10"), ("Großhandel für Möbel", "46"),
            ("Kfz-Werkstatt", "45"), ("Zahnärzte", "86"), ("Plomberie - chauffage", "43"),
            ("Expertise comptable", "69"), ("Hôtel-restaurant", "56"), ("Boulangerie", "10"),
            ("Peluquería", "96"), ("Asesoría fiscal", "69"), ("Construcción", "41"),
            ("Loodgieter", "43"), ("Imobiliária", "68"),
        ):  # fmt: skip
            with self.subTest(name):
                self.assertEqual(industries.from_name(name), expected)

    def test_narrow_names_win_over_broad_ones(self):
        for name, expected in (
            ("Financial data software", "62"), ("Oil & Gas Exploration", "06"),
            ("Electric Utilities", "35"), ("Life & Health Insurance", "65"),
            ("Health Care Equipment", "32"), ("Food Retail", "47"), ("Regional Banks", "64"),
            ("Information Technology", "J"), ("Software & IT Services", "62"),
            ("Real Estate Investment Trust", "68"), ("Semiconductors", "26"),
            ("Casinos Horse racing Sports", "93"), ("Horses", "01"),
        ):  # fmt: skip
            with self.subTest(name):
                self.assertEqual(industries.from_name(name), expected)

    def test_a_column_of_editions_is_recognised(self):
        for header in (
            "NaceVersion", "emtak_versioon", "nomenclatureActivitePrincipaleUniteLegale",
            "NACE Revision",
        ):  # fmt: skip
            self.assertTrue(classifications.tells_edition(header), header)
        for header in ("NaceCode", "emtak_kood", "Version", "activitePrincipaleUniteLegale"):
            self.assertFalse(classifications.tells_edition(header), header)
        for text, revision in (
            ("2025", REV_21), ("2008", REV_2), ("2003", REV_1), ("NAF25", REV_21),
            ("NAFRev2", REV_2), ("2.1", REV_21), ("2", REV_2), ("NACE Rev. 2.1", REV_21),
            ("NAFRev1", REV_1), ("", ""),
        ):  # fmt: skip
            with self.subTest(text):
                self.assertEqual(classifications.revision_named(text), revision)


#: The 147 industries of LinkedIn's first list.
LINKEDIN = (
    "Accounting|Airlines/Aviation|Alternative Dispute Resolution|Alternative Medicine|Animation"
    "|Apparel & Fashion|Architecture & Planning|Arts and Crafts|Automotive|Aviation & Aerospace"
    "|Banking|Biotechnology|Broadcast Media|Building Materials|Business Supplies and Equipment"
    "|Capital Markets|Chemicals|Civic & Social Organization|Civil Engineering"
    "|Commercial Real Estate|Computer & Network Security|Computer Games|Computer Hardware"
    "|Computer Networking|Computer Software|Construction|Consumer Electronics|Consumer Goods"
    "|Consumer Services|Cosmetics|Dairy|Defense & Space|Design|Education Management|E-Learning"
    "|Electrical/Electronic Manufacturing|Entertainment|Environmental Services|Events Services"
    "|Executive Office|Facilities Services|Farming|Financial Services|Fine Art|Fishery"
    "|Food & Beverages|Food Production|Fund-Raising|Furniture|Gambling & Casinos"
    "|Glass, Ceramics & Concrete|Government Administration|Government Relations|Graphic Design"
    "|Health, Wellness and Fitness|Higher Education|Hospital & Health Care|Hospitality"
    "|Human Resources|Import and Export|Individual & Family Services|Industrial Automation"
    "|Information Services|Information Technology and Services|Insurance|International Affairs"
    "|International Trade and Development|Internet|Investment Banking|Investment Management"
    "|Judiciary|Law Enforcement|Law Practice|Legal Services|Legislative Office"
    "|Leisure, Travel & Tourism|Libraries|Logistics and Supply Chain|Luxury Goods & Jewelry"
    "|Machinery|Management Consulting|Maritime|Market Research|Marketing and Advertising"
    "|Mechanical or Industrial Engineering|Media Production|Medical Devices|Medical Practice"
    "|Mental Health Care|Military|Mining & Metals|Motion Pictures and Film"
    "|Museums and Institutions|Music|Nanotechnology|Newspapers|Nonprofit Organization Management"
    "|Oil & Energy|Online Media|Outsourcing/Offshoring|Package/Freight Delivery"
    "|Packaging and Containers|Paper & Forest Products|Performing Arts|Pharmaceuticals"
    "|Philanthropy|Photography|Plastics|Political Organization|Primary/Secondary Education"
    "|Printing|Professional Training & Coaching|Program Development|Public Policy"
    "|Public Relations and Communications|Public Safety|Publishing|Railroad Manufacture|Ranching"
    "|Real Estate|Recreational Facilities and Services|Religious Institutions"
    "|Renewables & Environment|Research|Restaurants|Retail|Security and Investigations"
    "|Semiconductors|Shipbuilding|Sporting Goods|Sports|Staffing and Recruiting|Supermarkets"
    "|Telecommunications|Textiles|Think Tanks|Tobacco|Translation and Localization"
    "|Transportation/Trucking/Railroad|Utilities|Venture Capital & Private Equity|Veterinary"
    "|Warehousing|Wholesale|Wine and Spirits|Wireless|Writing and Editing"
)
