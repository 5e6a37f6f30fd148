"""Which classification of industries a header or a country means, and in which edition."""

from odoo.tests import BaseCase, tagged

from ...company import classifications
from ...company.nace_editions import REV_1, REV_2, REV_21

#: What a header contains: the classification, whose country it is of, how many digits a code has
#: that lost its leading zeros (0 where shorter codes are codes too), and what the editions are
#: called that follow NACE Rev. 2 and Rev. 2.1.
HEADERS = """
    ateco          | ATECO    | IT | 0 | 2007   | 2025
    naf            | NAF      | FR | 4 | Rev. 2 | 2025
    ape            | NAF      | FR | 4 | Rev. 2 | 2025
    wz             | WZ       | DE | 0 | 2008   | 2025
    sbi            | SBI      | NL | 0 | 2008   | 2025
    sni            | SNI      | SE | 5 | 2007   | 2025
    pkd            | PKD      | PL | 4 | 2007   | 2025
    noga           | NOGA     | CH | 6 | 2008   | 2025
    önace          | ÖNACE    | AT | 0 | 2008   | 2025
    nacebel        | NACE-BEL | BE | 0 | 2008   | 2025
    emtak          | EMTAK    | EE | 5 | 2008   | 2025
    tol            | TOL      | FI | 5 | 2008   | 2025
    cae            | CAE      | PT | 0 | Rev. 3 | Rev. 4
    caen           | CAEN     | RO | 0 | Rev. 2 | Rev. 3
    teáor          | TEÁOR    | HU | 0 | '08    | '25
    cnae           | CNAE     | ES | 0 | 2009   | 2025
    nkd            | NKD      | HR | 0 | 2007   | 2025
    skd            | SKD      | SI | 0 | 2008   | 2025
    kad            | KAD      | GR | 0 | 2008   | 2025
    evrk           | EVRK     | LT | 0 | Rev. 2 | Rev. 2.1
    db             | DB       | DK | 6 | 07     | 25
    branchekode    | DB       | DK | 6 | 07     | 25
    sn             | SN       | NO | 5 | 2007   | 2025
    næringskode    | SN       | NO | 5 | 2007   | 2025
    nace           | NACE     |    | 0 | Rev. 2 | Rev. 2.1
    uk sic         | UK SIC   | GB | 5 | 2007   | 2026
    us sic         | US SIC   | US | 0 | 1987   | 1987
    naics          | NAICS    | US | 0 | 2022   | 2022
    scian          | NAICS    | US | 0 | 2022   | 2022
    isic           | ISIC     |    | 0 | Rev. 4 | Rev. 5
    ciiu           | ISIC     |    | 0 | Rev. 4 | Rev. 5
"""
#: Those whose codes are not read as numbers, or not at all.
OTHERS = """
    sic: SIC; linkedin industry: LinkedIn; taxonomy: Overture; basic category: Overture;
    anzsic: ANZSIC; gics: GICS; jsic: JSIC; ksic: KSIC; ssic: SSIC; okved: OKVED; icb: ICB;
    trbc: TRBC
"""
#: Of a code alone: its digits, letter and whether it has no dots, by the company's country.
OF_CODES = """
    BR: 62 CNAE, 6201500 CNAE; DE: 6201 WZ, 62.01 WZ; NO: 62010 SN; UA: 6201 NACE
    GB: 62012 UK SIC, 6201 NACE; US: 73 NACE, 737 US SIC, 7372 US SIC, 73721 NAICS, 511210 NAICS,
        62.01 NACE, 6201Z NAF, 74.1J NAF
    CA: 511210 NAICS, 5112 NAICS, 511 NACE; MX: 5112 NAICS
    AU: 70 NACE, 700 ANZSIC, 7000 ANZSIC; NZ: 700 ANZSIC; JP: 700 JSIC
    IN: 620 NACE, 6201 ISIC, 62010 NACE, 620100 NAICS; : 6201 NACE, 511210 NAICS, 6201Z NAF
"""


