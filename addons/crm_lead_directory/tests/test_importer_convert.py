from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_lead_mining.files.errors import RowError

from ..importer import convert
from ..importer.columns import TARGETS
from ..importer.convert import Converter
from ..importer.converted import COMPANY_COLUMNS, CONTACT_COLUMNS, Converted
from ..importer.places import Places
from ..importer.problems import DROPPED, IGNORED

PLACES = Places({"fr": "FR", "france": "FR", "us": "US"}, {("US", "ca"): "CA"})
MAPPING = [*TARGETS, "", "industry", "email"]
CELL = st.one_of(
    st.sampled_from(
        (
            "", "", "France", "FR", "US", "Atlantis", "ca", "acme.example",
            "https://www.acme.example/x", "info@acme.example", "a@acme.example; ?; b@acme.example",
            "62.01", "Software", "51-200", "many", "1999", "long ago", "CEO", " two  spaces ",
            "|", "a | b", "tab\tbell\x07", "5493001KJTIIGC8Y1R12", "FR-SIRENE", "552100554",
            "x" * 300, "né\u2028e", "İstanbul", "A\t09.1", "Active", "In liquidation", "Cessata",
        )
    ),
    st.text("aZé |;,.@-\t\u2028\u20050159", max_size=12),
)  # fmt: skip
ROWS = st.lists(
    st.lists(CELL, min_size=len(MAPPING), max_size=len(MAPPING)), min_size=1, max_size=12
)

# A batch is many cells, and how long they take to draw depends on what runs beside the tests.
PATIENT = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


