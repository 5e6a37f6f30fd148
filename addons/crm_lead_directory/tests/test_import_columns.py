"""What is told of a file before it is imported, and what is remembered of what was chosen."""

import base64

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_directory_rows import DirectoryRowsCase

WHO = "Kundin,Netz,Land,Quatsch\n"
ROW = "Alpha,alpha.example,FR,Bau\n"


@tagged("post_install", "-at_install")
class TestImportColumns(DirectoryRowsCase):
    def _read(self, content, dataset=None, **values):
        content = content.encode() if isinstance(content, str) else content
        record = self.Import.create(
            {
                "dataset_id": (dataset or self.dataset).id,
                "file": base64.b64encode(content),
                "file_name": "companies.csv",
                **values,
            }
        )
        record.action_read_header()
        return record

    def _targets(self, record):
        return [column.target or "" for column in record.column_ids]

    # === REMEMBERED === #

    def test_what_was_chosen_for_a_column_is_remembered_for_the_next_file(self):
        first = self._read(WHO + ROW)
        self.assertEqual(self._targets(first), ["", "website", "country", ""])
        first.column_ids[0].target = "name"
        first.column_ids[3].target = "industry"
        first.action_start()
        second = self._read("Quatsch,KUNDIN,Netz,Land\nHandel,Beta,beta.example,DE\n")
        self.assertEqual(self._targets(second), ["industry", "name", "website", "country"])
        self.assertEqual(
            second.column_ids.mapped("told_by"), ["remembered", "remembered", "values", "both"]
        )

    def test_a_column_that_was_left_out_is_left_out_again(self):
        first = self._read("name,domain,country,phone\nA,a.example,FR,+33 1 55 50 12 01\n")
        first.column_ids[3].target = False
        first.action_start()
        second = self._read("name,domain,country,phone\nB,b.example,FR,+33 1 55 50 12 02\n")
        self.assertEqual(self._targets(second), ["name", "domain", "country", ""])
        self.assertEqual(second.column_ids[3].told_by, "remembered")

    def test_a_choice_that_was_taken_back_is_forgotten(self):
        first = self._read("name,domain,country,phone\nA,a.example,FR,+33 1 55 50 12 01\n")
        first.column_ids[3].target = False
        first.action_start()
        second = self._read("name,domain,country,phone\nB,b.example,FR,+33 1 55 50 12 02\n")
        second.column_ids[3].target = "phone"
        second.action_start()
        self.assertFalse(self.env["lead.directory.header"].search([]))

    def test_what_is_remembered_of_companies_does_not_touch_files_of_persons(self):
        first = self._read("name,domain,country,phone\nA,a.example,FR,+33 1 55 50 12 01\n")
        first.column_ids[3].target = False
        first.action_start()
        second = self._read(
            "First name,Last name,Company,Domain,Company country,Phone\n"
            "Anna,Alpha,Acme,acme.example,FR,+33 1 55 50 12 01\n"
        )
        self.assertEqual(self._targets(second)[-1], "contact_phone")

    def test_values_that_cannot_be_it_win_over_what_is_remembered(self):
        first = self._read("name,domain,country,X\nA,a.example,FR,handle\n")
        first.column_ids[3].target = "twitter"
        first.column_ids[3].guessed = False
        first.action_start()
        second = self._read("name,domain,country,X\nB,b.example,FR,4.8357\nC,c.example,FR,2.35\n")
        self.assertEqual(self._targets(second)[3], "")

    def test_another_company_s_choices_are_its_own(self):
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self.dataset.copy({"name": "Theirs", "company_id": other.id})
        self._read(WHO + ROW, theirs).column_ids[0].target = "name"
        record = self.Import.search([("dataset_id", "=", theirs.id)])
        record.action_start()
        self.assertEqual(self._targets(self._read(WHO + ROW))[0], "")
        self.assertEqual(self._targets(self._read(WHO + ROW, theirs))[0], "name")

    # === WHAT A FILE MAY BE === #

    def test_a_file_without_names_of_columns_is_read_by_its_values(self):
        record = self._read(
            "Alpha S.r.l.,info@alpha.example,https://www.alpha.example,France\n"
            "Beta GmbH,info@beta.example,https://www.beta.example,Germany\n"
        )
        self.assertFalse(record.has_header)
        self.assertEqual(self._targets(record), ["name", "email", "website", "country"])
        self.assertEqual(set(record.column_ids.mapped("told_by")), {"values"})
        record.action_start()
        record._run()
        self.assertEqual(self._companies().mapped("name"), ["Alpha S.r.l.", "Beta GmbH"])
        self.assertFalse(self.env["lead.directory.header"].search([]))

    def test_a_list_of_domains_becomes_companies_called_by_them(self):
        record = self._read("alpha.example\nwww.beta.example\nhttps://gamma.example/en/\n")
        self.assertEqual(self._targets(record), ["website"])
        record.country_id = self.env.ref("base.fr")
        record.action_start()
        record._run()
        self.assertEqual(
            self._companies().mapped("name"), ["alpha.example", "beta.example", "gamma.example"]
        )

    def test_the_country_of_all_companies_is_told_by_their_numbers(self):
        for content, code in (
            ("Ragione sociale;P.IVA\nA;00743110157\nB;07643520567\n", "IT"),
            ("Dénomination,SIREN\nA,552100554\nB,404833048\n", "FR"),
            ("name,domain,phone\nA,a.example,+39 02 1234567\nB,b.example,+39 06 1234567\n"
             "C,c.example,0039 081 1234567\n", "IT"),
            ("name,website\nA,alfa-prova.it\nB,beta-prova.it\nC,gamma-prova.it\n", "IT"),
            ("name,website\nA,a.example\nB,b.example\n", False),
            ("name,domain,phone\nA,a.example,+39 02 1234567\nB,b.example,+33 1 55501201\n"
             "C,c.example,+34 944 550 133\n", False),
        ):  # fmt: skip
            with self.subTest(content):
                self.assertEqual(self._read(content).country_id.code, code)

    def test_a_whole_place_in_one_cell_is_city_state_and_country(self):
        self._import(
            "Organization Name,Website,Headquarters Location\n"
            'A,a.example,"Milan, Lombardia, Italy"\nB,b.example,"Paris, France"\n'
            "C,c.example,Spain\n"
        )
        self.assertEqual(
            [(one.city, one.country_code) for one in self._companies()],
            [("Milan", "IT"), ("Paris", "FR"), (False, "ES")],
        )

    def test_the_parts_of_a_street_are_put_together(self):
        self._import(
            "naam,website,land,straatnaam,huisnummer,toevoeging\n"
            "A,a.example,NL,Molenstraat,12,a\nB,b.example,NL,Havenkade,1,\n"
        )
        self.assertEqual(self._companies().mapped("street"), ["Molenstraat 12 a", "Havenkade 1"])

    # === CORRECTED === #

    def _wizard(self, problem):
        action = problem.action_correct()
        return self.env[action["res_model"]].browse(action["res_id"])

    def _cell(self, wizard, header):
        return wizard.cell_ids.filtered(lambda one: one.header == header)

    def test_a_dropped_row_is_corrected_and_tried_again_from_the_list(self):
        rows = [f"C{number},c{number}.example,FR,{number}" for number in range(20)]
        record = self._read("name,domain,country,phone\nAlpha,,FR,1\n" + "\n".join(rows))
        record.action_start()
        record._run()
        self.assertEqual((record.state, record.rows_dropped), ("done", 1))
        wizard = self._wizard(record.problem_ids)
        self.assertEqual(wizard.cell_ids.mapped("value"), ["Alpha", "", "FR", "1"])
        self._cell(wizard, "domain").value = "alpha.example"
        wizard.action_try()
        company = self._companies().filtered(lambda one: one.name == "Alpha")
        self.assertEqual((company.domain, company.phone), ("alpha.example", "1"))
        self.assertEqual((record.rows_dropped, record.companies_created), (0, 21))
        self.assertFalse(record.problem_ids or record.problem_count)

    def test_a_row_that_is_still_wrong_stays_on_the_list(self):
        record = self._read("name,domain,country\nAlpha,,FR\n")
        record.action_start()
        record._run()
        wizard = self._wizard(record.problem_ids)
        with self.assertRaisesRegex(UserError, "Change a cell first"):
            wizard.action_try()
        self._cell(wizard, "domain").value = "facebook.com/alpha"
        with self.assertRaisesRegex(UserError, "would be dropped again"):
            wizard.action_try()
        self.assertEqual(record.problem_ids.mapped("code"), ["no_identity"])

    def test_one_correction_mends_all_rows_that_were_dropped_for_the_same_value(self):
        rows = [f"C{number},c{number}.example,Atlantis" for number in range(5)]
        record = self._read(
            "name,domain,country\n"
            + "\n".join(rows)
            + "\nOther,o.example,Lemuria\nD,d.example,FR\n"
        )
        record.action_start()
        record._run()
        self.assertEqual((record.state, record.rows_dropped), ("partial", 6))
        wizard = self._wizard(record.problem_ids[0])
        self.assertEqual(wizard.alike_count, 4)
        self._cell(wizard, "country").value = "Greece"
        wizard.is_for_alike = True
        wizard.action_try()
        self.assertEqual(self._companies().mapped("country_code"), ["FR", *["GR"] * 5])
        self.assertEqual((record.rows_dropped, record.companies_created), (1, 6))
        self.assertEqual(record.problem_ids.mapped("value"), ["Lemuria"])
        self.assertEqual(record.state, "partial", "still more than a tenth")
        last = self._wizard(record.problem_ids)
        self._cell(last, "country").value = "GR"
        last.action_try()
        self.assertEqual(record.state, "done")

    def test_a_corrected_row_is_judged_with_the_rest_of_the_file(self):
        rows = [f"Firm {number},https://lists.example/firm-{number},FR" for number in range(3)]
        record = self._read(
            "name,website,country\nAlpha,alpha.example,FR\nBeta,,FR\n" + "\n".join(rows)
        )
        record.action_start()
        record._run()
        beta, *firms = record.problem_ids.sorted("line")
        wizard = self._wizard(beta)
        for site in ("alpha.example", "lists.example/beta"):
            self._cell(wizard, "website").value = site
            # Rolled back, as a request is that ends so.
            with self.assertRaisesRegex(UserError, "dropped again"), self.env.cr.savepoint():
                wizard.action_try()
        self.assertEqual(self._companies().mapped("name"), ["Alpha"])

    def test_an_import_that_dropped_a_tenth_is_done_and_one_that_dropped_more_says_so(self):
        for dropped, state in ((1, "done"), (2, "partial")):
            rows = [f"C{n},c{n}.example,{'FR' if n >= dropped else ''}" for n in range(10)]
            record = self._import("name,domain,country\n" + "\n".join(rows))
            self.assertEqual((record.state, record.rows_dropped), (state, dropped))