@tagged("post_install", "-at_install")
class TestClassifications(BaseCase):
    def test_a_header_names_the_classification_whatever_stands_around_it(self):
        for line in HEADERS.strip().splitlines():
            name, title, country, digits, *editions = (cell.strip() for cell in line.split("|"))
            found = classifications.named(name)
            with self.subTest(name):
                self.assertEqual((found.name, found.country), (title, country))
                self.assertEqual(classifications.of_column(name).digits, int(digits))
                for revision, edition in zip((REV_2, REV_21), editions, strict=True):
                    self.assertEqual(found.edition(revision), edition)
            for header in (f"Code {name}", f"{name}_code".upper(), f"Kod-{name}", f"{name} (1)"):
                with self.subTest(header):
                    self.assertEqual(classifications.named(header), found)
        for part in OTHERS.strip().split(";"):
            name, title = part.strip().split(": ")
            with self.subTest(name):
                self.assertEqual(classifications.named(name).name, title)
                self.assertEqual(classifications.of_column(name).digits, 0)
        for name in ("Industry", "snack", "Capes", "Scale", "Codes", ""):
            with self.subTest(name):
                self.assertIsNone(classifications.named(name))

    def test_a_header_names_the_edition(self):
        for line in HEADERS.strip().splitlines():
            name, _title, _country, _digits, old, new = (cell.strip() for cell in line.split("|"))
            known = classifications.named(name)
            expected = {old: REV_2, new: REV_21} if old != new else {}
            if name in ("isic", "ciiu"):
                expected["Rev. 3"] = REV_1
            for edition, revision in expected.items():
                with self.subTest(name, edition=edition):
                    header = f"{name} {edition}"
                    self.assertEqual(classifications.revision_named(header, known), revision)
            with self.subTest(name):
                self.assertEqual(classifications.revision_named(f"{name} Rev. 9", known), (
                    REV_1 if known.kind == "isic" else ""
                ))  # fmt: skip
                self.assertEqual(classifications.revision_named(f"{name} Rev. 1.1", known), REV_1)
                self.assertEqual(classifications.revision_named(name, known), "")

    def test_cnae_is_brazil_s_where_the_country_the_header_or_the_codes_say_so(self):
        for header, country, values, expected in (
            ("CNAE", "", (), "ES"), ("CNAE", "ES", (), "ES"), ("CNAE", "BR", (), "BR"),
            ("CNAE fiscal", "", (), "BR"), ("CNAE", "", ("6201500",), "BR"),
            ("CNAE", "", ("620150",), "ES"), ("CNAE", "", ("6201",), "ES"),
            ("NACE", "BR", (), ""), ("NACE", "", ("6201500",), ""),
        ):  # fmt: skip
            with self.subTest(header, country=country, values=values):
                column = classifications.of_column(header, country, values)
                self.assertEqual(column.classification.country, expected)

    def test_codes_that_lost_their_zeros_have_the_digits_of_the_longest(self):
        for header, values, digits in (
            ("Industry", ("1110", "111"), 4),  # 01.11 beside 11.10
            ("Industry", ("1110", "0111"), 0), ("Industry", ("111", "62"), 0),
            ("Industry", ("11100", "1110"), 5), ("Industry", (), 0),
            ("NAICS", ("511210", "5112"), 0), ("LinkedIn", ("1110",), 0),
            ("Taxonomy", ("1110",), 0), ("Sbi", ("1110", "111"), 4),
            ("SNI", ("1110",), 5), ("SNI", ("01110",), 5), ("SNI", (), 5),
            # Of 2003, when they had four.
            ("UK SIC", ("7222", "111"), 4), ("UK SIC", ("62012", "1110"), 5),
            ("UK SIC", ("0111", "7222"), 0),
        ):  # fmt: skip
            with self.subTest(header, values=values):
                column = classifications.of_column(header, "", values)
                self.assertEqual(column.digits, digits)

    def test_the_edition_of_a_column_is_the_one_of_most_codes_that_only_one_has(self):
        for values, revision in (
            (("45.11",), REV_2), (("62.20",), REV_21), (("45.11", "62.20"), REV_2),
            (("45.11", "62.20", "62.20"), REV_21), (("62.10",), REV_21), (("62.01",), REV_2),
            (("47.11",), ""), ((), ""),
            (("62.01Z",), REV_2), (("62.10Y",), REV_21), (("62.10Y", "62.01Z"), REV_2),
        ):  # fmt: skip
            with self.subTest(values=values):
                self.assertEqual(classifications.of_column("x", "", values).revision, revision)

    def test_sic_is_britain_s_or_the_united_states_as_country_and_codes_tell(self):
        for header, country, values, name in (
            ("SIC", "", ("7372",), "US SIC"), ("SIC", "", ("62012",), "UK SIC"),
            ("SIC", "US", ("7372",), "US SIC"), ("SIC", "GB", ("7221",), "US SIC"),
            ("SIC", "GB", ("6201",), "UK SIC"), ("SIC", "GB", ("6201", "7372"), "US SIC"),
            ("SIC", "GB", ("6201", "999"), "UK SIC"), ("SIC", "", ("6201",), "US SIC"),
            ("Industry", "GB", ("62012",), "UK SIC"), ("Industry", "GB", ("7372",), "US SIC"),
            ("Industry", "FR", ("62012",), None), ("Industry", "GB", (), None),
            ("SIC", "", (), "SIC"), ("NACE", "GB", ("62012",), "NACE"),
        ):  # fmt: skip
            with self.subTest(header, country=country, values=values):
                found = classifications.of_column(header, country, values).classification
                self.assertEqual(found and found.name, name)
        for digits, country, name in (
            ("62012", "", "UK SIC"), ("7372", "", "US SIC"), ("7372", "GB", "UK SIC"),
            ("7372", "US", "US SIC"), ("62012", "US", "UK SIC"), ("737", "", "US SIC"),
        ):  # fmt: skip
            with self.subTest(digits, country=country):
                self.assertEqual(classifications.of_sic(digits, country).name, name)

    def test_a_code_alone_is_of_the_classification_of_the_company_s_country(self):
        for line in OF_CODES.replace("\n       ", "").replace(";", "\n").strip().splitlines():
            country, _colon, cases = line.strip().partition(":")
            for case in cases.split(","):
                code, name = case.strip().split(" ", 1)
                letter = code[-1] if code[-1].isalpha() else ""
                digits = "".join(filter(str.isdigit, code))
                with self.subTest(code, country=country):
                    found = classifications.of_code(digits, letter, "." not in code, country)
                    self.assertEqual(found.name, name)
