from pathlib import Path

import stdnum
from stdnum import numdb

from odoo.tests import TransactionCase, tagged

from ...company import nace


@tagged("post_install", "-at_install")
class TestNace(TransactionCase):
    def test_sections_and_divisions_are_those_of_the_regulation(self):
        # python-stdnum ships Eurostat's table of Rev. 2.
        path = Path(stdnum.__file__).parent / "eu" / "nace20.dat"
        with path.open(encoding="utf-8") as file:
            table = numdb.read(file)
        found = {f"{number:02}": table.info(f"{number:02}")[0][1] for number in range(100)}
        theirs = {code: info["section"] for code, info in found.items() if info}
        self.assertEqual(nace.DIVISIONS, theirs)

    def test_every_code_has_a_record_and_contact_s_industry(self):
        industries = self.env["lead.mining.industry"].search([])
        self.assertEqual(set(industries.mapped("code")), nace.CODES)
        self.assertTrue(all(industry.industry_id for industry in industries))
        for industry in industries:
            self.assertEqual(industry.section, nace.section_of(industry.code))
            self.assertEqual(
                industry.industry_id,
                self.env.ref(f"base.res_partner_industry_{industry.section}"),
            )

    def test_industries_are_listed_by_section_and_found_by_code_and_name(self):
        model = self.env["lead.mining.industry"]
        codes = model.search([("section", "in", ("I", "J"))]).mapped("code")
        self.assertEqual(codes[:3], ["I", "55", "56"])
        self.assertEqual(codes[3:5], ["J", "58"])
        software = model._by_code(["62", "nothing"])
        self.assertEqual(list(software), ["62"])
        for text in ("62", "software dev"):
            self.assertIn(software["62"].id, [id_ for id_, _name in model.name_search(text)])

    def test_a_section_covers_itself_and_its_divisions(self):
        self.assertEqual(nace.expand(["J"]), ("58", "59", "60", "61", "62", "63", "J"))
        self.assertEqual(nace.expand(["62", "62"]), ("62",))
        self.assertEqual(nace.expand(["99", "ZZ", ""]), ("99",))

    def test_tables_of_other_classifications_name_only_nace_codes(self):
        for table in (nace.US_SIC, nace.NAICS):
            self.assertFalse(set(table.values()) - set(nace.DIVISIONS))
        self.assertFalse({code for code, _pattern in nace._NAMES} - nace.CODES)

    def test_every_sector_of_naics_2022_and_us_sic_gives_a_division(self):
        # Census Bureau: NAICS 2022's three-digit subsectors; OSHA: SIC's major groups.
        subsectors = (
            "111 112 113 114 115 211 212 213 221 236 237 238 311 312 313 314 315 316 321 322 323"
            " 324 325 326 327 331 332 333 334 335 336 337 339 423 424 425 441 444 445 449 455 456"
            " 457 458 459 481 482 483 484 485 486 487 488 491 492 493 512 513 516 517 518 519 521"
            " 522 523 524 525 531 532 533 541 551 561 562 611 621 622 623 624 711 712 713 721 722"
            " 811 812 813 814 921 922 923 924 925 926 927 928"
        )
        self.assertFalse([code for code in subsectors.split() if not nace.from_naics(code)])
        groups = (
            "01 02 07 08 09 10 12 13 14 15 16 17 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35"
            " 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63"
            " 64 65 67 70 72 73 75 76 78 79 80 81 82 83 84 86 87 88 89 91 92 93 94 95 96 97"
        )
        self.assertFalse([code for code in groups.split() if not nace.from_us_sic(code)])

    def test_codes_are_read_by_their_longest_known_prefix(self):
        for code, division in (("541511", "62"), ("54194", "75"), ("325412", "21"), ("3259", "20"),
                               ("513210", "58"), ("9", ""), ("", ""), ("000000", "")):  # fmt: skip
            with self.subTest(code):
                self.assertEqual(nace.from_naics(code), division)
        for code, division in (("7372", "58"), ("7371", "62"), ("2834", "21"), ("2810", "20"),
                               ("5812", "56"), ("99", "")):  # fmt: skip
            with self.subTest(code):
                self.assertEqual(nace.from_us_sic(code), division)

    def test_uk_sic_says_nothing_about_dormant_companies(self):
        for code, division in (("62012", "62"), ("1110", "01"), ("01110", "01"), ("99999", ""),
                               ("74990", ""), ("98000", ""), ("04000", "")):  # fmt: skip
            with self.subTest(code):
                self.assertEqual(nace.from_uk_sic(code), division)

    def test_nace_is_read_in_all_its_spellings(self):
        for code in ("62", "62.01", "6201", "J62", "J62.01", "j 62.01", "62.01Z", "62.01.00",
                     "J-62"):  # fmt: skip
            with self.subTest(code):
                self.assertEqual(nace.from_nace(code), "62")
        for code, expected in (("J", "J"), ("V", ""), ("34", ""), ("", ""), ("Z99", "99")):
            with self.subTest(code):
                self.assertEqual(nace.from_nace(code), expected)

    def test_a_cell_is_read_whatever_classification_it_is_in(self):
        for text, country, expected in (
            ("62012 - Business and domestic software development", "GB", "62"),
            ("62.01Z", "FR", "62"),
            ("541511", "", "62"),
            ("7372", "US", "58"),
            ("7372", "DE", "73"),
            ("54151", "US", "62"),
            ("62", "US", "62"),
            ("J", "", "J"),
            ("Software & IT Services", "US", "62"),
            ("Semiconductors", "", "26"),
            ("Regional Banks", "", "64"),
            ("Real Estate Investment Trust", "", "68"),
            ("None Supplied", "GB", ""),
            ("", "", ""),
        ):
            with self.subTest(text=text, country=country):
                self.assertEqual(nace.read(text, country), expected)

    def test_narrow_names_win_over_broad_ones(self):
        for name, expected in (
            ("Financial data software", "62"),
            ("Oil & Gas Exploration", "06"),
            ("Electric Utilities", "35"),
            ("Life & Health Insurance", "65"),
            ("Health Care Equipment", "32"),
            ("Food Retail", "47"),
            ("Information Technology", "J"),
        ):
            with self.subTest(name):
                self.assertEqual(nace.from_name(name), expected)