@tagged("post_install", "-at_install")
class TestImporterConvert(BaseCase):
    def _converter(self, mapping=MAPPING, **options):
        return Converter(mapping, PLACES, **options)

    def _company(self, **values):
        """Convert one row; return its company's values and the problems as (cause, value)."""
        converter = self._converter(list(values))
        converted = converter.convert([(2, list(values.values()))])
        problems = [(problem.code, problem.value) for problem in converted.problems]
        companies = [
            dict(zip(converter.columns, values, strict=True)) for values in self._values(converted)
        ]
        return (companies or [None])[0], problems

    def _values(self, converted):
        return [line.split("\t") for _identity, line in converted.companies]

    @given(ROWS)
    @PATIENT
    def test_a_row_is_converted_the_same_whatever_rows_are_beside_it(self, rows):
        converter = self._converter(registry="XX-TEST", country_code="FR")
        one_by_one = Converted()
        for line, row in enumerate(rows):
            one_by_one.extend(converter.convert([(line, row)]))
        self.assertEqual(converter.convert(enumerate(rows)), one_by_one)
        with patch.object(convert, "PIECE_ROWS", 5):
            self.assertEqual(converter.convert(enumerate(rows)), one_by_one)

    @given(ROWS)
    @PATIENT
    def test_every_row_is_stored_or_a_problem_and_nothing_disturbs_copy(self, rows):
        converted = self._converter().convert(enumerate(rows))
        dropped = [problem for problem in converted.problems if problem.code in DROPPED]
        self.assertEqual(converted.rows, len(rows))
        self.assertEqual(len(converted.companies) + len(dropped) + len(converted.ended), len(rows))
        self.assertEqual(len(converted.contacts), len(converted.companies))
        self.assertLessEqual({problem.code for problem in converted.problems}, {*DROPPED, *IGNORED})
        for (identity, _line), values in zip(
            converted.companies, self._values(converted), strict=True
        ):
            self.assertEqual(len(values), len(COMPANY_COLUMNS))
            self.assertEqual(values[0], identity)
            self.assertTrue(identity and values[1])
        for values in (*self._values(converted), *filter(None, converted.contacts)):
            for value in values:
                self.assertNotRegex(value, r"[\x00-\x1f\x7f-\x9f]")

    def test_white_space_within_a_code_moves_nothing_to_another_column(self):
        for space in "\t\x0b\x1f\x85\u2028":
            with self.subTest(ord(space)):
                company, _problems = self._company(
                    name="Acme", website="acme.example", country="FR", industry=f"A{space}09.1"
                )
                self.assertEqual(company["industry_codes"], "NAF Rev. 2 A 09.1")

    def _industries(self, header, *rows, country="IT", samples=()):
        """Convert rows of industries; return (main, all) of each."""
        columns = [*header, "name", "website"]
        mapping = ["industry" if "version" not in one.lower() else "" for one in header]
        converter = self._converter(
            [*mapping, "name", "domain"], country_code=country, header=columns, samples=samples
        )
        converted = converter.convert(
            (n, [*row, "Acme", f"a{n}.example"]) for n, row in enumerate(rows)
        )
        places = [converter.columns.index(one) for one in ("industry", "industries")]
        return [tuple(values[place] for place in places) for values in self._values(converted)]

    def test_each_column_of_industries_is_read_in_its_own_classification(self):
        found = self._industries(["ATECO 2007", "NAICS"], ["561011", "561110"], ["", "722511"])
        self.assertEqual(found, [("56", "56,82"), ("56", "56")])

    def test_the_header_tells_the_edition_of_a_column(self):
        self.assertEqual(self._industries(["ATECO 2025"], ["47.81.10"]), [("45", "45")])
        self.assertEqual(self._industries(["ATECO 2007"], ["47.81.10"]), [("47", "47")])

    def test_a_column_beside_it_tells_the_edition_of_each_row(self):
        found = self._industries(
            ["NaceVersion", "NaceCode"], ["2025", "46710"], ["2008", "46710"], ["2003", "50101"],
            country="BE",
        )  # fmt: skip
        self.assertEqual(found, [("45", "45"), ("46", "46"), ("", "")])

    def test_the_first_values_tell_the_edition_where_the_header_does_not(self):
        for samples, expected in ((["62.10", "56.11"], "45"), (["62.01", "56.10"], "46")):
            found = self._industries(["NACE"], ["46.71"], samples=[samples])
            self.assertEqual(found, [(expected, expected)])

    def test_columns_that_the_file_cannot_fill_are_left_out(self):
        company, _problems = self._company(name="Acme", country="FR", domain="acme.example")
        self.assertEqual(company["industry"], "", "the search sorts by it: it is never NULL")
        self.assertNotIn("phone", company)
        full = self._converter()
        self.assertEqual(full.columns, COMPANY_COLUMNS)

    def test_no_rows_are_no_companies(self):
        self.assertEqual(self._converter().convert([]), Converted())

    def test_rows_that_could_not_be_read_are_problems_in_the_order_of_the_lines(self):
        converted = self._converter(["name", "domain", "country", "founded"]).convert(
            [
                (2, ["Acme", "acme.example", "FR", "soon"]),
                (3, RowError("nul", "x")),
                (4, ["", "b.example", "FR", ""]),
                (5, ["C", "c.example", "FR", "1999"]),
            ]
        )
        self.assertEqual(
            [(problem.line, problem.code) for problem in converted.problems],
            [(2, "bad_year"), (3, "nul"), (4, "no_name")],
        )
        self.assertEqual([values[1] for values in self._values(converted)], ["Acme", "C"])

    def test_of_several_reasons_to_drop_a_row_the_first_is_told(self):
        row = {"name": "", "country": "Atlantis", "domain": ""}
        self.assertEqual(self._company(**row), (None, [("no_name", "")]))
        row["name"] = "Acme"
        self.assertEqual(self._company(**row), (None, [("unknown_country", "Atlantis")]))
        row["country"] = ""
        self.assertEqual(self._company(**row), (None, [("no_country", "")]))
        row["country"] = "france"
        self.assertEqual(self._company(**row), (None, [("no_identity", "Acme")]))

    def test_values_that_cannot_be_used_are_left_out_of_rows_that_are_stored(self):
        acme = {"name": "Acme", "country": "FR", "domain": "acme.example"}
        for target, value, code in (
            ("lei", "123", "bad_lei"),
            ("email", "nobody", "bad_email"),
            ("employees", "many", "bad_employees"),
            ("industry", "Something else", "unknown_industry"),
            ("founded", "soon", "bad_year"),
        ):
            with self.subTest(target):
                company, problems = self._company(**acme, **{target: value})
                self.assertEqual(company["identity"], "domain:acme.example")
                self.assertEqual(problems, [(code, value)])
                _company, problems = self._company(**{**acme, "name": ""}, **{target: value})
                self.assertEqual(problems, [("no_name", "")], "a dropped row has one problem")

    def test_of_several_addresses_the_good_ones_are_kept(self):
        company, problems = self._company(
            name="Acme", country="FR", domain="acme.example", email="B@x.example, ?; a@x.example"
        )
        self.assertEqual(company["emails"], "b@x.example, a@x.example")
        self.assertEqual(problems, [("bad_email", "B@x.example, ?; a@x.example")])

    def test_rows_of_companies_that_have_ceased_are_insolvent_or_protected_are_counted(self):
        header = ["Company", "Country", "Web", "CompanyStatus", "konkurs", "Reklamebeskyttet"]
        mapping = ["name", "country", "domain", "status", "status", "status"]
        converter = self._converter(mapping, header=header)
        converted = converter.convert(
            [
                (2, ["A", "FR", "a.example", "Active", "false", "false"]),
                (3, ["B", "FR", "b.example", "Dissolved", "false", "false"]),
                (4, ["C", "FR", "c.example", "", "true", "false"]),
                (5, ["D", "FR", "d.example", "Active", "false", "true"]),
                (6, ["", "", "", "", "", "true"]),
                (7, ["F", "FR", "f.example", "Frobnicated", "n/a", ""]),
                (8, ["G", "FR", "g.example", "Dissolved", "Frobnicated", "false"]),
            ]
        )
        names = [values[converter.columns.index("name")] for values in self._values(converted)]
        self.assertEqual((names, converted.lines), (["A", "F"], [2, 7]))
        self.assertEqual(
            [(one.identity, one.name, one.status) for one in converted.ended],
            [
                ("domain:b.example", "B", "ceased"), ("domain:c.example", "C", "insolvent"),
                ("domain:d.example", "D", "protected"), ("", "", "protected"),
                ("domain:g.example", "G", "ceased"),
            ],
        )  # fmt: skip
        problems = [(one.line, one.code, one.value) for one in converted.problems]
        self.assertEqual(problems, [(7, "unknown_status", "Frobnicated")])

    def test_a_row_that_only_an_address_identifies_has_its_host(self):
        for email, host in (
            ("info@acme.example", "acme.example"), ("INFO@Acme.Example", "acme.example"),
            ("acme@gmail.com; info@acme.example", "acme.example"),
            ("mailto:info@acme.example", "acme.example"), ("acme@pec.acme.it", "acme.it"),
            ("anna.rossi@acme.example", "acme.example"), ("info@www.acme.example", "acme.example"),
        ):  # fmt: skip
            with self.subTest(email):
                company, _problems = self._company(name="Acme", country="FR", email=email)
                self.assertEqual((company["identity"], company["domain"]), (f"domain:{host}", host))
        for email in (
            "acme@gmail.com",
            "acme@pec.it",
            "acme@legalmail.it",
            "acme@libero.it",
            "acme@arubapec.it",
            "acme@orange.fr",
            "acme@t-online.de",
            "nobody",
            "",
        ):
            with self.subTest(email):
                company, problems = self._company(name="Acme", country="FR", email=email)
                self.assertIsNone(company)
                self.assertIn(("no_identity", "Acme"), problems)
        company, _problems = self._company(
            name="Acme", country="FR", registry="FR-SIRENE", registry_id="552100554",
            email="info@acme.example",
        )  # fmt: skip
        self.assertEqual((company["identity"], company["domain"]), ("reg:FR-SIRENE:552100554", ""))

    def test_several_columns_of_one_target_are_one_value(self):
        converter = self._converter(["name", "country", "domain", *["industry"] * 3])
        converted = converter.convert(
            [
                (2, ["Acme", "FR", "a.example", "62", "", "70"]),
                (3, ["B", "FR", "b.example", "", "", "58"]),
            ]
        )
        place = converter.columns.index("industries")
        first, second = (values[place] for values in self._values(converted))
        self.assertEqual((first[:2], second), ("62", "58"))
        self.assertIn("70", first.split(","))

    def test_a_contact_belongs_to_the_company_of_its_row(self):
        mapping = ["name", "country", "domain", "contact_name", "contact_email", "contact_title"]
        converted = self._converter(mapping).convert(
            [
                (2, ["", "FR", "a.example", "Test Ada", "", ""]),
                (3, ["B", "FR", "b.example", "", "ignored", ""]),
                (4, ["C", "FR", "c.example", "Test Carl", "Carl@c.example", "CEO"]),
                (5, ["D", "FR", "d.example", "Test Dora", "dora", ""]),
            ]
        )
        none, carl, dora = converted.contacts
        self.assertIsNone(none)
        carl = dict(zip(CONTACT_COLUMNS, carl, strict=True))
        self.assertEqual(
            (carl["company_identity"], carl["identity"], carl["name"], carl["job_title"]),
            ("domain:c.example", "carl@c.example", "Test Carl", "CEO"),
        )
        self.assertEqual(dora[:3], ("domain:d.example", "name:test dora", "Test Dora"))
        self.assertEqual(
            [(problem.line, problem.code) for problem in converted.problems],
            [(2, "no_name"), (5, "bad_email")],
        )

    def test_officers_of_a_register_have_their_own_names(self):
        mapping = ["name", "country", "domain", "contact_name", "contact_title"]
        converted = self._converter(mapping).convert(
            [(2, ["Acme", "FR", "a.example", "SMITH, Dr Peter", "Gérant"])]
        )
        contact = dict(zip(CONTACT_COLUMNS, converted.contacts[0], strict=True))
        self.assertEqual(
            (contact["name"], contact["identity"], contact["role"]),
            ("Peter Smith", "name:peter smith", "ceo"),
        )

    def test_countries_and_states_are_known_in_every_language_and_by_every_code(self):
        for country, state, zip_code, code, state_code in (
            ("Deutschland", "Bavaria", "", "DE", "BY"), ("DEU", "DE-BY", "", "DE", "BY"),
            ("Germania", "Baviera", "", "DE", "BY"),
            ("Korea, Republic of", "KR-11", "", "KR", "11"),
            ("Italia", "Provincia di Milano", "", "IT", "MI"),
            ("ITA", "Lombardia", "20121", "IT", "MI"),
            ("U.K.", "", "", "GB", ""), ("Türkiye", "", "", "TR", ""), ("us", "ca", "", "US", "CA"),
            ("NA", "", "", "NA", ""), ("Italy", "NA", "", "IT", "NA"),
            ("USA", "ND", "", "US", "ND"),
        ):  # fmt: skip
            with self.subTest(country, state=state):
                company, problems = self._company(
                    name="Acme", country=country, state=state, zip=zip_code, domain="acme.example"
                )
                self.assertEqual(problems, [])
                self.assertEqual(
                    (company["country_code"], company["state_code"]), (code, state_code)
                )

    def test_a_number_that_a_spreadsheet_has_rounded_is_refused_with_the_reason(self):
        acme = {"name": "Acme", "country": "IT", "domain": "acme.example"}
        for written in ("7.43E9", "7.43110157E+09", "7,43110157E+09"):
            for target in ("vat", "lei"):
                company, problems = self._company(**acme, **{target: written})
                self.assertEqual((company[target], problems), ("", [("rounded", written)]))
            company, problems = self._company(name="Acme", country="IT", vat=written)
            self.assertEqual(
                (company, problems), (None, [("no_identity", "Acme"), ("rounded", written)])
            )

    def test_what_says_that_there_is_no_value_is_empty_and_no_problem(self):
        company, problems = self._company(
            name="Acme",
            country="FR",
            domain="acme.example",
            phone="3.90212E+11",
            street="[ND]",
            city="[NON-DIFFUSIBLE]",
            description="********",
            industry="None Supplied",
            founded="-",
            employees="N/A",
            email="null",
            lei="n.d.",
            vat="N/D",
        )
        self.assertEqual(problems, [])
        given = {name: value for name, value in company.items() if value}
        self.assertEqual(
            given,
            {"identity": "domain:acme.example", "name": "Acme", "domain": "acme.example",
             "country_code": "FR"},
        )  # fmt: skip
        for name, country, code in (("-", "FR", "no_name"), ("Acme", "n/a", "no_country")):
            self.assertEqual(
                self._company(name=name, country=country, domain="acme.example"),
                (None, [(code, "")]),
            )

    def test_codes_of_sizes_are_the_bands_that_the_header_tells(self):
        mapping = ["name", "country", "domain", "employees"]
        rows = [
            (line, ["Acme", "FR", f"{line}.example", code])
            for line, code in enumerate(("11", "53", "NN"))
        ]
        for header, expected in (
            ("trancheEffectifsUniteLegale", [("10", "19", ""), ("10000", "", ""), ("", "", "")]),
            ("Employees", [("11",) * 3, ("53",) * 3, ("", "", "")]),
        ):
            converter = self._converter(mapping, header=["", "", "", header])
            found = [
                tuple(
                    dict(zip(converter.columns, values, strict=True))[name]
                    for name in ("employees_min", "employees_max", "employees")
                )
                for values in self._values(converter.convert(rows))
            ]
            self.assertEqual(found, expected)
