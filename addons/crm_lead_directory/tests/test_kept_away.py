"""Whoever was erased, has objected or is never mined comes in by no file."""

import base64
import csv
import io
import json
import zipfile
from pathlib import Path

from openpyxl import Workbook

from odoo.tests import tagged

from odoo.addons.crm_lead_mining.company.identity import identity_keys
from odoo.addons.crm_lead_mining.company.types import Company
from odoo.addons.crm_lead_mining.tests.kept_away_common import KeptAwayCase
from odoo.addons.crm_lead_mining.tools.suppression import addresses_in

from .common import DirectoryCase

DATA = Path(__file__).with_name("data")
FILES = sorted(path.name for path in DATA.iterdir() if path.is_file() and path.name != "leads.json")


@tagged("post_install", "-at_install")
class TestNoWayIn(DirectoryCase, KeptAwayCase):
    def ways_in(self):
        yield "file of companies", self._by_companies_file
        yield "file of contacts", self._by_contacts_file

    def test_nothing_of_a_person_who_is_kept_away_is_stored_by_any_way_in(self):
        self.assertKeptAway(self.ways_in())

    def _by_companies_file(self):
        record = self._import(
            "name,domain,country,email,description\n"
            "Synthetic 1,synthetic1.example,BE,ANNA@synthetic1.example; info@synthetic1.example,"
            f"Write to {self.EMAIL}\n"
            f"B,,BE,{self.EMAIL},\n"
            f"C,c.example,BE,{self.EMAIL}; nonsense,\n"
        )
        companies = self.env["lead.directory.company"].search(
            [("dataset_id", "=", self.dataset.id)]
        )
        self.assertIn("info@synthetic1.example", companies.mapped("emails"))
        self.assertEqual((record.companies_created, record.rows_withheld), (2, 2))

    def _by_contacts_file(self):
        self._import_rows(f"Synthetic 1,,,synthetic1.example,BE,,,,,Anna Muster,CEO,{self.EMAIL},1")

    def test_no_column_of_a_file_keeps_the_address_of_who_is_kept_away(self):
        columns = (
            "street", "street2", "city", "zip", "phone", "website", "technologies", "revenue",
            "timezone", "linkedin", "facebook", "twitter", "logo", "job title", "contact phone",
            "contact name", "description",
        )  # fmt: skip
        for reason, keep_away in self.kept_away():
            with self.subTest(reason), self.env.cr.savepoint() as savepoint:
                keep_away()
                self.env["mail.blacklist"].flush_model()
                for place, column in enumerate(columns):
                    cell = f"see https://x.example/?to=ANNA@Synthetic1.example or {self.EMAIL}"
                    record = self._import(
                        f"name,domain,country,{column},contact last name\n"
                        f"Acme {place},x{place}.example,BE,{cell},Bob\n"
                    )
                    self.assertEqual((record.companies_created, record.rows_withheld), (1, 1))
                self.assertNowhere(self.EMAIL)
                savepoint.rollback()
                self.forget()

    def test_no_other_row_of_the_company_tells_the_name_of_who_is_kept_away(self):
        header = "name,domain,country,description,contact name,contact email\n"
        own = f"Synthetic 1,synthetic1.example,BE,Ask Anna Muster,Anna Muster,{self.EMAIL}\n"
        other = "Synthetic 1,synthetic1.example,BE,{},Zoe Stays,zoe@synthetic1.example\n"
        files = {
            "as the first row says": own + other.format(""),
            "as its own row says": other.format("Ask Anna Muster") + own,
        }
        for reason, keep_away in self.kept_away():
            for name, rows in files.items():
                with self.subTest(f"{reason}, {name}"), self.env.cr.savepoint() as savepoint:
                    keep_away()
                    self.env["mail.blacklist"].flush_model()
                    self._import(header + rows)
                    company = self.env["lead.directory.company"].search(
                        [("dataset_id", "=", self.dataset.id)]
                    )
                    self.assertEqual(company.description, "Ask …")
                    self.assertEqual(company.contact_ids.mapped("name"), ["Zoe Stays"])
                    savepoint.rollback()
                    self.forget()

    def test_rows_of_listed_companies_are_left_out_of_files_and_told(self):
        self.never("domain", "synthetic1.example")
        record = self._import_rows(
            "Synthetic 1,,,www.synthetic1.example,BE,,,,,Anna,CEO,a@b.example,1",
            "Synthetic 2,,,synthetic2.example,BE,,,,,,,,",
        )
        self.assertEqual((record.companies_created, record.rows_dropped), (1, 1))
        self.assertRecordValues(record.problem_ids, [{"line": 2, "code": "never", "value": ""}])
        self.assertNotIn("Synthetic 1", str(record.column_ids.mapped("sample")))


