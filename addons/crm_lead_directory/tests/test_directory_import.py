import base64
import csv
import gzip
import io
from unittest.mock import Mock, PropertyMock, patch

import psycopg2
from psycopg2.errors import DeadlockDetected

from odoo.exceptions import UserError, ValidationError
from odoo.service.model import (
    MAX_TRIES_ON_CONCURRENCY_FAILURE,
    PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
)
from odoo.sql_db import db_connect
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.crm_lead_mining.files import csv_table as reader
from odoo.addons.crm_lead_mining.files import lines

from ..importer.converted import COMPANY_COLUMNS
from ..importer.problems import DROPPED, IGNORED
from ..models import lead_directory_company, lead_directory_import_run
from .common import HEADER, DirectoryCase

ROWS = (
    "Alpha,,,alpha.example,FR,,10,62,Paris",
    "Beta,FR-SIRENE,552100554,beta.example,FR,,51-200,58,Lyon",
)


@tagged("post_install", "-at_install")
class TestDirectoryImport(DirectoryCase):
    def _companies(self, dataset=None):
        domain = [("dataset_id", "=", (dataset or self.dataset).id)]
        return self.env["lead.directory.company"].search(domain)

    def _counts(self, record):
        return (
            record.companies_created,
            record.companies_updated,
            record.companies_unchanged,
            record.rows_dropped,
        )

    def _upload(self, content, **values):
        content = content.encode() if isinstance(content, str) else content
        return self.Import.create(
            {
                "dataset_id": self.dataset.id,
                "file": base64.b64encode(content),
                "file_name": "companies.csv",
                **values,
            }
        )

    def test_a_file_s_companies_are_in_the_directory(self):
        record = self._import_rows(*ROWS)
        self.assertEqual(record.state, "done", record.failure)
        self.assertEqual(self._counts(record), (2, 0, 0, 0))
        self.assertEqual(record.progress, 100)
        alpha, beta = self._companies()
        self.assertEqual(
            (
                alpha.name,
                alpha.identity,
                alpha.country_code,
                alpha.size,
                alpha.industry_id.code,
            ),
            ("Alpha", "domain:alpha.example", "FR", "10", "62"),
        )
        self.assertEqual((beta.identity, beta.size), ("reg:FR-SIRENE:552100554", "51-200"))
        self.assertEqual(self.dataset.companies_count, 2)
        self.assertTrue(self.dataset.imported_on)

    def test_a_size_is_written_in_the_digits_of_the_reader_s_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        for sizes, english, italian in (
            ({"employees": 143_885}, "143,885", "143.885"),
            ({"employees_min": 10_001}, "10,001+", "10.001+"),
            ({"employees_min": 501, "employees_max": 1000}, "501-1,000", "501-1.000"),
            ({}, False, False),
        ):
            company = self.env["lead.directory.company"].new(sizes)
            with self.subTest(sizes):
                self.assertEqual(company.size, english)
                self.assertEqual(company.with_context(lang="it_IT").size, italian)

    def test_the_edition_of_industry_codes_is_told_by_many_rows_and_kept_with_them(self):
        codes = ["46.71"] * 10 + ["62.10", "56.11"]
        rows = [f"C{n},c{n}.example,AT,{code}" for n, code in enumerate(codes)]
        record = self._import("\n".join(("name,domain,country,NACE", *rows)))
        self.assertEqual(record.column_ids.mapped("industry_edition")[3], "2.1")
        found = self._companies().sorted("id")
        self.assertEqual(found.mapped("industry"), ["45"] * 10 + ["62", "56"])
        self.assertEqual(found[0].industry_codes, "NACE Rev. 2.1 46.71")

    def test_the_edition_that_was_chosen_for_a_column_counts(self):
        content = "name,domain,country,NACE\nA,a.example,AT,46.71\nB,b.example,AT,62.10\n"
        record = self._upload(content)
        record.action_read_header()
        self.assertEqual(record.column_ids[3].industry_edition, "2.1")
        record.column_ids[3].industry_edition = "2"
        record.action_start()
        record._run()
        # 62.10 is a class of Rev. 2.1 only.
        self.assertEqual(self._companies().sorted("id").mapped("industry"), ["46", "62"])

    def test_the_same_file_again_makes_nothing_new(self):
        self._import_rows(*ROWS)
        before = self._companies().ids
        self.assertEqual(self._counts(self._import_rows(*ROWS)), (0, 0, 2, 0))
        self.assertEqual(self._companies().ids, before)

    def test_a_newer_edition_updates_what_changed(self):
        self._import_rows(*ROWS)
        record = self._import_rows(
            "Alpha SA,,,www.alpha.example,FR,,12,62,Paris", ROWS[1], "New,,,new.example,FR",
            version="2",
        )  # fmt: skip
        self.assertEqual(self._counts(record), (1, 1, 1, 0))
        self.assertEqual(self._companies().mapped("name"), ["Alpha SA", "Beta", "New"])
        self.assertEqual(self.dataset.version, "2")

    def test_what_a_later_file_does_not_have_is_empty_afterwards(self):
        self._import("name,domain,country,phone,employees\nA,a.example,FR,+33 1,12")
        record = self._import("name,domain,country\nA,a.example,FR\nB,b.example,FR")
        self.assertEqual(self._counts(record), (1, 1, 0, 0))
        old, new = self._companies()
        for company in (old, new):
            self.assertFalse(company.phone or company.employees or company.employees_min)

    def test_of_two_rows_of_one_company_the_first_decides(self):
        record = self._import_rows("Acme,,,a.example,FR,,,,Rome", "ACME srl,,,a.example,FR,,,,Lyon")
        self.assertEqual(self._counts(record), (1, 0, 0, 0))
        self.assertEqual((self._companies().name, self._companies().city), ("Acme", "Rome"))

    def test_a_row_of_a_company_that_an_earlier_batch_had_fills_what_is_empty(self):
        self.patch(lead_directory_import_run, "BATCH_ROWS", 2)
        record = self._import_rows(
            "A,,,a.example,FR,,,,Rome", "B,,,b.example,FR",
            "C,,,c.example,FR", "A,,,a.example,FR,,10,,Lyon",
            "B,,,b.example,FR", "D,,,d.example,FR",
        )  # fmt: skip
        self.assertEqual(self._counts(record), (4, 1, 1, 0))
        self.assertEqual(self._companies().mapped("name"), ["A", "B", "C", "D"])
        first = self._companies()[0]
        self.assertEqual((first.city, first.employees, first.employees_max), ("Rome", 10, 10))

    def _with_status(self, *rows):
        return self._import("\n".join(("name,domain,country,CompanyStatus,city", *rows)))

    def _names_found(self):
        page = self._provider().search(self._query())
        return [company.name for company in page.companies]

    def test_companies_that_have_ceased_are_left_out_and_counted_by_reason(self):
        record = self._with_status(
            "A,a.example,FR,Active,", "B,b.example,FR,Dissolved,", "C,c.example,FR,Liquidation,",
            "D,d.example,FR,Active - Proposal to Strike off,", "E,e.example,FR,Do not contact,",
            "F,,FR,,", "G,g.example,FR,Frobnicated,",
        )  # fmt: skip
        # One of seven was dropped.
        self.assertEqual(record.state, "partial", record.failure)
        self.assertEqual(self._counts(record), (2, 0, 0, 1))
        self.assertEqual(
            (record.rows_ceased, record.rows_insolvent, record.rows_protected), (2, 1, 1)
        )
        self.assertEqual(record.problem_ids.mapped("code"), ["no_identity", "unknown_status"])
        self.assertEqual(self._names_found(), ["A", "G"])

    def test_a_company_that_has_ceased_since_is_not_found_until_it_is_alive_again(self):
        rows = ("A,a.example,FR,Active,", "B,b.example,FR,Active,")
        self._with_status(*rows)
        record = self._with_status("A,a.example,FR,Dissolved,", rows[1])
        self.assertEqual(self._counts(record), (0, 1, 1, 0))
        self.assertEqual(self._companies().mapped("status"), ["ceased", False])
        self.assertEqual(self._names_found(), ["B"])
        provider = self._provider()
        self.assertEqual(provider.count(self._query()), 1)
        self.assertIsNone(provider.enrich(domain="a.example"))
        self.assertIsNone(provider.find("domain:a.example"))
        self.assertEqual(provider.status_of(domain="https://www.a.example/"), "ceased")
        self.assertEqual(provider.status_of(domain="b.example"), "")
        self.assertEqual(provider.status_of(domain="unknown.example"), "")
        # A file that says nothing of it revives nobody.
        self._import("name,domain,country\nA,a.example,FR")
        self.assertEqual(self._names_found(), ["B"])
        self._with_status(*rows)
        self.assertEqual(self._names_found(), ["A", "B"])

    def test_a_branch_that_was_closed_does_not_end_its_company(self):
        main, branch = "A,a.example,FR,Active,Rome", "A,a.example,FR,Closed,Lyon"
        for rows in ((main, branch), (branch, main)):
            for size in (1, 2):
                with self.subTest(rows=rows, size=size):
                    self.patch(lead_directory_import_run, "BATCH_ROWS", size)
                    record = self._with_status(*rows)
                    self.assertEqual(record.rows_ceased, 1)
                    self.assertEqual(self._names_found(), ["A"])
                    self.assertEqual(self._companies().city, "Rome")

    def test_a_page_of_a_closed_company_does_not_end_the_site_s_owner(self):
        self._with_status("Fortune India,fortuneindia.example,FR,Active,")
        record = self._with_status("Other,https://fortuneindia.example/other,FR,Closed,")
        self.assertEqual(record.rows_ceased, 1)
        self.assertEqual(self._names_found(), ["Fortune India"])

    def test_a_file_with_addresses_only_can_be_imported(self):
        record = self._import("name,country,email\nA,FR,info@a.example\nB,FR,b@gmail.com")
        self.assertEqual(self._counts(record), (1, 0, 0, 1))
        self.assertEqual(self._companies().domain, "a.example")

    def test_datasets_do_not_touch_each_other(self):
        other = self.dataset.copy({"name": "Other"})
        self._import_rows(*ROWS)
        record = self._import_rows(*ROWS, dataset=other)
        self.assertEqual(self._counts(record), (2, 0, 0, 0))
        self.assertEqual(len(self._companies(other)), 2)

    def test_contacts_of_several_rows_belong_to_their_company(self):
        rows = (
            "Alpha,,,alpha.example,FR,,,,,Test Person 1,CEO,p1@alpha.example,1",
            "Alpha,,,alpha.example,FR,,,,,Test Person 2,Sales Director,,2",
            "Alpha,,,alpha.example,FR,,,,,,,,",
        )
        record = self._import_rows(*rows)
        self.assertEqual((record.companies_created, record.contacts_created), (1, 2))
        contacts = self._companies().contact_ids
        self.assertEqual(contacts.mapped("role"), ["ceo", "sale"])
        self.assertEqual(contacts.mapped("seniority"), ["executive", "director"])
        self.assertEqual(self._import_rows(*rows).contacts_created, 0)
        changed = self._import_rows(rows[0].replace("Person 1", "Person 1b"))
        self.assertEqual((changed.contacts_created, changed.contacts_updated), (0, 1))

    def test_each_row_that_cannot_be_used_is_dropped_with_its_reason(self):
        rows = (
            ("no_name", ",,,a.example,FR"),
            ("no_country", "A,,,a.example,"),
            ("unknown_country", "A,,,a.example,Atlantis"),
            ("no_identity", "A,,,,FR"),
            ("no_identity", "A,,12345,facebook.com,FR"),
            ("nul", "A\0,,,a.example,FR"),
            ("cells", "A" + "," * 13 + "x"),
            ("too_long", "A," + "x" * 100_000),
        )
        record = self._import_rows(*(row for _code, row in rows), ROWS[0])
        self.assertEqual(self._counts(record), (1, 0, 0, len(rows)))
        self.assertEqual(record.problem_ids.mapped("code"), [code for code, _row in rows])
        self.assertEqual(record.problem_ids.mapped("line"), list(range(2, 2 + len(rows))))
        self.assertTrue(all(record.problem_ids.mapped("dropped")))

    def test_values_that_cannot_be_used_are_left_empty_and_told(self):
        record = self._import(
            "name,domain,country,lei,employees,industry,founded,email\n"
            "A,a.example,FR,LEI1,many,,long ago,nobody\n"
            "B,b.example,FR,,,Alchemy,,ok@b.example\n"
        )
        self.assertEqual(self._counts(record), (2, 0, 0, 0))
        self.assertEqual(
            record.problem_ids.mapped("code"),
            ["bad_lei", "bad_email", "bad_employees", "bad_year", "unknown_industry"],
        )
        self.assertFalse(any(record.problem_ids.mapped("dropped")))
        company = self._companies()[0]
        self.assertEqual((company.lei, company.employees, company.emails), (False, 0, False))

    def test_every_cause_has_its_sentence(self):
        field = self.env["lead.directory.import.problem"]._fields["code"]
        self.assertEqual(set(field.get_values(self.env)), {*DROPPED, *IGNORED})

    def test_problems_are_downloaded_as_a_file_that_runs_no_formula(self):
        record = self._import_rows("=cmd|x,,,,FR", "A,,,a.example,Atlantis")
        content = base64.b64decode(record.problems_file).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(content)))
        self.assertEqual(rows[0], ["Line", "Problem", "Value"])
        self.assertEqual([row[0] for row in rows[1:]], ["2", "3"])
        self.assertEqual(rows[1][2], "'=cmd|x")
        self.assertEqual(rows[2][1:], ["The country is unknown", "Atlantis"])
        self.assertFalse(self._import_rows(*ROWS).problems_file)

    def test_no_value_that_was_a_problem_is_run_as_a_formula(self):
        for country in ("＝1+1", "|cmd", "@SUM(A1)"):
            record = self._import_rows(f"A,,,a.example,{country}")
            content = base64.b64decode(record.problems_file).decode("utf-8-sig")
            self.assertEqual(list(csv.reader(io.StringIO(content)))[1][2], f"'{country}")

    def test_problems_are_counted_beyond_what_is_kept(self):
        self.patch(lead_directory_import_run, "MAX_PROBLEMS", 3)
        self.patch(lead_directory_import_run, "BATCH_ROWS", 2)
        record = self._import_rows(*["A,,,,FR"] * 5)
        self.assertEqual((record.problem_count, record.rows_dropped), (5, 5))
        self.assertEqual(len(record.problem_ids), 3)

    def test_what_was_interrupted_goes_on_where_the_last_batch_ended(self):
        self.patch(lead_directory_import_run, "BATCH_ROWS", 2)
        rows = [f"C{number},,,c{number}.example,FR" for number in range(5)]
        rows[1] = "broken"
        loads = []

        def load(cr, dataset_id, columns, batch, **options):
            loads.append([line.split("\t")[1] for _identity, line in batch.companies])
            if len(loads) == 2:
                raise RuntimeError("power cut")
            return original(cr, dataset_id, columns, batch, **options)

        original = lead_directory_import_run.load
        logger = "odoo.addons.crm_lead_directory.models.lead_directory_import_run"
        with (
            patch.object(lead_directory_import_run, "load", load),
            patch.object(self.env.cr, "rollback", lambda: None),
            mute_logger(logger),
        ):
            record = self._import_rows(*rows)
            self.assertEqual((record.state, record.rows_read), ("failed", 2))
            self.assertIn("unexpected went wrong", record.failure)
            record.action_continue()
            record._run()
        self.assertEqual(loads, [["C0"], ["C2", "C3"], ["C2", "C3"], ["C4"]])
        self.assertEqual((record.state, record.rows_read, record.rows_dropped), ("partial", 5, 1))
        self.assertEqual(self._counts(record), (4, 0, 0, 1))

    def test_going_on_does_not_read_the_rows_before_again(self):
        self.patch(lines, "PIECE_LINES", 1)
        self.patch(reader, "LOOKED_AT", 1)
        self.patch(lead_directory_import_run, "BATCH_ROWS", 2)
        rows = [f'C{number},,,c{number}.example,FR,,,,"City\n{number}"' for number in range(6)]
        record = self._upload("\n".join((HEADER, *rows)))
        record.action_read_header()
        record.action_start()
        with patch.object(self.registry["ir.cron"], "_commit_progress", lambda *_args, **_kw: 0):
            record._run()
        self.assertEqual((record.state, record.rows_read), ("running", 2))
        check = patch.object(lines.Lines, "check", autospec=True, side_effect=lines.Lines.check)
        with check as checked, record._open() as table:
            rows, _left_out = record._unread_rows(table)
            unread = list(rows)
        self.assertEqual([line for line, _cells in unread], [7, 9, 11, 13])
        self.assertEqual(checked.call_count, 2 + 4 * 2, "the header, twice, and the four rows")
        record._run()
        self.assertEqual((record.state, self._counts(record)), ("done", (6, 0, 0, 0)))

    def test_the_scheduler_is_told_of_every_batch(self):
        """Odoo warns of a job that announces work and reports none of it."""
        self.patch(lead_directory_import_run, "BATCH_ROWS", 1)
        record = self._upload("\n".join((HEADER, *ROWS)))
        record.action_read_header()
        record.action_start()
        slices = []

        def committed(_self, processed=0, *, remaining=None):
            slices[-1].append((processed, remaining or 0))
            return 0

        with patch.object(self.registry["ir.cron"], "_commit_progress", committed):
            while record.state in ("queued", "running"):
                slices.append([])
                self.Import._cron_import()
        self.assertEqual(record.state, "done")
        for told in slices:
            self.assertTrue(sum(done for done, _left in told) or not told[-1][1], told)
        self.assertGreater(len(slices), 1)

    def test_a_file_that_was_uploaded_again_goes_on_after_the_rows_that_were_read(self):
        self.patch(lead_directory_import_run, "BATCH_ROWS", 2)
        rows = [f"C{number},,,c{number}.example,FR" for number in range(4)]
        record = self._upload("\n".join((HEADER, *rows)))
        record.action_read_header()
        record.action_start()
        with patch.object(self.registry["ir.cron"], "_commit_progress", lambda *_args, **_kw: 0):
            record._run()
        rows[0] = "Corrected,,,c0.example,FR"
        record.file = base64.b64encode("\n".join((HEADER, *rows)).encode())
        record._run()
        self.assertEqual((record.state, self._counts(record)), ("done", (4, 0, 0, 0)))

    def test_a_cancelled_import_stops_after_its_batch_and_can_go_on(self):
        self.patch(lead_directory_import_run, "BATCH_ROWS", 1)
        record = self._upload("\n".join((HEADER, *ROWS)))
        record.action_read_header()
        record.action_start()

        def committed(_self, *_args):
            if record.rows_read == 1:
                record.action_cancel()
            return 1000

        with patch.object(self.registry["ir.cron"], "_commit_progress", committed):
            self.assertTrue(record._run())
        self.assertEqual((record.state, record.rows_read), ("cancelled", 1))
        record.action_continue()
        record._run()
        self.assertEqual((record.state, self._counts(record)), ("done", (2, 0, 0, 0)))

    def test_what_another_process_imports_is_left_to_it_with_the_indexes_it_completes(self):
        theirs, ours = (self._upload("\n".join((HEADER, *ROWS))) for _number in range(2))
        (theirs + ours).action_read_header()
        (theirs + ours).action_start()
        complete = Mock(return_value=True)
        self.patch(self.registry["lead.directory.company"], "_complete_bulk_load", complete)
        with db_connect(self.cr.dbname).cursor() as other:
            claim = SQL("SELECT pg_advisory_lock(hashtext(%s), %s)", theirs._table, theirs.id)
            other.execute(claim)
            self.Import._cron_import()
            self.assertEqual((theirs + ours).mapped("state"), ["queued", "done"])
            complete.assert_called_once_with()  # by the one that was run
            other.execute(SQL("SELECT pg_advisory_unlock_all()"))
        # Its process has ended, and it goes on here.
        self.Import._cron_import()
        self.assertEqual(theirs.state, "done")
        self.assertEqual(complete.call_count, 3)

    def test_an_import_that_is_deleted_while_it_runs_stops_no_other(self):
        gone, other = (self._upload("\n".join((HEADER, *ROWS))) for _number in range(2))
        (gone + other).action_read_header()
        (gone + other).action_start()
        original = lead_directory_import_run.load

        def load(*args, **options):
            gone.unlink()
            return original(*args, **options)

        with (
            patch.object(lead_directory_import_run, "load", load),
            patch.object(self.env.cr, "rollback", lambda: None),
            mute_logger("odoo.addons.crm_lead_directory.models.lead_directory_import_run"),
        ):
            self.Import._cron_import()
        self.assertFalse(gone.exists())
        self.assertEqual(other.state, "done")

    def test_the_form_of_who_started_it_follows_the_import_by_percents(self):
        self.patch(lead_directory_import_run, "BATCH_ROWS", 1)
        told = []

        def bus_send(partner, channel, payload):
            told.append((partner, channel, payload, int(record.progress)))

        rows = [f"C{number},,,c{number}.example,FR" for number in range(5)]
        record = self._upload("\n".join((HEADER, *rows)))
        record.action_read_header()
        record.action_start()
        percents = (10.2, 10.8, 20.1, 100, 100)
        size = len(base64.b64decode(record.file))
        position = PropertyMock(side_effect=[percent * size / 100 for percent in percents])
        with (
            patch.object(self.registry["res.partner"], "_bus_send", bus_send),
            patch.object(reader.CompaniesFile, "position", position),
        ):
            record.with_user(self.env.ref("base.user_root"))._run()
        follower = (self.env.user.partner_id, "lead_directory_import_progress", {"id": record.id})
        self.assertEqual(told, [(*follower, percent) for percent in (10, 20, 99, 100)])

    def test_the_cron_imports_what_waits_and_stops_when_its_time_is_over(self):
        self.patch(lead_directory_import_run, "BATCH_ROWS", 1)
        record = self._upload("\n".join((HEADER, *ROWS)))
        record.action_read_header()
        record.action_start()
        self.assertEqual(record.state, "queued")
        triggers = self.env["ir.cron.trigger"].search_count([])
        with patch.object(self.registry["ir.cron"], "_commit_progress", lambda *_args, **_kw: 0):
            self.Import._cron_import()
        self.assertEqual((record.state, record.rows_read), ("running", 1))
        self.assertEqual(self.env["ir.cron.trigger"].search_count([]), triggers + 1)
        self.Import._cron_import()
        self.assertEqual((record.state, record.companies_created), ("done", 2))

    def test_columns_are_proposed_with_their_first_values_and_can_be_changed(self):
        record = self._upload("Firma;Netz;Land;Quatsch\nAcme;acme.example;Deutschland;1\n")
        record.action_read_header()
        self.assertEqual(record.state, "ready")
        self.assertEqual((record.encoding, record.delimiter), ("utf-8", ";"))
        self.assertEqual(record.column_ids.mapped("header"), ["Firma", "Netz", "Land", "Quatsch"])
        self.assertEqual(record.column_ids.mapped("target"), ["name", "website", "country", False])
        self.assertEqual(record.column_ids[1].sample, "acme.example")
        record.column_ids[1].target = False
        with self.assertRaisesRegex(ValidationError, "identifies a company"):
            record.action_start()
        record.column_ids[1].target = "domain"
        record.column_ids[2].target = False
        with self.assertRaisesRegex(ValidationError, "holds the country"):
            record.action_start()
        with Form(record) as form:
            form.country_id = self.env.ref("base.de")
        record.action_start()
        self.assertEqual(record.state, "queued")
        record._run()
        self.assertEqual(self._companies().country_code, "DE")

    def test_companies_house_s_file_needs_no_choice(self):
        record = self._upload(
            "CompanyName, CompanyNumber,RegAddress.AddressLine1,RegAddress.PostTown,"
            "RegAddress.Country,RegAddress.PostCode,IncorporationDate,SICCode.SicText_1\n"
            '"SYNTHETIC EXAMPLE LTD","01234567","1 EXAMPLE STREET","LONDON","ENGLAND","N1 1AA",'
            '"05/11/2001","62012 - Business and domestic software development"\n'
            '"SYNTHETIC TWO LTD","SC123456","","","","","","99999 - Dormant Company"\n'
        )
        record.action_read_header()
        self.assertEqual((record.registry, record.country_id.code), ("GB-COH", "GB"))
        record.action_start()
        record._run()
        one, two = self._companies()
        self.assertEqual(
            (one.identity, one.country_code, one.industry, one.founded, one.city),
            ("reg:GB-COH:01234567", "GB", "62", 2001, "LONDON"),
        )
        self.assertEqual(two.identity, "reg:GB-COH:SC123456")
        self.assertEqual(two.country_code, "GB")

    def test_wrong_choices_of_columns_are_refused_with_one_sentence(self):
        for header, sentence in (
            ("vat,country", "company's name"),
            ("name,country", "identifies a company"),
            ("name,domain", "holds the country"),
            ("name,registration number,country", "Enter the register"),
        ):
            with self.subTest(header):
                record = self._upload(f"{header}\nx,y,z\n")
                record.action_read_header()
                with self.assertRaisesRegex(ValidationError, sentence):
                    record.action_start()

    def test_files_that_cannot_be_read_are_refused_with_one_sentence(self):
        for content, sentence in (
            (b" ", "empty"),
            (b"%PDF-1.7 xxxx", "no file of rows"),
            (b"PK\x03\x04xxxx", "incomplete"),
            (b"name\nAcme\n", "only one column"),
            (b"\x1f\x8b" + b"rubbish" * 10, "damaged"),
        ):
            with self.subTest(content[:4]), self.assertRaisesRegex(UserError, sentence):
                self._upload(content).action_read_header()
        with self.assertRaisesRegex(UserError, "Choose a file"):
            self.Import.create({"dataset_id": self.dataset.id}).action_read_header()

    def test_a_file_that_changed_since_its_columns_were_chosen_is_refused(self):
        record = self._upload("\n".join((HEADER, *ROWS)))
        record.action_read_header()
        record.action_start()
        record.file = base64.b64encode(b"other,columns\n1,2\n")
        with patch.object(self.env.cr, "rollback", lambda: None):
            record._run()
        self.assertEqual(record.state, "failed")
        self.assertIn("have changed since", record.failure)
        self.assertFalse(self._companies())

    def test_a_truncated_gz_fails_with_its_cause(self):
        packed = gzip.compress("\n".join((HEADER, *ROWS * 50_000)).encode())
        record = self._upload(packed[:-20])
        record.action_read_header()
        record.action_start()
        with patch.object(self.env.cr, "rollback", lambda: None):
            record._run()
        self.assertEqual(record.state, "failed")
        self.assertIn("incomplete", record.failure)

    def test_actions_are_refused_in_the_wrong_state(self):
        record = self._import_rows(*ROWS)
        for action in ("action_read_header", "action_start", "action_cancel", "action_continue"):
            with self.subTest(action), self.assertRaisesRegex(UserError, "Done"):
                getattr(record, action)()

    def _indexes(self):
        """Return the names of the indexes and of the dataset's key, which goes with them."""
        self.env.cr.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename = 'lead_directory_company'"
            " UNION SELECT conname FROM pg_constraint"
            " WHERE conrelid = 'lead_directory_company'::regclass AND contype = 'f'"
        )
        return {name for (name,) in self.env.cr.fetchall()}

    def test_a_large_first_import_has_all_indexes_of_searches_at_its_end(self):
        self.patch(lead_directory_import_run, "LARGE_FILE", 1)
        self.patch(lead_directory_import_run, "BATCH_ROWS", 1)
        self.env.cr.execute("CREATE INDEX mine_index ON lead_directory_company (city)")
        before, during = self._indexes(), []
        original = lead_directory_import_run.load

        def load(*args, **options):
            during.append(self._indexes())
            return original(*args, **options)

        with patch.object(lead_directory_import_run, "load", load):
            record = self._import_rows(*ROWS)
            self._import_rows("New,,,new.example,FR")
        self.assertEqual(record.state, "done")
        gone = {
            f"lead_directory_company_{name}_index"
            for name in (
                *("search", "size", "technology", "industries", "domain", "vat", "lei"),
                *("unidentified", "merged"),
            )
        } | {"lead_directory_company__name_index", "lead_directory_company_dataset_id_fkey"}
        self.assertEqual(during[0], before - gone)
        self.assertEqual(during[1], before - gone)
        self.assertEqual(during[2], before, "a directory with companies keeps its indexes")
        self.assertEqual(self._indexes(), before)

    def test_a_batch_that_others_disturb_is_stored_again(self):
        original = lead_directory_import_run.load
        for error in PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            failures = [error()]

            def load(*args, failures=failures, **options):
                if failures:
                    raise failures.pop()
                return original(*args, **options)

            with (
                self.subTest(error.__name__),
                patch.object(self.env.cr, "rollback", lambda: None),
                patch.object(lead_directory_import_run, "load", load),
                mute_logger("odoo.addons.crm_lead_directory.models.lead_directory_import_run"),
            ):
                record = self._import_rows(*ROWS)
                self.assertEqual((record.state, record.rows_read), ("done", 2))

    def test_a_batch_that_others_disturb_for_ever_fails_the_import(self):
        with (
            patch.object(self.env.cr, "rollback", lambda: None),
            patch.object(lead_directory_import_run, "load", side_effect=DeadlockDetected) as load,
            mute_logger("odoo.addons.crm_lead_directory.models.lead_directory_import_run"),
        ):
            record = self._import_rows(*ROWS)
        self.assertEqual(record.state, "failed")
        self.assertEqual(load.call_count, MAX_TRIES_ON_CONCURRENCY_FAILURE)

    def test_a_small_first_import_keeps_the_indexes(self):
        with patch.object(self.registry["lead.directory.company"], "_prepare_bulk_load") as drop:
            self._import_rows(*ROWS)
        drop.assert_not_called()

    def test_the_cron_builds_the_indexes_of_an_import_that_nobody_finishes(self):
        before = self._indexes()
        self.assertTrue(self.env["lead.directory.company"]._prepare_bulk_load())
        self.assertNotEqual(self._indexes(), before)
        self.Import._cron_import()
        self.assertEqual(self._indexes(), before)

    def test_a_large_import_whose_time_is_over_goes_on_with_the_indexes_one_by_one(self):
        self.patch(lead_directory_import_run, "LARGE_FILE", 1)
        record = self._upload("\n".join((HEADER, *ROWS)))
        record.action_read_header()
        record.action_start()
        before, counts = self._indexes(), []

        def committed(_self, *_args, **_kwargs):
            counts.append(len(self._indexes()))
            return 0

        with patch.object(self.registry["ir.cron"], "_commit_progress", committed):
            runs = 0
            while not record._run():
                self.assertEqual(record.state, "running")
                runs += 1
                self.assertLess(runs, 20, "it does not get on")
        self.assertEqual((record.state, self._counts(record)), ("done", (2, 0, 0, 0)))
        self.assertEqual(self._indexes(), before)
        # Each commit has one more than the commit before, but for those that are about rows.
        added = [after - first for first, after in zip(counts, counts[1:], strict=False)]
        self.assertLessEqual(max(added), 1)
        self.assertGreater(runs, 5)

    def test_a_dataset_that_is_deleted_during_its_first_import_leaves_no_companies(self):
        self.patch(lead_directory_import_run, "LARGE_FILE", 1)
        self.patch(lead_directory_import_run, "BATCH_ROWS", 1)
        record = self._upload("\n".join((HEADER, *ROWS)))
        record.action_read_header()
        record.action_start()
        other = self.dataset.create({"name": "Other"})

        def committed(_self, *_args):
            if record.exists() and record.rows_read:
                record.dataset_id.unlink()
            return 1000

        with (
            patch.object(self.registry["ir.cron"], "_commit_progress", committed),
            patch.object(self.env.cr, "rollback", lambda: None),
        ):
            self.assertTrue(record._run())
        self.assertFalse(record.exists())
        self.Import._cron_import()
        self._import_rows(ROWS[1], dataset=other)
        self.env.cr.execute("SELECT DISTINCT dataset_id FROM lead_directory_company")
        self.assertEqual(self.env.cr.fetchall(), [(other.id,)])

    def test_an_import_does_not_wait_for_a_long_search_to_drop_the_indexes(self):
        before, patience = self._indexes(), []

        def drop_index(cr, *_args):
            cr.execute("SHOW lock_timeout")
            patience.append(cr.fetchone()[0])
            raise psycopg2.errors.LockNotAvailable

        with patch.object(lead_directory_company.sql, "drop_index", drop_index):
            self.assertFalse(self.env["lead.directory.company"]._prepare_bulk_load())
        self.assertEqual(patience, ["1s"])
        self.assertEqual(self._indexes(), before)

    def test_text_is_stored_without_what_copy_or_people_stumble_over(self):
        record = self._import(
            'name,domain,country,description\n"A\\N\tB\\",a.example,FR,"line 1\nline 2\x07"\n'
            '"""B"", ""b\x01",b.example,FR,"\\.a"\n'
        )
        self.assertEqual(record.state, "done", record.failure)
        first, second = self._companies()
        self.assertEqual((first.name, first.description), ("A\\N B\\", "line 1 line 2"))
        self.assertEqual((second.name, second.description), ('"B", "b', "\\.a"))

    def test_columns_of_the_table_are_those_that_are_written(self):
        fields = self.env["lead.directory.company"]._fields
        self.assertEqual([name for name in COMPANY_COLUMNS if not fields[name].store], [])

    def test_thirty_thousand_rows_take_a_bounded_number_of_queries(self):
        content = "name,domain,country,employees,industry\n" + "".join(
            f"Company {number},c{number}.example,FR,{number % 500},62\n" for number in range(30_000)
        )
        self.Import._places()
        before = self.env.cr.sql_log_count
        record = self._import(content)
        self.assertEqual(record.companies_created, 30_000)
        self.assertLess(self.env.cr.sql_log_count - before, 100)
