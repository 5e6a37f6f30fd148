from odoo.tests import tagged

from .recipe_case import DATA, RecipeCase

#: Norway's counties of 2024 -> those of 2020, which Odoo has.
COUNTIES = {"31": "30", "32": "30", "33": "30", "39": "38", "40": "38", "55": "54", "56": "54"}
NEW = "no_brreg_2026_header.csv"


@tagged("post_install", "-at_install")
class TestRecipesNo(RecipeCase):
    """Rows of 2024 are real; those of the newer layout are written to its description."""

    code = "no_brreg"

    def _new(self, *rows):
        common = {"organisasjonsform.kode": "AS", "organisasjonsform.beskrivelse": "Aksjeselskap"}
        flags = ("konkurs", "underAvvikling", "underTvangsavviklingEllerTvangsopplosning")
        common |= dict.fromkeys(flags, "false")
        return self._text(self._header(NEW), *(common | row for row in rows))

    def test_every_value_of_real_rows_is_the_row_s(self):
        found = self._load(DATA / "no_brreg_2024.csv")
        rows = self._real("no_brreg_2024.csv")
        self.assertEqual(len(rows), len(found.companies) + len(found.ended))
        self.assertFalse(found.problems)
        for row in rows:
            number = row["organisasjonsnummer"]
            if "true" in (row["konkurs"], row["underAvvikling"]):
                status = "insolvent" if row["konkurs"] == "true" else "ceased"
                self.assertEqual(found.ended[f"reg:NO-BRC:{number}"], status)
                self.assertNotIn(number, found.companies)
                continue
            company = found.companies[number]
            with self.subTest(row["navn"]):
                county = row["forretningsadresse.kommunenummer"][:2]
                codes = [row[f"naeringskode{n}.kode"] for n in (1, 2, 3)]
                hidden = "1-4" if row["harRegistrertAntallAnsatte"] == "true" else "0"
                employees = row["antallAnsatte"] or hidden
                expected = {
                    "identity": f"reg:NO-BRC:{number}",
                    "name": row["navn"],
                    "registry": "NO-BRC",
                    "registry_id": number,
                    "vat": f"NO{number}" if row["registrertIMvaRegisteret"] == "true" else "",
                    "legal_form": row["organisasjonsform.beskrivelse"],
                    "website": row["hjemmeside"],
                    "street": row["forretningsadresse.adresse"].replace("/n", ", "),
                    "zip": row["forretningsadresse.postnummer"],
                    "city": row["forretningsadresse.poststed"],
                    "state_code": COUNTIES.get(county, county),
                    "country_code": row["forretningsadresse.landkode"],
                    "employees_min": employees.partition("-")[0],
                    "employees_max": employees.rpartition("-")[2],
                    "founded": (row["stiftelsesdato"] or row["registreringsdatoenhetsregisteret"])[
                        :4
                    ],
                    "industry": codes[0][:2],
                    "industry_codes": "; ".join(f"SN 2007 {code}" for code in codes if code),
                }
                for column, value in expected.items():
                    self.assertEqual(company.get(column, ""), value, column)
                self.assertLessEqual(set(company), {*expected, "domain", "employees", "industries"})

    def test_the_newer_layout_brings_telephone_and_e_mail_and_new_industries(self):
        found = self._load(
            self._new(
                {
                    "organisasjonsnummer": "987582561",
                    "navn": "Fjordkraft Data AS",
                    "naeringskode1.kode": "62.100",
                    "harRegistrertAntallAnsatte": "true",
                    "epostadresse": "post@fjordkraft.example",
                    "telefon": "22 33 44 55",
                    "mobil": "99 88 77 66",
                    "forretningsadresse.adresse": "Storgata 1",
                    "forretningsadresse.kommunenummer": "5501",
                    "stiftelsesdato": "2019-05-17",
                },
                {"organisasjonsnummer": "991441654", "navn": "Fjell AS", "mobil": "99 88 77 66"},
            )
        )
        company = found.companies["987582561"]
        self.assertEqual(company["industry_codes"], "SN 2025 62.100")
        self.assertEqual((company["employees_min"], company["employees_max"]), ("1", "4"))
        self.assertEqual(company["emails"], "post@fjordkraft.example")
        self.assertEqual(company["phone"], "22 33 44 55")
        self.assertEqual((company["state_code"], company["country_code"]), ("54", "NO"))
        self.assertEqual(found.companies["991441654"]["phone"], "99 88 77 66")

    def test_the_first_rows_tell_which_edition_a_code_of_both_is_of(self):
        for other, industry in (("62.100", "45"), ("62.010", "46")):
            rows = [
                {"organisasjonsnummer": "987582561", "navn": "A AS", "naeringskode1.kode": other},
                {
                    "organisasjonsnummer": "991441654",
                    "navn": "B AS",
                    "naeringskode1.kode": "46.710",
                },
            ]
            found = self._load(self._new(*rows))
            self.assertEqual(found.companies["991441654"]["industry"], industry)

    def test_a_day_that_is_none_is_not_when_a_company_was_founded(self):
        row = {
            "organisasjonsnummer": "987582561",
            "navn": "FJELL AS",
            "stiftelsesdato": "0001-01-01",
            "registreringsdatoenhetsregisteret": "1995-02-19",
        }
        found = self._load(self._new(row))
        self.assertEqual(found.companies["987582561"]["founded"], "1995")
        self.assertFalse(found.problems)

    def test_persons_and_what_is_no_company_are_left_out_and_counted(self):
        found = self._load(
            self._new(
                {
                    "organisasjonsnummer": "987582561",
                    "navn": "OLA NORDMANN",
                    "organisasjonsform.kode": "ENK",
                },
                {
                    "organisasjonsnummer": "991441654",
                    "navn": "KARI OG OLA ANS",
                    "organisasjonsform.kode": "ANS",
                },
                {
                    "organisasjonsnummer": "993297941",
                    "navn": "NORDMANN DA",
                    "organisasjonsform.kode": "DA",
                },
                {
                    "organisasjonsnummer": "988256579",
                    "navn": "FJELL KONKURSBO",
                    "organisasjonsform.kode": "KBO",
                },
                {
                    "organisasjonsnummer": "989278835",
                    "navn": "KORPS",
                    "organisasjonsform.kode": "FLI",
                },
                {
                    "organisasjonsnummer": "989377132",
                    "navn": "NY FORM",
                    "organisasjonsform.kode": "XYZ",
                },
                {"organisasjonsnummer": "990035946", "navn": "FJELL AS"},
            )  # fmt: skip
        )
        self.assertEqual(
            found.left_out,
            {"sole_trader": 1, "partnership": 2, "insolvent": 1, "no_company": 2},
        )
        self.assertEqual(set(found.companies), {"990035946"})

    def test_whoever_takes_the_letters_in_is_not_loaded(self):
        addresses = {
            "987582561": "c/o Kari Nordmann/nStorgata 1",
            "991441654": "C/O Kari Nordmann, Storgata 1",
            "993297941": "v/ Kari Nordmann\nStorgata 1",
            "988256579": "Storgata 1/nAtt: Kari Nordmann",
            "989278835": "c/o Kari Nordmann",
        }
        found = self._load(
            self._new(
                *(
                    {
                        "organisasjonsnummer": number,
                        "navn": "X AS",
                        "forretningsadresse.adresse": one,
                    }
                    for number, one in addresses.items()
                )
            )
        )
        streets = [company.get("street", "") for company in found.companies.values()]
        self.assertEqual(streets, ["Storgata 1"] * 4 + [""])

    def test_each_sign_of_an_end_is_a_status(self):
        signs = {
            "konkurs": ("true", "insolvent"),
            "underAvvikling": ("true", "ceased"),
            "underTvangsavviklingEllerTvangsopplosning": ("true", "ceased"),
            "underUtenlandskInsolvensbehandlingDato": ("2026-01-31", "insolvent"),
            "underRekonstruksjonsforhandlingDato": ("2026-01-31", "insolvent"),
        }
        for column, (value, status) in signs.items():
            with self.subTest(column):
                row = {"organisasjonsnummer": "987582561", "navn": "FJELL AS", column: value}
                found = self._load(self._new(row))
                self.assertFalse(found.companies)
                self.assertEqual(found.ended, {"reg:NO-BRC:987582561": status})