@tagged("post_install", "-at_install")
class TestEveryLayout(DirectoryCase, KeptAwayCase):
    """The same file again, after everybody in it is kept away: nobody comes back."""

    def forms(self):
        """Yield (name, content) of every layout, and of persons in every format of files."""
        for name in FILES:
            yield name, (DATA / name).read_bytes()
        text = (DATA / "apollo.csv").read_text("utf-8")
        header, *rows = csv.reader(io.StringIO(text))
        yield "apollo.xlsx", _workbook(header, *rows)
        lines = (json.dumps(dict(zip(header, row, strict=True))) for row in rows)
        yield "apollo.jsonl", "\n".join(lines).encode()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("apollo.csv", text)
        yield "apollo.zip", packed.getvalue()

    def keep_away(self, reason, companies):
        """Keep everybody in these companies away; return what may stand nowhere any more."""
        persons = {
            (person.email or "", person.name, keys)
            for company in companies
            for keys in [_keys(company)]
            for person in company.contact_ids
        }
        addresses = addresses_in("\n".join(filter(None, companies.mapped("emails"))))
        if reason in ("never", "blacklist"):
            emails = {*addresses, *(email for email, _name, _keys in persons if email)}
            for email in emails:
                if reason == "never":
                    self.never("email", email)
                else:
                    self.env["mail.blacklist"].create({"email": email})
            return emails
        for email, name, keys in persons:
            if reason == "erased":
                self.erase(email, name)
            else:
                self.object(email, name, keys)
        return {text for email, name, _keys in persons for text in (email, name) if text}

    def test_nobody_comes_back_with_the_same_file_in_any_layout_and_format(self):
        seen = set()
        for name, content in self.forms():
            path = self._write(content, name)
            for reason in ("never", "blacklist", "objected", "erased"):
                with self.subTest(name, reason=reason), self.env.cr.savepoint() as savepoint:
                    first = self.Import._import_path(self.dataset, path, file_name=name)
                    self.assertEqual(first.state, "done", first.failure)
                    mine = [("dataset_id", "=", self.dataset.id)]
                    companies = self.env["lead.directory.company"].search(mine)
                    gone = self.keep_away(reason, companies)
                    seen |= gone
                    if reason != "erased":
                        companies.unlink()
                        first.unlink()
                    again = self.Import._import_path(self.dataset, path, file_name=name)
                    self.assertEqual(again.state, "done", again.failure)
                    self.assertNowhere(*gone)
                    savepoint.rollback()
                    self.forget()
        self.assertGreater(len(seen), len(FILES), "the files have persons and addresses")


def _keys(company):
    """Return by which keys a company of the directory is recognised."""
    values = {
        name: company[name] or ""
        for name in ("name", "registry", "registry_id", "lei", "vat", "domain", "country_code")
    }
    return (company.identity, *identity_keys(Company(**values)))


def _workbook(*rows):
    book, content = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


@tagged("post_install", "-at_install")
class TestErasedFiles(DirectoryCase, KeptAwayCase):
    def test_uploaded_file_that_was_never_imported_is_found_and_dropped(self):
        record = self.Import.create(
            {
                "dataset_id": self.dataset.id,
                "file_name": "people.csv",
                "file": base64.b64encode(
                    b"name,domain,country,contact name,contact email\n"
                    b"Acme,acme.example,FR,Ada Lovelace,ada@acme.example\n"
                ),
            }
        )
        record.action_read_header()
        wizard = self.env["lead.mining.privacy"].create({"email": "ada@acme.example"})
        wizard.action_search()
        self.assertIn("lead.directory.import", wizard.line_ids.mapped("model"))
        wizard.action_erase()
        self.assertFalse(record.file)
        wizard.unlink()
        self.assertNowhere("ada@acme.example")

    def test_uploaded_file_is_searched_in_its_own_encoding(self):
        rows = "name,domain,country,first name,last name,contact email\n"
        rows += "Acme,acme.example,FR,Ada,Lovelace,adä@acme.example\n"
        # The second piece that is read begins somewhere in the address.
        for encoding, filler in (
            ("utf-8-sig", (1 << 20) - 59), ("utf-16", (1 << 19) - 59),
            ("utf-16-be", (1 << 19) - 59), ("cp1252", 0),
        ):  # fmt: skip
            for person in ({"email": "adä@acme.example"}, {"name": "Lovelace Ada"}):
                with self.subTest(encoding, **person):
                    content = "x,y\n" * (filler // 4) + rows
                    record = self.Import.create(
                        {
                            "dataset_id": self.dataset.id,
                            "file": base64.b64encode(content.encode(encoding)),
                        }
                    )
                    self.erase(**person)
                    self.assertFalse(record.file)

    def test_file_that_is_being_imported_goes_at_its_end(self):
        for content, kept in ((b"Ada,ada@acme.example", False), (b"Bob,bob@acme.example", True)):
            record = self.Import.create(
                {"dataset_id": self.dataset.id, "file": base64.b64encode(content)}
            )
            record.state = "running"
            self.erase("ada@acme.example")
            self.assertTrue(record.file)
            record._finish()
            self.assertEqual(bool(record.file), kept)

    def test_running_imports_see_at_once_that_the_list_is_longer(self):
        record = self.Import.create({"dataset_id": self.dataset.id})
        record.state = "running"
        self.env.flush_all()
        for keep_away in (
            lambda: self.never("domain", "a.example"), lambda: self.erase("ada@acme.example"),
        ):  # fmt: skip
            self.env.cr.execute("UPDATE lead_directory_import SET write_date = '2020-01-01'")
            keep_away()
            record.invalidate_recordset()
            self.assertGreater(record.write_date.year, 2020, "whoever writes a batch begins anew")
