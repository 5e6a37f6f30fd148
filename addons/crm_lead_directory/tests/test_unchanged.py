"""A new edition costs little where it says what the last one said; nothing is missed by that."""

import csv
import io
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_lead_mining.files.errors import FileError

from ..importer.convert import Converter
from ..importer.unchanged import LastEdition, Split
from ..models import lead_directory_import_run as import_run
from ..models import lead_directory_import_unchanged as unchanged
from .common import DirectoryCase
from .test_editions import MANY as NORWEGIAN
from .test_editions import TestEditions

HEADER = (
    "CompanyName, CompanyNumber,RegAddress.CareOf,RegAddress.POBox,RegAddress.AddressLine1,"
    " RegAddress.AddressLine2,RegAddress.PostTown,RegAddress.County,RegAddress.Country,"
    "RegAddress.PostCode,CompanyCategory,CompanyStatus,CountryOfOrigin,DissolutionDate,"
    "IncorporationDate,SICCode.SicText_1,SICCode.SicText_2,SICCode.SicText_3,SICCode.SicText_4"
)
STREETS = ("1 HIGH STREET", "2 CHURCH LANE")
ROWS = st.lists(
    st.tuples(
        st.integers(1, 12),
        st.sampled_from(STREETS),
        st.sampled_from(("Active", "Active", "Active", "Liquidation")),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda row: row[0],
)


def rows_of(*companies):
    text = io.StringIO()
    text.write(f"{HEADER}\n")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    for number, street, status in companies:
        writer.writerow(
            (
                f"SYNTHETIC {number} LIMITED", f"{number:08d}", "", "", street, "", "LEEDS", "", "",
                "LS1 1AA", "Private Limited Company", status, "United Kingdom", "", "01/02/2003",
                "62020 - Consultancy", "", "", "",
            )
        )  # fmt: skip
    return text.getvalue()


MANY = [(number, STREETS[0], "Active") for number in range(1, 21)]


class UnchangedCase(DirectoryCase):
    def load(self, companies, dataset=None):
        """Import an edition, and return it with how many rows were converted."""
        converted = []
        convert = Converter.convert

        def counted(converter, rows):
            told = convert(converter, rows)
            converted.append(told.rows)
            return told

        with patch.object(Converter, "convert", counted):
            record = self._import(rows_of(*companies), dataset, recipe="gb_companies_house")
        self.env.invalidate_all()
        if record.edition_step == "ask":
            record.action_apply_vanished()
            record._run()
            self.env.invalidate_all()
        self.assertIn(record.state, ("done", "partial"))
        return record, sum(converted)

    def cut_short(self, run, size=5):
        """Have an import cancelled once a batch of so many rows is written."""
        write = import_run.LeadDirectoryImport._import_batch

        def cancelled(record, *args):
            written = write(record, *args)
            if written:
                record.action_cancel()
            return written

        with (
            patch.object(import_run, "BATCH_ROWS", size),
            patch.object(self.registry["lead.directory.import"], "_import_batch", cancelled),
        ):
            record = run()
        self.env.invalidate_all()
        return record

    def company(self, number):
        return self.env["lead.directory.company"].search(
            [("dataset_id", "=", self.dataset.id), ("registry_id", "=", f"{number:08d}")]
        )

    def stored(self, dataset=None):
        companies = self.env["lead.directory.company"].search(
            [("dataset_id", "=", (dataset or self.dataset).id)]
        )
        return sorted(
            (one.identity, one.street, one.status or "", bool(one.vanished_on)) for one in companies
        )


@tagged("post_install", "-at_install")
class TestUnchanged(UnchangedCase):
    def test_rows_that_are_as_they_were_are_not_converted_anew(self):
        _first, converted = self.load(MANY)
        self.assertEqual(converted, 20)
        record, converted = self.load([*MANY[:18], (19, STREETS[1], "Active"), MANY[19]])
        self.assertEqual(converted, 1)
        self.assertEqual(
            (record.rows_read, record.companies_unchanged, record.companies_updated), (20, 19, 1)
        )
        record, converted = self.load(MANY)
        self.assertEqual(
            (converted, record.companies_updated), (1, 1), "it is the last that counts"
        )

    def test_nobody_vanishes_who_is_still_in_the_file(self):
        self.load(MANY)
        record, _converted = self.load(MANY[1:])
        self.assertEqual((record.companies_vanished, record.companies_before), (1, 20))
        self.assertEqual([one[2] for one in self.stored()], ["ceased", *[""] * 19])
        record, converted = self.load(MANY)
        self.assertEqual(converted, 1, "who is back is read again")
        self.assertEqual([one[2] for one in self.stored()], [""] * 20)

    def test_a_second_row_of_a_company_changes_nothing(self):
        self.load(MANY)
        again = (3, STREETS[1], "Active")
        for edition in ([*MANY, again], [*MANY, again], MANY):
            self.load(edition)
            self.assertEqual({one[1] for one in self.stored()}, {STREETS[0]})

    def test_who_was_deleted_meanwhile_comes_again(self):
        self.load(MANY)
        self.env["lead.directory.company"].search([("dataset_id", "=", self.dataset.id)])[
            3
        ].unlink()
        _record, converted = self.load(MANY)
        self.assertEqual((converted, len(self.stored())), (1, 20))

    def test_another_file_in_between_has_all_rows_read_again(self):
        self.load(MANY)
        self._import(
            "name,register,registration number,country,street\n"
            "SYNTHETIC 3 LIMITED,GB-COH,00000003,GB,Elsewhere 9\n"
        )
        _record, converted = self.load(MANY)
        self.assertEqual(converted, 20)
        self.assertEqual({one[1] for one in self.stored()}, {STREETS[0]})

    def test_an_undone_edition_is_no_edition_to_compare_with(self):
        self.load(MANY)
        self.load(MANY[:19])[0].action_undo()
        _record, converted = self.load(MANY)
        self.assertEqual((converted, len(self.stored())), (20, 20))

    def test_a_version_of_the_addon_that_may_read_rows_otherwise_reads_them(self):
        self.load(MANY)
        module = self.env["ir.module.module"].search([("name", "=", "crm_lead_directory")])
        module.latest_version = "19.0.99.0.0"
        self.assertEqual(self.load(MANY)[1], 20)

    def test_editions_are_kept_of_the_last_import_alone(self):
        self.load(MANY)
        record, _converted = self.load(MANY)
        parts = self.env["lead.directory.edition.part"].search([("kind", "=", "rows")])
        self.assertEqual(parts.import_id, record)

    def test_what_a_deleted_import_has_written_is_read_again(self):
        self.load(MANY)
        moved = rows_of(*((number, STREETS[1], "Active") for number, *_others in MANY))
        record = self.cut_short(lambda: self._import(moved, recipe="gb_companies_house"))
        self.assertEqual(record.rows_read, 5)
        record.unlink()
        self.load(MANY)
        self.assertEqual({one[1] for one in self.stored()}, {STREETS[0]})

    def test_what_an_earlier_import_has_written_later_is_read_again(self):
        moved = rows_of(*((number, STREETS[1], "Active") for number, *_others in MANY))
        record = self.cut_short(lambda: self._import(moved, recipe="gb_companies_house"))
        self.load(MANY)
        path = self._write(moved, "moved.csv")
        record.sudo().path = path
        record.action_continue()
        self.cut_short(record._run)
        self.assertEqual(record.rows_read, 10)
        self.load(MANY)
        self.assertEqual({one[1] for one in self.stored()}, {STREETS[0]})

    def same_as_all_read(self, *editions, size):
        """Import editions with and without what is recognised, and compare the companies."""
        other = self.dataset.copy({"name": "All read"})
        with patch.object(import_run, "BATCH_ROWS", size):
            for edition in editions:
                self.load(edition)
                with patch.object(unchanged, "_SHARED", frozenset({"name"})):
                    self.load(edition, other)
        self.assertEqual(self.stored(), self.stored(other))

    def test_who_had_another_row_before_this_one_is_read_again(self):
        one, two, three, four = MANY[:4]
        moved = (1, STREETS[1], "Active")
        self.same_as_all_read(MANY[:4], [moved, two, three, one, four], MANY[:4], size=2)

    def test_who_had_another_row_after_this_one_is_read_again(self):
        one, two, three, four = MANY[:4]
        moved = (1, STREETS[1], "Active")
        self.same_as_all_read([one, two, three, four], [one, two, three, moved, four], [
            moved, two, three, four
        ], MANY[:4], size=2)  # fmt: skip

    def test_who_has_ended_by_another_row_alone_does_business(self):
        one, two, three, four = MANY[:4]
        ended = (1, STREETS[0], "Liquidation")
        self.same_as_all_read(MANY[:4], [ended, two, three, one, four], size=2)
        self.assertEqual({one[2] for one in self.stored()}, {""})

    def test_who_was_merged_when_the_row_changed_has_it_once_undone(self):
        self.load(MANY)
        merging = self.env["lead.directory.merging"].create(
            {"first_id": self.company(4).id, "second_id": self.company(3).id}
        )
        merging.action_merge()
        moved = [*MANY[:2], (3, STREETS[1], "Active"), *MANY[3:]]
        self.load(moved)
        self.env["lead.directory.merge"].search([]).action_undo()
        self.load(moved)
        self.assertEqual(self.company(3).street, STREETS[1])

    def test_what_was_written_by_other_ways_is_read_again(self):
        self.load(MANY)
        self.company(3).street = "Elsewhere 9"
        self.env.flush_all()
        self.assertEqual(self.load(MANY)[1], 1)
        self.assertEqual(self.company(3).street, STREETS[0])
        self.assertEqual(self.load(MANY)[1], 0)

    def test_what_is_withheld_is_told_each_time(self):
        self.env["lead.mining.suppression"].create(
            {"kind": "email", "value": "ann@c1.example", "company_id": False}
        )
        edition = [(1, "c/o ann@c1.example", "Active"), *MANY[1:]]
        for _time in range(2):
            record, _converted = self.load(edition)
            self.assertEqual(record.rows_withheld, 1)
        self.assertNotIn("ann", self.company(1).street)

    def test_what_places_are_called_now_is_heeded(self):
        self.load(MANY)
        self.env["res.country.state"].create(
            {"name": "Synthshire", "code": "SYN", "country_id": self.env.ref("base.uk").id}
        )
        self.assertEqual(self.load(MANY)[1], 20)

    @settings(
        max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(editions=st.lists(ROWS, min_size=2, max_size=4), size=st.integers(1, 9))
    def test_the_directory_is_as_if_all_rows_were_read_each_time(self, editions, size):
        with self.env.cr.savepoint() as savepoint, patch.object(import_run, "BATCH_ROWS", size):
            other = self.dataset.copy({"name": "All read"})
            for edition in editions:
                told, _converted = self.load(edition)
                with patch.object(unchanged, "_SHARED", frozenset({"name"})):
                    plain, converted = self.load(edition, other)
                self.assertEqual(converted, len(edition))
                self.assertEqual(self.stored(), self.stored(other))
                for number in ("rows_read", "companies_unchanged", "companies_vanished"):
                    self.assertEqual(told[number], plain[number], number)
            savepoint.rollback()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestEditionsRecognised(TestEditions):
    """Whatever editions do, they do where most of their rows are recognised."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.classPatch(unchanged, "_SHARED", frozenset())

    def test_who_is_never_mined_has_not_ceased(self):
        """The row says nothing new of who is in the directory already: it is not withheld."""
        self.load(NORWEGIAN)
        self.env["lead.mining.suppression"].create(
            {"kind": "domain", "value": "synthetic1.example", "company_id": False}
        )
        record = self.load(NORWEGIAN)
        self.assertEqual((record.rows_withheld, record.companies_vanished), (0, 0))


class TestLastEdition(BaseCase):
    def test_a_row_is_found_again_wherever_the_edition_has_grown_or_shrunk(self):
        rows = [(line, [f"C{line}", "Leeds"]) for line in range(1000)]
        last = LastEdition("salt")
        self.addCleanup(last.close)
        for start in range(0, 1000, 50):
            part = rows[start : start + 50]
            last.add(last._marks(part), [line + 1 for line, _c in part])
        new = [(line + 5000, [f"New {line}", "Leeds"]) for line in range(100)]
        edition = [*rows[:300], *new, *rows[360:]]
        split = Split()
        unknown = list(last.unknown(iter(edition), split))
        self.assertEqual(unknown, new)
        self.assertEqual(split.ids, [line + 1 for line, _cells in (*rows[:300], *rows[360:])])

    def test_rows_are_looked_for_where_an_import_goes_on(self):
        last = LastEdition("salt")
        self.addCleanup(last.close)
        cells = [[f"C{number}"] for number in range(400)]
        for start in range(0, 400, 20):
            marks = last._marks([(0, one) for one in cells[start : start + 20]])
            last.add(marks, range(start + 1, start + 21))
        last.go_to(300)
        split = Split()
        self.assertFalse(list(last.unknown(enumerate(cells[300:]), split)))
        self.assertEqual(split.ids, list(range(301, 401)))

    def test_cells_that_are_cut_elsewhere_are_another_row(self):
        last = LastEdition("salt")
        self.addCleanup(last.close)
        rows = [(1, ["a", "bc"]), (2, ["ab", "c"])]
        self.assertEqual(len(set(last._marks(rows))), 2)
        other = LastEdition("another")
        self.addCleanup(other.close)
        self.assertNotEqual(last._marks(rows), other._marks(rows))

    def test_a_disk_that_is_full_is_said_to_be_full(self):
        last = LastEdition("salt")
        self.addCleanup(last.close)
        with (
            open("/dev/full", "wb", buffering=0) as full,
            patch.object(last, "_file", full),
            self.assertRaises(FileError) as caught,
        ):
            last.add([1], [1])
        self.assertEqual(caught.exception.code, "disk_full")
